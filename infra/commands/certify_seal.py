"""The seal's certificates: `make seal-test` (dev), `make seal-request` and `make seal-install` (prod).

A key's certificates are the object `seal/<key>.pem` of the stage's bucket: the seal's own certificate first, then those
of the authorities above it.
"""

import argparse
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from infra.commands.deployed import UNREACHABLE, Deployed, deployed
from infra.commands.seal_certificates import (
    RENEWED_BEFORE_END,
    Authority,
    ChainError,
    key_digest,
    read_chain,
    request,
    require_fit,
)
from infra.paths import LOCAL
from infra.stage import Stage
from infra.stored_names import chain_object

_AUTHORITIES = LOCAL / "seal"


@dataclass(frozen=True, kw_only=True)
class SealOf:
    """A stage's key for seals, and the certificates installed for it."""

    where: Deployed
    name: str

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public half of the key. Raises ClientError."""
        answer = self.where.session.client("kms").get_public_key(KeyId=f"alias/{self.name}")
        key = load_der_public_key(answer["PublicKey"])
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise ChainError(f"{self.name} is not a key on an elliptic curve.")
        return key

    def request(self) -> bytes:
        """Make a certificate signing request, signed by the key. Raises ClientError."""
        return request(self.public_key, self._sign, self.name)

    def install(self, chain: bytes) -> None:
        """Install certificates, for the next receipt on. Raises ChainError where they do not fit, ClientError."""
        require_fit(chain, self.public_key, datetime.now(UTC))
        self.where.session.client("s3").put_object(
            Bucket=self.where.outputs["BucketName"],
            Key=chain_object(self.name),
            Body=chain,
            ContentType="application/x-pem-file",
        )

    def ensure_test(self, authority: Authority) -> None:
        """Install a certificate of a test authority, unless a valid one of it is installed. Raises ClientError."""
        key = self.public_key
        if not self._is_good(authority, key):
            self.install(authority.certify(key, f"Sceau de test ({self.name})"))

    def _is_good(self, authority: Authority, key: ec.EllipticCurvePublicKey) -> bool:
        chain = self._installed()
        if chain is None or read_chain(chain)[-1] != authority.certificate:
            return False
        try:
            require_fit(chain, key, datetime.now(UTC) + RENEWED_BEFORE_END)
        except ChainError:
            return False
        return True

    def certificate(self) -> x509.Certificate:
        """The certificate that receipts are sealed under. Raises ChainError where there is none, ClientError."""
        chain = self._installed()
        if chain is None:
            raise ChainError(f"No certificate is installed for {self.name}.")
        return read_chain(chain)[0]

    def _installed(self) -> bytes | None:
        storage = self.where.session.client("s3")
        try:
            answer = storage.get_object(Bucket=self.where.outputs["BucketName"], Key=chain_object(self.name))
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:  # noqa: PLR2004 - not found
                return None
            raise
        return answer["Body"].read()

    def _sign(self, message: bytes) -> bytes:
        return self.where.session.client("kms").sign(
            KeyId=f"alias/{self.name}",
            Message=message,
            MessageType="RAW",
            SigningAlgorithm="ECDSA_SHA_256",
        )["Signature"]


def seal_of(where: Deployed, name: str | None = None) -> SealOf:
    """The key that seals on a stage, or the key of that name. Raises ChainError where there is no such key."""
    names = where.outputs["SealKeyNames"].split(",")
    if name is not None and name not in names:
        raise ChainError(f"The stage has no key {name}: it has {', '.join(names)}.")
    return SealOf(where=where, name=name or names[0])


def main() -> None:
    """Make, request or install the certificates of a stage's seal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    parser.add_argument("--key", help="the key's name, if it is not the key that seals")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("test", help="install a test authority's certificate, on a stage without real mail")
    commands.add_parser("request", help="print the request (PKCS #10) for an authority")
    install = commands.add_parser("install", help="install the certificates that the authority issued")
    install.add_argument("chain", type=Path, help="in PEM, the seal's own certificate first")
    arguments = parser.parse_args()
    try:
        seal = seal_of(deployed(arguments.stage), arguments.key or None)
        match arguments.command:
            case "test":
                certify_by_test_authority(seal, arguments.stage)
            case "request":
                sys.stdout.write(seal.request().decode())
            case _:
                seal.install(arguments.chain.read_bytes())
                print(f"Installed for {seal.name}: it seals from the next receipt on. {_expected(seal)}")  # noqa: T201 - a command
    except ChainError as refusal:
        sys.exit(f"Nothing was installed. {refusal}")
    except UNREACHABLE as refusal:
        sys.exit(str(refusal))


def certify_by_test_authority(seal: SealOf, stage: str) -> None:
    """Install a test authority's certificate. Raises ChainError on a stage that lasts, ClientError."""
    if Stage.load(stage).is_lasting:
        raise ChainError(f"{stage} has a real authority's certificate: `make seal-request STAGE={stage}`.")
    folder = _AUTHORITIES / stage
    seal.ensure_test(Authority.kept_in(folder, f"Autorité de test ({stage})"))
    print(f"Trust {folder / 'ca.pem'} to check receipts of {stage}. {_expected(seal)}")  # noqa: T201 - a command


def _expected(seal: SealOf) -> str:
    own = seal.certificate()
    return f"The sealer is {own.subject.rfc4514_string()}, its key --sealer {key_digest(own)}."


if __name__ == "__main__":
    main()
