"""The stage's seal: its key in KMS, its certificates in the bucket, where they are renewed without a deployment."""

import time
from typing import TYPE_CHECKING

from mailroom.storage.bucket import Files
from render_receipt.pades import Seal, SealError

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

KEPT_SECONDS = 300
"""How long the certificates that were read are used."""


class StageSeal:
    """The seal in force, read once in a while."""

    def __init__(self, kms: "KMSClient", files: Files, *, key: str, chain: str, room: int) -> None:
        """`key` is the alias of the key in KMS, `chain` the object in the bucket that holds its certificates.

        `room` bytes are left free in each seal for a time stamp.
        """
        self._kms = kms
        self._files = files
        self._key = key
        self._chain = chain
        self._room = room
        self._read: tuple[float, Seal] | None = None

    def current(self) -> Seal:
        """The seal in force.

        Raises:
            SealError: no certificates are installed, or they are another key's.

        """
        if self._read is None or time.monotonic() > self._read[0] + KEPT_SECONDS:
            certificates = self._files.read_certificates(self._chain)
            if certificates is None:
                raise SealError("no_certificate")
            self._read = time.monotonic(), Seal(self.sign, certificates, room=self._room)
        return self._read[1]

    def sign(self, message: bytes) -> bytes:
        """The signature of a short message (ECDSA on P-256 with SHA-256, in DER), made in KMS."""
        answer = self._kms.sign(KeyId=self._key, Message=message, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256")
        return answer["Signature"]

    def forget(self) -> None:
        """Read the certificates again at the next seal: an operator may have replaced them by then."""
        self._read = None
