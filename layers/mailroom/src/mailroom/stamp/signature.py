"""A seal's signature by itself, a CMS, which has a place for a time stamp beside what it signs."""

from datetime import datetime
from functools import cached_property

from asn1crypto import cms

from mailroom.side_door import side_door
from mailroom.stamp.refusal import CannotBeStampedError

with side_door():
    from pyhanko.sign.general import extract_certificate_info, extract_signer_info

_ATTRIBUTE = "signature_time_stamp_token"


class Signature:
    """The CMS of a seal, in DER."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        signed = self._read()["content"]
        self._signer = extract_signer_info(signed)
        self._certificate = extract_certificate_info(signed).signer_cert

    def _read(self) -> cms.ContentInfo:
        return cms.ContentInfo.load(self._content)

    @cached_property
    def value(self) -> bytes:
        """What a time stamp of this seal is about: the signature's own bytes."""
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
        if not self._certificate.not_valid_before <= at <= self._certificate.not_valid_after:
            raise CannotBeStampedError("outside_certificate")

    def with_token(self, token: bytes) -> bytes:
        """The same CMS with a time stamp in it."""
        message = self._read()
        (signer,) = message["content"]["signer_infos"]
        stamp = cms.CMSAttribute({"type": _ATTRIBUTE, "values": [cms.ContentInfo.load(token)]})
        signer["unsigned_attrs"] = cms.CMSAttributes([stamp])
        return bytes(message.dump())
