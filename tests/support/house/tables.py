"""The tables as they stood: each test finds them so.

moto copies a whole table at each write of a transaction: with thirty mails in it, a registration takes a second, and
the house was slower with each test.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from tests.support.in_process.service import REGION

if TYPE_CHECKING:
    from moto.dynamodb.models.table import Table


@dataclass(frozen=True)
class Tables:
    """The items of moto's tables at one moment."""

    _items: Mapping[str, Any]

    @classmethod
    def now(cls) -> Self:
        """What they hold now."""
        return cls({name: deepcopy(table.items) for name, table in _tables().items()})

    def bring_back(self) -> None:
        """Undo what was written since."""
        for name, table in _tables().items():
            table.items = deepcopy(self._items[name])


def _tables() -> "dict[str, Table]":
    """The one place that reaches into moto: through DynamoDB's operations, the same takes it a third of a second."""
    found: dict[str, Table] = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    return found
