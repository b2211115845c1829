"""The signed list of the seal's certificates, made again every five minutes."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from list_sealers.certificates import sealers
from mailroom.domain import clock
from mailroom.signatures import jws
from mailroom.signatures.jws import Signer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

VERSION: Final = 1

SECONDS_KEPT = 300
"""Certificates are renewed without a deployment."""


class SignedList:
    """A compact JWS that names each certificate in `chains`, keys of `bucket`: first those of the key that seals."""

    def __init__(  # noqa: PLR0913 - what is read, and who signs, all by keyword
        self,
        *,
        s3: "S3Client",
        bucket: str,
        chains: list[str],
        signer: Signer,
        issuer: str,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._chains = chains
        self._signer = signer
        self._issuer = issuer
        self._ticks = ticks
        self._kept: tuple[float, str] | None = None

    def signed(self) -> str:
        """The document, at most five minutes old."""
        if self._kept is None or self._ticks() - self._kept[0] > SECONDS_KEPT:
            claims = {
                "version": VERSION,
                "iss": self._issuer,
                "iat": int(clock.now().timestamp()),
                "sealers": [each.model_dump() for each in sealers(self._s3, self._bucket, self._chains)],
            }
            self._kept = self._ticks(), self._signer.sign(jws.SEALERS, claims)
        return self._kept[1]
