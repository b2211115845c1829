"""Time is stored in UTC and shown in Casablanca, by the locked time zones.

Those (2026f) have +01:00, but +00:00 during Ramadan, until 20 September 2026, and +00:00 ever since.
"""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from mailroom.domain import clock

instants = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2080, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds are naive by Hypothesis's rule


@given(instants)
def test_instants_are_written_with_milliseconds_and_read_back(instant: datetime) -> None:
    text = clock.iso(instant)
    assert len(text) == len("2026-11-22T10:15:30.123Z")
    assert text.endswith("Z")
    assert clock.parse(text) == instant.replace(microsecond=instant.microsecond // 1000 * 1000)


@given(instants, instants)
def test_written_instants_sort_as_the_instants_do(one: datetime, other: datetime) -> None:
    assert (clock.iso(one) < clock.iso(other)) == (clock.parse(clock.iso(one)) < clock.parse(clock.iso(other)))


def test_an_instant_is_written_in_utc_whatever_its_zone() -> None:
    assert clock.iso(datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))) == "2025-12-31T23:30:00.000Z"


@pytest.mark.parametrize("text", ["", "now", "2026-11-22", "2026-11-22T10:15:30Z", "2026-11-22T10:15:30.123"])
def test_other_texts_are_no_instants(text: str) -> None:
    with pytest.raises(ValueError, match="does not match format"):
        clock.parse(text)


@time_machine.travel(datetime(2026, 11, 22, 10, 15, 30, 123_999, tzinfo=UTC), tick=False)
def test_now_is_cut_to_what_is_stored() -> None:
    assert clock.now() == datetime(2026, 11, 22, 10, 15, 30, 123_000, tzinfo=UTC)
    assert clock.parse(clock.iso(clock.now())) == clock.now()


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-02-14", 1),
        ("2026-02-16", 0),  # Ramadan 1447
        ("2026-03-10", 0),
        ("2026-03-23", 1),
        ("2026-09-19", 1),
        ("2026-09-21", 0),
        ("2026-11-22", 0),
        ("2027-02-08", 0),  # Ramadan 1448
        ("2027-03-10", 0),
        ("2030-12-31", 0),  # Ramadan 1452, over the change of year
        ("2031-01-15", 0),
    ],
)
def test_the_offset_is_the_one_of_the_day(day: str, hours: int) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    assert clock.in_casablanca(noon).utcoffset() == timedelta(hours=hours)
    assert clock.in_casablanca(noon) == noon


@pytest.mark.parametrize(
    ("instant", "year"),
    [
        ("2025-12-31T22:59:59.999Z", 2025),
        ("2025-12-31T23:00:00.000Z", 2026),  # already midnight in Casablanca
        ("2030-12-31T23:00:00.000Z", 2030),  # Ramadan: midnight is an hour later
        ("2030-12-31T23:59:59.999Z", 2030),
        ("2031-01-01T00:00:00.000Z", 2031),
    ],
)
def test_the_registers_year_is_the_one_on_the_wall_in_casablanca(instant: str, year: int) -> None:
    assert clock.register_year(clock.parse(instant)) == year
