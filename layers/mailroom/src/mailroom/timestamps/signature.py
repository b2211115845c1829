"""The signature of a seal: a CMS (RFC 5652) with a place for a time stamp among its unsigned attributes."""

from datetime import datetime
from functools import cached_property

from asn1crypto import cms
from asn1crypto.parser import emit, parse, peek
from pyhanko.sign.general import extract_certificate_info, extract_signer_info

from mailroom.timestamps.refusal import CannotBeStampedError

_ATTRIBUTE = "signature_time_stamp_token"
_OF_ANY_KIND, _OF_THIS_PLACE = 0, 2
_SEQUENCE, _SET, _UNSIGNED = 16, 17, 1
_SIGNERS_DEPTH = 4
"""Levels between a CMS and its signer: content, signed data, set of signers, signer."""


class Signature:
    """The CMS of a seal, in DER."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        signed = cms.ContentInfo.load(content)["content"]
        self._signer = extract_signer_info(signed)
        self._certificate = extract_certificate_info(signed).signer_cert

    @cached_property
    def value(self) -> bytes:
        """The bytes that a time stamp of this seal covers: the signature value."""
        return bytes(self._signer["signature"].native)

    @property
    def is_stamped(self) -> bool:
        """Whether it bears a time stamp."""
        attributes = self._signer["unsigned_attrs"]
        return any(each["type"].native == _ATTRIBUTE for each in attributes)

    def require_certified(self, at: datetime) -> None:
        """Refuse a time at which the seal's certificate does not hold.

        A check judges the certificate at the time stamp's time: a time outside its validity would spoil the receipt.

        Raises:
            CannotBeStampedError: it is not valid then.

        """
        if not self._certificate.not_valid_before <= at <= self._certificate.not_valid_after:
            raise CannotBeStampedError("outside_certificate")

    def with_token(self, token: bytes) -> bytes:
        """The same CMS with a time stamp in it: the last thing in its one signer, which is the last thing in it.

        Put together from bytes: asn1crypto takes a length that ends in 0x80 for an indefinite one, and encodes the
        content again, several times at each level, which can take minutes.
        """
        values = emit(_OF_ANY_KIND, 1, _SET, token)
        attribute = emit(_OF_ANY_KIND, 1, _SEQUENCE, cms.CMSAttributeType(_ATTRIBUTE).dump() + values)
        return _with_last(self._content, _SIGNERS_DEPTH, emit(_OF_THIS_PLACE, 1, _UNSIGNED, attribute))


def _with_last(element: bytes, depth: int, added: bytes) -> bytes:
    """The element (DER) with something added behind its last part, or that one's last part, so many levels below."""
    class_, method, tag, _, contents, _ = parse(element)
    if depth == 0:
        return bytes(emit(class_, method, tag, contents + added))
    start = 0
    while start + peek(contents[start:]) < len(contents):
        start += peek(contents[start:])
    return bytes(emit(class_, method, tag, contents[:start] + _with_last(contents[start:], depth - 1, added)))
