"""What a telephone number is good for. Apart from `identifiers`: whoever queues an SMS has no number to check."""

from mailroom.later import brought_later

_UNUSED = (
    "phonenumbers.asyoutypeformatter",
    "phonenumbers.phonenumbermatcher",
    "phonenumbers.shortdata",
    "phonenumbers.shortnumberinfo",
)
"""For numbers while they are typed, in a text, or of three digits."""

with brought_later(_UNUSED):
    import phonenumbers

__all__ = ["is_mobile", "phonenumbers"]


def is_mobile(phone: str) -> bool:
    """Whether an E.164 number can receive an SMS, as far as its numbering plan tells."""
    kind = phonenumbers.number_type(phonenumbers.parse(phone))
    return kind in {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
