"""What a scan's result sets off: the content is checked besides, both are noted, the organism is warned.

Every step may be done again, and what a crash left is finished by the event's next delivery.
"""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mailroom import clock, notifications
from mailroom.content.examine import examine
from mailroom.content.finding import Verdict
from mailroom.content.stored import ranges_of
from mailroom.directory import Directory
from mailroom.letter import Attachment, Scan
from mailroom.mail import Mail
from mailroom.notifications import DANGEROUS
from mailroom.refusals import MailNotFound
from mailroom.scans import TAG, Scans, StoredFile, stored_file, unknown_files
from mailroom.store import Store
from mailroom.table import Table

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

_SCANS: dict[Verdict, Scan] = {"clean": "clean", "unchecked": "unreadable", "refused": "mismatch"}
_GONE = frozenset({"NoSuchKey", "NoSuchVersion"})


class Inspection:
    """Takes results of scans, of files in one bucket."""

    def __init__(self, *, s3: "S3Client", bucket: str, table: Table, sqs: "SQSClient", queue_url: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._store = Store(table)
        self._scans = Scans(table)
        self._directory = Directory(table)
        self._sqs = sqs
        self._queue_url = queue_url

    def take(self, key: str, version_id: str, status: str, correlation_id: str) -> Scan | None:
        """Note GuardDuty's `status` of one version of an object; what became known anew comes back.

        Files that are no mail's, or no longer, are left alone.
        """
        file = stored_file(key)
        declared = self._declared(file) if file else None
        if file is None or declared is None:
            return None
        scan = self._judged(declared, key, version_id, status)
        noted = self._scans.note(file, version_id, scan, clock.now()) if scan else None
        if scan is None or noted is None:
            return None
        self._follow(file, noted.mail, correlation_id)
        for mail in self._redirections(noted.mail):
            there = file._replace(mail_id=mail.mail_id)
            followed = self._scans.note(there, version_id, scan, clock.now())
            if followed:
                self._follow(there, followed.mail, correlation_id)
        if _is_fixed(file, noted.mail):
            self._mend_tags(key, version_id, status)
        return scan if noted.is_new else None

    def _declared(self, file: StoredFile) -> Attachment | None:
        try:
            return file.among(self._store.mail(file.mail_id))
        except MailNotFound:
            return None

    def _judged(self, declared: Attachment, key: str, version_id: str, status: str) -> Scan | None:
        match status:
            case "THREATS_FOUND":
                return "infected"
            case "NO_THREATS_FOUND":
                return self._content(declared, key, version_id)
            case _:
                return "unreadable"

    def _content(self, declared: Attachment, key: str, version_id: str) -> Scan | None:
        read = ranges_of(self._s3, bucket=self._bucket, key=key, version_id=version_id)
        try:
            finding = examine(declared.media_type, declared.size, read)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _GONE:
                return None
            raise
        return _SCANS[finding.verdict]

    def _mend_tags(self, key: str, version_id: str, status: str) -> None:
        """Put back what was lost when the scan and the lock wrote a file's tags at the same moment.

        S3 replaces tags as a whole, so either may have undone the other: without the one, the file would be cleared
        away as a draft's; without the other, nobody could open it.
        """
        which: Any = {"Bucket": self._bucket, "Key": key, "VersionId": version_id}
        found = {tag["Key"]: tag["Value"] for tag in self._s3.get_object_tagging(**which)["TagSet"]}
        due = found | {"state": "submitted", TAG: status}
        if found != due:
            tagging: Any = {"TagSet": [{"Key": name, "Value": value} for name, value in due.items()]}
            self._s3.put_object_tagging(**which, Tagging=tagging)

    def _follow(self, file: StoredFile, mail: Mail, correlation_id: str) -> None:
        """Do what follows from what is known of a mail's files now; a draft's organism is told at submission."""
        if mail.submission is None:
            return
        found = file.among(mail)
        if found and found.scan in DANGEROUS:
            organism = self._directory.organism(mail.organism.organism_id)
            warnings = notifications.for_flagged_file(mail, organism)
            notifications.enqueue(self._sqs, self._queue_url, warnings, correlation_id)
        if not unknown_files(mail):
            self._scans.waits_no_more(mail.mail_id)

    def _redirections(self, mail: Mail) -> list[Mail]:
        """Where a mail went from organism to organism: there its files are the very same objects."""
        found: list[Mail] = []
        while mail.outcome and mail.outcome.redirected_to:
            mail = self._store.mail(mail.outcome.redirected_to.mail_id)
            found.append(mail)
        return found


def _is_fixed(file: StoredFile, mail: Mail) -> bool:
    """Whether the file is no draft's any more: its mail was submitted, or the answer it belongs to was given."""
    return (mail.submission if file.folder == "attachments" else mail.outcome) is not None
