"""What a restore must bring back: the check of a restored register finds what is missing or changed."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.commands.restored_registers import Register
from mailroom.domain.register_chain import Link, beginning

YEAR = 2026


def chained(count: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A counter and the entries of a register, by the rules of the domain."""
    entries: list[dict[str, Any]] = []
    previous = beginning("anam", YEAR)
    for rank in range(1, count + 1):
        link = Link("anam", YEAR, rank, f"{rank:064x}", previous)
        entries.append(
            {
                "sk": f"ENTRY#{rank:09d}",
                "record_sha256": link.record_sha256,
                "previous": link.previous,
                "digest": link.digest,
            }
        )
        previous = link.digest
    return {"sk": "COUNTER", "last": count, "head": previous}, entries


def test_a_register_by_the_domains_rules_is_whole() -> None:
    """The command says the chain's rule once more: it runs where the functions' layer is not on the path."""
    counter, entries = chained(4)
    assert list(Register("anam", YEAR, counter, entries).faults()) == []


def lose_the_first(_: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    del entries[0]


def lose_one_between(_: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    del entries[2]


def lose_the_last(_: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    del entries[-1]


def change_a_record(_: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    entries[1]["record_sha256"] = "f" * 64


def change_a_link(_: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    entries[2]["previous"] = "f" * 64


def turn_the_counter_back(counter: dict[str, Any], _: list[dict[str, Any]]) -> None:
    counter["last"] = 3


def lose_the_counter(counter: dict[str, Any], _: list[dict[str, Any]]) -> None:
    counter.clear()


def forge_the_counters_head(counter: dict[str, Any], _: list[dict[str, Any]]) -> None:
    counter["head"] = "0" * 64


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lose_the_first, "entry 1 is missing"),
        (lose_one_between, "entry 3 is missing"),
        (lose_the_last, "the counter is not at the last entry, 3"),
        (change_a_record, "entry 2 is not linked"),
        (change_a_link, "entry 3 is not linked"),
        (turn_the_counter_back, "the counter is not at the last entry, 4"),
        (lose_the_counter, "the counter is not at the last entry, 4"),
        (forge_the_counters_head, "the counter is not at the last entry, 4"),
    ],
)
def test_what_a_restore_lost_or_changed_is_named(
    damage: Callable[[dict[str, Any], list[dict[str, Any]]], None], said: str
) -> None:
    counter, entries = chained(4)
    damage(counter, entries)
    faults = list(Register("anam", YEAR, counter, entries).faults())
    assert any(said in fault for fault in faults), faults
