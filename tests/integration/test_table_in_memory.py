"""The table in memory, on which unit tests run, answers as moto's DynamoDB does: writes, refusals, queries."""

from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from moto.core.models import MockAWS

from mailroom.storage.schema import DESK_INDEX, DESK_STATUS_INDEX, WAITING_INDEX, Waiting
from mailroom.storage.table import ConditionFailedError, Item, Table
from tests.support.fakes.table_in_memory import TableInMemory
from tests.support.in_process.service import REGION, TABLE, Service

type Answer = object
"""What an operation gives back, or what it raised, in a form that compares."""

MAIL: Item = {
    "pk": "MAIL#1",
    "sk": "MAIL",
    "status": "draft",
    "revision": 3,
    "expires_at": "2026-11-23T10:00:00.000Z",
    "accepts": {"national_id": True, "most": 2},
    "attachments": {"a": {"size": 5, "scan": "clean"}},
    "codes": {"slip": 1},
    "ids": {"x", "y"},
    "said": "abcdef",
}
VALUES: Mapping[str, Any] = {
    ":draft": "draft",
    ":other": "submitted",
    ":three": 3,
    ":two": 2,
    ":at": "2026-11-22T10:00:00.000Z",
    ":x": "x",
    ":abc": "abc",
    ":yes": True,
    ":none": None,
}
NAMES = {"#status": "status", "#a": "a", "#ttl": "ttl", "#scan": "scan"}
CONDITIONS = (
    "attribute_exists(pk)",
    "attribute_not_exists(pk)",
    "attribute_exists(pk) OR attribute_not_exists(pk)",
    "attribute_exists(attachments.#a)",
    "attribute_not_exists(attachments.#a.#scan)",
    "attribute_exists(absent.#a)",
    "#status = :draft",
    "#status = :other",
    "#status <> :draft",
    "#status <> :other",
    "absent <> :draft",
    "NOT absent >= :three",
    "NOT revision >= :three",
    "revision = :three AND #status = :draft",
    "revision < :three",
    "revision <= :three",
    "revision > :two AND revision >= :three",
    "revision = :draft",
    "revision <> :draft",
    "expires_at > :at",
    "expires_at < :at",
    "accepts.national_id = :yes",
    "size(attachments) < accepts.most",
    "size(attachments) < revision",
    "size(said) > :three",
    "contains(ids, :x)",
    "NOT contains(ids, :abc)",
    "contains(said, :abc)",
    "contains(absent, :x)",
    "#status IN (:other, :draft)",
    "#status IN (:other)",
    "absent IN (:other, :draft)",
    "#status = :other OR #status = :draft AND revision = :two",
    "(#status = :other OR #status = :draft) AND revision = :three",
    "((#status = :other OR revision = :two) OR attribute_exists(pk)) AND NOT (revision = :two)",
)
OF_ANY_ITEM = tuple(condition for condition in CONDITIONS if "size(" not in condition)
UPDATES = (
    "SET #status = :other",
    "SET #status = :other, revision = :two REMOVE codes",
    "SET attachments.#a.#scan = :x",
    "SET said = if_not_exists(said, :x), fresh = if_not_exists(fresh, :three)",
    "SET fresh = if_not_exists(said, :x)",
    "SET #status = :x ADD revision :two",
    "SET #status = :none",
    "REMOVE attachments.#a ADD revision :two",
    "REMOVE absent, said",
    "ADD fresh :three",
)


def named(expression: str) -> dict[str, Any]:
    """The names and values that an expression mentions, since DynamoDB takes no others."""
    words = set(expression.replace("(", " ").replace(")", " ").replace(",", " ").replace(".", " ").split())
    return {
        "names": {name: path for name, path in NAMES.items() if name in words},
        "values": {name: value for name, value in VALUES.items() if name in words},
    }


def answer(act: Callable[[], object]) -> Answer:
    """What an operation gives back or raises, refused items included."""
    try:
        return act()
    except ConditionFailedError as refusal:
        return "refused", refusal.items
    except ClientError as error:
        return "wrong", error.response["Error"]["Code"]


@pytest.fixture(scope="module")
def tables(cloud: MockAWS, shared_service: Service) -> tuple[Table, TableInMemory]:  # noqa: ARG001 - the stores
    """Moto's and the one in memory."""
    return Table(boto3.client("dynamodb", REGION), TABLE), TableInMemory()


