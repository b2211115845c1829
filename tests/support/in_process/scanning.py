"""The scan for malware in one process: the stand-in, the events it puts, the function that takes them."""

import importlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
from botocore.client import BaseClient

from tests.support.in_process.service import BUCKET, REGION, ROOT, context


@contextmanager
def event_bus() -> Iterator[list[dict[str, Any]]]:
    """EventBridge as it takes events, those of AWS's own sources too: each as a rule's target gets it."""
    taken: list[dict[str, Any]] = []
    real = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's one door to AWS

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        if operation != "PutEvents":
            return real(client, operation, parameters)
        for entry in parameters["Entries"]:
            taken.append(
                {
                    "version": "0",
                    "id": f"72c7d362-737a-6dce-fc78-{len(taken):012d}",
                    "detail-type": entry["DetailType"],
                    "source": entry["Source"],
                    "account": "123456789012",
                    "time": "2026-11-22T10:15:12Z",
                    "region": REGION,
                    "resources": entry["Resources"],
                    "detail": json.loads(entry["Detail"]),
                }
            )
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "e"} for _ in parameters["Entries"]]}

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield taken


def version_of(key: str) -> str:
    version: str = boto3.client("s3", REGION).head_object(Bucket=BUCKET, Key=key)["VersionId"]
    return version


def scanned(key: str) -> dict[str, Any]:
    """What the stand-in says of an object, as the event that GuardDuty would put."""
    event = {"Records": [{"s3": {"bucket": {"name": BUCKET}, "object": {"key": key, "versionId": version_of(key)}}}]}
    with event_bus() as taken:
        importlib.import_module("scan_file.handler").handler(event, context("scan_file"))
    return taken[0]


def result(key: str, status: str, *, version: str | None = None) -> dict[str, Any]:
    """An event of GuardDuty with another status."""
    event: dict[str, Any] = json.loads((Path(ROOT) / "events" / "note_scan.json").read_text(encoding="utf-8"))
    event["detail"]["s3ObjectDetails"] |= {
        "bucketName": BUCKET,
        "objectKey": key,
        "versionId": version or version_of(key),
    }
    event["detail"]["scanResultDetails"]["scanResultStatus"] = status
    return event


def note(event: dict[str, Any]) -> None:
    """What EventBridge does with such an event."""
    importlib.import_module("note_scan.handler").handler(event, context("note_scan"))


def tags_of(key: str) -> dict[str, str]:
    answer = boto3.client("s3", REGION).get_object_tagging(Bucket=BUCKET, Key=key)
    return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}


class Listening:
    """Operators who read what comes to their topic."""

    def __init__(self) -> None:
        self._sqs = boto3.client("sqs", REGION)
        sns = boto3.client("sns", REGION)
        self.topic_arn = sns.create_topic(Name="operators")["TopicArn"]
        self._queue = self._sqs.create_queue(QueueName="operators", Attributes={"MessageRetentionPeriod": "1209600"})[
            "QueueUrl"
        ]
        arn = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])
        sns.subscribe(TopicArn=self.topic_arn, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"])

    def heard(self) -> list[dict[str, str]]:
        """What they were told since they listened last: subject and message."""
        found: list[dict[str, str]] = []
        while messages := self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                body = json.loads(message["Body"])
                found.append({"subject": body["Subject"], "message": body["Message"]})
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return found
