"""moto's answers made with less work: the same text, of which a test holds a sample."""

from functools import cache
from typing import Any

import moto.core.responses
import pytest
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class

USUAL = BaseJSONSerializer._serialize_type_structure
"""How moto itself writes a structure."""

_ATTRIBUTE = "AttributeValue"
"""DynamoDB's shape of a value: a structure of ten kinds, of which one is there."""


def answer_in_haste(patch: pytest.MonkeyPatch) -> None:
    """Spare moto what takes a fifth of the tests' time.

    It looks for each kind of each value of a table's items under all names that it might have, and lists a service's
    methods anew for each call.
    """
    patch.setattr(moto.core.responses, "method_names_from_class", cache(method_names_from_class))

    def structure(serializer: BaseJSONSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:  # noqa: ANN401 - moto's
        if shape.name != _ATTRIBUTE or not isinstance(value, dict) or len(value) != 1 or not key:
            USUAL(serializer, serialized, value, shape, key)
            return
        (kind,) = value
        member = shape.members[kind]
        wrapper: Any = serializer.MAP_TYPE()
        member.parent = shape
        serializer._serialize_structure_member(wrapper, value, member, kind)
        serializer._default_serialize(serialized, wrapper, shape, key)

    patch.setattr(BaseJSONSerializer, "_serialize_type_structure", structure)
