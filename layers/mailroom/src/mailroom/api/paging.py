"""How long a page of a list may be."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from mailroom.fields.typed import plain


def _digits(value: object) -> object:
    # Python's own idea of a whole number takes "1_0" and "1.0" too.
    if not isinstance(value, str):
        return value
    typed = plain(value)
    if re.fullmatch(r"-?[0-9]{1,9}", typed) is None:
        raise PydanticCustomError("int_parsing", "whole number")
    return typed


PageSize = Annotated[int, Field(ge=1, le=100), BeforeValidator(_digits)]
"""The parameter ``limit``: 1 to 100, in digits."""
