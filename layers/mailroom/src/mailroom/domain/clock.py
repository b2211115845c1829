"""Time: stored in UTC with milliseconds, shown in Casablanca with its offset."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

CASABLANCA = ZoneInfo("Africa/Casablanca")


def now() -> datetime:
    """The present instant in UTC, cut to the millisecond that is stored and shown."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def iso(instant: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and ``Z``; such texts sort as the instants do."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """The instant that `iso` wrote. Raises ValueError for any other text."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def in_casablanca(instant: datetime) -> datetime:
    """The same instant on Moroccan clocks, by the layer's locked time zones.

    Until September 2026 they were at +01:00, and at +00:00 during Ramadan; since then they stay at +00:00
    (tzdata 2026.6). Governments change this at short notice: what is printed always says its offset, and
    the lock is kept up.
    """
    return instant.astimezone(CASABLANCA)


def register_year(instant: datetime) -> int:
    """The year of the register an instant belongs to: the one on the wall in Casablanca."""
    return in_casablanca(instant).year
