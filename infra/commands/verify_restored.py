"""Check what a stage keeps, after a restore: `make restored STAGE=…`.

Every register's chain, the newest head against it, the digest of every record, file and receipt that the registers
name, and the settings that a restored table comes back without. It changes nothing and reads everything: the time
grows with what is kept. It prints numbers and ids, no personal data.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.commands.deployed import Deployed, deployed
from infra.commands.restored_registers import Register, against_newest_head, registers
from infra.stored_names import (
    ATTACHMENTS,
    DESK_INDEX,
    DESK_STATUS_INDEX,
    PARTITION_KEY,
    RECEIPTS,
    RECORD_ENDS,
    SORT_KEY,
    STATE_TAG,
    SUBMISSIONS,
    SUBMITTED_STATE,
    WAITING_INDEX,
    mail_key,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

_AT_ONCE = 16


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was checked, and what is wrong, in words."""

    registers: int
    entries: int
    objects: int
    """Records, files and receipts that were read and compared with their digests."""
    faults: Sequence[str]
    seconds: float

    def __str__(self) -> str:
        counted = f"{self.registers} registers, {self.entries} entries, {self.objects} objects in {self.seconds:.1f} s"
        if not self.faults:
            return f"All is there and unchanged: {counted}."
        return "\n".join([f"{len(self.faults)} faults in {counted}:", *(f"- {fault}" for fault in self.faults)])


def verify(where: Deployed) -> Report:
    """Check a stage. Raises ClientError."""
    started = time.monotonic()
    s3, bucket = where.session.client("s3"), where.outputs["BucketName"]
    dynamodb = where.session.client("dynamodb")
    table = where.session.resource("dynamodb").Table(where.outputs["TableName"])
    faults = list(_settings(dynamodb, where.outputs["TableName"], {WAITING_INDEX, DESK_INDEX, DESK_STATUS_INDEX}))
    faults += _settings(dynamodb, where.outputs["IdempotencyTableName"], set())
    found = list(registers(table, datetime.now(UTC).year + 1))
    for register in found:
        faults += register.faults()
    faults += against_newest_head(s3, bucket, found)
    faults += _records_without_entries(s3, bucket, found)
    objects = Objects(s3, bucket)
    entries = [entry for register in found for entry in register.entries]

    def check(entry: Mapping[str, Any]) -> list[str]:
        pk, sk = mail_key(entry["mail_id"])
        mail = table.get_item(Key={PARTITION_KEY: pk, SORT_KEY: sk}, ConsistentRead=True).get("Item")
        if mail is None:
            return [f"{entry['number']}: the mail is missing"]
        return list(objects.of_mail(entry, mail))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for wrong in pool.map(check, entries):
            faults += wrong
    return Report(
        registers=len(found),
        entries=len(entries),
        objects=objects.read,
        faults=faults,
        seconds=time.monotonic() - started,
    )


class Objects:
    """The objects of the bucket that registers and mails name."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self.read = 0
        """How many were read."""

    def of_mail(self, entry: Mapping[str, Any], mail: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the record, the files and the receipt of a mail."""
        mail_id = str(entry["mail_id"])
        yield from self._faults(entry, f"{SUBMISSIONS}{mail_id}{RECORD_ENDS}", str(entry["record_sha256"]))
        if receipt := mail.get("receipt"):
            yield from self._faults(entry, f"{RECEIPTS}{mail_id}.pdf", str(receipt["sha256"]))
        for folder in ("attachments", "answers"):
            for attachment_id, file in mail.get(folder, {}).items():
                if not file.get("version_id"):
                    continue  # announced for an answer that was not given
                key, version = (
                    str(file.get("key") or f"{ATTACHMENTS}{mail_id}/{attachment_id}"),
                    str(file["version_id"]),
                )
                # until the receipt is made, the files wait for their lock
                is_locked = "receipt" in mail
                yield from self._faults(entry, key, str(file["sha256"]), version=version, is_locked=is_locked)
                if is_locked:
                    yield from self._tag_faults(entry, key, version)

    def _tag_faults(self, entry: Mapping[str, Any], key: str, version: str) -> Iterator[str]:
        try:
            tags = self._s3.get_object_tagging(Bucket=self._bucket, Key=key, VersionId=version)["TagSet"]
        except ClientError:
            return  # it was said that the file is missing
        if {"Key": STATE_TAG, "Value": SUBMITTED_STATE} not in tags:
            yield f"{entry['number']}: {key} would be cleared away as a draft's"

    def _faults(
        self, entry: Mapping[str, Any], key: str, digest: str, *, version: str | None = None, is_locked: bool = True
    ) -> Iterator[str]:
        which: Any = {"VersionId": version} if version else {}
        try:
            answer: Mapping[str, Any] = self._s3.get_object(Bucket=self._bucket, Key=key, **which)
        except ClientError as error:
            yield f"{entry['number']}: {key}: {error.response['Error'].get('Code')}"
            return
        found = sha256()
        for chunk in answer["Body"].iter_chunks(1024 * 1024):
            found.update(chunk)
        self.read += 1
        if found.hexdigest() != digest:
            yield f"{entry['number']}: {key} has another digest than the register says"
        if is_locked and "ObjectLockRetainUntilDate" not in answer:
            yield f"{entry['number']}: {key} is not locked"


def _settings(dynamodb: "DynamoDBClient", name: str, indexes: set[str]) -> Iterator[str]:
    """What a restored table lacks: DynamoDB restores neither its time to live nor its backups."""
    table = dynamodb.describe_table(TableName=name)["Table"]
    present = {str(index["IndexName"]) for index in table.get("GlobalSecondaryIndexes", [])}
    lifetime = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {})
    for is_right, fault in (
        (indexes <= present, f"lacks the indexes {', '.join(sorted(indexes - present))}"),
        (lifetime.get("TimeToLiveStatus") in {"ENABLED", "ENABLING"}, "forgets nothing: turn its time to live on"),
        (recovery.get("PointInTimeRecoveryStatus") == "ENABLED", "has no point-in-time recovery"),
        (table.get("SSEDescription", {}).get("SSEType") == "KMS", "is not encrypted under the stage's key"),
    ):
        if not is_right:
            yield f"the table {name} {fault}"


def _records_without_entries(s3: "S3Client", bucket: str, found: Sequence[Register]) -> Iterator[str]:
    """Mails that were registered after the backup: their records are in the bucket, and their numbers would recur."""
    known = {f"{SUBMISSIONS}{entry['mail_id']}{RECORD_ENDS}" for register in found for entry in register.entries}
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=SUBMISSIONS):
        for each in page.get("Contents", []):
            if each["Key"] not in known:
                record = json.loads(s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read())
                yield f"{record['number']}: registered after the backup, and would be given to another mail"


def main() -> int:
    """Check a stage; 0 when nothing is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    report = verify(deployed(parser.parse_args().stage))
    print(report)  # noqa: T201 - a command
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