def both(tables: tuple[Table, ...], act: Callable[[Table], object]) -> Answer:
    """Do the same on each table, which must answer alike; the answer."""
    moto, in_memory = (answer(lambda table=table: act(table)) for table in tables)  # type: ignore[misc]
    assert in_memory == moto
    return in_memory


def content(table: Table, *partitions: str) -> list[list[Item]]:
    """All that some partitions hold."""
    return [list(table.query(pk)) for pk in partitions]


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("pk", ["MAIL#1", "MAIL#none"])
def test_conditions(tables: tuple[Table, TableInMemory], condition: str, pk: str) -> None:
    for table in tables:
        table.put(MAIL)
        remove(table, "MAIL#none", "MAIL")

    def change(table: Table) -> object:
        more = named(f"{condition} :x")
        return table.update(table.change(pk, "MAIL", update="SET touched = :x", condition=condition, **more))

    if pk == "MAIL#none" and "size(" in condition:
        pytest.skip("moto raises ValueError for the size of what is not there, where DynamoDB's condition is false")
    both(tables, change)
    both(tables, lambda table: table.transact(table.check(pk, "MAIL", condition=condition, **named(condition))))
    both(tables, lambda table: content(table, "MAIL#1", "MAIL#none"))


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("pk", ["MAIL#1", "MAIL#none"])
def test_updates(tables: tuple[Table, TableInMemory], update: str, pk: str) -> None:
    for table in tables:
        table.put(MAIL)
        remove(table, "MAIL#none", "MAIL")
    if pk == "MAIL#none" and "attachments" in update:
        pytest.skip("moto takes what DynamoDB refuses: a path into what is not there")

    def change(table: Table) -> object:
        condition = "attribute_exists(pk) OR attribute_not_exists(pk)"
        return table.update(table.change(pk, "MAIL", update=update, condition=condition, **named(update)))

    both(tables, change)
    both(tables, lambda table: content(table, "MAIL#1", "MAIL#none"))


def test_a_transaction_is_carried_out_whole_or_not_at_all(tables: tuple[Table, TableInMemory]) -> None:
    for table in tables:
        table.put(MAIL)

    def transact(table: Table) -> None:
        table.transact(
            table.change("MAIL#1", "MAIL", update="SET said = :x", condition="said = :abc", **named(":x :abc")),
            table.new({"pk": "MAIL#1", "sk": "EVENT#1"}),
            table.new({"pk": "MAIL#3", "sk": "MAIL"}),
            table.change("MAIL#2", "MAIL", update="SET said = :x", condition="attribute_exists(pk)", **named(":x")),
        )

    assert both(tables, transact) == ("refused", [MAIL, None, None, None])
    both(tables, lambda table: content(table, "MAIL#1", "MAIL#2", "MAIL#3"))


def test_a_list_grows_by_what_is_appended(tables: tuple[Table, TableInMemory]) -> None:
    def append(table: Table) -> object:
        update = "SET copies = list_append(if_not_exists(copies, :none), :new)"
        condition = "attribute_exists(pk) OR attribute_not_exists(pk)"
        values = {":none": [], ":new": ["one"]}
        return table.update(table.change("RECEIPT#1", "RECEIPT", update=update, condition=condition, values=values))

    both(tables, append)
    assert both(tables, append) == {"pk": "RECEIPT#1", "sk": "RECEIPT", "copies": ["one", "one"]}


def test_names_and_values_that_nothing_mentions_are_refused(tables: tuple[Table, TableInMemory]) -> None:
    def change(table: Table) -> object:
        write = table.change("MAIL#1", "MAIL", update="SET said = :x", condition="attribute_exists(pk)", values=VALUES)
        return table.update(write)

    assert both(tables, change) == ("wrong", "ValidationException")


def test_two_writes_of_one_item_are_refused(tables: tuple[Table, TableInMemory]) -> None:
    item = {"pk": "MAIL#1", "sk": "EVENT#2"}
    written_twice = both(tables, lambda table: table.transact(table.put_anyway(item), table.put_anyway(item)))
    assert written_twice == ("wrong", "ValidationException")


