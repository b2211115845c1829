"""Signed documents: a compact JWS (RFC 7515) by ES256, and the public half of its key as a JWK (RFC 7517).

The private half never leaves KMS, which knows nothing of JOSE. What is left to do for it are these few lines; a library
for it would bring OpenSSL into the layer of every function. The checks have one: `mailroom.check`, and the tests.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import rfc8785

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

MEDIA_TYPE = "application/jose"
"""RFC 7515, section 9.2.1."""

STATEMENT, HEAD, SEALERS = "receipt-statement+jwt", "register-head+jwt", "receipt-sealers+jwt"
"""What a document is, in its header (RFC 8725, section 3.11): none passes for the other."""

type Jwk = dict[str, str]

_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
"""How each public key on P-256 begins (RFC 5480); then come the 32 bytes of x and those of y."""

_COORDINATE = 32


class Signer:
    """Signs with one key on P-256 that KMS keeps."""

    def __init__(self, kms: "KMSClient", key_id: str) -> None:
        self._kms = kms
        self._key_id = key_id

    @cached_property
    def public_key(self) -> Jwk:
        """The key's public half, asked for once in a process."""
        return jwk(self._kms.get_public_key(KeyId=self._key_id)["PublicKey"])

    def sign(self, kind: str, claims: Mapping[str, Any]) -> str:
        """The signed document of that kind, canonical within (RFC 8785)."""
        header = {"alg": "ES256", "kid": self.public_key["kid"], "typ": kind}
        signed = f"{_base64url(rfc8785.dumps(header))}.{_base64url(rfc8785.dumps(dict(claims)))}"
        signature = self._kms.sign(
            KeyId=self._key_id,
            # KMS takes messages of 4 KB, and a head is longer.
            Message=hashlib.sha256(signed.encode()).digest(),
            MessageType="DIGEST",
            SigningAlgorithm="ECDSA_SHA_256",
        )["Signature"]
        return f"{signed}.{_base64url(joined(signature))}"


def jwk(public_key: bytes) -> Jwk:
    """A public key on P-256 (DER) as a JWK whose id is its thumbprint (RFC 7638). Raises ValueError for another key."""
    point = public_key.removeprefix(_P256)
    if len(point) != 2 * _COORDINATE or not public_key.startswith(_P256):
        raise ValueError("not an uncompressed public key on P-256")
    known = {
        "crv": "P-256",
        "kty": "EC",
        "x": _base64url(point[:_COORDINATE]),
        "y": _base64url(point[_COORDINATE:]),
    }
    thumbprint = hashlib.sha256(rfc8785.dumps(dict(known))).digest()
    return {**known, "alg": "ES256", "use": "sig", "kid": _base64url(thumbprint)}


def joined(signature: bytes) -> bytes:
    """An ECDSA signature as JOSE wants it: r and s, 32 bytes each (RFC 7518, section 3.4), from KMS's DER."""
    length_of_r = signature[3]
    r, s = signature[4 : 4 + length_of_r], signature[6 + length_of_r :]
    return b"".join(int.from_bytes(part).to_bytes(_COORDINATE) for part in (r, s))


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
