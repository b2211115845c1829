"""Working days are Morocco's: no week-ends, no public holidays, and the override file has the last word."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.domain import working_days
from mailroom.domain.working_days import have_passed, is_working_day

DAYS = st.dates(date(2025, 1, 1), date(2032, 12, 31))


@pytest.fixture
def overrides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "overrides.json"
    monkeypatch.setattr(working_days, "OVERRIDES", path)
    monkeypatch.setattr(working_days, "_days_off", working_days._days_off.__wrapped__)
    return path


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-16", True),
        ("2026-11-18", False),  # Independence
        ("2026-11-20", True),  # a Friday
        ("2026-11-21", False),
        ("2026-11-22", False),
        ("2026-01-14", False),  # Amazigh new year
        ("2026-07-30", False),  # Throne
        ("2026-12-25", True),
        ("2027-01-01", False),
    ],
)
def test_week_ends_and_holidays_are_no_working_days(day: str, *, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


def test_the_feasts_of_the_moon_are_known_for_years_ahead() -> None:
    """Estimates: about eight days more than the fixed holidays, in each year."""
    for year in range(2026, 2033):
        assert len([day for day in working_days._days_off(year) if day.year == year]) >= 17


def test_the_override_file_has_the_last_word(overrides: Path) -> None:
    overrides.write_text(
        json.dumps({"added": {"2026-11-20": "announced the day before"}, "removed": {"2026-11-18": "moved"}})
    )
    assert not is_working_day(date(2026, 11, 20))
    assert is_working_day(date(2026, 11, 18))


def test_the_override_file_that_is_delivered_is_read_and_gives_a_reason_for_each_day() -> None:
    content = json.loads(working_days.OVERRIDES.read_text(encoding="utf-8"))
    assert set(content) == {"added", "removed"}
    for change in content.values():
        assert all(str(date.fromisoformat(day)) == day and reason for day, reason in change.items())
    assert not set(content["added"]) & set(content["removed"])


@pytest.mark.parametrize(
    ("since", "first"),
    [
        ("2026-11-09", "2026-11-12"),  # Monday → Thursday
        ("2026-11-12", "2026-11-17"),  # Thursday: Friday, Monday, Tuesday
        ("2026-11-14", "2026-11-19"),  # Saturday: Monday, Tuesday, and Wednesday is a holiday
        ("2026-11-16", "2026-11-20"),
        ("2026-12-30", "2027-01-05"),  # over New Year, Friday
    ],
)
def test_three_working_days_are_over_on_the_third(since: str, first: str) -> None:
    start, end = date.fromisoformat(since), date.fromisoformat(first)
    assert have_passed(3, since=start, by=end)
    assert not have_passed(3, since=start, by=end - timedelta(days=1))


def test_nothing_passes_before_it_began() -> None:
    assert not have_passed(1, since=date(2026, 11, 20), by=date(2026, 11, 20))
    assert not have_passed(1, since=date(2026, 11, 20), by=date(2026, 11, 2))


@given(DAYS, st.integers(1, 30), st.integers(0, 90))
def test_days_once_passed_stay_passed(since: date, working_days: int, later: int) -> None:
    by = since + timedelta(days=later)
    counted = sum(is_working_day(since + timedelta(days=each)) for each in range(1, later + 1))
    assert have_passed(working_days, since=since, by=by) == (counted >= working_days)
