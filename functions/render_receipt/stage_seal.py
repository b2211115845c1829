"""The stage's seal: its key in KMS, its certificates in the bucket, where they are renewed without a deployment."""

import time
from functools import lru_cache

from mailroom import aws
from mailroom.storage.bucket import Files
from render_receipt.pades import Seal, SealError

_SECONDS_UNTIL_READ_AGAIN = 300


def seal_of_stage(key: str, chain: str, files: Files, *, room: int) -> Seal:
    """What seals now: `key` is the alias in KMS, `chain` where in `files` its certificates lie.

    `room` bytes are left free for a time stamp.

    Raises:
        SealError: no certificates are installed, or they are none of such a key.

    """
    return _read(key, chain, files, room, int(time.monotonic() // _SECONDS_UNTIL_READ_AGAIN))


def forget() -> None:
    """Read the certificates anew at the next seal: what was wrong with them may be mended by then."""
    _read.cache_clear()


@lru_cache(maxsize=1)
def _read(key: str, chain: str, files: Files, room: int, _period: int) -> Seal:
    certificates = files.read_certificates(chain)
    if certificates is None:
        raise SealError("no_certificate")

    def sign(message: bytes) -> bytes:
        answer = aws.client("kms").sign(KeyId=key, Message=message, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256")
        return answer["Signature"]

    return Seal(sign, certificates, room=room)
