"""Files in the bucket: the sender's attachments, the sealed records, the receipts.

Attachments never pass through a function: the sender sends them by presigned URL, and storage itself refuses other
bytes than the announced ones. What is written once is written with ``If-None-Match: *``.
"""

import base64
import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mailroom.domain import sealed_record
from mailroom.domain.file_refusals import AnswerFilesPending, AnswerFilesRefused, FilesRefused
from mailroom.domain.letter import Attachment, name_of, names_of
from mailroom.domain.mail import Closed, Complete, Draft, Submitted
from mailroom.domain.refusals import StepsMissing
from mailroom.storage import presigned
from mailroom.storage.object_keys import (
    STATE_TAG,
    SUBMITTED_STATE,
    attachments_of,
    disposition,
    key_of,
    receipt_key,
    record_key,
    slip_key,
)
from mailroom.storage.object_lock import Retention, lock, put_locked, status_of
from mailroom.storage.presigned import Download, Upload
from mailroom.storage.table import pause

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import TaggingTypeDef, TagTypeDef

_AT_ONCE = 10
_ATTEMPTS = 4


class Files:
    """The bucket."""

    def __init__(self, client: "S3Client", bucket: str, retention: Retention | None = None) -> None:
        self._client = client
        self._bucket = bucket
        self._retention = retention

    def upload(self, mail_id: str, attachment: Attachment) -> Upload:
        """The request that takes the bytes of an announced file."""
        return presigned.upload(self._client, self._bucket, mail_id, attachment)

    def arrived(self, mail_id: str) -> frozenset[str]:
        """Ids of the attachments of a mail whose bytes are in storage."""
        prefix = attachments_of(mail_id)
        answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=prefix)
        return frozenset(found["Key"].removeprefix(prefix) for found in answer.get("Contents", []))

    def pin(self, draft: Draft) -> Complete:
        """The draft with the stored version of each attachment, all looked at in parallel.

        Raises:
            StepsMissing: a step was not done, or a file that was announced is not there.
            FilesRefused: a file is infected, or of no allowed type.

        """
        attachments, absent = self._pinned(draft.mail_id, draft.attachments)
        missing = draft.missing_steps + absent
        if refused := names_of(draft.attachments, "refused"):
            raise FilesRefused(missing, refused)
        if missing:
            raise StepsMissing(missing)
        return draft.completed(attachments)

    def pin_answers(self, mail: Submitted) -> Submitted:
        """`mail` with the stored version of each file of its answer.

        Raises:
            StepsMissing: a file that was announced is not there.
            AnswerFilesRefused: a file is not clean, and will not be.
            AnswerFilesPending: it is not known yet whether a file is clean.

        """
        answers, absent = self._pinned(mail.mail_id, mail.answers)
        if absent:
            raise StepsMissing(absent)
        pending, unchecked, refused = (names_of(mail.answers, check) for check in ("pending", "unchecked", "refused"))
        if unchecked or refused:
            raise AnswerFilesRefused(pending, unchecked, refused)
        if pending:
            raise AnswerFilesPending(pending, [], [])
        return replace(mail, answers=answers)

    def _pinned(self, mail_id: str, files: tuple[Attachment, ...]) -> tuple[tuple[Attachment, ...], list[str]]:
        """The files with their stored versions, and the names of those that are not there."""
        versions = _of_each(files, lambda attachment: self._version(mail_id, attachment))
        pairs = list(zip(files, versions, strict=True))
        return (
            tuple(attachment.model_copy(update={"version_id": version}) for attachment, version in pairs),
            [name_of(attachment) for attachment, version in pairs if version is None],
        )

    def _version(self, mail_id: str, attachment: Attachment) -> str | None:
        try:
            head = self._client.head_object(
                Bucket=self._bucket, Key=key_of(mail_id, attachment), ChecksumMode="ENABLED"
            )
        except ClientError as error:
            if status_of(error) == HTTPStatus.NOT_FOUND:
                return None
            raise
        checksum = base64.b64encode(bytes.fromhex(attachment.sha256)).decode()
        if head.get("ChecksumSHA256") != checksum or head["ContentLength"] != attachment.size:
            return None
        return head["VersionId"]

    def put_record(self, mail: Submitted, correlation_id: str) -> bool:
        """Write the sealed record of a submitted mail, once and locked; False when it was there already."""
        content = sealed_record.canonical(sealed_record.sealed(mail))
        metadata = {"correlation-id": correlation_id}
        key = record_key(mail.mail_id)
        return self._put_locked(
            mail, Key=key, Body=content, ContentType="application/json", Metadata=metadata, IfNoneMatch="*"
        )

    def read_record(self, mail_id: str) -> tuple[bytes, str]:
        """A sealed record, and the correlation id of the request that submitted it."""
        answer = self._client.get_object(Bucket=self._bucket, Key=record_key(mail_id))
        return answer["Body"].read(), answer["Metadata"].get("correlation-id", "")

    def read_certificates(self, key: str) -> bytes | None:
        """The seal's certificates that lie under `key`; None where none do."""
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if status_of(error) == HTTPStatus.NOT_FOUND:
                return None
            raise

    def lock(self, mail: Submitted) -> bool:
        """Fix the pinned version of each attachment: no one may change or delete it within its retention.

        True when there are some and each had been fixed before.
        """
        return self._lock_all(mail, mail.attachments, mail.submission.submitted_at)

    def lock_answers(self, mail: Closed) -> None:
        """Fix the pinned version of each file of the answer, from the outcome on."""
        self._lock_all(mail, mail.answers, mail.outcome.at)

    def _lock_all(self, mail: Submitted, files: tuple[Attachment, ...], since: str) -> bool:
        were_fixed = _of_each(files, lambda attachment: self._lock(mail.mail_id, attachment, since))
        return bool(were_fixed) and all(were_fixed)

    def _lock(self, mail_id: str, attachment: Attachment, since: str) -> bool:
        """Fix a file; True when it was before."""
        which: Any = {
            "Bucket": self._bucket,
            "Key": key_of(mail_id, attachment),
            "VersionId": attachment.version_id,
        }
        lock(self._client, self._required(), since, **which)
        submitted: TagTypeDef = {"Key": STATE_TAG, "Value": SUBMITTED_STATE}
        for attempt in itertools.count(1):
            # Tags are replaced as a whole, and what the scan for malware found stands in one.
            found = self._client.get_object_tagging(**which)["TagSet"]
            others = [tag for tag in found if tag["Key"] != STATE_TAG]
            tags: TaggingTypeDef = {"TagSet": [submitted, *others]}
            try:
                self._client.put_object_tagging(**which, Tagging=tags)
            except ClientError as error:
                # The bucket's policy refuses tags without the scan's finding, which came since they were read.
                if status_of(error) != HTTPStatus.FORBIDDEN or attempt == _ATTEMPTS:
                    raise
                pause(attempt)
            else:
                return submitted in found
        raise AssertionError

    def download(self, mail_id: str, attachment: Attachment) -> Download:
        """The address of a file, for a minute."""
        return presigned.file_download(self._client, self._bucket, mail_id, attachment)

    def put_receipt(self, mail: Submitted, content: bytes) -> bool:
        """Write the receipt of a submitted mail, once and locked; False when it was there already."""
        return self._put_receipt(mail, content, IfNoneMatch="*")

    def read_receipt(self, mail_id: str) -> tuple[bytes, str] | None:
        """The stored receipt and its version's tag, for `replace_receipt`; None when there is no receipt."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=receipt_key(mail_id))
        except ClientError as error:
            if status_of(error) == HTTPStatus.NOT_FOUND:
                return None
            raise
        return answer["Body"].read(), answer["ETag"]

    def replace_receipt(self, mail: Submitted, content: bytes, tag: str) -> bool:
        """Write a new version of the receipt, locked as the one before, which stays; False if that is not of `tag`."""
        return self._put_receipt(mail, content, IfMatch=tag)

    def _put_receipt(self, mail: Submitted, content: bytes, **condition: str) -> bool:
        name = disposition(f"{mail.submission.number}.pdf")
        key = receipt_key(mail.mail_id)
        return self._put_locked(
            mail, Key=key, Body=content, ContentType="application/pdf", ContentDisposition=name, **condition
        )

    def receipt_sha256(self, mail_id: str) -> str | None:
        """The digest (hex) of the stored receipt, as storage computed it; None when there is no receipt."""
        return self._sha256(receipt_key(mail_id))

    def slip_sha256(self, mail: Submitted) -> str | None:
        """The digest (hex) of the stored slip with the code in force; None when there is no slip."""
        return self._sha256(slip_key(mail.mail_id, mail.codes.slip))

    def _sha256(self, key: str) -> str | None:
        try:
            head = self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        except ClientError as error:
            if status_of(error) == HTTPStatus.NOT_FOUND:
                return None
            raise
        return base64.b64decode(head["ChecksumSHA256"]).hex()

    def put_slip(self, mail: Submitted, content: bytes) -> None:
        """Write the slip of a submitted mail, in place of an earlier one: it is not locked, as codes may be turned."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=slip_key(mail.mail_id, mail.codes.slip),
            Body=content,
            ContentType="application/pdf",
            ContentDisposition=disposition(f"{mail.submission.number}-coupon-de-suivi.pdf"),
            ChecksumAlgorithm="SHA256",
        )

    def receipt_download(self, mail_id: str) -> Download:
        """The address of the receipt, for five minutes."""
        return presigned.document_download(self._client, self._bucket, receipt_key(mail_id))

    def slip_download(self, mail: Submitted) -> Download:
        """The same for the slip."""
        return presigned.document_download(self._client, self._bucket, slip_key(mail.mail_id, mail.codes.slip))

    def _put_locked(self, mail: Submitted, **request: Any) -> bool:  # noqa: ANN401 - parameters of S3's own call
        since = mail.submission.submitted_at
        return put_locked(self._client, self._bucket, self._required(), since, **request)

    def _required(self) -> Retention:
        if self._retention is None:
            raise ValueError("this function was given no retention")
        return self._retention


def _of_each[Found](files: Sequence[Attachment], look: Callable[[Attachment], Found]) -> list[Found]:
    """What `look` finds of each file, side by side; most mails have one, and that needs no thread."""
    if len(files) <= 1:
        return [look(file) for file in files]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(look, files))
