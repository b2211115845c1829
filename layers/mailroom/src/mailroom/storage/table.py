"""DynamoDB's table in plain Python values: reads, conditional writes, transactions, refusals as exceptions."""

import itertools
import random
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from mailroom.storage.busy import TransactionBusyError
from mailroom.storage.schema import WAITING_INDEX, Key, Waiting

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

type Item = dict[str, Any]

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize

_ATTEMPTS = 5
"""How often a write is tried while others are at work on the same items."""

_BUSY = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
"""Reasons for which DynamoDB cancels a transaction that may simply be tried again."""


class ConditionFailedError(Exception):
    """A conditional write did not happen; `items` are what stood there, None where nothing did."""

    def __init__(self, items: list[Item | None]) -> None:
        super().__init__("condition failed")
        self.items = items


def stored(values: Mapping[str, object]) -> Item:
    """Plain values as DynamoDB's attribute values."""
    return {name: _serialize(value) for name, value in values.items()}


def plain(item: Mapping[str, Any]) -> Item:
    """DynamoDB's attribute values as plain ones."""
    return {name: _deserialize(value) for name, value in item.items()}


class Table:
    """One table with keys `pk` and `sk`."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self.name = name

    def get(self, pk: str, sk: str, *, consistent: bool = True, attributes: Iterable[str] = ()) -> Item | None:
        """The item under a key, with only some `attributes` where some are named, or None."""
        request: dict[str, Any] = {
            "TableName": self.name,
            "Key": stored({"pk": pk, "sk": sk}),
            "ConsistentRead": consistent,
        }
        if names := {f"#a{position}": name for position, name in enumerate(attributes)}:
            request |= {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}
        answer = self._client.get_item(**request)
        return plain(answer["Item"]) if "Item" in answer else None

    def get_many(self, *keys: Key) -> dict[Key, Item]:
        """The items that exist under some keys, read consistently in one call."""
        asked: Any = {self.name: {"Keys": [stored({"pk": pk, "sk": sk}) for pk, sk in keys], "ConsistentRead": True}}
        found: dict[Key, Item] = {}
        while asked:
            answer = self._client.batch_get_item(RequestItems=asked)
            for item in map(plain, answer["Responses"].get(self.name, [])):
                found[item["pk"], item["sk"]] = item
            asked = answer.get("UnprocessedKeys")
        return found

    def query(
        self, pk: str, *, prefix: str = "", attributes: Iterable[str] = (), consistent: bool = True
    ) -> Iterator[Item]:
        """The items of a partition in order of `sk`, those that begin with `prefix`, with only some `attributes`."""
        names = {f"#a{position}": name for position, name in enumerate(attributes)}
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": stored({":pk": pk}),
            "ConsistentRead": consistent,
        }
        if prefix:
            request["KeyConditionExpression"] += " AND begins_with(sk, :prefix)"
            request["ExpressionAttributeValues"] |= stored({":prefix": prefix})
        if names:
            request |= {
                "ProjectionExpression": ", ".join(names),
                "ExpressionAttributeNames": names,
                "Select": "SPECIFIC_ATTRIBUTES",
            }
        yield from self._pages(request)

    def waiting(self, what: Waiting, *, until: str) -> Iterator[Item]:
        """Keys of the items that wait for `what` since before `until`, the longest waiting first."""
        yield from self._pages(
            {
                "TableName": self.name,
                "IndexName": WAITING_INDEX,
                "KeyConditionExpression": "waiting = :what AND waiting_since <= :until",
                "ExpressionAttributeValues": stored({":what": what, ":until": until}),
            }
        )

    def newest(  # noqa: PLR0913 - what DynamoDB's query takes, most by keyword
        self,
        index: str | None,
        value: str,
        *,
        between: tuple[str, str],
        limit: int,
        after: Item | None = None,
        attributes: Iterable[str] = (),
    ) -> list[Item]:
        """At most `limit` items of an index in the order of `arrived`, the newest first, read in one call.

        An index is named after its partition key; None is a partition of the table, in the order of `sk`. Only the
        items returned are read, however many more there are.
        """
        request: dict[str, Any] = {**self._arrived(index, value, between), "ScanIndexForward": False, "Limit": limit}
        if after is not None:
            request["ExclusiveStartKey"] = stored(after)
        if names := {f"#a{position}": name for position, name in enumerate(attributes)}:
            request |= {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}
        return [plain(item) for item in self._client.query(**request)["Items"]]

    def arrived(self, index: str, value: str, *, between: tuple[str, str], attributes: Iterable[str]) -> Iterator[Item]:
        """Some `attributes` of all items of an index that arrived in a period."""
        names = {f"#a{position}": name for position, name in enumerate(attributes)}
        request = self._arrived(index, value, between)
        yield from self._pages({**request, "ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names})

    def _arrived(self, index: str | None, value: str, between: tuple[str, str]) -> dict[str, Any]:
        partition, order = (index, "arrived") if index else ("pk", "sk")
        return {
            "TableName": self.name,
            **({"IndexName": index} if index else {}),
            "KeyConditionExpression": f"{partition} = :value AND {order} BETWEEN :first AND :last",
            "ExpressionAttributeValues": stored({":value": value, ":first": between[0], ":last": between[1]}),
        }

    def _pages(self, request: dict[str, Any]) -> Iterator[Item]:
        while True:
            answer = self._client.query(**request)
            yield from map(plain, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def put_new(self, item: Item) -> None:
        """Write an item where none is yet.

        Raises:
            ConditionFailedError: there is one already.

        """
        self._conditional(
            lambda: self._client.put_item(
                TableName=self.name, Item=stored(item), ConditionExpression="attribute_not_exists(pk)"
            )
        )

    def put(self, item: Item) -> None:
        """Write an item, whatever stood there."""
        self._client.put_item(TableName=self.name, Item=stored(item))

    def update(self, write: Mapping[str, Any]) -> Item:
        """Carry out an `update` and give back the whole item as it stands then.

        Raises:
            ConditionFailedError: the condition did not hold; the item as it stands is in it.

        """
        answer = self._conditional(lambda: self._client.update_item(**write["Update"], ReturnValues="ALL_NEW"))
        return plain(answer["Attributes"])

    def apply(self, write: Mapping[str, Any]) -> None:
        """Carry out an `update`, whatever the item is then.

        Raises:
            ConditionFailedError: the condition did not hold; the item as it stands is in it.

        """
        self._conditional(lambda: self._client.update_item(**write["Update"]))

    def transact(self, *writes: Mapping[str, Any], attempts: int = _ATTEMPTS) -> None:
        """Carry out all writes or none, up to `attempts` times while others are at work on the same items.

        Raises:
            ConditionFailedError: a condition did not hold; `items` are in the order of the writes.
            TransactionBusyError: others were still at work on the same items at the last attempt.

        """
        for attempt in range(1, attempts):
            try:
                return self._transact(writes)
            except TransactionBusyError:
                pause(attempt)
        return self._transact(writes)

    def _transact(self, writes: Iterable[Mapping[str, Any]]) -> None:
        try:
            self._client.transact_write_items(
                TransactItems=[cast("TransactWriteItemTypeDef", write) for write in writes]
            )
        except self._client.exceptions.TransactionCanceledException as error:
            reasons: list[dict[str, Any]] = list(cast("Any", error.response).get("CancellationReasons", []))
            if any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons):
                raise ConditionFailedError(
                    [plain(reason["Item"]) if reason.get("Item") else None for reason in reasons]
                ) from error
            if any(reason.get("Code") in _BUSY for reason in reasons):
                raise TransactionBusyError from error
            raise

    def new(self, item: Item) -> dict[str, Any]:
        """The write, for `transact`, of an item where none may be yet."""
        return {
            "Put": {"TableName": self.name, "Item": stored(item), "ConditionExpression": "attribute_not_exists(pk)"}
        }

    def check(
        self,
        pk: str,
        sk: str,
        *,
        condition: str,
        values: Mapping[str, object] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """For `transact`: nothing is written to this item, and nothing at all unless the condition holds for it."""
        check: dict[str, Any] = {
            "TableName": self.name,
            "Key": stored({"pk": pk, "sk": sk}),
            "ConditionExpression": condition,
        }
        if values:
            check["ExpressionAttributeValues"] = stored(values)
        if names:
            check["ExpressionAttributeNames"] = dict(names)
        return {"ConditionCheck": check}

    def gone(self, pk: str, sk: str, *, condition: str, values: Mapping[str, object]) -> dict[str, Any]:
        """The write, for `transact`, that removes an item under a condition."""
        check: dict[str, Any] = self.check(pk, sk, condition=condition, values=values)["ConditionCheck"]
        return {"Delete": check}

    def put_anyway(self, item: Item) -> dict[str, Any]:
        """The write, for `transact`, of an item, whatever stands there."""
        return {"Put": {"TableName": self.name, "Item": stored(item)}}

    def change(  # noqa: PLR0913 - the parts of DynamoDB's own expression, all by keyword
        self,
        pk: str,
        sk: str,
        *,
        update: str,
        condition: str,
        values: Mapping[str, object] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The write, for `update` and `transact`, of a change under a condition; on refusal the old item comes back."""
        write: dict[str, Any] = {
            "TableName": self.name,
            "Key": stored({"pk": pk, "sk": sk}),
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if values:
            write["ExpressionAttributeValues"] = stored(values)
        if names:
            write["ExpressionAttributeNames"] = dict(names)
        return {"Update": write}

    def _conditional(self, call: Any) -> Any:  # noqa: ANN401 - whatever the client's method answers
        for attempt in itertools.count(1):
            try:
                return call()
            except self._client.exceptions.ConditionalCheckFailedException as error:
                old = cast("Any", error.response).get("Item")
                raise ConditionFailedError([plain(old) if old else None]) from error
            except self._client.exceptions.TransactionConflictException as error:
                # A single write gives way to a transaction that has the item in hand; boto3 does not try again.
                if attempt == _ATTEMPTS:
                    raise TransactionBusyError from error
                pause(attempt)
        raise AssertionError


def pause(attempt: int) -> None:
    """Wait before the next attempt: longer each time, never alike for two who race, at most a second."""
    time.sleep(random.uniform(0.2, 1.0) * min(1.0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
