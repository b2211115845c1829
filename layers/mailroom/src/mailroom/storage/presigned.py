"""Presigned addresses: one request to the bucket that its bearer may make, for minutes, without an account."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mailroom.domain import clock
from mailroom.domain.letter import Attachment
from mailroom.storage.object_keys import DRAFT_STATE, STATE_TAG, disposition, key_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UPLOAD_LIFETIME = timedelta(minutes=15)
DOWNLOAD_LIFETIME = timedelta(minutes=5)
FILE_DOWNLOAD_LIFETIME = timedelta(minutes=1)
"""For what a stranger sent: such an address is used at once or asked for again."""


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


def upload(client: "S3Client", bucket: str, mail_id: str, attachment: Attachment) -> Upload:
    """A presigned PUT that takes the announced bytes, once, under the announced type, and nothing else."""
    checksum = base64.b64encode(bytes.fromhex(attachment.sha256)).decode()
    headers = {
        "Content-Type": attachment.media_type,
        "Content-Disposition": disposition(attachment.file_name),
        "If-None-Match": "*",
        "x-amz-checksum-sha256": checksum,
        "x-amz-tagging": f"{STATE_TAG}={DRAFT_STATE}",
    }
    url = client.generate_presigned_url(
        "put_object",
        Params={
            "Bucket": bucket,
            "Key": key_of(mail_id, attachment),
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


def file_download(client: "S3Client", bucket: str, mail_id: str, attachment: Attachment) -> Download:
    """An address under which a file can be fetched for a minute: saved, and never shown, under its own name."""
    parameters = {
        "Key": key_of(mail_id, attachment),
        "VersionId": attachment.version_id,
        "ResponseContentDisposition": disposition(attachment.delivered_name),
        "ResponseContentType": "application/octet-stream",
    }
    return _download(client, {"Bucket": bucket, **parameters}, FILE_DOWNLOAD_LIFETIME)


def document_download(client: "S3Client", bucket: str, key: str) -> Download:
    """An address under which a receipt or a slip can be fetched for five minutes."""
    return _download(client, {"Bucket": bucket, "Key": key}, DOWNLOAD_LIFETIME)


def _download(client: "S3Client", parameters: dict[str, str | None], lifetime: timedelta) -> Download:
    """Nothing on the way keeps what is fetched: it may be a cybercafé's machine."""
    url = client.generate_presigned_url(
        "get_object",
        Params={**parameters, "ResponseCacheControl": "no-store"},
        ExpiresIn=int(lifetime.total_seconds()),
    )
    return Download(url, clock.now() + lifetime)
