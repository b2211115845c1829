"""Objects of the bucket are put once, locked, and read in the version that was looked at."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from mailroom.content.stored import ranges_of
from mailroom.domain.mail import Submitted
from mailroom.process import WithRetention, WithTable
from mailroom.storage.bucket import Files
from mailroom.storage.mails import Store
from tests.support.in_process.mishaps import watching
from tests.support.in_process.service import BUCKET, REGION, Service


class Process(WithTable, WithRetention):
    """The bucket as functions have it that write there."""


def submitted(service: Service) -> tuple[Submitted, Files]:
    """A mail with a file, and the bucket."""
    process = Process.current()
    return Store(process.table).submitted(service.sent().mail_id), process.files


def versions(prefix: str) -> list[Any]:
    """The versions of the objects under a prefix, the newest first."""
    return list(boto3.client("s3", REGION).list_object_versions(Bucket=BUCKET, Prefix=prefix).get("Versions", []))


def test_a_sealed_record(service: Service) -> None:
    """Its first version makes the receipt: a second one would make another."""
    mail, files = submitted(service)
    assert not files.put_record(mail, "another request")
    assert len(versions("submissions/")) == 1


def test_a_receipt(service: Service) -> None:
    mail, files = submitted(service)
    assert files.put_receipt(mail, b"%PDF-1.7 one")
    assert not files.put_receipt(mail, b"%PDF-1.7 two")
    assert len(versions("receipts/")) == 1


def test_a_receipt_that_was_replaced_meanwhile(service: Service) -> None:
    """Whoever read an earlier version does not put a stamped one in place of what another run wrote since."""
    mail, files = submitted(service)
    files.put_receipt(mail, b"%PDF-1.7 one")
    read = files.read_receipt(mail.mail_id)
    assert read is not None
    assert files.replace_receipt(mail, b"%PDF-1.7 two", read[1])
    assert not files.replace_receipt(mail, b"%PDF-1.7 three", read[1])


def test_records_and_receipts_are_locked(service: Service) -> None:
    mail, files = submitted(service)
    files.put_receipt(mail, b"%PDF-1.7 one")
    s3 = boto3.client("s3", REGION)
    for prefix in ("submissions/", "receipts/"):
        (version,) = versions(prefix)
        head = s3.head_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
        assert head.get("ObjectLockMode") == "COMPLIANCE"
        assert head["ObjectLockRetainUntilDate"] > datetime.now(UTC) + timedelta(days=29)


def test_the_version_that_was_looked_at_is_locked(service: Service) -> None:
    """Somebody with the upload's address may put another version where a bucket is not as it should be."""
    mail, files = submitted(service)
    (file,) = mail.attachments
    boto3.client("s3", REGION).put_object(Bucket=BUCKET, Key=f"attachments/{mail.mail_id}/{file.attachment_id}")
    with watching("PutObjectRetention") as asked:
        files.lock(mail)
    assert [request.get("VersionId") for request in asked] == [file.version_id]


def test_the_version_that_was_scanned_is_examined(service: Service) -> None:
    mail, _ = submitted(service)
    (file,) = mail.attachments
    key, s3 = f"attachments/{mail.mail_id}/{file.attachment_id}", boto3.client("s3", REGION)
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"something else")
    read = ranges_of(s3, bucket=BUCKET, key=key, version_id=str(file.version_id))
    assert read(0, 5) == b"%PDF-"


def test_a_receipt_that_a_run_left_is_taken_as_it_is(service: Service) -> None:
    """Its sender may hold it already: the next run notes that one, and makes no other."""
    mail, files = submitted(service)
    files.lock(mail)
    files.put_receipt(mail, b"%PDF-1.7 of a run that died")
    with watching("PutObject") as puts:
        service.receipt_trigger(mail.mail_id)
    assert [request["Key"] for request in puts if request["Key"].startswith("receipts/")] == []