def test_queries(tables: tuple[Table, TableInMemory]) -> None:
    entries: list[Item] = [
        {
            "pk": "REGISTER#anam#2026",
            "sk": f"ENTRY#{rank:09d}",
            "waiting": Waiting.COLLECTION if rank % 2 else Waiting.NEWS,
            "waiting_since": f"2026-11-{22 - rank:02d}",
            "desk": "anam" if rank < 7 else "cnss",
            "desk_status": "anam#submitted",
            "arrived": f"2026-11-{rank:02d}#ANAM-2026-{rank:06d}",
            "status": "submitted",
        }
        for rank in range(1, 9)
    ]
    for table in tables:
        for item in (*entries, {"pk": "REGISTER#anam#2026", "sk": "COUNTER", "last": 8}):
            table.put(item)
    period = ("2026-11-02", "2026-11-08")
    after = {name: entries[4][name] for name in ("pk", "sk", "arrived", "desk")}
    for ask in (
        lambda table: list(table.query("REGISTER#anam#2026")),
        lambda table: list(table.query("REGISTER#anam#2026", prefix="ENTRY#", attributes=("pk", "status", "absent"))),
        lambda table: list(table.query("REGISTER#none#2026")),
        lambda table: list(table.waiting(Waiting.COLLECTION, until="2026-11-19")),
        lambda table: table.newest(DESK_INDEX, "anam", between=period, limit=3),
        lambda table: table.newest(DESK_INDEX, "anam", between=period, limit=3, after=after),
        lambda table: list(
            table.arrived(DESK_STATUS_INDEX, "anam#submitted", between=period, attributes=("arrived", "status"))
        ),
        lambda table: table.get("REGISTER#anam#2026", "COUNTER"),
        lambda table: table.get("REGISTER#anam#2026", "COUNTER", attributes=("last",)),
        lambda table: table.get("REGISTER#anam#2026", "NOTHING"),
        lambda table: table.get_many(("REGISTER#anam#2026", "COUNTER"), ("REGISTER#anam#2026", "NOTHING")),
    ):
        both(tables, ask)


def test_the_index_of_what_waits_holds_keys_alone(tables: tuple[Table, TableInMemory]) -> None:
    for table in tables:
        table.put({"pk": "MAIL#9", "sk": "MAIL", "waiting": "RECEIPT", "waiting_since": "2026", "letter": "secret"})
    found = both(tables, lambda table: list(table.waiting(Waiting.RECEIPT, until="2027")))
    assert found == [{"pk": "MAIL#9", "sk": "MAIL", WAITING_INDEX: "RECEIPT", "waiting_since": "2026"}]


def remove(table: Table, pk: str, sk: str) -> None:
    """Let nothing stand under a key."""
    everything = "attribute_exists(pk) OR pk <> :none"
    table.transact(table.gone(pk, sk, condition=everything, values={":none": "none"}))


KEYS = st.sampled_from([("MAIL#1", "MAIL"), ("MAIL#1", "EVENT#1"), ("MAIL#2", "MAIL")])


@pytest.fixture(scope="module", autouse=True)
def in_either_order(tables: tuple[Table, TableInMemory]) -> None:
    """The machine below has the same two tables."""
    SameAnswers.tables = tables


class SameAnswers(RuleBasedStateMachine):
    """Writes in any order, each on both tables."""

    tables: tuple[Table, TableInMemory]

    def __init__(self) -> None:
        super().__init__()
        for table in self.tables:
            for pk in ("MAIL#1", "MAIL#2"):
                for item in list(table.query(pk)):
                    remove(table, pk, item["sk"])

    @rule(key=KEYS, whole=st.booleans())
    def put_new(self, key: tuple[str, str], *, whole: bool) -> None:
        item = (MAIL if whole else {}) | {"pk": key[0], "sk": key[1]}
        both(self.tables, lambda table: table.put_new(item))

    @rule(key=KEYS, update=st.sampled_from(UPDATES), condition=st.sampled_from(OF_ANY_ITEM))
    def change(self, key: tuple[str, str], update: str, condition: str) -> None:
        if "attachments" in update:
            condition = f"attribute_exists(attachments.#a) AND ({condition})"
        more = named(f"{update} {condition}")
        both(self.tables, lambda table: table.update(table.change(*key, update=update, condition=condition, **more)))

    @rule(keys=st.lists(KEYS, min_size=2, max_size=3, unique=True), condition=st.sampled_from(OF_ANY_ITEM))
    def transact(self, keys: list[tuple[str, str]], condition: str) -> None:
        more = named(f":two {condition}")

        def act(table: Table) -> None:
            first, *others = keys
            change = table.change(*first, update="ADD revision :two", condition=condition, **more)
            table.transact(change, *(table.new({"pk": pk, "sk": sk}) for pk, sk in others))

        both(self.tables, act)

    @invariant()
    def the_same_is_there(self) -> None:
        both(self.tables, lambda table: content(table, "MAIL#1", "MAIL#2"))


TestSameAnswers = SameAnswers.TestCase
TestSameAnswers.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
