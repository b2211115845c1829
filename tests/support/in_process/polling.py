"""Lambda's poller of a queue: SQS and its dead-letter queue in moto, the function, and the time that goes by."""

import importlib
import json
from collections.abc import Callable
from typing import Any

import boto3
import time_machine

from mailroom.domain import clock
from tests.support.in_process.service import REGION, context

RECEIVES = 5
VISIBLE_AGAIN_SECONDS = 360
_STEP_SECONDS = 300


class Poller:
    """Hands the messages of a queue to its function, and deletes those that it took.

    `crashes` is how many times the process dies after its function returned, before anything is deleted.
    """

    def __init__(self, name: str, operation: str) -> None:
        self._sqs: Any = boto3.client("sqs", REGION)
        self._handler: Callable[[Any, Any], Any] = importlib.import_module(f"{operation}.handler").handler
        self._url = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        self._dead = self._sqs.get_queue_url(QueueName=f"{name}-failed")["QueueUrl"]
        self.crashes = 0
        asked = self._sqs.get_queue_attributes(QueueUrl=self._dead, AttributeNames=["QueueArn"])
        redrive = {"deadLetterTargetArn": asked["Attributes"]["QueueArn"], "maxReceiveCount": RECEIVES}
        attributes: Any = {"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": str(VISIBLE_AGAIN_SECONDS)}
        self._sqs.set_queue_attributes(QueueUrl=self._url, Attributes=attributes)

    def poll(self) -> None:
        """Hand over what is visible at present."""
        asked = {"QueueUrl": self._url, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
        messages = self._sqs.receive_message(**asked, MessageSystemAttributeNames=["All"]).get("Messages", [])
        if not messages:
            return
        answer = self._handler({"Records": [record(each) for each in messages]}, context("reader"))
        if self.crashes:
            self.crashes -= 1
            return
        kept = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        for each in messages:
            if each["MessageId"] not in kept:
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=each["ReceiptHandle"])

    def run(self, *, hours: float) -> None:
        """Poll every five minutes for that time, or until nothing is left; the time goes by."""
        begun = clock.now().timestamp()
        for step in range(int(hours * 3600 / _STEP_SECONDS)):
            with time_machine.travel(begun + step * _STEP_SECONDS, tick=False):
                self.poll()
                if not self.waiting:
                    return

    @property
    def waiting(self) -> int:
        """The messages of the queue, whether visible or not."""
        return self._count(self._url)

    @property
    def failed(self) -> int:
        """The messages of the dead-letter queue."""
        return self._count(self._dead)

    def _count(self, url: str) -> int:
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(count) for count in found.values())


def record(message: Any) -> dict[str, Any]:  # noqa: ANN401 - SQS's message
    """A message as Lambda hands it to a function."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {"stringValue": value["StringValue"], "dataType": value["DataType"]}
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "eventSource": "aws:sqs",
    }
