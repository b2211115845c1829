"""Which telephones get SMS: mobiles of the countries that the stage serves."""

from collections.abc import Collection
from typing import Literal

import phonenumbers

_MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


def countries_in(setting: str) -> frozenset[str]:
    """The countries that a function's setting lists: two letters each, separated by commas."""
    return frozenset(filter(None, setting.split(",")))


def why_no_sms(phone: str, countries: Collection[str]) -> Literal["sms_off", "country", "not_mobile"] | None:
    """Why an E.164 number gets no SMS, or None where it does.

    `countries` are those that are written to, by their two letters (ISO 3166-1); none of them: SMS are switched off.
    Letters, not calling codes: +1 alone is 25 countries. Satellites and other networks of no country have no letters.
    """
    if not countries:
        return "sms_off"
    number = phonenumbers.parse(phone)
    if phonenumbers.region_code_for_number(number) not in countries:
        return "country"
    return None if phonenumbers.number_type(number) in _MOBILE else "not_mobile"
