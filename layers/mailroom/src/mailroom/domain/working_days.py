"""Morocco's working days: Monday to Friday, without public holidays, by Casablanca's dates.

PyPI `holidays` knows the fixed holidays; the religious ones it estimates, since the moon decides them and the ministry
announces them days before. `holidays_overrides.json` has the last word: days `added` and days `removed`, each with its
reason, written as 2027-03-10.
"""

import json
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import holidays

from mailroom.domain import clock

OVERRIDES = Path(__file__).parent / "holidays_overrides.json"

_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether public bodies are open that day."""
    return day.weekday() < _SATURDAY and day not in _days_off(day.year)


def have_passed(working_days: int, *, since: date, by: date) -> bool:
    """Whether that many working days came after the day `since`, the last of them the day `by` at the latest."""
    left = working_days
    for number in range(1, (by - since).days + 1):
        left -= is_working_day(since + timedelta(days=number))
        if not left:
            return True
    return False


def overdue_before(working_days: int, now: datetime) -> datetime:
    """The instant before which something came for which that many working days have passed, today included.

    It is a midnight in Casablanca: see `have_passed`.
    """
    today = clock.in_casablanca(now).date()
    day, left = today, working_days
    while left:
        left -= is_working_day(day)
        if left:
            day -= timedelta(days=1)
    return datetime.combine(day, time(), clock.CASABLANCA)


@cache
def _days_off(year: int) -> frozenset[date]:
    overrides = json.loads(OVERRIDES.read_text(encoding="utf-8"))
    added, removed = ({date.fromisoformat(day) for day in overrides[change]} for change in ("added", "removed"))
    known = set(holidays.country_holidays("MA", years=year))
    return frozenset(day for day in (known | added) - removed if day.year == year)
