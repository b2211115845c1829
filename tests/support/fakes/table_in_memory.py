"""The product's table on a DynamoDB in memory, quick enough for properties.

`tests/integration/test_table_in_memory.py` holds it to moto: both answer every operation alike.
"""

# ruff: noqa: ANN401 - the client takes what DynamoDB takes, by keyword

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from botocore.exceptions import ClientError

from mailroom.storage.schema import DESK_INDEX, DESK_STATUS_INDEX, WAITING_INDEX, Key
from mailroom.storage.table import Item, Table, plain, stored
from tests.support.fakes.expressions import InvalidExpressionError, changed, holds

_ORDER = {WAITING_INDEX: "waiting_since", DESK_INDEX: "arrived", DESK_STATUS_INDEX: "arrived"}
"""The sort key of each index; its partition key is its name."""

_KEYS_ALONE = {WAITING_INDEX: ("pk", "sk", "waiting", "waiting_since")}


class TableInMemory(Table):
    """`mailroom.storage.table.Table` as it is, on a client that keeps items in a dictionary."""

    def __init__(self) -> None:
        self._in_memory = _DynamoDB()
        super().__init__(cast("Any", self._in_memory), "table")

    @property
    def items(self) -> dict[Key, Item]:
        """All items in plain values."""
        return self._in_memory.items

    @property
    def before_transaction(self) -> Callable[[], None]:
        """What somebody else does just before the next transaction."""
        return self._in_memory.before_transaction

    @before_transaction.setter
    def before_transaction(self, act: Callable[[], None]) -> None:
        self._in_memory.before_transaction = act


class _ConditionalCheckFailedError(ClientError):
    """A condition did not hold."""


class _TransactionCanceledError(ClientError):
    """A transaction did not happen."""


class _TransactionConflictError(ClientError):
    """Never raised: calls come one after the other."""


class _Exceptions:
    ConditionalCheckFailedException = _ConditionalCheckFailedError
    TransactionCanceledException = _TransactionCanceledError
    TransactionConflictException = _TransactionConflictError


