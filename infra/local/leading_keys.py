"""The partition keys that a DynamoDB request names, as IAM's condition key `dynamodb:LeadingKeys` has them.

Only the standard library is imported here, as in `emulator_patches`.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from importlib import import_module
from typing import Any

_KEY = "dynamodb:LeadingKeys"
_PARTITION_KEY = "pk"
"""Of the table whose partitions roles are bound to; the other table has none that a role names."""
_PARTS = {"ConditionCheck": "Key", "Put": "Item", "Update": "Key", "Delete": "Key", "Get": "Key"}
"""What a transaction holds, in the order in which the emulator checks it, and where the key of each is."""


def leading_keys(body: bytes) -> list[str]:
    """The partition keys of a request that is no transaction; a query of an index names none of the table's."""
    request = json.loads(body or b"{}")
    items = [request.get("Key"), request.get("Item")]
    for asked in (request.get("RequestItems") or {}).values():
        items += asked.get("Keys", []) if isinstance(asked, Mapping) else []
    found = [item[_PARTITION_KEY]["S"] for item in items if item and _PARTITION_KEY in item]
    queried = re.match(rf"{_PARTITION_KEY} = (:\w+)", request.get("KeyConditionExpression", ""))
    if queried and "IndexName" not in request:
        found.append(request["ExpressionAttributeValues"][queried[1]]["S"])
    return found


def leading_keys_of_transaction(body: bytes) -> Iterator[list[str]]:
    """The partition key of each item of a transaction, in the order in which they are checked."""
    for item in json.loads(body or b"{}").get("TransactItems", []):
        for part, place in _PARTS.items():
            if part in item:
                key = item[part][place].get(_PARTITION_KEY)
                yield [key["S"]] if key else []


def know_leading_keys(iam_actions: Any) -> None:
    """Give `dynamodb:LeadingKeys` to the evaluation of policies: of a request, or of each item of a transaction."""
    evaluator: Any = import_module(f"{iam_actions.__package__}.iam_evaluator")
    context, checks = iam_actions.dynamodb_service_context, iam_actions.dynamodb_transaction_checks
    enforce = evaluator.enforce
    items: ContextVar[deque[list[str]]] = ContextVar("items")

    def context_with_keys(body: bytes) -> dict[str, Any]:
        keys = leading_keys(body)
        known: dict[str, Any] = context(body)
        return known | ({_KEY: keys} if keys else {})

    def checks_with_keys(action: str, body: bytes, *more: Any) -> Any:
        items.set(deque(leading_keys_of_transaction(body)))
        return checks(action, body, *more)

    def enforce_with_keys(*request: Any, service_context: Any = None, **more: Any) -> Any:
        known = dict(service_context or {})
        if "dynamodb:EnclosingOperation" in known and (keys := items.get().popleft()):
            known[_KEY] = keys
        return enforce(*request, service_context=known, **more)

    iam_actions.dynamodb_service_context = context_with_keys
    iam_actions.dynamodb_transaction_checks = checks_with_keys
    evaluator.enforce = enforce_with_keys
