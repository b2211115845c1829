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

from mailroom.side_door import side_door
from mailroom.stamp.refusal import CannotBeStampedError
from mailroom.stamp.token import LARGEST_TOKEN

with side_door():
    from pyhanko.sign.fields import enumerate_sig_fields
    from pyhanko.sign.general import extract_certificate_info, extract_signer_info

ROOM = LARGEST_TOKEN + 64
"""Bytes that a seal leaves free: the largest token, the attribute around it, and lengths that take more bytes then."""

_ATTRIBUTE = "signature_time_stamp_token"


class SealedFile:
    """A PDF with one signature."""

    def __init__(self, pdf: bytes) -> None:
        """Raises CannotBeStampedError where it bears no seal."""
        self._pdf = pdf
        # The reader's own list of signatures would bring in all that validates them.
        filled = enumerate_sig_fields(PdfFileReader(BytesIO(pdf)), filled_status=True)
        seals = [signature.get_object() for _, signature, _ in filled]
        if len(seals) != 1:
            raise CannotBeStampedError("no_seal")
        _, before, after, _ = seals[0]["/ByteRange"]
        self._place = slice(before + len("<"), after - len(">"))
        self._message = bytes(seals[0].raw_get("/Contents"))
        self._signed: cms.SignedData = self._read()["content"]
        self._signer = extract_signer_info(self._signed)

    def _read(self) -> cms.ContentInfo:
        return cms.ContentInfo.load(self._message)

    @cached_property
    def message(self) -> bytes:
        """What a time stamp of this seal is about: the value of its signature."""
        return bytes(self._signer["signature"].native)

    @property
    def is_stamped(self) -> bool:
        """Whether it bears a time stamp."""
        attributes = self._signer["unsigned_attrs"]
        return any(each["type"].native == _ATTRIBUTE for each in attributes)

    def require_certified(self, at: datetime) -> None:
        """Refuse a time at which the seal's certificate does not hold.

        Whoever checks judges the certificate at the time stamp's time: one from beyond would spoil a good receipt.

        Raises:
            CannotBeStampedError: it is not valid then.

        """
        certificate = extract_certificate_info(self._signed).signer_cert
        if not certificate.not_valid_before <= at <= certificate.not_valid_after:
            raise CannotBeStampedError("outside_certificate")

    def with_token(self, token: bytes) -> bytes:
        """The same file with a time stamp in its seal.

        Raises:
            CannotBeStampedError: the seal left no room for it.

        """
        message = self._read()
        (signer,) = message["content"]["signer_infos"]
        stamp = cms.CMSAttribute({"type": _ATTRIBUTE, "values": [cms.ContentInfo.load(token)]})
        signer["unsigned_attrs"] = cms.CMSAttributes([stamp])
        written = bytes(message.dump()).hex().upper().encode()  # as pyHanko writes it
        room = self._place.stop - self._place.start
        if len(written) > room:
            raise CannotBeStampedError("no_room")
        return self._pdf[: self._place.start] + written.ljust(room, b"0") + self._pdf[self._place.stop :]
