"""Files in the bucket: the sender's attachments, the sealed records, the receipts.

Attachments never pass through a function: the sender sends them by presigned URL, and storage itself refuses other
bytes than the announced ones. What is written once is written with ``If-None-Match: *``.
"""

import base64
import itertools
import re
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from mailroom import clock, record
from mailroom.letter import Attachment
from mailroom.mail import Mail, Submission
from mailroom.refusals import StepsMissing
from mailroom.table import pause

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectLockRetentionTypeDef

UPLOAD_LIFETIME = timedelta(minutes=15)
DOWNLOAD_LIFETIME = timedelta(minutes=5)
_AT_ONCE = 10


@dataclass(frozen=True)
class Retention:
    """How long, and how strictly, Object Lock keeps what was submitted."""

    mode: Literal["COMPLIANCE", "GOVERNANCE"]
    days: int

    def until(self, submitted_at: str) -> datetime:
        """The end of the retention of a mail submitted at that time."""
        return clock.parse(submitted_at) + timedelta(days=self.days)


@dataclass(frozen=True)
class Upload:
    """A presigned request: where, with which headers, until when (UTC)."""

    url: str
    headers: dict[str, str]
    expires_at: datetime


@dataclass(frozen=True)
class Download:
    """A presigned address and until when it works (UTC)."""

    url: str
    expires_at: datetime


def attachment_key(mail_id: str, attachment_id: str) -> str:
    """Where an attachment lies. Its real name is in its headers: a key takes part in URLs and logs."""
    return f"attachments/{mail_id}/{attachment_id}"


def record_key(mail_id: str) -> str:
    """Where a mail's sealed record lies; its creation makes the receipt."""
    return f"submissions/{mail_id}.json"


def receipt_key(mail_id: str) -> str:
    """Where a mail's receipt lies."""
    return f"receipts/{mail_id}.pdf"


