"""A file was scanned for malware: its content is examined too, and its mail says what was found.

The event may come before the mail is submitted or after, twice, or for a file that was withdrawn: Lambda repeats what
fails, and `chase_scans` looks for what never came.
"""

from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.domain.file_states import MEANINGS
from mailroom.process import WithBucket, WithNotifications, WithTable
from mailroom.scanning.inspection import Inspection
from mailroom.scanning.scanner import GuardDuty, Scanner, StandInScanner
from mailroom.scanning.scans import ScanEvent, stored_file


class Process(WithTable, WithBucket, WithNotifications):
    """Reads files, writes to mails what was found, queues notifications, and requests scans whose finding was lost."""

    scanner: str
    """``guardduty``, or the name of the function that stands in for it."""

    def scan_again(self, key: str, version_id: str) -> None:
        """Have the stage's scanner scan a version once more."""
        scanner: Scanner
        if self.scanner == "guardduty":
            scanner = GuardDuty(self.s3, self.bucket_name, boto3.client("guardduty"))
        else:
            scanner = StandInScanner(self.s3, self.bucket_name, self.functions, self.scanner)
        scanner.ask(key, version_id)


METRICS = {"refused": "FilesFlagged", "unchecked": "FilesUnchecked"}
"""What is counted of files, by their `check`."""

logger = Logger()
metrics = Metrics()


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Take one event "GuardDuty Malware Protection Object Scan Result"."""
    process, detail = Process.current(), ScanEvent.model_validate(event["detail"])
    scanned, status = detail.s3_object_details, detail.scan_result_details.scan_result_status
    file = stored_file(scanned.object_key)
    if file is None or scanned.bucket_name != process.bucket_name:
        return
    inspection = Inspection(
        s3=process.s3,
        bucket=process.bucket_name,
        table=process.table,
        queue=process.notifications,
        scan_again=process.scan_again,
    )
    found = inspection.take(scanned.object_key, scanned.version_id, status, event.get("id", context.aws_request_id))
    ids = {"mail_id": file.mail_id, "attachment_id": file.attachment_id}
    logger.info("scan noted" if found else "nothing new", extra=ids | {"status": status, "scan": found})
    if found:
        metrics.add_metric("FilesScanned", MetricUnit.Count, 1)
        if metric := METRICS.get(MEANINGS[found].check):
            metrics.add_metric(metric, MetricUnit.Count, 1)
        metrics.flush_metrics()
