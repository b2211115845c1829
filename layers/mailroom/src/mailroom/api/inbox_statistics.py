"""How many mails arrived in a period, and how long they waited."""

from collections import Counter
from statistics import median
from typing import Annotated, get_args

from pydantic import Field

from mailroom.api.mail_views import Instant, View
from mailroom.domain import clock
from mailroom.domain.letter import LetterKind
from mailroom.domain.mail import SubmittedStatus
from mailroom.domain.period import Period
from mailroom.storage.table import Item


class Statistics(View):
    """Number of mails that arrived in a period, and median waiting times in seconds (null without data)."""

    start: Annotated[Instant, Field(description="First instant of the period.")]
    end: Annotated[Instant, Field(description="The first instant after the period.")]
    total: int
    by_status: dict[SubmittedStatus, int]
    by_kind: dict[LetterKind, int]
    by_day: Annotated[
        dict[str, int],
        Field(description="Counts by day in Casablanca. Days without mail are omitted.", examples=[{"2026-11-22": 3}]),
    ]
    median_seconds_to_collection: float | None
    median_seconds_to_outcome: float | None


def statistics_of(entries: list[Item], period: Period) -> Statistics:
    """The statistics of the register entries of a period."""
    statuses, kinds = (Counter(entry[attribute] for entry in entries) for attribute in ("status", "kind"))
    days = Counter(f"{clock.in_casablanca(clock.parse(entry['submitted_at'])):%Y-%m-%d}" for entry in entries)
    return Statistics.model_construct(
        start=period.bounds[0],
        end=period.bounds[1],
        total=len(entries),
        by_status={status: statuses[status] for status in get_args(SubmittedStatus)},
        by_kind={kind: kinds[kind] for kind in get_args(LetterKind)},
        by_day=dict(sorted(days.items())),
        median_seconds_to_collection=median_wait(entries, "collected_at"),
        median_seconds_to_outcome=median_wait(entries, "outcome_at"),
    )


def median_wait(entries: list[Item], until: str) -> float | None:
    """The median of the seconds from submission to the moment of an attribute; None where no entry has it."""
    waits = [
        (clock.parse(entry[until]) - clock.parse(entry["submitted_at"])).total_seconds()
        for entry in entries
        if until in entry
    ]
    return median(waits) if waits else None
