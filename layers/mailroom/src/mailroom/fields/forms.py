"""What the body of a request is made of, and what is missing in it."""

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from mailroom.fields.text import is_blank

_DEEPEST = 2
"""Levels of an object that is empty when all it holds is: a form's optional group of fields, and no more."""


class Form(BaseModel):
    """Fields that somebody fills in: unknown ones are refused, optional ones left empty are absent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_empty_fields(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {name: value for name, value in given.items() if name not in optional or not is_empty(value)}


def is_empty(value: object, deepest: int = _DEEPEST) -> bool:
    """Whether a form says nothing here: null, a text that shows nothing, or a group of fields all of which are so."""
    if isinstance(value, str):
        return is_blank(value)
    if isinstance(value, dict | list | tuple):
        inner = value.values() if isinstance(value, dict) else value
        return deepest > 0 and all(is_empty(one, deepest - 1) for one in inner)
    return value is None


def without_empty(value: object) -> object:
    """A list without its empty entries, such as the second line for addresses left empty in a form."""
    return [one for one in value if not is_empty(one)] if isinstance(value, list | tuple) else value


FilledIn = BeforeValidator(without_empty)
"""For fields that hold a list."""
