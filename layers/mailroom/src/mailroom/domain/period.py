"""Periods that callers ask for: days on Moroccan clocks, or instants."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from mailroom.domain import clock
from mailroom.domain.refusals import FieldError, FieldsWrong
from mailroom.fields.typed import plain

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_BEFORE_ALL, _AFTER_ALL = "0", "~"
_INSTANT = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Period:
    """From `start` on and before `end`; None is without limit."""

    start: datetime | None
    end: datetime | None

    @classmethod
    def read(cls, first: str | None, last: str | None) -> Self:
        """The period from `first` to `last`, both inclusive: days as ``2026-11-22``, or instants with their offset.

        Raises:
            FieldsWrong: one of them is neither, or the last is before the first.

        """
        start = _read("from", first)[0] if first is not None else None
        end = _read("to", last)[1] if last is not None else None
        if start is not None and end is not None and end <= start:
            raise FieldsWrong(FieldError("to", "dates_reversed"))
        return cls(start, end)

    @property
    def bounds(self) -> tuple[str, str]:
        """The first and the last place in the order of arrivals: a time, then ``#`` and a number."""
        return (
            clock.iso(self.start) if self.start else _BEFORE_ALL,
            clock.iso(self.end) if self.end else _AFTER_ALL,
        )


def _read(field: str, typed: str) -> tuple[datetime, datetime]:
    """Where a day or an instant begins, and where what follows it does."""
    text = plain(typed)
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return _midnight(day), _midnight(day + timedelta(days=1))
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise FieldsWrong(FieldError(field, "day_or_instant"))
        return clock.parse(clock.iso(instant)), clock.parse(clock.iso(instant)) + _INSTANT
    except (ValueError, OverflowError):
        # The calendar ends: neither year 0 nor the day after 9999-12-31 can be expressed.
        raise FieldsWrong(FieldError(field, "day_or_instant")) from None


def _midnight(day: date) -> datetime:
    midnight = datetime.combine(day, time(), clock.CASABLANCA)
    return clock.parse(clock.iso(midnight))
