"""The contract as it was generated from the handlers, and what it says of an address."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from mailroom.domain.refusals import MethodNotAllowed, Refusal, RouteNotFound


@cache
def contract() -> dict[str, Any]:
    """The whole contract (OpenAPI 3.1)."""
    text = (Path(__file__).parent / "openapi.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def refusal_of_path(path: str) -> Refusal:
    """The refusal of a request that no route takes: 405 where the path exists with other methods, else 404."""
    for template, methods in contract()["paths"].items():
        pattern = re.sub(r"\{[^/]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path):
            return MethodNotAllowed(allowed=", ".join(sorted(method.upper() for method in methods)))
    return RouteNotFound()
