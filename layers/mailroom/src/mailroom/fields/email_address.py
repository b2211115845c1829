"""E-mail addresses as senders and organisms give them, checked by the library that knows their rules."""

import re
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from mailroom.fields.text import Line
from mailroom.fields.typed import plain


def address_in(text: str) -> str:
    """The address without the signs copied with it: ``mailto:``, angle brackets, the full stop of the sentence.

    Blanks around the @, and around the dots behind it, go too: keyboards put one after each dot.
    """
    bare = re.sub(r"(?i)^mailto:", "", text.removeprefix("<").removesuffix(">")).rstrip(".,; ")
    local_part, at, domain = bare.rpartition("@")
    return local_part.rstrip(" ") + at + ".".join(label.strip(" ") for label in domain.split("."))


def parse_email(value: str) -> str:
    """An e-mail address as typed, its domain in ASCII; PydanticCustomError for another text."""
    typed = address_in(value)
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


# The length comes first, so that no parser is given a megabyte.
Email = Annotated[Line, AfterValidator(plain), StringConstraints(max_length=254), AfterValidator(parse_email)]
"""An e-mail address (RFC 5321) as SES writes to it: in ASCII, a domain of another script in Punycode.

SES does not support SMTPUTF8 (RFC 6531), so that no message would reach an address with another script before the @:
such an address is refused. The existence of the address is not checked.
"""
