"""A sealed file, and its seal's own place: the one part that the seal does not cover, and where a time stamp fits.

The token becomes an unsigned attribute of the signature (RFC 3161, appendix A; PAdES B-T), in room that the seal
left. So not a byte of the file changes beside that place, and it is no longer than before: a further revision of the
PDF would be something that was added after the seal.
"""

from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from mailroom.timestamps.refusal import CannotBeStampedError
from mailroom.timestamps.signature import Signature
from mailroom.timestamps.time_stamp_token import LARGEST_TOKEN

ROOM = LARGEST_TOKEN + 64
"""Bytes that a seal leaves free: the largest token, the attribute around it, and lengths that take more bytes then."""


class SealedFile:
    """A PDF with one signature."""

    def __init__(self, pdf: bytes) -> None:
        """Raises CannotBeStampedError where it bears no seal."""
        self._pdf = pdf
        filled = enumerate_sig_fields(PdfFileReader(BytesIO(pdf)), filled_status=True)
        seals = [signature.get_object() for _, signature, _ in filled]
        if len(seals) != 1:
            raise CannotBeStampedError("no_seal")
        _, before, after, _ = seals[0]["/ByteRange"]
        self._place = slice(before + len("<"), after - len(">"))
        self.signature = Signature(bytes(seals[0].raw_get("/Contents")))

    def with_token(self, token: bytes) -> bytes:
        """The same file with a time stamp in its seal.

        Raises:
            CannotBeStampedError: the seal left no room for it.

        """
        written = self.signature.with_token(token).hex().upper().encode()  # as pyHanko writes it
        room = self._place.stop - self._place.start
        if len(written) > room:
            raise CannotBeStampedError("no_room")
        return self._pdf[: self._place.start] + written.ljust(room, b"0") + self._pdf[self._place.stop :]
