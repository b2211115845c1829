"""What a telephone number is good for. Apart from `identifiers`: whoever queues an SMS has no number to check."""

import phonenumbers


def is_mobile(phone: str) -> bool:
    """Whether an E.164 number can receive an SMS, as far as its numbering plan tells."""
    kind = phonenumbers.number_type(phonenumbers.parse(phone))
    return kind in {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
