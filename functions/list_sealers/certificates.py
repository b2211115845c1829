"""The certificates that the stage's seals stand under: those installed now, and each one that was before."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import BaseModel, ConfigDict

from mailroom.domain import clock

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MOST = 100
"""Certificates of one key; each lasts for a year or more."""

_LOGGER = logging.getLogger(__name__)


class Sealer(BaseModel):
    """A certificate of the seal. It names the service alone."""

    model_config = ConfigDict(frozen=True)

    subject: str
    """As RFC 4514 writes it."""
    key_sha256: str
    """Of its public key (SubjectPublicKeyInfo), which a renewed certificate keeps."""
    certificate_sha256: str
    certificate: str
    """In PEM."""
    not_before: str
    not_after: str
    current: bool
    """Whether receipts are sealed under it now."""


def sealers(client: "S3Client", bucket: str, chains: Sequence[str]) -> list[Sealer]:
    """Each certificate that lies, or lay, under one of the `chains`: the first of these is the one that seals."""
    found: dict[str, Sealer] = {}
    for chain in chains:
        listed = client.list_object_versions(Bucket=bucket, Prefix=chain, MaxKeys=_MOST).get("Versions", [])
        for version, is_newest in ((one["VersionId"], one["IsLatest"]) for one in listed if one["Key"] == chain):
            content = client.get_object(Bucket=bucket, Key=chain, VersionId=version)["Body"].read()
            try:
                own = x509.load_pem_x509_certificates(content)[0]
            except ValueError:
                # The seal itself is not made with such a chain, and says so; the others are to be had all the same.
                _LOGGER.warning("not a chain of certificates", extra={"key": chain, "version": version})
                continue
            sealer = _sealer(own, current=is_newest and chain == chains[0])
            found.setdefault(sealer.certificate_sha256, sealer)
    return list(found.values())


def _sealer(own: x509.Certificate, *, current: bool) -> Sealer:
    key = hashes.Hash(hashes.SHA256())
    key.update(own.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return Sealer(
        subject=own.subject.rfc4514_string(),
        key_sha256=key.finalize().hex(),
        certificate_sha256=own.fingerprint(hashes.SHA256()).hex(),
        certificate=own.public_bytes(Encoding.PEM).decode(),
        not_before=clock.iso(own.not_valid_before_utc),
        not_after=clock.iso(own.not_valid_after_utc),
        current=current,
    )
