"""The desks of a stage, which stand in the pages themselves for people whose browser runs no script."""

from collections.abc import Mapping
from typing import Any

import httpx

type Desk = Mapping[str, object]
"""An organism, as the API lists it."""

_PAGE = 100
"""The API lists no more at once."""


def desks(client: httpx.Client) -> list[Desk]:
    """Every organism that takes mail now, by `client`, whose base address is the API's. Raises HTTPError."""
    found: list[Desk] = []
    cursor: dict[str, str] = {}
    while True:
        page: dict[str, Any] = client.get("/v1/organisms", params={"limit": _PAGE, **cursor}).raise_for_status().json()
        found += page["items"]
        if page.get("next_cursor") is None:
            return found
        cursor = {"cursor": page["next_cursor"]}
