"""The scan for malware, asked instead of waited for: what it left on an object, and once more, please."""

import json
from http import HTTPStatus

import boto3
from botocore.exceptions import ClientError

from mailroom import aws
from mailroom.scanning.scans import TAG


class Scanner:
    """GuardDuty for one bucket (`scanner` is ``guardduty``), or the function that stands in for it."""

    def __init__(self, bucket: str, scanner: str) -> None:
        self._bucket = bucket
        self._scanner = scanner

    def version(self, key: str) -> str | None:
        """The newest version of an object; None where there is none."""
        try:
            return aws.client("s3").head_object(Bucket=self._bucket, Key=key)["VersionId"]
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_FOUND:
                return None
            raise

    def status(self, key: str, version_id: str) -> str | None:
        """What the scan found of a version, as its tag says; None where it did not come yet."""
        answer = aws.client("s3").get_object_tagging(Bucket=self._bucket, Key=key, VersionId=version_id)
        return next((tag["Value"] for tag in answer["TagSet"] if tag["Key"] == TAG), None)

    def ask(self, key: str, version_id: str) -> None:
        """Have a version scanned once more; the result comes as the first one should have."""
        if self._scanner == "guardduty":
            version = {"Bucket": self._bucket, "Key": key, "VersionId": version_id}
            boto3.client("guardduty").send_object_malware_scan(S3Object=version)
            return
        event = {
            "Records": [{"s3": {"bucket": {"name": self._bucket}, "object": {"key": key, "versionId": version_id}}}]
        }
        aws.client("lambda").invoke(
            FunctionName=self._scanner, InvocationType="Event", Payload=json.dumps(event).encode()
        )
