"""What values a JSON schema allows, in words for the API's reference: "text, 1–255 characters, or null"."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

NAMES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null"}
FORMATS = {"date": "day", "date-time": "moment", "uri-reference": "address"}


def type_in_words(schema: Mapping[str, Any]) -> Markup:
    """The values in words; a shape is a link to its place on the page."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return Markup('<a href="#shape-{0}">{0}</a>').format(name)
    if choices := schema.get("oneOf", schema.get("anyOf")):
        return Markup(" or ").join(map(type_in_words, choices)) + _default(schema)
    if allowed := schema.get("enum", [schema["const"]] if "const" in schema else []):
        return Markup(", ").join(map(_code, allowed)) + _default(schema)
    if schema["type"] == "array":
        return Markup("list of ") + type_in_words(schema["items"]) if "items" in schema else Markup("list")
    if schema["type"] == "object":
        values = schema.get("additionalProperties")
        return Markup("object of ") + type_in_words(values) if isinstance(values, dict) else Markup("object")
    name = FORMATS.get(schema.get("format", ""), NAMES[schema["type"]])
    return Markup(", ").join([Markup(name), *_limits(schema)]) + _default(schema)  # noqa: S704 - of the tables above


def _limits(schema: Mapping[str, Any]) -> Iterator[Markup]:
    for least, most, unit in (("minLength", "maxLength", " characters"), ("minimum", "maximum", "")):
        if most in schema:
            low = f"{schema[least]:.0f}–" if least in schema else "at most "
            yield Markup("{}{:.0f}{}").format(low, schema[most], unit)
        elif least in schema:
            yield Markup("{:.0f}{} or more").format(schema[least], unit)
    if "pattern" in schema and "format" not in schema:
        yield Markup("<code>{}</code>").format(schema["pattern"])


def _default(schema: Mapping[str, Any]) -> Markup:
    # a default that is an object is that of its fields
    return (
        Markup(", else ") + _code(schema["default"])
        if schema.get("default") is not None and not isinstance(schema["default"], dict)
        else Markup()
    )


def _code(value: object) -> Markup:
    return Markup("<code>{}</code>").format(json.dumps(value, ensure_ascii=False))
