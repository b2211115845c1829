"""The tables of moto: as they stood before a test, and the directory in them.

This is the one place of the house that reaches into moto.
"""

import pickle
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.client import BaseClient
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
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
