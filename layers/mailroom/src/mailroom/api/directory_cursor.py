"""The place where a page of the directory ends, as a cursor."""

import base64
import json

from pydantic import ConfigDict, TypeAdapter

from mailroom.domain.refusals import FieldError, FieldsWrong
from mailroom.organisms.listing import Position

_PLACE: TypeAdapter[Position] = TypeAdapter(Position, config=ConfigDict(strict=True))


def cursor_at(place: Position) -> str:
    """The cursor of the page that begins behind a place, which stays right when organisms join between two pages."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_at(cursor: str) -> Position:
    """The place that a cursor names. Raises FieldsWrong where it is none."""
    try:
        return _PLACE.validate_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise FieldsWrong(FieldError("cursor", "cursor")) from None
