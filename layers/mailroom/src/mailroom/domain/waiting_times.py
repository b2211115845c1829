"""How long mails waited, by their register entries."""

from collections.abc import Iterable, Mapping
from typing import Any

from mailroom.domain import clock


def waits(entries: Iterable[Mapping[str, Any]], until: str) -> list[float]:
    """The seconds from each submission to the moment of an attribute, of the entries that have it."""
    return [
        (clock.parse(entry[until]) - clock.parse(entry["submitted_at"])).total_seconds()
        for entry in entries
        if until in entry
    ]
