"""The scan for malware, asked instead of waited for: its result on an object, and a second scan on request."""

import json
from abc import ABC, abstractmethod
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mailroom.scanning.scans import TAG

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client


class Scanner(ABC):
    """What scans the files of one bucket."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def version(self, key: str) -> str | None:
        """The newest version of an object; None where there is none."""
        try:
            return self._s3.head_object(Bucket=self._bucket, Key=key)["VersionId"]
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_FOUND:
                return None
            raise

    def status(self, key: str, version_id: str) -> str | None:
        """The scan's result for a version, as its tag says; None where it has not come yet."""
        answer = self._s3.get_object_tagging(Bucket=self._bucket, Key=key, VersionId=version_id)
        return next((tag["Value"] for tag in answer["TagSet"] if tag["Key"] == TAG), None)

    @abstractmethod
    def ask(self, key: str, version_id: str) -> None:
        """Have a version scanned once more; the result comes as the first one should have."""


class GuardDuty(Scanner):
    """GuardDuty Malware Protection."""

    def __init__(self, s3: "S3Client", bucket: str, client: Any) -> None:  # noqa: ANN401 - GuardDuty has no stubs here
        super().__init__(s3, bucket)
        self._client = client

    def ask(self, key: str, version_id: str) -> None:
        """Have a version scanned once more."""
        version = {"Bucket": self._bucket, "Key": key, "VersionId": version_id}
        self._client.send_object_malware_scan(S3Object=version)


class StandInScanner(Scanner):
    """The local stage's function that stands in for GuardDuty."""

    def __init__(self, s3: "S3Client", bucket: str, functions: "LambdaClient", function_name: str) -> None:
        super().__init__(s3, bucket)
        self._functions = functions
        self._function_name = function_name

    def ask(self, key: str, version_id: str) -> None:
        """Have a version scanned once more."""
        stored = {"bucket": {"name": self._bucket}, "object": {"key": key, "versionId": version_id}}
        event = {"Records": [{"s3": stored}]}
        self._functions.invoke(
            FunctionName=self._function_name, InvocationType="Event", Payload=json.dumps(event).encode()
        )
