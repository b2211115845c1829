"""The queue that carries notifications to the function `send_notification`."""

import time
from collections.abc import Callable, Iterable
from itertools import batched
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

    from mailroom.notifying.notifications import Notification

_BATCH = 10
"""The most messages that SQS takes in one call."""

_ATTEMPTS = 4

_FIRST_PAUSE = 0.1
"""Seconds before the second attempt; doubled each time."""


class NotificationsNotQueuedError(Exception):
    """The queue refused notifications again and again: `notification_ids` are not on it.

    Queueing all of the mail's notifications again is safe: each is sent once for its id.
    """

    def __init__(self, notification_ids: tuple[str, ...]) -> None:
        super().__init__(", ".join(notification_ids))
        self.notification_ids = notification_ids


class NotificationQueue:
    """The queue in SQS, one message for each notification."""

    def __init__(self, client: "SQSClient", url: str, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._url = url
        self._pause = pause

    def put(self, notifications: "Iterable[Notification]", correlation_id: str) -> None:
        """Put each notification on the queue, in tens; those that SQS refuses of a batch are tried again.

        Raises:
            NotificationsNotQueuedError: names those refused to the end, once all others are queued.
            ClientError: botocore's; SQS refuses a whole call.

        """
        refused: list[Notification] = []
        for batch in batched(notifications, _BATCH, strict=False):
            remaining = batch
            for attempt in range(_ATTEMPTS):
                if attempt:
                    self._pause(_FIRST_PAUSE * 2 ** (attempt - 1))
                remaining = self._refused(remaining, correlation_id)
                if not remaining:
                    break
            refused += remaining
        if refused:
            raise NotificationsNotQueuedError(tuple(each.notification_id for each in refused))

    def _refused(self, batch: "tuple[Notification, ...]", correlation_id: str) -> "tuple[Notification, ...]":
        """Send `batch`; those that SQS did not take."""
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {
                "Id": each.notification_id,
                "MessageBody": each.model_dump_json(exclude_none=True),
                "MessageAttributes": {"correlation_id": {"DataType": "String", "StringValue": correlation_id}},
            }
            for each in batch
        ]
        answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        failed = {entry["Id"] for entry in answer.get("Failed", [])}
        return tuple(each for each in batch if each.notification_id in failed)
