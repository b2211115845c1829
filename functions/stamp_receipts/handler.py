"""Every five minutes: give receipts the time stamp that they went out without, and count those that wait too long.

The authority was slow or down when they were made. Its first failure ends a run: it has a few minutes to recover, and a
receipt without is good all the while. Where the stage names none any more, what waits does so until it names one.
"""

from datetime import timedelta
from itertools import islice
from typing import Any, Literal

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.domain import clock
from mailroom.domain.refusals import Refusal
from mailroom.storage.bucket import Retention
from mailroom.storage.busy import TransactionBusyError
from mailroom.timestamps.authority import authority_at
from mailroom.timestamps.late import LateStamps
from mailroom.timestamps.refusal import NoStampError
from mailroom.timestamps.waiting import Stamps

_MOST_AT_ONCE = 500
"""Receipts looked at in one run."""
_ENOUGH_MS = 15_000
"""Milliseconds that must be left to begin with another receipt; the rest is seen five minutes later."""
_LATE_AFTER = timedelta(days=1)


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    bucket_name: str
    retention_days: int
    retention_mode: Literal["COMPLIANCE", "GOVERNANCE"]
    timestamp_authority: str
    """The address of who stamps the time on seals; empty where the stage names nobody."""


logger = Logger()
metrics = Metrics()


def handler(_event: dict[str, Any], context: LambdaContext) -> None:
    """Add what time stamps are to be had now; report how many, and how many receipts wait since more than a day."""
    told = Settings.read()
    stamps = Stamps(aws.table(told.table_name))
    added = late = 0
    if told.timestamp_authority:
        added = _added(told, stamps, context)
        late = sum(1 for _ in stamps.waiting(until=clock.now() - _LATE_AFTER))
    metrics.add_metric("TimeStampsAdded", MetricUnit.Count, added)
    metrics.add_metric("ReceiptsUnstamped", MetricUnit.Count, late)
    metrics.flush_metrics()


def _added(told: Settings, stamps: Stamps, context: LambdaContext) -> int:
    files = aws.bucket(told.bucket_name, Retention(told.retention_mode, told.retention_days))
    late = LateStamps(stamps, files, authority_at(told.timestamp_authority))
    added = 0
    for mail_id in islice(stamps.waiting(until=clock.now()), _MOST_AT_ONCE):
        if context.get_remaining_time_in_millis() < _ENOUGH_MS:
            break
        try:
            added += late.add(mail_id)
        except NoStampError as failure:
            logger.warning("no time stamp to be had", extra={"mail_id": mail_id, "reason": failure.reason})
            metrics.add_metric("TimeStampsFailed", MetricUnit.Count, 1)
            break
        except (ClientError, BotoCoreError, Refusal, TransactionBusyError) as error:
            logger.error(  # noqa: TRY400 - AWS's texts may quote people
                "time stamp could not be added",
                extra={"mail_id": mail_id, "error": type(error).__name__, "where": resolver.where(error)},
            )
    return added
