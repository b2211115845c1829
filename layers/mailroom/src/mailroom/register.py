"""The register: each organism's yearly book, its entries numbered 1, 2, 3 … with no gap."""

import re
from typing import NamedTuple

_NUMBER = re.compile(r"(?P<code>[A-Z0-9](?:[A-Z0-9-]{0,30}[A-Z0-9])?)-(?P<year>\d{4})-(?P<rank>\d{6,9})", re.ASCII)


class Number(NamedTuple):
    """A register number: the organism's code, the year in Casablanca, and the rank in that year's register."""

    code: str
    year: int
    rank: int

    def __str__(self) -> str:
        """``ANAM-2026-000001``, as it is printed and typed."""
        return f"{self.code}-{self.year}-{self.rank:06d}"


def parse_number(text: str) -> Number | None:
    """The number somebody typed from paper, in any case and with spaces around; None when it is not one."""
    match = _NUMBER.fullmatch(text.strip().upper())
    if match is None or int(match["rank"]) == 0:
        return None
    number = Number(match["code"], int(match["year"]), int(match["rank"]))
    return number if str(number) == match[0] else None
