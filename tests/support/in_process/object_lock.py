"""S3's own rules of Object Lock, which moto does not know: no lock ends in the past, and none is shortened."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast
from unittest import mock

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from mailroom.domain import clock

type Locks = dict[tuple[str, str | None], dict[str, Any]]
"""The retention of each version, by key and version."""


@contextmanager
def as_s3_locks() -> Iterator[Locks]:
    """Refuse as S3 does; the locks of versions that were set on their own come back.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
    """
    locks: Locks = {}
    otherwise = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's one door to AWS

    def call(client: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        version = (str(parameters.get("Key")), parameters.get("VersionId"))
        if name == "PutObject" and "ObjectLockRetainUntilDate" in parameters:
            require_future(client, name, parameters["ObjectLockRetainUntilDate"])
        if name == "PutObjectRetention":
            retention = parameters["Retention"]
            require_future(client, name, retention["RetainUntilDate"])
            if version in locks and retention["RetainUntilDate"] < locks[version]["RetainUntilDate"]:
                raise refusal(client, name, "AccessDenied", "Access Denied", 403)
            answer = otherwise(client, name, parameters)
            locks[version] = dict(retention)
            return answer
        if name == "GetObjectRetention":
            return {"Retention": locks[version]}
        return otherwise(client, name, parameters)

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield locks


def require_future(client: BaseClient, name: str, until: datetime) -> None:
    """Refuse the end of a lock that is past."""
    if until <= clock.now():
        raise refusal(client, name, "InvalidRequest", "The retain until date must be in the future!", 400)


def refusal(client: BaseClient, name: str, code: str, text: str, status: int) -> ClientError:
    """S3's answer."""
    response: Any = {
        "Error": {"Code": code, "Message": text},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return cast("type[ClientError]", client.exceptions.from_code(code))(response, name)
