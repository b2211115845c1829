"""Moroccan clocks for the pages: decrees change them, and a browser may be older than the last one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

from infra.site.places import GENERATED

_FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)
"""Before the first mail."""
_DAYS = 15 * 365


def casablanca() -> ZoneInfo:
    """The zone by the locked `tzdata`, as the functions have it, whatever the machine's own data say."""
    with (files("tzdata.zoneinfo.Africa") / "Casablanca").open("rb") as data:
        return ZoneInfo.from_file(data, key="Africa/Casablanca")


def offsets(zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """Since when, in minutes of Unix time, Moroccan clocks are how many minutes ahead of UTC."""
    known = _minutes_ahead(_FIRST_DAY, zone)
    yield int(_FIRST_DAY.timestamp()) // 60, known
    for day in range(_DAYS):
        begins, ends = _FIRST_DAY + timedelta(days=day), _FIRST_DAY + timedelta(days=day + 1)
        if _minutes_ahead(ends, zone) == known:
            continue
        while ends - begins > timedelta(minutes=1):
            middle = begins + (ends - begins) / 2
            begins, ends = (middle, ends) if _minutes_ahead(middle, zone) == known else (begins, middle)
        known = _minutes_ahead(ends, zone)
        yield int(ends.timestamp()) // 60, known


def _minutes_ahead(instant: datetime, zone: ZoneInfo) -> int:
    return (instant.astimezone(zone).utcoffset() or timedelta()) // timedelta(minutes=1)


def write_offsets() -> None:
    """Write the table that `frame/moments.ts` reads, unless it is the same: another build may be reading it."""
    GENERATED.mkdir(exist_ok=True)
    pairs = ", ".join(f"[{since}, {ahead}]" for since, ahead in offsets(casablanca()))
    text = (
        "// Made by infra.site.clocks: since which minute of Unix time Moroccan clocks are how many minutes ahead.\n"
        f"export const OFFSETS: readonly (readonly [number, number])[] = [{pairs}];\n"
    )
    file = GENERATED / "clocks.ts"
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")
