"""How many mails arrived in a period, and how long they waited."""

from collections import Counter
from statistics import median
from typing import Annotated, Any, get_args

from pydantic import Field

from mailroom.api.mail_views import Instant, View
from mailroom.domain import clock
from mailroom.domain.channel import ONLINE, MailChannel
from mailroom.domain.letter import LetterKind
from mailroom.domain.mail import SubmittedStatus
from mailroom.domain.period import Period
from mailroom.domain.waiting_times import waits
from mailroom.storage.table import Item


class DayStatistics(View):
    """The mails that arrived on a day in Casablanca, by their status now."""

    day: Annotated[str, Field(examples=["2026-11-22"])]
    total: int
    by_status: dict[SubmittedStatus, int]
    by_kind: dict[LetterKind, int]
    by_channel: dict[MailChannel, int]


class Statistics(View):
    """Number of mails that arrived in a period, and median waiting times in seconds (null without data)."""

    start: Annotated[Instant, Field(description="First instant of the period.")]
    end: Annotated[Instant, Field(description="The first instant after the period.")]
    total: int
    by_status: dict[SubmittedStatus, int]
    by_kind: dict[LetterKind, int]
    by_channel: dict[MailChannel, int]
    by_day: Annotated[
        dict[str, int],
        Field(description="Counts by day in Casablanca. Days without mail are omitted.", examples=[{"2026-11-22": 3}]),
    ]
    days: Annotated[
        list[DayStatistics],
        Field(description="The same days, each with its counts, the oldest first: the rows of a table."),
    ]
    median_seconds_to_collection: float | None
    median_seconds_to_outcome: float | None


def statistics_of(entries: list[Item], period: Period) -> Statistics:
    """The statistics of the register entries of a period."""
    days: dict[str, list[Item]] = {}
    for entry in entries:
        day = f"{clock.in_casablanca(clock.parse(entry['submitted_at'])):%Y-%m-%d}"
        days.setdefault(day, []).append(entry)
    return Statistics.model_construct(
        start=period.bounds[0],
        end=period.bounds[1],
        **_counts(entries),
        by_day={day: len(days[day]) for day in sorted(days)},
        days=[DayStatistics.model_construct(day=day, **_counts(days[day])) for day in sorted(days)],
        median_seconds_to_collection=median_wait(entries, "collected_at"),
        median_seconds_to_outcome=median_wait(entries, "outcome_at"),
    )


def _counts(entries: list[Item]) -> dict[str, Any]:
    """How many entries there are, in all and of each status, kind and channel."""
    statuses, kinds = (Counter(entry[attribute] for entry in entries) for attribute in ("status", "kind"))
    channels = Counter(entry.get("channel", ONLINE) for entry in entries)
    return {
        "total": len(entries),
        "by_status": {status: statuses[status] for status in get_args(SubmittedStatus)},
        "by_kind": {kind: kinds[kind] for kind in get_args(LetterKind)},
        "by_channel": {channel: channels[channel] for channel in get_args(MailChannel)},
    }


def median_wait(entries: list[Item], until: str) -> float | None:
    """The median of the seconds from submission to the moment of an attribute; None where no entry has it."""
    seconds = waits(entries, until)
    return median(seconds) if seconds else None