class _DynamoDB:
    """The calls of boto3's client that `Table` makes."""

    exceptions = _Exceptions

    def __init__(self) -> None:
        self.items: dict[Key, Item] = {}
        self.before_transaction: Callable[[], None] = lambda: None

    def get_item(self, **request: Any) -> dict[str, Any]:
        item = self.items.get(_key(request["Key"]))
        return {} if item is None else {"Item": stored(_projected(item, request))}

    def batch_get_item(self, *, RequestItems: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N803 - DynamoDB's name
        ((table, asked),) = RequestItems.items()
        keys = [_key(key) for key in asked["Keys"]]
        return {"Responses": {table: [stored(self.items[key]) for key in keys if key in self.items]}}

    def query(self, **request: Any) -> dict[str, Any]:
        index = request.get("IndexName")
        partition, order = (index, _ORDER[index]) if index else ("pk", "sk")
        in_range = _in_range(request, partition, order)
        found = sorted(
            (item for item in self.items.values() if partition in item and order in item and in_range(item)),
            key=lambda item: (item[order], item["pk"], item["sk"]),
            reverse=not request.get("ScanIndexForward", True),
        )
        if start := request.get("ExclusiveStartKey"):
            places = [(item["pk"], item["sk"]) for item in found]
            found = found[places.index(_key(start)) + 1 :]
        kept = _KEYS_ALONE.get(index or "")
        found = [{name: item[name] for name in kept} if kept else item for item in found[: request.get("Limit")]]
        return {"Items": [stored(_projected(item, request)) for item in found]}

    def put_item(self, **request: Any) -> None:
        self._carry_out({"Put": request})

    def update_item(self, **request: Any) -> dict[str, Any]:
        self._carry_out({"Update": {name: value for name, value in request.items() if name != "ReturnValues"}})
        return {"Attributes": stored(self.items[_key(request["Key"])])} if "ReturnValues" in request else {}

    def transact_write_items(self, *, TransactItems: Iterable[Mapping[str, Any]]) -> None:  # noqa: N803 - DynamoDB's name
        self.before_transaction()
        writes = list(TransactItems)
        if len({_key_of(write) for write in writes}) < len(writes):
            raise _invalid("TransactWriteItems", "two writes of one item")
        reasons = [self._refusal(write) or {"Code": "None"} for write in writes]
        if any(reason["Code"] != "None" for reason in reasons):
            answer: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise _TransactionCanceledError(answer, "TransactWriteItems")
        before = copy.copy(self.items)
        try:
            for write in writes:
                self._write(write)
        except ClientError:
            self.items.clear()
            self.items.update(before)
            raise

    def _carry_out(self, write: Mapping[str, Any]) -> None:
        if refusal := self._refusal(write):
            answer: Any = {"Error": {"Code": "ConditionalCheckFailedException"}, **refusal}
            raise _ConditionalCheckFailedError(answer, next(iter(write)))
        self._write(write)

    def _refusal(self, write: Mapping[str, Any]) -> dict[str, Any] | None:
        """Why a write may not happen, with the item that stands there where the write asks for it; None if it may."""
        ((kind, request),) = write.items()
        _require_each_to_be_used(kind, request)
        item = self.items.get(_key_of(write))
        names, values = _given(request)
        try:
            may = "ConditionExpression" not in request or holds(request["ConditionExpression"], item, names, values)
        except InvalidExpressionError as error:
            raise _invalid(kind, str(error)) from error
        if may:
            return None
        shows = item is not None and request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        return {"Code": "ConditionalCheckFailed"} | ({"Item": stored(item)} if shows and item else {})

    def _write(self, write: Mapping[str, Any]) -> None:
        ((kind, request),) = write.items()
        key = _key_of(write)
        if kind == "Put":
            self.items[key] = plain(request["Item"])
        elif kind == "Delete":
            self.items.pop(key, None)
        elif kind == "Update":
            item = self.items.get(key, plain(request["Key"]))
            try:
                self.items[key] = changed(request["UpdateExpression"], item, *_given(request))
            except InvalidExpressionError as error:
                raise _invalid(kind, str(error)) from error


def _key_of(write: Mapping[str, Any]) -> Key:
    ((kind, request),) = write.items()
    return _key(request["Item" if kind == "Put" else "Key"])


def _key(attributes: Mapping[str, Any]) -> Key:
    return attributes["pk"]["S"], attributes["sk"]["S"]


def _given(request: Mapping[str, Any]) -> tuple[Mapping[str, str], Item]:
    return request.get("ExpressionAttributeNames", {}), plain(request.get("ExpressionAttributeValues", {}))


def _projected(item: Item, request: Mapping[str, Any]) -> Item:
    if "ProjectionExpression" not in request:
        return item
    names = [request["ExpressionAttributeNames"][name] for name in request["ProjectionExpression"].split(", ")]
    return {name: item[name] for name in names if name in item}


def _in_range(request: Mapping[str, Any], partition: str, order: str) -> Callable[[Item], bool]:
    """What a key condition asks for: the partition, then a beginning, a bound or two bounds of the sort key."""
    values = list(plain(request["ExpressionAttributeValues"]).values())
    condition = request["KeyConditionExpression"]
    if " AND " not in condition:
        return lambda item: item[partition] == values[0]
    if "begins_with" in condition:
        return lambda item: item[partition] == values[0] and item[order].startswith(values[1])
    if "BETWEEN" in condition:
        return lambda item: item[partition] == values[0] and values[1] <= item[order] <= values[2]
    return lambda item: item[partition] == values[0] and item[order] <= values[1]


def _require_each_to_be_used(kind: str, request: Mapping[str, Any]) -> None:
    """DynamoDB refuses a name or a value that no expression uses: it would be a slip of the pen."""
    written = " ".join(request.get(part, "") for part in ("UpdateExpression", "ConditionExpression"))
    used = set(re.findall(r"[#:]\w+", written))
    given = {*request.get("ExpressionAttributeNames", {}), *request.get("ExpressionAttributeValues", {})}
    if used != given:
        raise _invalid(kind, f"{sorted(used ^ given)}")


def _invalid(kind: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationException", "Message": message}}, kind)