def disposition(file_name: str) -> str:
    """The header that makes a browser save a file under its real name, in any script (RFC 6266, RFC 8187)."""
    # What is not plain ASCII becomes one "_": S3 takes 2 KB of such headers, and the true name may need nearly all.
    plain = re.sub(r'[^ -~]+|["\\%]', "_", file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{urllib.parse.quote(file_name, safe='')}"


class Files:
    """The bucket."""

    def __init__(self, client: "S3Client", bucket: str, retention: Retention | None = None) -> None:
        self._client = client
        self._bucket = bucket
        self._retention = retention

    def upload(self, mail_id: str, attachment: Attachment) -> Upload:
        """A presigned PUT that takes the announced bytes, once, under the announced type, and nothing else."""
        checksum = base64.b64encode(bytes.fromhex(attachment.sha256)).decode()
        headers = {
            "Content-Type": attachment.media_type,
            "Content-Disposition": disposition(attachment.file_name),
            "If-None-Match": "*",
            "x-amz-checksum-sha256": checksum,
            "x-amz-tagging": "state=draft",
        }
        url = self._client.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self._bucket,
                "Key": attachment_key(mail_id, attachment.attachment_id),
                "ContentLength": attachment.size,
                "ContentType": headers["Content-Type"],
                "ContentDisposition": headers["Content-Disposition"],
                "IfNoneMatch": headers["If-None-Match"],
                "ChecksumSHA256": checksum,
                "Tagging": headers["x-amz-tagging"],
            },
            ExpiresIn=int(UPLOAD_LIFETIME.total_seconds()),
        )
        return Upload(url, headers, clock.now() + UPLOAD_LIFETIME)

    def arrived(self, mail_id: str) -> frozenset[str]:
        """Ids of the attachments of a mail whose bytes are in storage."""
        prefix = f"attachments/{mail_id}/"
        answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=prefix)
        return frozenset(found["Key"].removeprefix(prefix) for found in answer.get("Contents", []))

    def pin(self, mail: Mail) -> Mail:
        """`mail` with the stored version of each attachment, all looked at in parallel.

        Raises:
            StepsMissing: a step was not done, or a file that was announced is not there.

        """
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            versions = list(pool.map(lambda attachment: self._version(mail.mail_id, attachment), mail.attachments))
        absent = [
            f"attachments/{attachment.attachment_id}"
            for attachment, version in zip(mail.attachments, versions, strict=True)
            if version is None
        ]
        if missing := mail.missing_steps + absent:
            raise StepsMissing(missing)
        pairs = zip(mail.attachments, versions, strict=True)
        return replace(
            mail,
            attachments=tuple(attachment.model_copy(update={"version_id": version}) for attachment, version in pairs),
        )

    def _version(self, mail_id: str, attachment: Attachment) -> str | None:
        try:
            head = self._client.head_object(
                Bucket=self._bucket, Key=attachment_key(mail_id, attachment.attachment_id), ChecksumMode="ENABLED"
            )
        except ClientError as error:
            if _status(error) == _NOT_FOUND:
                return None
            raise
        checksum = base64.b64encode(bytes.fromhex(attachment.sha256)).decode()
        if head.get("ChecksumSHA256") != checksum or head["ContentLength"] != attachment.size:
            return None
        return head["VersionId"]

    def put_record(self, mail: Mail, correlation_id: str) -> bool:
        """Write the sealed record of a submitted mail, once and locked; False when it was there already."""
        content = record.canonical(record.sealed(mail))
        metadata = {"correlation-id": correlation_id}
        return self._put_once(mail, record_key(mail.mail_id), content, "application/json", Metadata=metadata)

    def read_record(self, mail_id: str) -> tuple[bytes, str]:
        """A sealed record, and the correlation id of the request that submitted it."""
        answer = self._client.get_object(Bucket=self._bucket, Key=record_key(mail_id))
        return answer["Body"].read(), answer["Metadata"].get("correlation-id", "")

    def lock(self, mail: Mail) -> None:
        """Fix the pinned version of each attachment: no one may change or delete it within its retention."""
        mode, until = self._locked(mail)
        retention: ObjectLockRetentionTypeDef = {"Mode": mode, "RetainUntilDate": until}
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda attachment: self._lock(mail.mail_id, attachment, retention), mail.attachments))

    def _lock(self, mail_id: str, attachment: Attachment, retention: "ObjectLockRetentionTypeDef") -> None:
        which: Any = {
            "Bucket": self._bucket,
            "Key": attachment_key(mail_id, attachment.attachment_id),
            "VersionId": attachment.version_id,
        }
        self._client.put_object_retention(**which, Retention=retention)
        self._client.put_object_tagging(**which, Tagging={"TagSet": [{"Key": "state", "Value": "submitted"}]})

    def put_receipt(self, mail: Mail, content: bytes) -> bool:
        """Write the receipt of a submitted mail, once and locked; False when it was there already."""
        name = disposition(f"{_submission(mail).number}.pdf")
        key = receipt_key(mail.mail_id)
        return self._put_once(mail, key, content, "application/pdf", ContentDisposition=name)

    def receipt_sha256(self, mail_id: str) -> str | None:
        """The digest (hex) of the stored receipt, as storage computed it; None when there is no receipt."""
        try:
            head = self._client.head_object(Bucket=self._bucket, Key=receipt_key(mail_id), ChecksumMode="ENABLED")
        except ClientError as error:
            if _status(error) == _NOT_FOUND:
                return None
            raise
        return base64.b64decode(head["ChecksumSHA256"]).hex()

    def receipt_download(self, mail_id: str) -> Download:
        """An address under which the receipt can be fetched for five minutes."""
        url = self._client.generate_presigned_url(
            "get_object",
            Params={"Bucket": self._bucket, "Key": receipt_key(mail_id)},
            ExpiresIn=int(DOWNLOAD_LIFETIME.total_seconds()),
        )
        return Download(url, clock.now() + DOWNLOAD_LIFETIME)

    def _put_once(self, mail: Mail, key: str, content: bytes, media_type: str, **more: Any) -> bool:  # noqa: ANN401 - parameters of S3's own call
        mode, until = self._locked(mail)
        for attempt in itertools.count(1):
            try:
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=content,
                    ContentType=media_type,
                    IfNoneMatch="*",
                    ChecksumAlgorithm="SHA256",
                    ObjectLockMode=mode,
                    ObjectLockRetainUntilDate=until,
                    **more,
                )
            except ClientError as error:
                if _status(error) == _PRECONDITION_FAILED:
                    return False
                # 409: somebody else is writing the very same object at this moment, and may yet fail.
                if _status(error) != _CONFLICT or attempt == _ATTEMPTS:
                    raise
                pause(attempt)
            else:
                return True
        raise AssertionError

    def _locked(self, mail: Mail) -> tuple[Literal["COMPLIANCE", "GOVERNANCE"], datetime]:
        if self._retention is None:
            msg = "this function was given no retention"
            raise ValueError(msg)
        return self._retention.mode, self._retention.until(_submission(mail).submitted_at)


def _submission(mail: Mail) -> Submission:
    if mail.submission is None:
        msg = f"mail {mail.mail_id} was not submitted"
        raise ValueError(msg)
    return mail.submission


_ATTEMPTS = 4
_NOT_FOUND, _CONFLICT, _PRECONDITION_FAILED = 404, 409, 412


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]
