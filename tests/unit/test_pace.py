"""A caller's pace: so many at once, so many a second, and nobody pays for another."""

from hypothesis import given
from hypothesis import strategies as st

from mailroom.api import pace
from mailroom.api.pace import Pace

OFFICE, PHONE = "203.0.113.7", "198.51.100.9"


class Watch:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_so_many_at_once_then_so_many_a_second() -> None:
    watch = Watch()
    paced = Pace(2, 4, watch)
    assert [paced.seconds_until_next(OFFICE) for _ in range(5)] == [0, 0, 0, 0, 1]
    watch.seconds += 0.5
    assert [paced.seconds_until_next(OFFICE) for _ in range(2)] == [0, 1]
    watch.seconds += 60
    assert [paced.seconds_until_next(OFFICE) for _ in range(5)] == [0, 0, 0, 0, 1]


def test_whoever_is_refused_does_not_wait_the_longer_for_it() -> None:
    watch = Watch()
    paced = Pace(0.1, 1, watch)
    assert [paced.seconds_until_next(OFFICE) for _ in range(100)] == [0] + [10] * 99
    watch.seconds += 10
    assert paced.seconds_until_next(OFFICE) == 0


def test_nobody_waits_for_another() -> None:
    paced = Pace(1, 1, Watch())
    assert [paced.seconds_until_next(address) for address in (OFFICE, PHONE, OFFICE)] == [0, 0, 1]


def test_whoever_has_a_network_of_addresses_is_one_caller() -> None:
    paced = Pace(1, 1, Watch())
    assert paced.seconds_until_next("2001:db8:1:2::7") == 0
    assert paced.seconds_until_next("2001:db8:1:2:ffff::8") == 1
    assert paced.seconds_until_next("2001:db8:1:3::7") == 0


def test_a_flood_of_addresses_does_not_fill_the_memory() -> None:
    paced = Pace(1, 1, Watch())
    paced.seconds_until_next(OFFICE)
    for number in range(pace._MOST_CALLERS + 5):
        paced.seconds_until_next(f"caller {number}")
        paced.seconds_until_next(PHONE)
    assert len(paced._due) == pace._MOST_CALLERS
    assert paced.seconds_until_next(PHONE) == 1, "who goes on asking is not forgotten"
    assert paced.seconds_until_next(OFFICE) == 0


@given(st.integers(1, 5), st.integers(1, 10), st.lists(st.floats(0, 3), max_size=60))
def test_no_second_has_more_than_the_pace(rate: int, burst: int, pauses: list[float]) -> None:
    watch = Watch()
    paced = Pace(rate, burst, watch)
    served = []
    for pause in pauses:
        watch.seconds += pause
        if not paced.seconds_until_next(OFFICE):
            served.append(watch.seconds)
    for first, at in enumerate(served):
        within = sum(at <= other < at + 1 for other in served[first:])
        assert within <= burst + rate
