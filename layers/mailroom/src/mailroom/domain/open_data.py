"""Open data: what anyone may learn of an organism's mail, a quarter at a time, and nothing of a person.

- A count under `SMALLEST_SHOWN` is masked (None), and so is a median over fewer mails.
- The channels add up to the total: where one of them is masked, both are, or the other would give it away.
- No sum over organisms is published: it would give away the one organism that is masked.
- Quarters do not overlap, and each is computed once, `SETTLING` after its end. Two editions of the same or of
  overlapping periods would differ by single mails.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any, Final, NamedTuple, Self

from mailroom.domain import clock
from mailroom.domain.channel import COUNTER, ONLINE
from mailroom.domain.period import Period
from mailroom.domain.waiting_times import waits

SMALLEST_SHOWN: Final = 10

SETTLING: Final = timedelta(days=30)
"""After a quarter's end, so that its last mails have had time to be answered."""

COUNTED: Final = ("status", "submitted_at", "channel", "collected_at", "outcome_at")
"""The attributes of a register entry that the figures need."""

_MONTHS, _SECONDS_IN_AN_HOUR = 3, 3600
_NAME = re.compile(r"(?P<year>[0-9]{4})-Q(?P<rank>[1-4])", re.ASCII)


class Quarter(NamedTuple):
    """Three months on Moroccan clocks; `rank` is 1 to 4."""

    year: int
    rank: int

    @classmethod
    def named(cls, name: str) -> Self | None:
        """The quarter of a name such as ``2026-Q3``; None for any other text."""
        match = _NAME.fullmatch(name)
        return cls(int(match["year"]), int(match["rank"])) if match else None

    @classmethod
    def newest_due(cls, now: datetime) -> Self:
        """The newest quarter that has settled."""
        settled = clock.in_casablanca(now - SETTLING)
        index = settled.year * 4 + (settled.month - 1) // _MONTHS - 1
        return cls(index // 4, index % 4 + 1)

    @property
    def first_day(self) -> date:
        """The day it begins with."""
        return date(self.year, (self.rank - 1) * _MONTHS + 1, 1)

    @property
    def last_day(self) -> date:
        """The day it ends with."""
        following = Quarter(self.year + self.rank // 4, self.rank % 4 + 1)
        return following.first_day - timedelta(days=1)

    @property
    def period(self) -> Period:
        """Its instants."""
        start, end = (
            clock.parse(clock.iso(datetime.combine(day, time(), clock.CASABLANCA)))
            for day in (self.first_day, self.last_day + timedelta(days=1))
        )
        return Period(start, end)

    def __str__(self) -> str:
        """``2026-Q3``."""
        return f"{self.year}-Q{self.rank}"


class Figures(NamedTuple):
    """The figures of one organism in one quarter, masked; the medians are in whole hours."""

    total: int | None
    online: int | None
    counter: int | None
    answered: int | None
    median_hours_to_collection: int | None
    median_hours_to_outcome: int | None

    @classmethod
    def of(cls, entries: Sequence[Mapping[str, Any]]) -> Self:
        """The figures of the register entries of a quarter."""
        channels = [entry.get("channel", ONLINE) for entry in entries]
        online, counter = _masked(channels.count(ONLINE)), _masked(channels.count(COUNTER))
        if online is None or counter is None:
            online = counter = None
        return cls(
            total=_masked(len(entries)),
            online=online,
            counter=counter,
            answered=_masked([entry["status"] for entry in entries].count("answered")),
            median_hours_to_collection=_median_hours(waits(entries, "collected_at")),
            median_hours_to_outcome=_median_hours(waits(entries, "outcome_at")),
        )


def _masked(count: int) -> int | None:
    return count if count >= SMALLEST_SHOWN else None


def _median_hours(seconds: Sequence[float]) -> int | None:
    """The median in whole hours: to the second it would be the time of one mail."""
    return round(median(seconds) / _SECONDS_IN_AN_HOUR) if len(seconds) >= SMALLEST_SHOWN else None
