"""Every minute: look for mail that was submitted or closed and stopped half-way, push it on, and count what is late.

A mail waits in a sparse index from its submission until everyone was told. What waits longer than two
minutes was left by a crash: its sealed record is written again if it is missing, which makes the
receipt, or the receipt's function is called. So does the event of a collection or an outcome, until its sender
was told and the answer's files are locked.
"""

import json
from datetime import timedelta
from itertools import islice
from typing import Any, Literal

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom import aws, clock, news, notifications, settings
from mailroom.files import Retention
from mailroom.notifications import Notification
from mailroom.places import record_key
from mailroom.store import Store
from mailroom.table import Item

_STALLED_AFTER = timedelta(minutes=2)
_LATE_AFTER = timedelta(minutes=5)
_MOST_AT_ONCE = 200
"""Mails pushed on in one run; the rest is seen a minute later."""


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    bucket_name: str
    render_function_name: str
    notifications_queue_url: str
    retention_days: int
    retention_mode: Literal["COMPLIANCE", "GOVERNANCE"]


logger = Logger()
metrics = Metrics()


def handler(_event: dict[str, Any], context: LambdaContext) -> None:
    """Push on what stalled; report what waits too long."""
    table = aws.table(Settings.read().table_name)
    now = clock.now()
    stalled_until = clock.iso(now - _STALLED_AFTER)
    for what in ("RECEIPT", "ALERT"):
        for item in islice(table.waiting(what, until=stalled_until), _MOST_AT_ONCE):
            push_on(item["pk"].removeprefix("MAIL#"), context.aws_request_id)
    for item in islice(table.waiting("NEWS", until=stalled_until), _MOST_AT_ONCE):
        tell(item, context.aws_request_id)
    late = sum(1 for _ in table.waiting("RECEIPT", until=clock.iso(now - _LATE_AFTER)))
    untold = sum(1 for what in ("ALERT", "NEWS") for _ in table.waiting(what, until=clock.iso(now - _LATE_AFTER)))
    metrics.add_metric("MailsWaitingForReceipt", MetricUnit.Count, late)
    metrics.add_metric("MailsWaitingForAlert", MetricUnit.Count, untold)
    metrics.flush_metrics()


def tell(event: Item, correlation_id: str) -> None:
    """Finish what an event of a mail brings with it, given the event's key."""
    told = Settings.read()
    files = aws.bucket(told.bucket_name, Retention(told.retention_mode, told.retention_days))

    def queue(messages: list[Notification]) -> None:
        notifications.enqueue(aws.client("sqs"), told.notifications_queue_url, messages, correlation_id)

    logger.warning("news had stopped half-way", extra={"mail_id": event["pk"].removeprefix("MAIL#")})
    news.push_on_item(aws.table(told.table_name), event, queue, files.lock_answers)


def push_on(mail_id: str, correlation_id: str) -> None:
    """Start again what makes the receipt of one mail and tells everyone; harmless when it is at work already."""
    told = Settings.read()
    mail = Store(aws.table(told.table_name)).mail(mail_id)
    files = aws.bucket(told.bucket_name, Retention(told.retention_mode, told.retention_days))
    written = files.put_record(mail, correlation_id)
    logger.warning("mail had stopped half-way", extra={"mail_id": mail_id, "record_was_missing": written})
    if not written:
        event = {"Records": [{"s3": {"object": {"key": record_key(mail_id)}}}]}
        aws.client("lambda").invoke(
            FunctionName=told.render_function_name, InvocationType="Event", Payload=json.dumps(event).encode()
        )
