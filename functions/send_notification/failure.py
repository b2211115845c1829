"""What a log may say of an error: not its text, for AWS and pydantic quote addresses in theirs."""

import traceback
from collections.abc import Iterator
from pathlib import PurePath

from botocore.exceptions import ClientError
from pydantic import ValidationError


def described(error: BaseException) -> dict[str, list[str]]:
    """Name the error, what caused it, and the lines that it came through, without their texts."""
    return {
        "errors": [_kind(each) for each in _with_causes(error)],
        "stack": [
            f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
        ],
    }


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        return f"{name} {error.operation_name} {code}"
    if isinstance(error, ValidationError):
        # What is wrong, but not where: the name of an unknown field is somebody's text too.
        return f"{name} {' '.join(sorted({each['type'] for each in error.errors()}))}"
    return name
