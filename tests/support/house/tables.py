"""The tables of moto: as they stood before a test, and copied once for a transaction.

This is the one place of the house that reaches into moto.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends

from tests.support.in_process.service import REGION

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


class _CopyingOnce(DynamoDBBackend):
    """DynamoDB of moto, which copies a table once for a transaction, to bring it back where the transaction fails.

    moto copies the whole table once for each of the transaction's items, and a registration has thirty: that was a
    third of the processor time that Python took in the browser tests.
    """

    def transact_write_items(self, transact_items: list[dict[str, Any]]) -> None:
        """Write all of them or none."""
        written = {operation["TableName"] for item in transact_items for operation in item.values()}
        tables = [self.tables[name] for name in written if name in self.tables]
        for table in tables:
            copied = deepcopy(table)
            vars(table)["__deepcopy__"] = lambda _memo, copied=copied: copied
        try:
            super().transact_write_items(transact_items)
        finally:
            for table in tables:
                del vars(table)["__deepcopy__"]


def copy_tables_once() -> None:
    """Let moto's DynamoDB be one that copies a table once for a transaction."""
    dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION] = _CopyingOnce(REGION, account_id=DEFAULT_ACCOUNT_ID)


def _tables() -> "dict[str, Table]":
    found: dict[str, Table] = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    return found
