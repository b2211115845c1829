"""How often passwords may be tried, counted for each account and address, and whose address that is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mailroom.domain.refusals import TooManyTries
from open_session import pace
from open_session.pace import Pace, address_of
from tests.support.fakes.table_in_memory import TableInMemory

NOW = datetime(2026, 11, 28, 10, 0, 1, tzinfo=UTC)
VIEWER, DISTRIBUTION = "203.0.113.7", "198.51.100.1"


def tries_until_refused(of: Pace, addresses: list[str]) -> int:
    for number, address in enumerate(addresses):
        try:
            of.count("nadia", address, NOW)
        except TooManyTries:
            return number
    return len(addresses)


def test_one_address_tries_one_name_so_often() -> None:
    assert tries_until_refused(Pace(table=TableInMemory()), ["a"] * 1000) == pace.MOST_FROM_ONE_ADDRESS


def test_many_addresses_together_try_one_name_so_often() -> None:
    addresses = [str(number) for number in range(1000)]
    assert tries_until_refused(Pace(table=TableInMemory()), addresses) == pace.MOST_FROM_ANYWHERE


def test_the_next_window_begins_to_count_again() -> None:
    counted = Pace(table=TableInMemory())
    assert tries_until_refused(counted, ["a"] * 1000) == pace.MOST_FROM_ONE_ADDRESS
    with pytest.raises(TooManyTries) as refused:
        counted.count("nadia", "a", NOW)
    assert refused.value.retry_after == pace.WINDOW.total_seconds() - 1
    counted.count("nadia", "a", NOW + timedelta(seconds=refused.value.retry_after))


def test_each_counter_is_deleted_by_itself() -> None:
    table = TableInMemory()
    Pace(table=table).count("nadia", "a", NOW)
    assert {item["ttl"] for item in table.items.values()} == {int((NOW + timedelta(hours=1)).timestamp())}


def test_what_was_not_counted_is_not_forgotten_into_the_table() -> None:
    """Such an item would have no end."""
    table = TableInMemory()
    Pace(table=table).forget("nadia", "a", NOW)
    assert table.items == {}


@pytest.mark.parametrize(
    ("nearest", "forwarded", "is_behind", "address"),
    [
        (VIEWER, "", False, VIEWER),
        (VIEWER, "192.0.2.1", False, VIEWER),  # without the distribution, anyone writes the header
        (DISTRIBUTION, f"{VIEWER}, {DISTRIBUTION}", True, VIEWER),
        (DISTRIBUTION, VIEWER, True, VIEWER),
        (DISTRIBUTION, f"192.0.2.1, {VIEWER}, {DISTRIBUTION}", True, VIEWER),
        (DISTRIBUTION, f"192.0.2.1,192.0.2.2,{VIEWER},{DISTRIBUTION}", True, VIEWER),
        (DISTRIBUTION, "", True, DISTRIBUTION),
        (DISTRIBUTION, DISTRIBUTION, True, DISTRIBUTION),
        (DISTRIBUTION, f"not an address, {DISTRIBUTION}", True, "unknown"),
        ("2001:db8:1:2:3:4:5:6", "", False, "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "", False, "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "", False, "2001:db8:1:3::"),
    ],
)
def test_the_address_is_the_one_that_the_distribution_saw(
    nearest: str, forwarded: str, address: str, *, is_behind: bool
) -> None:
    event: dict[str, Any] = {
        "requestContext": {"http": {"sourceIp": nearest}},
        "headers": {"x-forwarded-for": forwarded} if forwarded else {},
        "stageVariables": {"origin": "x"} if is_behind else None,
    }
    assert address_of(event) == address
