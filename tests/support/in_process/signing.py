"""The keys of statements and heads in moto, and a check of what they sign by a library that knows nothing of us."""

import json
from typing import Any

import boto3
import moto.kms.utils
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from joserfc import jws
from joserfc.jwk import KeySet

from tests.support.in_process.service import REGION, Service

NAMES = ("bod-statements-2", "bod-statements-1")
"""The key that signs, and one that did so once."""

_DIGEST_BYTES = 32


def create_keys() -> dict[str, str]:
    """Make the keys in moto; what functions are told of them comes back."""
    kms = boto3.client("kms", REGION)
    for name in NAMES:
        key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=key)
    return {"SIGNING_KEY": f"alias/{NAMES[0]}", "SIGNING_KEYS": ",".join(f"alias/{name}" for name in NAMES)}


def sign_digests_as_such(patch: pytest.MonkeyPatch) -> None:
    """Let moto sign a message of 32 bytes as the digest that it is with us, where it would take its digest again."""
    otherwise = moto.kms.utils.ECDSAPrivateKey.sign

    def sign(key: moto.kms.utils.ECDSAPrivateKey, message: bytes, algorithm: str) -> bytes:
        if len(message) != _DIGEST_BYTES:
            return otherwise(key, message, algorithm)
        return key.private_key.sign(message, ec.ECDSA(utils.Prehashed(hashes.SHA256())))

    patch.setattr(moto.kms.utils.ECDSAPrivateKey, "sign", sign)


def checked(signed: str, keys: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - whatever JSON holds
    """Header and payload of a JWS that one of these keys signed. Raises BadSignatureError."""
    found = jws.deserialize_compact(signed, KeySet.import_key_set(keys), algorithms=["ES256"])
    payload = found.payload
    assert payload is not None
    return dict(found.headers()), json.loads(payload)


def keys_of(service: Service) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The published keys."""
    answer = service.call("GET", "/.well-known/jwks.json")
    assert answer.status == 200
    return answer.json
