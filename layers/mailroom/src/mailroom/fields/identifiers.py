"""Identifiers and addresses of senders and organisms, each checked by the library that knows its rules.

All of them are read through `typed.plain` first: invisible marks, blanks at the ends, digits of other scripts and the
kind of a dash make no difference.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from mailroom.fields.phones import phonenumbers
from mailroom.fields.text import Line, Typed
from mailroom.fields.typed import as_digits, joined, plain
from mailroom.later import patterns_compiled_later

with patterns_compiled_later():  # those for letters of all scripts take as long as half of a request's own work
    from email_validator import EmailNotValidError, validate_email

_NATIONAL_ID = re.compile(r"(?P<letters>[A-Za-z]{1,3})(?P<digits>[0-9OoIiLl]{1,7})")
_PHONE_OF_DIGITS = re.compile(r"[0-9OoIiLl+().,/_ -]+")
_ICE_DIGITS = 15
_FEWEST_ICE_DIGITS = 7
"""A number of the enterprise of one digit, four of the establishment and two that check; spreadsheets drop zeros."""


def _address_in(text: str) -> str:
    """An address out of what is copied with it: ``mailto:``, angle brackets, the full stop of the sentence.

    Blanks around the @, and around the dots behind it, go too: keyboards put one after each dot.
    """
    bare = re.sub(r"(?i)^mailto:", "", text.removeprefix("<").removesuffix(">")).rstrip(".,; ")
    local_part, at, domain = bare.rpartition("@")
    return local_part.rstrip(" ") + at + ".".join(label.strip(" ") for label in domain.split("."))


def _email(value: str) -> str:
    typed = _address_in(value)
    local_part = typed.rpartition("@")[0]
    if not local_part.isascii():
        raise PydanticCustomError("email_letters", "letters before the @")
    if "=?" in local_part or "?=" in local_part:
        # An encoded word (RFC 2047): in a header it would be decoded, to line breaks and marks that turn a text round.
        raise PydanticCustomError("email", "e-mail")
    try:
        address = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise PydanticCustomError("email", "e-mail") from error
    return f"{address.local_part}@{address.ascii_domain}"


def _phone(value: str) -> str:
    typed = re.sub(r"(?i)^tel:", "", value)
    if _PHONE_OF_DIGITS.fullmatch(typed):
        typed = as_digits(typed).replace("_", " ").replace(",", " ")
    try:
        number = phonenumbers.parse(typed, "MA")
    except phonenumbers.NumberParseException as error:
        raise PydanticCustomError("phone", "telephone") from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise PydanticCustomError("phone", "telephone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _ice(value: str) -> str:
    from stdnum.exceptions import ValidationError as InvalidIdentifier  # noqa: PLC0415 - for enterprises alone
    from stdnum.ma import ice as stdnum_ice  # noqa: PLC0415 - the same

    typed = as_digits(joined(re.sub(r"(?i)^ICE\b *:?", "", value), " -./"))
    if len(typed) >= _FEWEST_ICE_DIGITS:
        typed = typed.zfill(_ICE_DIGITS)
    try:
        number = stdnum_ice.validate(typed)
    except InvalidIdentifier as error:
        raise PydanticCustomError("ice", "ICE") from error
    if not int(number):  # a multiple of 97, and nobody's
        raise PydanticCustomError("ice", "ICE")
    return number


def _national_id(value: str) -> str:
    # Before capitals are made: those of "ß" are the two letters "SS".
    found = _NATIONAL_ID.fullmatch(joined(value, " "))
    if found is None or not any(map(str.isdigit, found["digits"])):
        raise PydanticCustomError("national_id", "CNIE")
    digits = as_digits(found["digits"])
    if not int(digits):
        raise PydanticCustomError("national_id", "CNIE")
    return found["letters"].upper() + digits


def _country(value: str) -> str:
    country = value.upper()
    country = _ALSO_WRITTEN.get(country, country)
    if country == "MA":
        raise PydanticCustomError("country_morocco", "Morocco")
    if country not in phonenumbers.SUPPORTED_REGIONS or country in _NO_COUNTRIES:
        raise PydanticCustomError("country", "country")
    return country


_ALSO_WRITTEN = {"UK": "GB", "EL": "GR"}
_NO_COUNTRIES = {"AC", "TA"}
"""Islands that have a telephone code of their own, and none of ISO 3166."""

# Lengths come first, so that no parser is given a megabyte.
Email = Annotated[Line, AfterValidator(plain), StringConstraints(max_length=254), AfterValidator(_email)]
"""An e-mail address (RFC 5321) as SES writes to it: in ASCII, a domain of another script in Punycode.

SES knows no SMTPUTF8 (RFC 6531): whoever has a name of another script before the @ could be told nothing, so that is
said at once. Whether the address exists is not asked.
"""

Phone = Annotated[Line, AfterValidator(plain), StringConstraints(max_length=40), AfterValidator(_phone)]
"""A telephone number of any country, Moroccan when it names none, kept in E.164."""

Ice = Annotated[Line, AfterValidator(plain), StringConstraints(max_length=30), AfterValidator(_ice)]
"""The common identifier of an enterprise: 15 digits, a multiple of 97, and not zero."""

NationalId = Annotated[Typed, StringConstraints(max_length=20), AfterValidator(_national_id)]
"""The number of a national identity card (CNIE), upper-cased; it has no official check digit.

A card's number has no dash, and one that was typed is refused: ``registry-cases.json``, which all programs of the
service share, holds ``AB-123456`` among the wrong ones.
"""

Country = Annotated[Typed, StringConstraints(max_length=20), AfterValidator(_country)]
"""The code (ISO 3166-1 alpha-2) of a country abroad; telephone regions stand for the list of countries."""
