"""Every five minutes: give receipts the time stamp that they were issued without, and count those that wait too long.

The days for which receipts can still be sealed are counted too: a certificate takes weeks to renew.

Where the stage names no authority any more, receipts wait until it names one.
"""

from functools import cached_property
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.domain import clock
from mailroom.operating.stamp_run import StampRun
from mailroom.process import WithRetention, WithTable
from mailroom.signatures.seal_validity import days_left
from mailroom.timestamps.authority import TimeStampAuthority


class Process(WithTable, WithRetention):
    """Replaces receipts by the same with a time stamp, and writes their digests to the register."""

    timestamp_authority: str
    """The address of the authority; empty where the stage names none."""
    seal_chain: str
    """The object that holds the certificates of the key that seals."""

    @cached_property
    def authority(self) -> TimeStampAuthority:
        """The authority, which rests a while after a failure."""
        return TimeStampAuthority(self.timestamp_authority)


metrics = Metrics()


def handler(_event: dict[str, Any], context: LambdaContext) -> None:
    """Add the time stamps that can be had now; report how many, and how many receipts wait since more than a day."""
    process, added, late = Process.current(), 0, 0
    if process.timestamp_authority:
        run = StampRun(process.table, process.files, process.authority, context)
        added, late = run.add(), run.late()
        if run.failed:
            metrics.add_metric("TimeStampsFailed", MetricUnit.Count, 1)
    sealing = days_left(process.files.read_certificates(process.seal_chain), clock.now())
    metrics.add_metric("SealDaysLeft", MetricUnit.Count, sealing)
    metrics.add_metric("TimeStampsAdded", MetricUnit.Count, added)
    metrics.add_metric("ReceiptsUnstamped", MetricUnit.Count, late)
    metrics.flush_metrics()
