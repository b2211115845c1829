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


@dataclass(frozen=True)
class Retention:
    """How long, and how strictly, Object Lock keeps what was submitted."""

    mode: Literal["COMPLIANCE", "GOVERNANCE"]
    days: int

    def until(self, since: str) -> datetime:
        """The end of the retention of what was submitted or answered at that time."""
        return clock.parse(since) + timedelta(days=self.days)


def status_of(error: ClientError) -> int:
    """The HTTP status with which S3 refused a request."""
    return error.response["ResponseMetadata"]["HTTPStatusCode"]


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
