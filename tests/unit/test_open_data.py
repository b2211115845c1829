"""Open data: quarters, and what is masked so that nothing tells of a person."""

import itertools
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.domain import clock
from mailroom.domain.open_data import SETTLING, SMALLEST_SHOWN, Figures, Quarter

SUBMITTED_AT = "2026-07-01T10:00:00.000Z"


def entry(channel: str = "online", status: str = "submitted", hours: float | None = None) -> dict[str, Any]:
    """A register entry; with `hours`, collected and closed so long after its submission."""
    times = {}
    if hours is not None:
        at = clock.iso(clock.parse(SUBMITTED_AT) + timedelta(hours=hours))
        times = {"collected_at": at, "outcome_at": at}
    # entries of mail that was sent online have no channel
    told = {} if channel == "online" else {"channel": channel}
    return {"status": status, "submitted_at": SUBMITTED_AT, **told, **times}


def entries(online: int, counter: int, answered: int = 0) -> list[dict[str, Any]]:
    made = [entry("online") for _ in range(online)] + [entry("counter") for _ in range(counter)]
    for one in made[:answered]:
        one["status"] = "answered"
    return made


@pytest.mark.parametrize(
    ("online", "counter", "answered", "shown"),
    [
        (0, 0, 0, (None, None, None, None)),
        (9, 0, 9, (None, None, None, None)),
        (5, 4, 0, (None, None, None, None)),
        (10, 0, 0, (10, None, None, None)),  # the total would give the zero away
        (0, 10, 10, (10, None, None, 10)),
        (10, 9, 9, (19, None, None, None)),
        (9, 10, 10, (19, None, None, 10)),
        (5, 5, 10, (10, None, None, 10)),
        (10, 10, 0, (20, 10, 10, None)),
        (500, 10, 499, (510, 500, 10, 499)),
    ],
)
def test_a_count_under_ten_is_masked_and_so_is_what_would_give_it_away(
    online: int, counter: int, answered: int, shown: tuple[int | None, ...]
) -> None:
    figures = Figures.of(entries(online, counter, answered))
    assert (figures.total, figures.online, figures.counter, figures.answered) == shown


@given(st.integers(0, 40), st.integers(0, 40), st.data())
def test_no_masked_count_follows_from_the_others(online: int, counter: int, data: st.DataObject) -> None:
    """For whatever is shown, another register with other small counts would be shown alike."""
    answered = data.draw(st.integers(0, online + counter))
    figures = Figures.of(entries(online, counter, answered))
    for shown in figures:
        assert shown is None or shown >= SMALLEST_SHOWN
    if figures.total is not None and figures.online is None:
        others = [(figures.total - small, small) for small in range(SMALLEST_SHOWN)]
        alike = {Figures.of(entries(some, more))[:3] for some, more in others}
        assert alike == {(figures.total, None, None)}


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        ([5.0] * 9, None),
        ([5.0] * 10, 5),
        ([1.0] * 5 + [100.0] * 6, 100),
        ([26.4] * 10, 26),
        ([0.2] * 10, 0),
    ],
)
def test_a_median_is_over_ten_mails_at_least_and_in_whole_hours(hours: list[float], shown: int | None) -> None:
    figures = Figures.of([entry(hours=each) for each in hours] + [entry() for _ in range(20)])
    assert figures.median_hours_to_collection == figures.median_hours_to_outcome == shown


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_is_of_three_months(name: str, first: date, last: date) -> None:
    quarter = Quarter.named(name)
    assert quarter
    assert (quarter.first_day, quarter.last_day, str(quarter)) == (first, last, name)


@pytest.mark.parametrize("name", ["", "2026", "2026-Q5", "2026-Q0", "2026-q3", "26-Q3", "2026-Q3 ", "٢٠٢٦-Q3", "../x"])
def test_no_other_text_is_a_quarter(name: str) -> None:
    assert Quarter.named(name) is None


def test_quarters_follow_each_other_without_gap_or_overlap() -> None:
    """So that two editions have no mail in common, and cannot be subtracted."""
    quarters = [Quarter(year, rank) for year in (2026, 2027) for rank in (1, 2, 3, 4)]
    for one, following in itertools.pairwise(quarters):
        assert one.period.end == following.period.start


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-10-30T12:00:00Z", "2026-Q2"),
        ("2026-10-31T12:00:00Z", "2026-Q3"),
        ("2026-11-28T00:00:00Z", "2026-Q3"),
        ("2027-01-30T12:00:00Z", "2026-Q3"),
        ("2027-01-31T12:00:00Z", "2026-Q4"),
        ("2027-05-02T00:00:00Z", "2027-Q1"),
    ],
)
def test_a_quarter_is_due_thirty_days_after_its_end(now: str, due: str) -> None:
    instant = datetime.fromisoformat(now)
    quarter = Quarter.newest_due(instant)
    assert str(quarter) == due
    assert quarter.period.end is not None
    assert quarter.period.end + SETTLING <= instant
