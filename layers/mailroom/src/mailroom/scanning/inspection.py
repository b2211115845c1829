"""A scan's result: the content is examined too, both make the file's state, and people are notified of it.

Every step may be done again, and what a crash left is finished by the event's next delivery.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mailroom.content.examine import examine
from mailroom.content.finding import Finding
from mailroom.content.stored import ranges_of
from mailroom.content.time_limit import TookTooLong, limited
from mailroom.domain import clock
from mailroom.domain.file_states import NEVER_CAME, FileState, judged, stronger_tag
from mailroom.domain.letter import Attachment
from mailroom.domain.mail import Closed, Draft, Mail, Submitted
from mailroom.domain.refusals import MailNotFound
from mailroom.notifying import notifications
from mailroom.notifying.notification_queue import NotificationQueue
from mailroom.organisms.directory import Directory
from mailroom.scanning.scans import TAG, Known, Scans, StoredFile, stored_file
from mailroom.storage.mails import Store
from mailroom.storage.object_keys import SCANNED_AGAIN_TAG, STATE_TAG, SUBMITTED_STATE
from mailroom.storage.object_lock import status_of
from mailroom.storage.table import Table

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_GONE = frozenset({"NoSuchKey", "NoSuchVersion"})

LOOK_SECONDS = 10.0
"""How long the examination of one file may take. An honest file takes milliseconds beside the reading."""

_ENDLESS = Finding("unchecked", "too_deep", None)
"""What is found of a file whose examination did not end in time."""


class Inspection:
    """Takes results of scans, of files in one bucket.

    `scan_again` has a version of an object scanned once more; it takes the key and the version's id.
    """

    def __init__(
        self,
        *,
        s3: "S3Client",
        bucket: str,
        table: Table,
        queue: NotificationQueue,
        scan_again: Callable[[str, str], None],
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._store = Store(table)
        self._scans = Scans(table)
        self._directory = Directory(table)
        self._queue = queue
        self._scan_again = scan_again

    def take(
        self, key: str, version_id: str, status: str, correlation_id: str, *, examines: bool = True
    ) -> FileState | None:
        """Note GuardDuty's `status` of one version of an object; the state comes back where it is new.

        Files that are no mail's, or no longer, are left alone. Without `examines` nothing is read of the file, so that
        one whose examination breaks comes to an end too.
        """
        file = stored_file(key)
        declared = self._declared(file) if file else None
        if file is None or declared is None:
            return None
        known = self._known(declared, key, version_id, status, examines=examines)
        noted = self._scans.note(file, version_id, known, clock.now()) if known else None
        if known is None or noted is None:
            return None
        self._follow(file, noted.mail, correlation_id)
        # Wherever the mail was redirected, its files are the same objects.
        mail = noted.mail
        while not isinstance(mail, Draft) and mail.redirected_to:
            mail = self._store.submitted(mail.redirected_to.mail_id)
            there = file._replace(mail_id=mail.mail_id)
            followed = self._scans.note(there, version_id, known, clock.now())
            if followed:
                self._follow(there, followed.mail, correlation_id)
        if _is_fixed(file, noted.mail) or (file.folder == "answers" and status == NEVER_CAME):
            self._mend_tags(key, version_id, status, is_fixed=_is_fixed(file, noted.mail))
        return known.state if noted.is_new else None

    def _declared(self, file: StoredFile) -> Attachment | None:
        try:
            return file.among(self._store.mail(file.mail_id))
        except MailNotFound:
            return None

    def _known(self, declared: Attachment, key: str, version_id: str, status: str, *, examines: bool) -> Known | None:
        """What is known of a file from its scan's status and its content; None when it is there no more."""
        if status == "THREATS_FOUND" or not examines:
            return Known(judged(status, None, None))
        read = ranges_of(self._s3, bucket=self._bucket, key=key, version_id=version_id)
        try:
            with limited(LOOK_SECONDS):
                finding = examine(declared.media_type, declared.size, read)
        except TookTooLong:
            finding = _ENDLESS
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _GONE:
                return None
            raise
        return Known(judged(status, finding.verdict, finding.reason), finding.media_type, finding.warnings)

    def _mend_tags(self, key: str, version_id: str, status: str, *, is_fixed: bool) -> None:
        """Put back what was lost when the scan and the lock wrote a file's tags at the same moment.

        S3 replaces tags as a whole, so either may have undone the other: without the one, the file would be cleared
        away as a draft's; without the other, it could not be opened. Where the bucket's policy lets the scanner alone
        write its finding, a lost one is scanned for again, once: a second loss is left to operators.
        """
        found = self._tags(key, version_id)
        due = found | ({STATE_TAG: SUBMITTED_STATE} if is_fixed else {}) | {TAG: stronger_tag(found.get(TAG), status)}
        if found == due:
            return
        try:
            self._tag(key, version_id, due)
        except ClientError as error:
            if status_of(error) != HTTPStatus.FORBIDDEN or TAG in found or SCANNED_AGAIN_TAG in found:
                raise
            self._scan_again(key, version_id)
            others = {name: value for name, value in due.items() if name != TAG}
            self._tag(key, version_id, others | {SCANNED_AGAIN_TAG: "yes"})

    def _tags(self, key: str, version_id: str) -> dict[str, str]:
        answer = self._s3.get_object_tagging(Bucket=self._bucket, Key=key, VersionId=version_id)
        return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}

    def _tag(self, key: str, version_id: str, tags: Mapping[str, str]) -> None:
        tagging: Any = {"TagSet": [{"Key": name, "Value": value} for name, value in tags.items()]}
        self._s3.put_object_tagging(Bucket=self._bucket, Key=key, VersionId=version_id, Tagging=tagging)

    def _follow(self, file: StoredFile, mail: Mail, correlation_id: str) -> None:
        """Notify people of what is known of a mail's files now; those of a draft are notified at submission."""
        found = file.among(mail)
        if found is None or isinstance(mail, Draft):
            return
        if found.check in {"unchecked", "refused"}:
            organism = self._directory.organism(mail.organism.organism_id)
            in_answer = file.folder == "answers"
            messages = (
                notifications.for_answer_file(mail, organism) if in_answer else notifications.for_files(mail, organism)
            )
            self._queue.put(messages, correlation_id)
        self._scans.settle(mail, file.folder, clock.now())


def _is_fixed(file: StoredFile, mail: Mail) -> bool:
    """Whether the file is no draft's any more: its mail was submitted, or the answer it belongs to was given."""
    return isinstance(mail, Submitted if file.folder == "attachments" else Closed)
