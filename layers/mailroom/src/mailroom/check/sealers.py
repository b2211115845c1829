"""The expected sealers, named on the command line beside an authority that also certifies others.

An authority vouches for the name in a certificate, and certifies citizens, companies and web servers too. The person
who checks says which name is the service's, by the certificates that the service publishes.
"""

import argparse
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from mailroom.check.fitness import digest_of, is_authority, key_digest
from mailroom.signatures.jws import SEALERS

_LARGEST = 1024 * 1024
"""Bytes of a file that names sealers; one has a few thousand."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_BETWEEN = re.compile(r"[\s:]")
_PUBLIC_KEY = b"-----BEGIN PUBLIC KEY-----"
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_JWS = re.compile(rb"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class _Published(BaseModel):
    """One of the sealers in the document that the service publishes."""

    model_config = ConfigDict(strict=True, frozen=True)

    key_sha256: str


class _Sealers(BaseModel):
    """The document: what else stands in it is for programs that want it."""

    model_config = ConfigDict(strict=True, frozen=True)

    sealers: tuple[_Published, ...]


class SealerError(ValueError):
    """It names no sealer; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Sealers:
    """The expected sealers: SHA-256 digests (hex) of their keys or certificates, and exact subjects."""

    digests: frozenset[str] = frozenset()
    subjects: tuple[x509.Name, ...] = ()

    def __or__(self, other: "Sealers") -> "Sealers":
        return Sealers(digests=self.digests | other.digests, subjects=(*self.subjects, *other.subjects))

    def __bool__(self) -> bool:
        return bool(self.digests or self.subjects)

    def include(self, certificate: x509.Certificate) -> bool:
        """Whether the holder of this certificate is one of them."""
        digests = {key_digest(certificate), certificate.fingerprint(hashes.SHA256()).hex()}
        return not digests.isdisjoint(self.digests) or certificate.subject in self.subjects


def named(values: Iterable[str], keys: KeySet | None) -> Sealers:
    """The sealers that the values name; `keys` may sign a published document.

    Raises SealerError for a value that names no sealer.
    """
    everyone = Sealers()
    for value in values:
        everyone |= _named(value, keys)
    return everyone


def keys_in(path: str) -> KeySet:
    """The service's public keys (JWK set). Raises ArgumentTypeError."""
    try:
        return KeySet.import_key_set(json.loads(Path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, JoseError) as error:
        raise argparse.ArgumentTypeError(f"no public keys can be read from {path}") from error


def _named(value: str, keys: KeySet | None) -> Sealers:
    if Path(value).is_file():
        return _in_file(Path(value), keys)
    digest = _BETWEEN.sub("", value).lower()
    if _DIGEST.fullmatch(digest):
        return Sealers(digests=frozenset({digest}))
    try:
        subject = x509.Name.from_rfc4514_string(value)
    except ValueError:
        raise SealerError(f"{value} is neither a file, nor a SHA-256 digest, nor a subject (RFC 4514)") from None
    if not list(subject):
        raise SealerError("an empty subject names no sealer")
    return Sealers(subjects=(subject,))


def _in_file(path: Path, keys: KeySet | None) -> Sealers:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST)
        digests = _digests_in(content, keys)
    except SealerError:
        raise
    except (OSError, ValueError) as error:
        raise SealerError(f"no certificate, public key or published document can be read from {path}") from error
    if not digests:
        raise SealerError(f"{path} names no sealer: an authority's certificate is for --trust")
    return Sealers(digests=frozenset(digests))


def _digests_in(content: bytes, keys: KeySet | None) -> Sequence[str]:
    # Only texts lose the white space around them: the last byte of a DER certificate may be any, a space included.
    text = content.strip()
    if _JWS.fullmatch(text):
        return _published(text, keys)
    if text.startswith(_PUBLIC_KEY):
        return [digest_of(load_pem_public_key(text))]
    is_pem = _CERTIFICATE in content
    found = x509.load_pem_x509_certificates(content) if is_pem else [x509.load_der_x509_certificate(content)]
    return [key_digest(each) for each in found if not is_authority(each.extensions)]


def _published(content: bytes, keys: KeySet | None) -> Sequence[str]:
    if keys is None:
        raise SealerError("a published document needs the service's public keys beside it: --keys jwks.json")
    try:
        found = jws.deserialize_compact(content, keys, algorithms=["ES256"])
    except JoseError:
        raise SealerError("the published document is not signed by any of the keys") from None
    try:
        said = _Sealers.model_validate_json(found.payload or b"")
    except ValidationError:
        said = None
    if said is None or found.headers().get("typ") != SEALERS:
        raise SealerError("this signed document is of another kind: it names no sealer")
    return [each.key_sha256 for each in said.sealers]
