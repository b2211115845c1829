"""The pages bring Morocco's clocks along: decrees change them, and a browser may be older than the last one."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from infra.site import clocks
from infra.site.places import GENERATED
from mailroom.domain.clock import in_casablanca


@pytest.fixture(scope="module")
def offsets() -> list[tuple[int, int]]:
    """Since which minute of Unix time clocks are how many minutes ahead of UTC, as the pages read it."""
    clocks.write_offsets()
    (found,) = re.findall(r"OFFSETS: .* = (\[.*\]);", (GENERATED / "clocks.ts").read_text(encoding="utf-8"))
    return [(since, ahead) for since, ahead in json.loads(found)]


def ahead_at(offsets: list[tuple[int, int]], instant: datetime) -> int:
    return [ahead for since, ahead in offsets if since * 60 <= instant.timestamp()][-1]


@pytest.mark.parametrize(
    ("instant", "ahead"),
    [
        ("2025-01-01T00:00+00:00", 60),
        ("2026-02-15T01:59+00:00", 60),
        ("2026-02-15T02:00+00:00", 0),
        ("2026-03-22T01:59+00:00", 0),
        ("2026-03-22T02:00+00:00", 60),
    ],
)
def test_clocks_change_to_the_minute(offsets: list[tuple[int, int]], instant: str, ahead: int) -> None:
    """Ramadan's hour of 2026."""
    assert ahead_at(offsets, datetime.fromisoformat(instant)) == ahead


def test_the_pages_agree_with_the_receipts_clock_for_years_to_come(offsets: list[tuple[int, int]]) -> None:
    for day in range(0, 365 * 10, 7):
        instant = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
        assert timedelta(minutes=ahead_at(offsets, instant)) == in_casablanca(instant).utcoffset()
