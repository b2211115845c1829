"""Telephone numbers as senders and organisms give them, checked by the library that knows the numbering plans."""

import re
from typing import Annotated

import phonenumbers
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from mailroom.fields.text import Line
from mailroom.fields.typed import as_digits, plain

_PHONE_OF_DIGITS = re.compile(r"[0-9OoIiLl+().,/_ -]+")


def parse_phone(value: str) -> str:
    """A telephone number as typed, in E.164; PydanticCustomError for another text."""
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


# The length comes first, so that no parser is given a megabyte.
Phone = Annotated[Line, AfterValidator(plain), StringConstraints(max_length=40), AfterValidator(parse_phone)]
"""A telephone number of any country, Moroccan when it names none, kept in E.164."""
