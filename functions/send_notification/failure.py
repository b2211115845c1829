"""A message that could not be sent: put off where AWS says "not now", or as the log says it.

No text of errors is logged, for AWS and pydantic quote addresses.
"""

import traceback
from pathlib import PurePath

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyPersistenceLayerError,
)
from botocore.exceptions import ClientError
from pydantic import ValidationError

from mailroom.notifying.notifications import Notification
from mailroom.notifying.postponement import NotNowError, Postponement, not_now
from mailroom.storage.busy import TransactionBusyError
from mailroom.storage.corrupt_mail import CorruptMailError
from send_notification.post_office import count

PASSING = (NotNowError, ClientError, TransactionBusyError, IdempotencyPersistenceLayerError)
"""Errors that may say no more than "not now"."""

logger = Logger()


def ids_of(record: SQSRecord, notification: Notification | None) -> dict[str, str]:
    """What a log says of a message of the queue: ids alone."""
    sent_along = record.message_attributes["correlation_id"]
    ids = {
        "message_id": record.message_id,
        "correlation_id": (sent_along and sent_along.string_value) or record.message_id,
    }
    if notification is None:
        return ids
    return ids | {
        "mail_id": notification.mail_id,
        "notification_id": notification.notification_id,
        "channel": notification.channel,
    }


def put_off(record: SQSRecord, notification: Notification, error: BaseException, postponement: Postponement) -> None:
    """Put the message off where the error merely says "not now", so that it does not count as a failure.

    Raises the error again where it says more, and botocore's ClientError where SQS refuses.
    """
    refusal = not_now(error)
    if refusal is None:
        raise error
    waited = postponement.put_off(record.raw_event, refusal)
    count("NotificationsPostponed", notification.channel)
    with single_metric(name="SecondsPostponed", unit=MetricUnit.Seconds, value=waited.total_seconds()):
        pass
    logger.warning("notification postponed", extra={"reason": str(refusal), "waited_seconds": waited.total_seconds()})


def report(record: SQSRecord, error: Exception) -> None:
    """Log and count a message that the queue brings back."""
    try:
        notification = Notification.model_validate_json(record.body)
    except ValidationError:
        notification = None
    with logger.append_context_keys(**ids_of(record, notification)):
        if isinstance(error, IdempotencyAlreadyInProgressError):
            logger.info("notification is being sent by somebody else")
            return
        count("NotificationsFailed", notification.channel if notification else "unknown")
        logger.error("notification not sent", extra=described(error))


def described(error: BaseException) -> dict[str, list[str]]:
    """Name the error, what caused it, and the lines that it came through, without their texts."""
    chain = [error]
    while cause := chain[-1].__cause__:
        chain.append(cause)
    return {
        "errors": [_kind(each) for each in chain],
        "stack": [
            f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
        ],
    }


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        return f"{name} {error.operation_name} {code}"
    if isinstance(error, CorruptMailError):
        return f"{name} {error.fault}"
    if isinstance(error, ValidationError):
        # What is wrong, but not where: the name of an unknown field is somebody's text too.
        return f"{name} {' '.join(sorted({each['type'] for each in error.errors()}))}"
    return name
