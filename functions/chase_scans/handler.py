"""Every five minutes: look for files whose scan never came, ask for it again, and tell operators of what stays unknown.

After a quarter of an hour the version's tag is read, for the event alone may be lost, and the scan is asked for once
more; after an hour operators are told. What is not known is nobody's to download, then as before. `{"again": true}`
asks anew for everything that operators were told of, when they have mended what was broken.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from mailroom import aws, clock, settings
from mailroom.inspection import Inspection
from mailroom.mail import Mail
from mailroom.operators import Operators
from mailroom.refusals import MailNotFound
from mailroom.scanner import Scanner
from mailroom.scans import Scans, Waiting, stored_files, unknown_files
from mailroom.store import Store

_ASKED_AGAIN_AFTER = timedelta(minutes=15)
_ESCALATED_AFTER = timedelta(minutes=60)
_ENOUGH_MS = 15_000
"""Milliseconds that must be left to begin with another mail; the rest is seen five minutes later."""

_TOLD_AT_ONCE = 100
"""Mails named in one message to operators."""


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    bucket_name: str
    notifications_queue_url: str
    operators_topic_arn: str
    scanner: str
    """``guardduty``, or the name of the function that stands in for it."""


logger = Logger()
metrics = Metrics()


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Move each mail that waits for a scan as far as its time has come."""
    chase = Chase(Settings.read(), clock.now(), context)
    if event.get("again"):
        chase.begin_anew()
    # In this order: what was asked for just now gets the time until the next run.
    chase.tell_operators()
    chase.ask_again()
    metrics.add_metric("FilesUnscanned", MetricUnit.Count, chase.unscanned())
    metrics.flush_metrics()


class Chase:
    """One run."""

    def __init__(self, told: Settings, now: datetime, context: LambdaContext) -> None:
        self._now = now
        self._context = context
        self._scans = Scans(aws.table(told.table_name))
        self._store = Store(aws.table(told.table_name))
        self._scanner = Scanner(told.bucket_name, told.scanner)
        self._operators = Operators(aws.client("sns"), told.operators_topic_arn)
        self._inspection = Inspection(
            s3=aws.client("s3"),
            bucket=told.bucket_name,
            table=aws.table(told.table_name),
            sqs=aws.client("sqs"),
            queue_url=told.notifications_queue_url,
        )

    def begin_anew(self) -> None:
        """Let everything that operators were told of be asked for again."""
        for mail_id in self._scans.waiting("UNSCANNED", self._now):
            self._scans.waits(mail_id, "UNSCANNED", "SCAN", since=self._now - _ASKED_AGAIN_AFTER)

    def ask_again(self) -> None:
        """Ask once more for the scans that are a quarter of an hour late."""
        for mail in self._still_waiting("SCAN", _ASKED_AGAIN_AFTER):
            self._ask(mail)
            self._scans.waits(mail.mail_id, "SCAN", "SCAN_ASKED")

    def _ask(self, mail: Mail) -> None:
        try:
            for key, version_id in stored_files(mail, unknown_files(mail)):
                self._scanner.ask(key, version_id)
        except ClientError as error:
            # Whoever cannot be asked stops neither the next mail's turn nor, in an hour, the word to operators.
            code = error.response.get("Error", {}).get("Code")
            logger.warning("scan not asked for", extra={"mail_id": mail.mail_id, "code": code})
        else:
            logger.warning("scan asked for again", extra={"mail_id": mail.mail_id})

    def tell_operators(self) -> None:
        """Name the mails whose files are an hour late, or can't be looked into."""
        late = list(islice(self._still_waiting("SCAN_ASKED", _ESCALATED_AFTER), _TOLD_AT_ONCE))
        if not late:
            return
        numbers = [mail.submission.number for mail in late if mail.submission]
        self._operators.tell(
            f"Files not scanned: {len(late)} mails",
            [
                "The scan for malware did not come, or could not look into files of these mails.",
                "Nobody can download these files until it does.",
                *sorted(numbers),
            ],
        )
        for mail in late:
            for key, version_id in stored_files(mail, unknown_files(mail)):
                self._inspection.take(key, version_id, "NEVER_CAME", self._context.aws_request_id)
            logger.error("file not scanned", extra={"mail_id": mail.mail_id})
            self._scans.waits(mail.mail_id, "SCAN_ASKED", "UNSCANNED")

    def unscanned(self) -> int:
        """How many mails have files that operators were told of and that are still not known."""
        return len(self._scans.waiting("UNSCANNED", self._now))

    def _still_waiting(self, what: Waiting, late: timedelta) -> Iterator[Mail]:
        """The mails that have waited so long, and whose files are not known from their tags either."""
        for mail_id in self._scans.waiting(what, self._now - late):
            if self._context.get_remaining_time_in_millis() < _ENOUGH_MS:
                return
            try:
                mail = self._looked_at(self._store.mail(mail_id))
            except MailNotFound:
                mail = None
            if mail is None:
                self._scans.waits_no_more(mail_id)
            else:
                yield mail

    def _looked_at(self, mail: Mail) -> Mail | None:
        """The mail after its files' tags were read; None when nothing is unknown any more."""
        for key, version_id in stored_files(mail, unknown_files(mail)):
            if status := self._scanner.status(key, version_id):
                self._inspection.take(key, version_id, status, self._context.aws_request_id)
        mail = self._store.mail(mail.mail_id)
        return mail if unknown_files(mail) else None
