"""The tables of moto: as they stood before a test, as far as a transaction may write them, and the directory in them.

This is the one place of the house that reaches into moto.
"""

import pickle
from collections.abc import Callable, Iterable, Mapping
from copy import copy, deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.client import BaseClient
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from mailroom.storage.schema import ORGANISMS
from tests.support.in_process.service import REGION, TABLE

if TYPE_CHECKING:
    from moto.dynamodb.models.table import Table


@dataclass(frozen=True)
class Tables:
    """The items of moto's tables at one moment: each test finds them so.

    DynamoDB's operations would bring them back too, in a third of a second for each test.
    """

    _items: Mapping[str, Any]

    @classmethod
    def now(cls) -> Self:
        """What they hold now."""
        return cls({name: deepcopy(table.items) for name, table in _tables().items()})

    def bring_back(self) -> None:
        """Undo what was written since."""
        for name, table in _tables().items():
            table.items = deepcopy(self._items[name])


class _CopyingLess(DynamoDBBackend):
    """DynamoDB of moto, which copies for a transaction what that transaction may write, to bring it back if it fails.

    moto copies the whole table once for each of the transaction's items, and a registration has thirty: that was a
    third of the processor time that Python took in the browser tests.
    """

    def transact_write_items(self, transact_items: list[dict[str, Any]]) -> None:
        """Write all of them or none."""
        named = [operation for item in transact_items for operation in item.values()]
        tables = [self.tables[name] for name in {operation["TableName"] for operation in named} if name in self.tables]
        for table in tables:
            copied = _copied(table, [operation for operation in named if operation["TableName"] == table.name])
            vars(table)["__deepcopy__"] = lambda _memo, copied=copied: copied
        try:
            super().transact_write_items(transact_items)
        finally:
            for table in tables:
                del vars(table)["__deepcopy__"]


def _copied(table: "Table", operations: Iterable[Mapping[str, Any]]) -> "Table":
    """A table with its own items in the partitions that these operations name; the others it shares with `table`."""
    hashes = {DynamoType((operation.get("Key") or operation["Item"])[table.hash_key_attr]) for operation in operations}
    copied = copy(table)
    copied.items = table.items.copy()
    for each in hashes & copied.items.keys():
        copied.items[each] = deepcopy(copied.items[each])
    return copied


def copy_less() -> None:
    """Let moto's DynamoDB be one that copies for a transaction what it may write."""
    dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION] = _CopyingLess(REGION, account_id=DEFAULT_ACCOUNT_ID)


def reading_directory_once(otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """Call AWS through `otherwise`, but let the directory's organisms be found by moto once for as long as they stay.

    moto words each of their attributes anew, which takes an eighth of a second, and every test's first page asks.
    """
    directory = DynamoType({"S": ORGANISMS})
    known: dict[tuple[str, bytes], bytes] = {}

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        values = parameters.get("ExpressionAttributeValues", {}).values()
        if operation != "Query" or parameters["TableName"] != TABLE or {"S": ORGANISMS} not in values:
            return otherwise(client, operation, parameters)
        asked = repr(parameters), pickle.dumps(_tables()[TABLE].items.get(directory))
        if asked not in known:
            known[asked] = pickle.dumps(otherwise(client, operation, parameters))
        found: object = pickle.loads(known[asked])  # noqa: S301 - written two lines above
        return found

    return call


def _tables() -> "dict[str, Table]":
    found: dict[str, Table] = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    return found
