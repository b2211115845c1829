"""What is watched: each function, each queue, the API, and each promise to senders. `causes` says who is woken."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.constructs.causes import Cause, cause_of
from infra.constructs.http_api import HttpApi
from infra.constructs.metrics import FIVE_MINUTES, MINUTE, QUARTER, depth, emitted, of_lambda
from infra.constructs.queues import DeadLetters, Queue
from infra.stage import Stage

_MANY_CAPPED = 10
"""Capped messages in a quarter of an hour: one eager sender stays below."""

LONGEST_DELAY = 15 * 60
"""Seconds between two attempts at a message that is put off, at most: `mailroom.notifying.postponement` says so."""

_HOURS_TO_THE_NEXT_HEAD = 26
"""A head is published each night; two hours are left for it to be late."""

_SLOW_ANSWER_MS = 3_000
_SLOW_RECEIPT_S = 30

_SEAL_ENDS_IN_DAYS = 30
"""An authority takes days or weeks to issue the next certificate."""

_GIVEN_UP: Mapping[str, Cause] = {
    "receipts": Cause.RECEIPTS,
    "events": Cause.FILES,
    "notifications": Cause.MESSAGES,
    "webhooks": Cause.MESSAGES,
}
"""What is broken where a dead-letter queue of this name holds something."""

_REACHED = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
_SILENCE_IS_HEALTH = cloudwatch.TreatMissingData.NOT_BREACHING
_SILENCE_IS_TROUBLE = cloudwatch.TreatMissingData.BREACHING


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A metric, and the values of it that raise the alarm."""

    name: str
    cause: Cause
    metric: cloudwatch.IMetric
    description: str
    threshold: float = 1
    missing: cloudwatch.TreatMissingData = _SILENCE_IS_HEALTH
    periods: int = 1
    most_healthy: int = 0
    """How many of the periods may be healthy while it rings."""
    comparison: cloudwatch.ComparisonOperator = _REACHED

    def alarm(self, scope: Construct, stage: Stage) -> cloudwatch.Alarm:
        """Make the alarm."""
        return cloudwatch.Alarm(
            scope,
            self.name,
            alarm_name=stage.name_of(self.name.replace("_", "-")),
            alarm_description=self.description,
            metric=self.metric,
            threshold=self.threshold,
            evaluation_periods=self.periods,
            datapoints_to_alarm=self.periods - self.most_healthy if self.most_healthy else None,
            comparison_operator=self.comparison,
            treat_missing_data=self.missing,
        )


def of_function(operation: str, function_name: str) -> Iterator[Watched]:
    """A function fails, or is throttled."""
    yield Watched(
        name=f"{operation}-errors",
        cause=cause_of(operation),
        metric=of_lambda("Errors", function_name),
        description=f"{operation} failed: its log says why, under the request's correlation id.",
    )
    yield Watched(
        name=f"{operation}-throttles",
        cause=Cause.LIMITS,
        metric=of_lambda("Throttles", function_name),
        description=f"{operation} was refused a place to run: the account's concurrency is spent.",
    )


def of_queue(queue: Queue) -> Watched:
    """A message waits for too long."""
    return Watched(
        name=f"{queue.name}-late",
        cause=Cause.MESSAGES,
        metric=queue.queue.metric_approximate_age_of_oldest_message(period=MINUTE, statistic="Maximum"),
        description=f"Messages have waited in {queue.node.id} for more than {queue.late_after.to_minutes()} minutes.",
        threshold=int(queue.late_after.to_seconds()),
    )


def of_dead_letters(dead_letters: DeadLetters) -> Watched:
    """An event failed for good."""
    return Watched(
        name=f"{dead_letters.name}-failed",
        cause=_GIVEN_UP[dead_letters.name],
        metric=depth(dead_letters.queue),
        description=f"{dead_letters.node.id}: something was given up and waits to be redriven.",
    )


def of_api(api: HttpApi) -> Iterator[Watched]:
    """The API answers 5xx, or late."""
    yield Watched(
        name="api-server-errors",
        cause=Cause.SUBMISSION,
        metric=api.http_api.metric_server_error(period=FIVE_MINUTES, statistic="Sum"),
        description="The API answered 5xx.",
    )
    yield Watched(
        name="api-slow",
        cause=Cause.SUBMISSION,
        metric=api.http_api.metric_latency(period=FIVE_MINUTES, statistic="p95"),
        description="For a quarter of an hour, one answer of the API in twenty took more than three seconds.",
        threshold=_SLOW_ANSWER_MS,
        periods=3,
    )


