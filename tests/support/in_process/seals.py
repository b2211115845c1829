"""The seal in moto: its key, and the certificates that the commands install for it."""

import boto3

from infra.commands.certify_seal import SealOf
from infra.commands.deployed import Deployed
from infra.stored_names import chain_object
from tests.support.in_process.clients import session
from tests.support.in_process.service import BUCKET, REGION
from tests.support.signed.authorities import long_lasting

NAME = "bod-seal"


def seal() -> SealOf:
    """The key, as the commands know it."""
    where = Deployed(session=session(REGION), stage="test", outputs={"BucketName": BUCKET})
    return SealOf(where=where, name=NAME)


def create_seal() -> dict[str, str]:
    """Make key and certificates in moto; what functions are told of them comes back."""
    kms = boto3.client("kms", REGION)
    key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=f"alias/{NAME}", TargetKeyId=key)
    seal().install(long_lasting(seal().public_key))
    return {"SEAL_KEY": f"alias/{NAME}", "SEAL_CHAIN": chain_object(NAME), "SEAL_CHAINS": chain_object(NAME)}


def install_unchecked(chain: bytes) -> None:
    """Put certificates where the seal's are, as the command would not."""
    boto3.client("s3", REGION).put_object(Bucket=BUCKET, Key=chain_object(NAME), Body=chain)
