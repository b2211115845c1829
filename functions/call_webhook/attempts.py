"""Attempts to tell an organism's program of one mail.

Before each attempt the message is put off to the next one, so that after whatever happens here, a crash included, it
comes back then; the queue deletes a message that was taken. An organism that failed is not called for a minute by this
process: the other messages for it are put off without a call, and so hold up no other organism's.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from pydantic import ValidationError

from call_webhook.call import CallFailedError, call
from mailroom.domain import clock
from mailroom.domain.organism import Webhook
from mailroom.fields import web_address
from mailroom.fields.web_address import NotReachableError
from mailroom.notifying.webhook_signature import signed_headers
from mailroom.notifying.webhooks import Call, WebhookKeys, retry_after
from mailroom.organisms.directory import Directory

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_PEACE_SECONDS = 60.0

logger = Logger()
metrics = Metrics()


class Failing:
    """The organisms whose program failed a moment ago."""

    def __init__(self, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._until: dict[str, float] = {}

    def note(self, organism_id: str) -> None:
        """This organism's program just failed."""
        self._until[organism_id] = self._ticks() + _PEACE_SECONDS

    def __contains__(self, organism_id: str) -> bool:
        return self._until.get(organism_id, 0.0) > self._ticks()


class Attempts:
    """Takes messages of one queue; with `loopback`, programs on this machine are called too.

    `keys` gives the keys for a call: Secrets Manager may refuse them, and by then the message is put off.
    """

    def __init__(
        self, *, directory: Directory, sqs: "SQSClient", queue_url: str, keys: Callable[[], WebhookKeys], loopback: bool
    ) -> None:
        self._directory = directory
        self._sqs = sqs
        self._queue_url = queue_url
        self._keys = keys
        self._loopback = loopback
        self._failing = Failing()

    def take(self, record: dict[str, Any]) -> bool:
        """Put a message off, and call the program that it is for; whether nothing is left to do about it."""
        receives = int(record["attributes"]["ApproximateReceiveCount"])
        self._sqs.change_message_visibility(
            QueueUrl=self._queue_url,
            ReceiptHandle=record["receiptHandle"],
            VisibilityTimeout=int(retry_after(receives).total_seconds()),
        )
        try:
            due = Call.model_validate_json(record["body"])
        except ValidationError:
            logger.warning("message not understood", extra={"message_id": record["messageId"]})
            return False
        ids = {"mail_id": due.mail_id, "webhook_id": due.webhook_id, "organism_id": due.organism_id}
        with logger.append_context_keys(**ids):
            webhook = self._directory.webhook_of(due.organism_id)
            if webhook is None:
                logger.info("the organism has no webhook any more")
                return True
            return due.organism_id not in self._failing and self.call(due, webhook)

    def call(self, due: Call, webhook: Webhook) -> bool:
        """Call the program once; whether it took the call."""
        try:
            place, addresses = web_address.reachable(webhook.url, loopback=self._loopback)
            secret = self._keys().secret(due.organism_id, webhook.secret_version)
            headers = signed_headers(due, secret, clock.now())
            call(place, addresses, due.payload, headers)
        except (CallFailedError, NotReachableError) as failure:
            self._failing.note(due.organism_id)
            reason = failure.reason if isinstance(failure, CallFailedError) else "not a public address"
            logger.warning("webhook not taken", extra={"reason": reason})
            count("WebhooksFailed")
            return False
        count("WebhooksSent")
        logger.info("webhook taken")
        return True


def count(metric: str) -> None:
    """Count one call."""
    metrics.add_metric(metric, MetricUnit.Count, 1)
    metrics.flush_metrics()