def of_mails() -> Iterator[Watched]:
    """A promise to senders is late: the receipt, the organism's alert, the scan, the head, the time stamp."""
    late = "A mail was submitted more than five minutes ago and"
    stopped = "or the schedule that looks for such mails has stopped."
    yield Watched(
        name="mails-waiting-for-receipt",
        cause=Cause.RECEIPTS,
        metric=emitted("MailsWaitingForReceipt", "resume_stalled", statistic="Maximum"),
        description=f"{late} has no receipt, {stopped}",
        missing=_SILENCE_IS_TROUBLE,
    )
    yield Watched(
        name="mails-waiting-for-alert",
        cause=Cause.MESSAGES,
        metric=emitted("MailsWaitingForAlert", "resume_stalled", statistic="Maximum"),
        description=f"{late} its organism was not alerted, {stopped}",
        missing=_SILENCE_IS_TROUBLE,
    )
    yield Watched(
        name="files-unscanned",
        cause=Cause.FILES,
        metric=emitted("FilesUnscanned", "chase_scans", statistic="Maximum", period=QUARTER),
        description="The scan of a file did not come in an hour, or the schedule that looks for such files has "
        "stopped.",
        missing=_SILENCE_IS_TROUBLE,
    )
    yield Watched(
        name="heads-late",
        cause=Cause.REGISTERS,
        metric=emitted("HeadsFound", "publish_heads", statistic="Sum", period=Duration.hours(1)),
        description="For 26 hours no head of the registers was published: read the log of publish_heads, then call it.",
        missing=_SILENCE_IS_TROUBLE,
        periods=_HOURS_TO_THE_NEXT_HEAD,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    )
    yield Watched(
        name="receipts-unstamped",
        cause=Cause.RECEIPTS,
        metric=emitted("ReceiptsUnstamped", "stamp_receipts", statistic="Maximum", period=QUARTER),
        description="A receipt has waited for its time stamp for more than a day, or the schedule that adds them has "
        "stopped.",
        missing=_SILENCE_IS_TROUBLE,
    )
    yield Watched(
        name="receipts-slow",
        cause=Cause.RECEIPTS,
        metric=emitted("SecondsToReceipt", "render_receipt", statistic="p95"),
        description="For a quarter of an hour, one receipt in twenty came more than half a minute after its mail.",
        threshold=_SLOW_RECEIPT_S,
        periods=3,
    )
    yield Watched(
        name="seal-ending",
        cause=Cause.RECEIPTS,
        metric=emitted("SealDaysLeft", "stamp_receipts", statistic="Minimum", period=QUARTER),
        description="The seal's certificate, or one above it, ends within 30 days, or none is installed: no receipt is "
        "made without one.",
        threshold=_SEAL_ENDS_IN_DAYS,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
    )


def of_canary() -> Watched:
    """The mail that the stage sends to itself does not come to its receipt."""
    return Watched(
        name="canary-failed",
        cause=Cause.SUBMISSION,
        metric=emitted("CanaryPassed", "canary", statistic="Minimum"),
        description="Of three mails that the stage sent to itself, two did not come to their receipt, or were not "
        "sent: CanaryFailed and the log of canary name the step.",
        missing=_SILENCE_IS_TROUBLE,
        periods=3,
        most_healthy=1,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    )


def of_messages(*, sms_of_month: int) -> Iterator[Watched]:
    """Messages wait for AWS, are capped, or soon will be; `sms_of_month` is the most SMS in a month."""
    yield Watched(
        name="notifications-postponed",
        cause=Cause.MESSAGES,
        metric=emitted(
            "SecondsPostponed", "send_notification", statistic="Maximum", period=Duration.seconds(2 * LONGEST_DELAY)
        ),
        description="SES or SNS, or the table, has refused messages for half an hour: a quota is spent, or sending is "
        "suspended. The messages wait and go out by themselves.",
        threshold=2 * LONGEST_DELAY,
    )
    yield Watched(
        name="sms-budget",
        cause=Cause.MONEY,
        metric=emitted("SmsOfMonth", "send_notification", statistic="Maximum"),
        description=f"Of the {sms_of_month} SMS of this month, four in five are sent. Past the last, none go until the "
        "next month.",
        threshold=max(1, sms_of_month * 4 // 5),
    )
    yield Watched(
        name="sending-paused",
        cause=Cause.MESSAGES,
        metric=emitted("SendingPaused", "note_bounce", statistic="Maximum"),
        description="So many e-mails come back or are called spam that senders' new addresses get none, before SES "
        "stops all sending: GET /v1/operations/failures says how many, the log of note_bounce of which mails.",
    )
    for channel in ("email", "sms"):
        yield Watched(
            name=f"{channel}-capped",
            cause=Cause.MESSAGES,
            metric=emitted(
                "NotificationsCapped", "send_notification", statistic="Sum", period=QUARTER, channel=channel
            ),
            description="Messages are not sent since caps are reached: somebody floods an address or an organism, or a "
            "cap is too low. GET /v1/operations/failures shows which.",
            threshold=_MANY_CAPPED,
        )
