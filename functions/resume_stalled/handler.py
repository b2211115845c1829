"""Every minute: look for mail that was submitted or closed and stopped half-way, push it on, and count what is late.

A mail waits in a sparse index from its submission until everyone was told. What waits longer than two
minutes was left by a crash: its sealed record is written again if it is missing, which makes the
receipt, or the receipt's function is called. So does the event of a collection or an outcome, until its sender
was told and the answer's files are locked. A mail whose codes were turned waits for its slip with the new one.
"""

import json
from collections import Counter
from datetime import timedelta
from itertools import islice
from typing import Any, Literal

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.domain import clock
from mailroom.domain.refusals import Refusal
from mailroom.mails import completion
from mailroom.mails.slip_requests import ask_for_slip
from mailroom.notifying import notifications
from mailroom.notifying.notification_queue import NotificationsNotQueuedError
from mailroom.notifying.notifications import Notification
from mailroom.storage.bucket import Retention
from mailroom.storage.item_keys import mail_id_in
from mailroom.storage.mails import Store
from mailroom.storage.object_keys import record_key
from mailroom.storage.schema import Waiting
from mailroom.storage.table import Item, Table

_STALLED_AFTER = timedelta(minutes=2)
_LATE_AFTER = timedelta(minutes=5)
_MOST_AT_ONCE = 200
"""Mails pushed on in one run; the rest is seen a minute later."""

_KINDS = {Waiting.RECEIPT: "receipt", Waiting.ALERT: "alert", Waiting.NEWS: "news", Waiting.SLIP: "receipt"}
"""What is pushed on, in this order, and as which kind it is counted."""


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
    """Push on what stalled; report what was found, none of each kind in good weather, and what waits too long."""
    table = aws.table(Settings.read().table_name)
    now = clock.now()
    found = _pushed_on(table, clock.iso(now - _STALLED_AFTER), context.aws_request_id)
    for kind, count in found.items():
        with single_metric(name="StalledFound", unit=MetricUnit.Count, value=count, default_dimensions={"kind": kind}):
            pass
    late = sum(1 for _ in table.waiting(Waiting.RECEIPT, until=clock.iso(now - _LATE_AFTER)))
    untold = sum(
        1 for what in (Waiting.ALERT, Waiting.NEWS) for _ in table.waiting(what, until=clock.iso(now - _LATE_AFTER))
    )
    metrics.add_metric("MailsWaitingForReceipt", MetricUnit.Count, late)
    metrics.add_metric("MailsWaitingForAlert", MetricUnit.Count, untold)
    metrics.flush_metrics()


def _pushed_on(table: Table, until: str, correlation_id: str) -> Counter[str]:
    """Push on all that waits since before `until`, as far as each can be; how much of each kind it was."""
    found = Counter(dict.fromkeys(("record", "receipt", "alert", "news"), 0))
    for what, kind in _KINDS.items():
        for item in islice(table.waiting(what, until=until), _MOST_AT_ONCE):
            mail_id = mail_id_in(item)
            record_was_missing = False
            try:
                if what == Waiting.NEWS:
                    tell(item, correlation_id)
                elif what == Waiting.SLIP:
                    ask_for_slip(Settings.read().render_function_name, mail_id)
                else:
                    record_was_missing = push_on(mail_id, correlation_id)
            except (ClientError, BotoCoreError, Refusal, NotificationsNotQueuedError) as error:
                logger.error(  # noqa: TRY400 - AWS's texts may quote people
                    "mail could not be pushed on",
                    extra={"mail_id": mail_id, "error": type(error).__name__, "where": resolver.where(error)},
                )
            found["record" if record_was_missing else kind] += 1
    return found


def tell(event: Item, correlation_id: str) -> None:
    """Finish what an event of a mail brings with it, given the event's key."""
    told = Settings.read()
    files = aws.bucket(told.bucket_name, Retention(told.retention_mode, told.retention_days))

    def queue(messages: list[Notification]) -> None:
        notifications.enqueue(aws.client("sqs"), told.notifications_queue_url, messages, correlation_id)

    logger.warning("news had stopped half-way", extra={"mail_id": mail_id_in(event)})
    completion.push_on_item(aws.table(told.table_name), event, queue, files.lock_answers)


def push_on(mail_id: str, correlation_id: str) -> bool:
    """Start again what makes the receipt of one mail and tells everyone; harmless when it is at work already.

    True when the sealed record was missing.
    """
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
    return written
