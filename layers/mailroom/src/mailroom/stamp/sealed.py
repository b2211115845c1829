"""A sealed file, and its seal's own place: the one part that the seal does not cover, and where a time stamp fits.

The token becomes an unsigned attribute of the signature (RFC 3161, appendix A; PAdES B-T), in room that the seal
left. So not a byte of the file changes beside that place, and it is no longer than before: a further revision of the
PDF would be something that was added after the seal.
"""

from datetime import datetime
from functools import cached_property
from io import BytesIO

from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader

from mailroom.stamp.refusal import CannotBeStampedError
from mailroom.stamp.token import LARGEST_TOKEN

ROOM = LARGEST_TOKEN + 64
"""Bytes that a seal leaves free: the largest token, the attribute around it, and lengths that take more bytes then."""

_ATTRIBUTE = "signature_time_stamp_token"


class SealedFile:
    """A PDF with one signature."""

    def __init__(self, pdf: bytes) -> None:
        """Raises CannotBeStampedError where it bears no seal."""
        self._pdf = pdf
        signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if len(signatures) != 1:
            raise CannotBeStampedError("no_seal")
        self._signature = signatures[0]
        _, before, after, _ = self._signature.byte_range
        self._place = slice(before + len("<"), after - len(">"))

    @cached_property
    def message(self) -> bytes:
        """What a time stamp of this seal is about: the value of its signature."""
        return bytes(self._signature.signer_info["signature"].native)

    @property
    def is_stamped(self) -> bool:
        """Whether it bears a time stamp."""
        attributes = self._signature.signer_info["unsigned_attrs"]
        return any(each["type"].native == _ATTRIBUTE for each in attributes)

    def require_certified(self, at: datetime) -> None:
        """Refuse a time at which the seal's certificate does not hold.

        Whoever checks judges the certificate at the time stamp's time: one from beyond would spoil a good receipt.

        Raises:
            CannotBeStampedError: it is not valid then.

        """
        certificate = self._signature.signer_cert
        if not certificate.not_valid_before <= at <= certificate.not_valid_after:
            raise CannotBeStampedError("outside_certificate")

    def with_token(self, token: bytes) -> bytes:
        """The same file with a time stamp in its seal.

        Raises:
            CannotBeStampedError: the seal left no room for it.

        """
        message = cms.ContentInfo.load(self._signature.pkcs7_content)
        (signer,) = message["content"]["signer_infos"]
        stamp = cms.CMSAttribute({"type": _ATTRIBUTE, "values": [cms.ContentInfo.load(token)]})
        signer["unsigned_attrs"] = cms.CMSAttributes([stamp])
        written = bytes(message.dump()).hex().upper().encode()  # as pyHanko writes it
        room = self._place.stop - self._place.start
        if len(written) > room:
            raise CannotBeStampedError("no_room")
        return self._pdf[: self._place.start] + written.ljust(room, b"0") + self._pdf[self._place.stop :]
