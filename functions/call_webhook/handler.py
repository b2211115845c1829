"""SQS: tells an organism's program of one mail for each message, until it takes it or a day has passed.

Before each attempt the message is put off to the next one, so that whatever happens here, a crash as well, it comes
back then; what was taken, the queue deletes. An organism that failed is left in peace for a minute by this process:
the other messages for it are put off without a call, and so hold up nobody else's.
"""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from call_webhook.call import CallFailedError, call
from mailroom import aws, settings
from mailroom.domain import clock
from mailroom.domain.organism import Webhook
from mailroom.domain.refusals import OrganismNotFound
from mailroom.fields import web_address
from mailroom.fields.web_address import NotReachableError
from mailroom.notifying.webhooks import Call, retry_after
from mailroom.organisms.directory import Directory

_PEACE_SECONDS = 60.0


class Settings(settings.Settings):
    """What this function is told; `webhooks_allow_loopback` is true on the local stage alone."""

    table_name: str
    webhooks_secret: str
    webhooks_queue_url: str
    webhooks_allow_loopback: bool


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


@cache
def failing() -> Failing:
    """What this process remembers."""
    return Failing()


logger = Logger()
metrics = Metrics()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """Answer which messages of the batch were not taken; the queue brings those back."""
    failed = [record["messageId"] for record in event["Records"] if not _told(record)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _told(record: dict[str, Any]) -> bool:
    _put_off(record)
    try:
        due = Call.model_validate_json(record["body"])
    except ValidationError:
        logger.warning("message not understood", extra={"message_id": record["messageId"]})
        return False
    ids = {"mail_id": due.mail_id, "webhook_id": due.webhook_id, "organism_id": due.organism_id}
    with logger.append_context_keys(**ids):
        webhook = _webhook(due.organism_id)
        if webhook is None:
            logger.info("the organism has no webhook any more")
            return True
        if due.organism_id in failing():
            return False
        return _called(due, webhook)


def _put_off(record: dict[str, Any]) -> None:
    receives = int(record["attributes"]["ApproximateReceiveCount"])
    aws.client("sqs").change_message_visibility(
        QueueUrl=Settings.read().webhooks_queue_url,
        ReceiptHandle=record["receiptHandle"],
        VisibilityTimeout=int(retry_after(receives).total_seconds()),
    )


def _webhook(organism_id: str) -> Webhook | None:
    try:
        return Directory(aws.table(Settings.read().table_name)).organism(organism_id).webhook
    except OrganismNotFound:
        return None


def _called(due: Call, webhook: Webhook) -> bool:
    try:
        _call(due, webhook)
    except (CallFailedError, NotReachableError) as failure:
        failing().note(due.organism_id)
        _count("WebhooksFailed")
        reason = failure.reason if isinstance(failure, CallFailedError) else "not a public address"
        logger.warning("webhook not taken", extra={"reason": reason})
        return False
    _count("WebhooksSent")
    logger.info("webhook taken")
    return True


def _count(metric: str) -> None:
    metrics.add_metric(metric, MetricUnit.Count, 1)
    metrics.flush_metrics()


def _call(due: Call, webhook: Webhook) -> None:
    told = Settings.read()
    place, addresses = web_address.reachable(webhook.url, loopback=told.webhooks_allow_loopback)
    headers = aws.webhook_keys(told.webhooks_secret).headers(due, webhook.secret_version, clock.now())
    call(place, addresses, due.payload, headers)
