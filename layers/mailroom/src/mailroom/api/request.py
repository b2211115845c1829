"""A request as its route reads it: its address as it was meant, its body as one JSON object in UTF-8."""

import base64
import codecs
import json
import re
from collections import Counter
from collections.abc import Mapping
from http import HTTPMethod
from typing import Any
from urllib.parse import quote

from mailroom.domain import refusals
from mailroom.domain.refusals import FieldError, FieldsWrong
from mailroom.fields.typed import SIGNS_AROUND, plain, trimmed

type HttpEvent = dict[str, Any]

JSON = "application/json"

MOST_BODY_BYTES = 256 * 1024
"""More than 20,000 characters of any script take in JSON, each written as an escape."""

MOST_DIRECTORY_BYTES = 975 * 1024
"""A directory of three thousand organisms in CSV. The firewall refuses a megabyte (`infra/door.py`)."""

MOST_ERRORS = 100
"""Wrong fields that are named in one answer: a hostile body can hold tens of thousands."""

_TYPED_IN_PATHS = frozenset({"number", "verification_code"})
"""Parameters that people type from paper; the others are copied by programs."""

_SIGNS = re.compile(rf"[\s{re.escape(SIGNS_AROUND)}]+")


def readable(event: HttpEvent) -> HttpEvent:
    """`event` as its route reads it: what was typed in the address put right, the body as text of one media type."""
    typed = {name: trimmed(value) for name, value in (event.get("queryStringParameters") or {}).items()}
    query = {name: value for name, value in typed.items() if value}  # an empty parameter counts as absent
    return _with_readable_body({**_with_typed_path(event), "queryStringParameters": query})


def _with_typed_path(event: HttpEvent) -> HttpEvent:
    """`event` with its typed path parameters in plain characters: routes match no invisible marks and no blanks."""
    given = event.get("pathParameters") or {}
    typed = {name: _SIGNS.sub("-", plain(given[name])) for name in _TYPED_IN_PATHS & given.keys()}
    template = event.get("routeKey", "").partition(" ")[2].split("/")
    parts = event["rawPath"].split("/")
    begins = len(parts) - len(template)  # a stage's name may stand before the path
    if not typed or begins < 0:
        return event
    for position, part in enumerate(template, start=begins):
        name = part.strip("{}")
        if part.startswith("{") and typed.get(name):  # an empty part would be another route
            parts[position] = quote(typed[name])
    return {**event, "rawPath": "/".join(parts), "pathParameters": given | typed}


def _with_readable_body(event: HttpEvent) -> HttpEvent:
    method = event["requestContext"]["http"]["method"]
    if not event.get("body") or method not in {HTTPMethod.POST, HTTPMethod.PUT}:
        return event
    declared = header(event, "content-type").partition(";")[0].strip().lower()
    if declared not in {"", JSON}:
        raise refusals.UnsupportedMediaType
    headers = {**event["headers"], "content-type": JSON}
    try:
        body = base64.b64decode(event["body"]).decode() if event.get("isBase64Encoded") else event["body"]
    except ValueError as error:
        raise refusals.NotJson from error
    return {**event, "headers": headers, "body": body, "isBase64Encoded": False}


def parsed(text: str, *, most_bytes: int = MOST_BODY_BYTES) -> dict[str, Any]:
    """The members of the JSON object that a body is, of `most_bytes` at most.

    Raises:
        BodyTooLarge, NotJson: it is none in UTF-8.
        FieldsWrong: it is another value, or names a member twice.

    """
    body = text.removeprefix(codecs.BOM_UTF8.decode())  # RFC 8259 lets a reader ignore it
    if len(body) > most_bytes or len(body.encode(errors="surrogatepass")) > most_bytes:
        raise refusals.BodyTooLarge(most=most_bytes // 1024)
    try:
        values: object = json.loads(body, parse_constant=_no_number, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        # ValueError is also what a number of 5,000 digits raises; RecursionError, ten thousand opening brackets.
        raise refusals.NotJson from error
    if not isinstance(values, dict):
        raise FieldsWrong(FieldError("body", "model_type"))
    return values


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of a JSON object, each named once (RFC 7493): else other programs may have read the other of two."""
    members = dict(pairs)
    if len(members) < len(pairs):
        counted = Counter(name for name, _ in pairs)
        doubled = [name for name, count in counted.items() if count > 1]
        raise FieldsWrong(*(FieldError(name, "duplicate") for name in doubled[:MOST_ERRORS]))
    return members


def _no_number(name: str) -> float:
    msg = f"{name} is Python's, not JSON's"
    raise ValueError(msg)


def asks_for_page(event: HttpEvent) -> bool:
    """Whether a person's browser asks, which shows pages: it names HTML, and not JSON as programs do."""
    accepted = header(event, "accept").lower()
    return "text/html" in accepted and JSON not in accepted


def header(event: Mapping[str, Any], name: str) -> str:
    """A header by its name in small letters; empty where there is none."""
    value: str = (event.get("headers") or {}).get(name, "")
    return value
