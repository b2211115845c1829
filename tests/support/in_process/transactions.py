"""Transactions of moto's DynamoDB that copy only what they may write.

Written as a backend in the place of moto's, and not as a patch of it.
"""

from collections.abc import Iterable, Mapping
from copy import copy, deepcopy
from typing import TYPE_CHECKING, Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from tests.support.in_process.service import REGION

if TYPE_CHECKING:
    from moto.dynamodb.models.table import Table


class _CopyingLess(DynamoDBBackend):
    """DynamoDB of moto, which copies for a transaction what that transaction may write, to bring it back if it fails.

    moto copies the whole table once for each of the transaction's items, and a registration has thirty.
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
