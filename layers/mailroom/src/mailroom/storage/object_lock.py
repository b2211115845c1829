"""Objects that stay as they are: written under a condition, and kept by Object Lock for the time of retention."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from mailroom.domain import clock
from mailroom.storage.table import pause

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ATTEMPTS = 4

_AT_LEAST = timedelta(days=14)
"""How long a dead-letter queue keeps an event: what may yet be redriven finds its files as they were."""


@dataclass(frozen=True)
class Retention:
    """How long, and how strictly, Object Lock keeps what was submitted."""

    mode: Literal["COMPLIANCE", "GOVERNANCE"]
    days: int

    def until(self, since: str) -> datetime:
        """The end of the retention of what was submitted or answered at that time, never less than two weeks from now.

        S3 refuses an end in the past: without that bound, what is finished late could never be locked.
        """
        return max(clock.parse(since) + timedelta(days=self.days), clock.now() + _AT_LEAST)


def status_of(error: ClientError) -> int:
    """The HTTP status with which S3 refused a request."""
    return error.response["ResponseMetadata"]["HTTPStatusCode"]


def lock(
    client: "S3Client",
    retention: Retention,
    since: str,
    **version: Any,  # noqa: ANN401 - parameters of S3's own call
) -> None:
    """Lock a version of an object (`Bucket`, `Key`, `VersionId`) from `since` on, unless it is locked for longer.

    S3 refuses to shorten a lock. A longer one is of another run, a little later, or of a mail that this one was
    redirected to, which has the same files and a later submission. Raises ClientError.
    """
    until = retention.until(since)
    try:
        client.put_object_retention(**version, Retention={"Mode": retention.mode, "RetainUntilDate": until})
    except ClientError as error:
        if status_of(error) != HTTPStatus.FORBIDDEN:
            raise
        found = client.get_object_retention(**version)["Retention"]
        if found["Mode"] not in {"COMPLIANCE", retention.mode} or found["RetainUntilDate"] < until:
            raise


def put_locked(
    client: "S3Client",
    bucket: str,
    retention: Retention,
    since: str,
    **request: Any,  # noqa: ANN401 - parameters of S3's own call
) -> bool:
    """Write an object and lock it from `since` on; False when a condition of the `request` does not hold."""
    for attempt in itertools.count(1):
        try:
            client.put_object(
                Bucket=bucket,
                ChecksumAlgorithm="SHA256",
                ObjectLockMode=retention.mode,
                ObjectLockRetainUntilDate=retention.until(since),
                **request,
            )
        except ClientError as error:
            # No such key: the version to replace is gone.
            if status_of(error) == HTTPStatus.PRECONDITION_FAILED or error.response["Error"].get("Code") == "NoSuchKey":
                return False
            # 409: somebody else is writing the very same object at this moment, and may yet fail.
            if status_of(error) != HTTPStatus.CONFLICT or attempt == _ATTEMPTS:
                raise
            pause(attempt)
        else:
            return True
    raise AssertionError
