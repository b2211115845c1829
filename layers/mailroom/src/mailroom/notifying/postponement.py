"""Messages of a queue that are put off because AWS said "not now": a sending rate or quota, a table or key in demand.

SQS counts how often it hands out a message, and after a few times moves it to the dead-letter queue, as if it had
failed. A message that is put off is therefore sent to its queue once more, with a delay, and the one at hand is done
with. A process that dies in between leaves both: every reader of these queues tolerates a message that comes twice.

There is no last time: a message waits for as long as AWS says "not now", and an alarm says since when it does.
"""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mailroom.domain import clock
from mailroom.storage.busy import TransactionBusyError, is_throttling

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

FIRST_DELAY = timedelta(seconds=15)
LONGEST_DELAY = timedelta(minutes=15)
"""SQS's own limit of `DelaySeconds`."""

_TIMES, _SINCE = "postponed", "first_sent_at"
"""Message attributes: how often a message was put off, and when it was first sent."""

_LEAST_JITTER = 0.75
"""Messages that were put off together come back apart: each waits for this part of its delay at least."""


class NotNowError(Exception):
    """AWS takes nothing of this kind at present, and surely did nothing. `reason` is AWS's code, without its text."""

    def __init__(self, reason: str, *, for_hours: bool = False) -> None:
        super().__init__(reason)
        self.for_hours = for_hours
        """Whether a quota of a day or a month is spent: asking again within minutes is no use."""


class NotRepeatableError(Exception):
    """What was asked for is done, and noting it failed: doing it again would do it twice."""


def not_now(error: BaseException) -> NotNowError | None:
    """The refusal behind an error that merely says "not now"; None for any other error."""
    refusal: NotNowError | None = None
    cause: BaseException | None = error
    while cause is not None:
        match cause:
            case NotRepeatableError():
                return None
            case NotNowError():
                refusal = cause
            case TransactionBusyError():
                refusal = NotNowError("TransactionConflict")
            case ClientError() if is_throttling(cause):
                refusal = NotNowError(str(cause.response["Error"]["Code"]))
            case _:
                pass
        cause = cause.__cause__
    return refusal


class Postponement:
    """Puts messages of one queue off."""

    def __init__(self, sqs: "SQSClient", queue_url: str) -> None:
        self._sqs = sqs
        self._queue_url = queue_url

    def put_off(self, record: Mapping[str, Any], refusal: NotNowError) -> timedelta:
        """Send the message of `record`, as Lambda hands it over, again; how long it has waited since the first time.

        Raises botocore's ClientError where SQS refuses: the message at hand then has to fail.
        """
        attributes, about = record.get("messageAttributes", {}), record.get("attributes", {})
        times = int(_text(attributes, _TIMES) or 0)
        since = _text(attributes, _SINCE) or _first_sent(about)
        kept = {name: _typed(value["stringValue"]) for name, value in attributes.items() if "stringValue" in value}
        more: dict[str, Any] = {}
        if group := about.get("MessageGroupId"):
            more["MessageGroupId"] = group
        if trace := about.get("AWSTraceHeader"):
            more["MessageSystemAttributes"] = {"AWSTraceHeader": _typed(trace)}
        self._sqs.send_message(
            QueueUrl=self._queue_url,
            MessageBody=record["body"],
            MessageAttributes=kept | {_TIMES: _typed(str(times + 1)), _SINCE: _typed(since)},
            DelaySeconds=int(delay(times, for_hours=refusal.for_hours).total_seconds()),
            **more,
        )
        return clock.now() - clock.parse(since)


def delay(times: int, *, for_hours: bool) -> timedelta:
    """How long a message waits that was put off `times` times before: doubled each time, to a quarter of an hour."""
    doubled = min(times, 10)
    longest = LONGEST_DELAY if for_hours else min(FIRST_DELAY * 2**doubled, LONGEST_DELAY)
    return longest * random.uniform(_LEAST_JITTER, 1)  # noqa: S311 - jitter, not a secret


def _first_sent(about: Mapping[str, str]) -> str:
    milliseconds = about.get("SentTimestamp")
    now = clock.now()
    return clock.iso(datetime.fromtimestamp(int(milliseconds) / 1000, now.tzinfo) if milliseconds else now)


def _text(attributes: Mapping[str, Any], name: str) -> str | None:
    value = attributes.get(name, {}).get("stringValue")
    return str(value) if value else None


def _typed(value: str) -> Any:  # noqa: ANN401 - an attribute of SQS, of a message or of the system
    return {"DataType": "String", "StringValue": value}
