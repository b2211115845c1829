"""Every five minutes: files whose scan never came are scanned again, and operators are alerted of what stays unknown.

`{"again": true}` requests everything again that operators were alerted of, once they have mended what was broken.
"""

from functools import cached_property
from typing import Any

import boto3
from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.operating.scan_chase import ScanChase
from mailroom.process import WithBucket, WithNotifications, WithOperators, WithTable
from mailroom.scanning.inspection import Inspection
from mailroom.scanning.scanner import GuardDuty, Scanner, StandInScanner


class Process(WithTable, WithBucket, WithNotifications, WithOperators):
    """Reads files, writes to mails what was found, queues notifications, requests scans, and alerts operators."""

    scanner: str
    """``guardduty``, or the name of the function that stands in for it."""

    @cached_property
    def malware_scanner(self) -> Scanner:
        """The stage's scanner."""
        if self.scanner == "guardduty":
            return GuardDuty(self.s3, self.bucket_name, boto3.client("guardduty"))
        return StandInScanner(self.s3, self.bucket_name, self.functions, self.scanner)


metrics = Metrics()


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Move each mail that waits for a scan as far as its time has come."""
    own = Process.current()
    scanner = own.malware_scanner
    inspection = Inspection(
        s3=own.s3, bucket=own.bucket_name, table=own.table, queue=own.notifications, scan_again=scanner.ask
    )
    chase = ScanChase(own.table, inspection, scanner, own.operators, context)
    if event.get("again"):
        chase.reopen()
    # In this order: a scan that was just requested gets the time until the next run.
    try:
        chase.tell_operators()
    finally:
        chase.ask_again()
    metrics.add_metric("FilesUnscanned", MetricUnit.Count, chase.unscanned())
    metrics.flush_metrics()
