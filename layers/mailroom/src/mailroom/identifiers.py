"""Identifiers and addresses of senders and organisms, each checked by the library that knows its rules."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from mailroom.later import patterns_compiled_later
from mailroom.phones import phonenumbers
from mailroom.text import Line, Words

with patterns_compiled_later():  # those for letters of all scripts take as long as half of a request's own work
    from email_validator import EmailNotValidError, validate_email

_NATIONAL_ID = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}")


def _email(value: str) -> str:
    if not value.rpartition("@")[0].isascii():
        raise PydanticCustomError("email_letters", "letters before the @")
    try:
        address = validate_email(value, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise PydanticCustomError("email", "e-mail") from error
    return f"{address.local_part}@{address.ascii_domain}"


def _phone(value: str) -> str:
    try:
        number = phonenumbers.parse(value, "MA")
    except phonenumbers.NumberParseException as error:
        raise PydanticCustomError("phone", "telephone") from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise PydanticCustomError("phone", "telephone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _ice(value: str) -> str:
    from stdnum.exceptions import ValidationError as InvalidIdentifier  # noqa: PLC0415 - for enterprises alone
    from stdnum.ma import ice as stdnum_ice  # noqa: PLC0415 - the same

    try:
        return stdnum_ice.validate(value)
    except InvalidIdentifier as error:
        raise PydanticCustomError("ice", "ICE") from error


def _national_id(value: str) -> str:
    number = value.strip()
    # Before capitals are made: those of "ß" are the two letters "SS".
    if _NATIONAL_ID.fullmatch(number) is None:
        raise PydanticCustomError("national_id", "CNIE")
    return number.upper()


# Lengths come first, so that no parser is given a megabyte.
Email = Annotated[Line, StringConstraints(max_length=254), AfterValidator(_email)]
"""An e-mail address (RFC 5321) as SES writes to it: in ASCII, a domain of another script in Punycode.

SES knows no SMTPUTF8 (RFC 6531): whoever has a name of another script before the @ could be told nothing, so that is
said at once. Whether the address exists is not asked.
"""

Phone = Annotated[Line, StringConstraints(max_length=40), AfterValidator(_phone)]
"""A telephone number of any country, Moroccan when it names none, kept in E.164."""

Ice = Annotated[Line, StringConstraints(max_length=30), AfterValidator(_ice)]
"""The common identifier of an enterprise: 15 digits, a multiple of 97."""

NationalId = Annotated[Words, StringConstraints(max_length=20), AfterValidator(_national_id)]
"""The number of a national identity card (CNIE), upper-cased; it has no official check digit."""
