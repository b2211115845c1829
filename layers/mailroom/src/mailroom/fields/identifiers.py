"""Identifiers of senders, each checked by the library that knows its rules.

All of them are read through `typed.plain` first: invisible marks, blanks at the ends, digits of other scripts and the
kind of a dash make no difference.
"""

import re
from typing import Annotated

import phonenumbers
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError
from stdnum.exceptions import ValidationError as InvalidIdentifier
from stdnum.ma import ice as stdnum_ice

from mailroom.fields.text import Line, Typed
from mailroom.fields.typed import as_digits, joined, plain

_NATIONAL_ID = re.compile(r"(?P<letters>[A-Za-z]{1,3})(?P<digits>[0-9OoIiLl]{1,7})")
_ICE_DIGITS = 15
_FEWEST_ICE_DIGITS = 7
"""A number of the enterprise of one digit, four of the establishment and two that check; spreadsheets drop zeros."""


def parse_ice(value: str) -> str:
    """The 15 digits of an ICE as typed, perhaps after its label; PydanticCustomError for another text."""
    typed = as_digits(joined(re.sub(r"(?i)^ICE\b *:?", "", value), " -./"))
    if len(typed) >= _FEWEST_ICE_DIGITS:
        typed = typed.zfill(_ICE_DIGITS)
    try:
        number = stdnum_ice.validate(typed)
    except InvalidIdentifier as error:
        raise PydanticCustomError("ice", "ICE") from error
    if not int(number):  # zero is a multiple of 97, and the number of no enterprise
        raise PydanticCustomError("ice", "ICE")
    return number


def parse_national_id(value: str) -> str:
    """The number of a national identity card as typed, upper-cased; PydanticCustomError for another text."""
    # Before capitals are made: those of "ß" are the two letters "SS".
    found = _NATIONAL_ID.fullmatch(joined(value, " "))
    if found is None or not any(map(str.isdigit, found["digits"])):
        raise PydanticCustomError("national_id", "CNIE")
    digits = as_digits(found["digits"])
    if not int(digits):
        raise PydanticCustomError("national_id", "CNIE")
    return found["letters"].upper() + digits


def parse_country(value: str) -> str:
    """The code of a country other than Morocco; PydanticCustomError for another text."""
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
Ice = Annotated[Line, AfterValidator(plain), StringConstraints(max_length=30), AfterValidator(parse_ice)]
"""The common identifier of an enterprise: 15 digits, a multiple of 97, and not zero."""

NationalId = Annotated[Typed, StringConstraints(max_length=20), AfterValidator(parse_national_id)]
"""The number of a national identity card (CNIE), upper-cased; it has no official check digit.

A card's number has no dash, and one that was typed is refused: ``registry-cases.json``, which all programs of the
service share, holds ``AB-123456`` among the wrong ones.
"""

Country = Annotated[Typed, StringConstraints(max_length=20), AfterValidator(parse_country)]
"""The code (ISO 3166-1 alpha-2) of a country abroad; telephone regions stand for the list of countries."""
