"""What one mail asks of AWS over its whole life, counted while the real functions run on moto's AWS.

A life is: the four steps, the receipt, the notifications, the follow-up, an agent who opens, collects, downloads and
answers, and the sender who reads the answer. Units are those that AWS bills by:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html for DynamoDB (a written
KB, twice in a transaction, and once for each index that the write touches; 4 KB read, half where a read need not be the
latest), a request or a message for the others.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from unittest import mock

from botocore.client import BaseClient
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import Item

from tests.support.in_process.service import REGION

FILE_BYTES = 1_000_000
"""The size of each file of a counted mail."""

_TRANSACTION = 2
_WRITTEN_KB, _READ_KB = 1024, 4096
_PROJECTION = ("ProjectionExpression", "ExpressionAttributeNames", "Select")
_INDEXES = {"waiting": False, "desk": True, "desk_status": True}
"""The table's indexes by partition key, and whether they project all attributes."""


@dataclass
class Work:
    """What one party asked for: a function, the sender or an agent."""

    invocations: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    """Requests to AWS, by `service:Operation`."""
    units: Counter[str] = field(default_factory=Counter)
    """Billed units of DynamoDB: `write`, and halves of `read` units."""
    bytes_out: int = 0
    """Bytes that leave AWS for this party's callers: bodies of answers, downloads."""
    seconds: float = 0.0
    """Processor time of the handlers, without that of boto3's calls, which moto answers in this process."""


class Counting:
    """Counts every call of boto3 while it is open, for the party that `by` names."""

    def __init__(self) -> None:
        self.works: dict[str, Work] = {}
        self._now = Work()
        self._in_aws = 0.0

    @contextmanager
    def by(self, who: str) -> Iterator[Work]:
        """Count what happens inside for this party, as one invocation of it."""
        before, self._now = self._now, self.works.setdefault(who, Work())
        self._now.invocations += 1
        started, aws = time.process_time(), self._in_aws
        try:
            yield self._now
        finally:
            self._now.seconds += time.process_time() - started - (self._in_aws - aws)
            self._now = before

    @contextmanager
    def open(self) -> Iterator[None]:
        """Count from here on."""
        real = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's one door to AWS

        def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
            service = client.meta.service_model.service_name
            self._now.calls[f"{service}:{operation}"] += 1
            before = _items(operation, parameters) if service == "dynamodb" else {}
            started = time.thread_time()
            try:
                answer = real(client, operation, parameters)
                # What a query looked at is not in an answer that leaves attributes out: it is asked again, uncounted.
                whole = {name: value for name, value in parameters.items() if name not in _PROJECTION}
                looked_at = real(client, operation, whole) if operation == "Query" else None
            finally:
                self._in_aws += time.thread_time() - started
            if service == "dynamodb":
                self._now.units.update(_units(operation, parameters, before, looked_at))
            return answer

        with mock.patch.object(BaseClient, "_make_api_call", call):
            yield


def _stored(table: str, key: Mapping[str, Any]) -> Item | None:
    backend = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION]
    found: Item | None = backend.get_item(table, dict(key))
    return found


def _touched(operation: str, parameters: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Table and key of each item that a write names."""
    if operation == "TransactWriteItems":
        for each in parameters["TransactItems"]:
            for action, write in each.items():
                if action != "ConditionCheck":
                    yield from _touched(f"{action}Item", write)
    elif operation in {"PutItem", "UpdateItem", "DeleteItem"}:
        table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].get_table(parameters["TableName"])
        source = parameters.get("Key") or parameters["Item"]
        names = [name for name in (table.hash_key_attr, table.range_key_attr) if name]
        yield parameters["TableName"], {name: source[name] for name in names}


def _items(operation: str, parameters: Mapping[str, Any]) -> dict[str, tuple[int, dict[str, Any]]]:
    return {json.dumps((table, key)): _image(_stored(table, key)) for table, key in _touched(operation, parameters)}


def _image(item: Item | None) -> tuple[int, dict[str, Any]]:
    return (item.size(), item.to_json()["Attributes"]) if item else (0, {})


def _units(
    operation: str,
    parameters: Mapping[str, Any],
    before: Mapping[str, tuple[int, dict[str, Any]]],
    looked_at: Any,  # noqa: ANN401 - an answer of AWS
) -> Counter[str]:
    units: Counter[str] = Counter()
    times = _TRANSACTION if operation == "TransactWriteItems" else 1
    for named, (old_size, old) in before.items():
        new_size, new = _image(_stored(*json.loads(named)))
        units["write"] += times * max(1, ceil(max(old_size, new_size) / _WRITTEN_KB))
        units["write"] += sum(_index_writes(old, new, max(old_size, new_size)))
    if operation == "TransactWriteItems":
        checks = [each for each in parameters["TransactItems"] if "ConditionCheck" in each]
        units["write"] += times * len(checks)
    if operation in {"GetItem", "Query", "BatchGetItem"}:
        units["half_read"] += _half_reads(operation, parameters, looked_at)
    return units


def _index_writes(old: Mapping[str, Any], new: Mapping[str, Any], size: int) -> Iterator[int]:
    for partition, projects_all in _INDEXES.items():
        was, is_now = old.get(partition), new.get(partition)
        each = max(1, ceil(size / _WRITTEN_KB)) if projects_all else 1
        if was and is_now and was != is_now:
            yield 2 * each
        elif bool(was) != bool(is_now) or (was and projects_all and old != new):
            yield each


def _half_reads(operation: str, parameters: Mapping[str, Any], looked_at: Mapping[str, Any]) -> int:
    """Halves of units read. A query pays for the items it looks at, whatever of them it returns."""
    match operation:
        case "GetItem":
            item = _stored(parameters["TableName"], parameters["Key"])
            return _halves([item.size() if item else 0], consistent=parameters.get("ConsistentRead", False))
        case "BatchGetItem":
            return sum(
                _halves([item.size() if (item := _stored(table, key)) else 0], consistent=asked["ConsistentRead"])
                for table, asked in parameters["RequestItems"].items()
                for key in asked["Keys"]
            )
        case _:
            items = [
                (parameters["TableName"], {name: item[name] for name in ("pk", "sk")}) for item in looked_at["Items"]
            ]
            sizes = [found.size() for table, key in items if (found := _stored(table, key))]
            return _halves([sum(sizes)], consistent=parameters.get("ConsistentRead", False))


def _halves(sizes: list[int], *, consistent: bool) -> int:
    return sum(max(1, ceil(size / _READ_KB)) for size in sizes) * (2 if consistent else 1)
