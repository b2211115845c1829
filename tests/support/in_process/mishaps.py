"""Bad luck on demand: a process that dies after its n-th write, and AWS that refuses for a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast
from unittest import mock

from botocore.client import BaseClient
from botocore.exceptions import ClientError

_READS = ("Get", "Head", "List", "Query", "BatchGet", "Describe", "Receive", "AdminGet", "AdminList")

_call = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's one door to AWS


class ProcessDiedError(BaseException):
    """The sandbox is gone: no handler of exceptions sees this."""


@contextmanager
def dying_after_write(number: int) -> Iterator[list[str]]:
    """The process dies right after its `number`-th write succeeded; the names of the writes come back."""
    writes: list[str] = []

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        answer = _call(client, operation, parameters)
        if not operation.startswith(_READS):
            writes.append(operation)
            if len(writes) == number:
                raise ProcessDiedError
        return answer

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield writes


@contextmanager
def refusing(
    operation: str,
    code: str,
    *,
    times: int = 1_000,
    when: Callable[[dict[str, Any]], bool] = lambda _: True,
    more: dict[str, Any] | None = None,
) -> Iterator[list[dict[str, Any]]]:
    """AWS refuses an operation with an error code, `times` times; the refused requests come back."""
    refused: list[dict[str, Any]] = []

    def call(client: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        if name == operation and len(refused) < times and when(parameters):
            refused.append(parameters)
            response: Any = {
                "Error": {"Code": code, "Message": "injected"},
                "ResponseMetadata": {"HTTPStatusCode": 400},
                **(more or {}),
            }
            refusal = cast("type[ClientError]", client.exceptions.from_code(code))
            raise refusal(response, name)
        return _call(client, name, parameters)

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield refused


@contextmanager
def counting() -> Iterator[list[str]]:
    """Every call of AWS's API, by name."""
    calls: list[str] = []

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        calls.append(operation)
        return _call(client, operation, parameters)

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield calls


@contextmanager
def before_transaction(act: Callable[[], object]) -> Iterator[None]:
    """Somebody else acts just before the next transaction, after what it rests on was read."""
    waiting, otherwise = [act], BaseClient._make_api_call  # type: ignore[attr-defined]  # or another mishap's

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        if operation == "TransactWriteItems" and waiting:
            waiting.pop()()
        return otherwise(client, operation, parameters)

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield


@contextmanager
def watching(operation: str) -> Iterator[list[dict[str, Any]]]:
    """What an operation of AWS's API is asked, each time."""
    asked: list[dict[str, Any]] = []
    otherwise = BaseClient._make_api_call  # type: ignore[attr-defined]  # or another mishap's

    def call(client: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        if name == operation:
            asked.append(parameters)
        return otherwise(client, name, parameters)

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield asked


@contextmanager
def taking(
    operation: str, answer: dict[str, Any], *, when: Callable[[dict[str, Any]], bool] = lambda _: True
) -> Iterator[list[dict[str, Any]]]:
    """AWS takes an operation that moto doesn't have, and answers; what it was asked comes back."""
    asked: list[dict[str, Any]] = []
    otherwise = BaseClient._make_api_call  # type: ignore[attr-defined]  # or another mishap's

    def call(client: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        if name != operation or not when(parameters):
            return otherwise(client, name, parameters)
        asked.append(parameters)
        return answer

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield asked
