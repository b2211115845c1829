"""The second copy on the local cloud: what AWS Backup and S3's replication do to a stage that names a second region.

The emulator's CloudFormation knows neither, so the drill makes the copies by the API: backups of the tables, and every
version of every object with its id, tags, headers and lock in a bucket that has Object Lock too.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import boto3

from infra.local.disasters import LOSS_HEADER, VERSION_HEADER

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectVersionTypeDef

_AT_ONCE = 8
_KEY = "alias/bureau-ordre-local"
_KEPT_HEADERS = ("ContentType", "ContentDisposition", "Metadata", "ObjectLockMode", "ObjectLockRetainUntilDate")


@dataclass
class SecondPlace:
    """Backups and copies of one stage on the local cloud."""

    session: boto3.Session
    backups: dict[str, str] = field(default_factory=dict)
    """The backup of each table, by the stack's output that names the table (ARN)."""

    def make_bucket(self, name: str) -> None:
        """Make a bucket that can hold locked versions."""
        region = str(self.session.region_name)
        self.session.client("s3").create_bucket(
            Bucket=name,
            ObjectLockEnabledForBucket=True,
            CreateBucketConfiguration={"LocationConstraint": region},  # type: ignore[typeddict-item]  # any region
        )

    def back_up(self, output: str, table: str) -> None:
        """Back a table up, as it is now."""
        made = self.session.client("dynamodb").create_backup(TableName=table, BackupName=f"{table}-drill")
        self.backups[output] = made["BackupDetails"]["BackupArn"]

    def restore(self, output: str, table: str, *, lifetime: str) -> None:
        """Restore a table under another name, and give it what a restore leaves out: its time to live, its recovery."""
        dynamodb = self.session.client("dynamodb")
        key: Any = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": _KEY}
        dynamodb.restore_table_from_backup(
            TargetTableName=table, BackupArn=self.backups[output], SSESpecificationOverride=key
        )
        dynamodb.get_waiter("table_exists").wait(TableName=table)
        dynamodb.update_table(TableName=table, SSESpecification=key)  # the emulator drops the restore's own
        dynamodb.update_time_to_live(
            TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": lifetime}
        )
        dynamodb.update_continuous_backups(
            TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )

    def lose_table(self, table: str) -> None:
        """Lose a table; its backups stay."""
        self.session.client("dynamodb").delete_table(TableName=table)

    def lose_bucket(self, name: str) -> None:
        """Lose a bucket with everything that is locked in it."""
        s3 = self.session.client("s3")
        _add_header(s3, "DeleteBucket", LOSS_HEADER, lambda: "yes")
        s3.delete_bucket(Bucket=name)

    def copy_versions(self, source: str, target: str) -> int:
        """Copy every version to another bucket, and return how many there were."""
        s3, current = self.session.client("s3"), threading.local()
        _add_header(s3, "PutObject", VERSION_HEADER, lambda: str(current.version))

        def copy(versions: list["ObjectVersionTypeDef"]) -> int:
            for version in reversed(versions):  # S3 lists the newest first
                which: Any = {"Bucket": source, "Key": version["Key"], "VersionId": version["VersionId"]}
                found: Any = s3.get_object(**which)
                tags = {tag["Key"]: tag["Value"] for tag in s3.get_object_tagging(**which)["TagSet"]}
                current.version = version["VersionId"]
                s3.put_object(
                    Bucket=target,
                    Key=version["Key"],
                    Body=found["Body"].read(),
                    ChecksumAlgorithm="SHA256",
                    Tagging=urlencode(tags),
                    **{name: found[name] for name in _KEPT_HEADERS if name in found},
                )
            return len(versions)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return sum(pool.map(copy, _versions(s3, source).values()))


def _versions(s3: "S3Client", bucket: str) -> dict[str, list["ObjectVersionTypeDef"]]:
    found: dict[str, list[ObjectVersionTypeDef]] = {}
    for version in _listed(s3, bucket):
        found.setdefault(version["Key"], []).append(version)
    return found


def _listed(s3: "S3Client", bucket: str) -> Iterator["ObjectVersionTypeDef"]:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        yield from page.get("Versions", [])


def _add_header(s3: "S3Client", operation: str, name: str, value: Any) -> None:
    def add(request: Any, **_: object) -> None:
        request.headers[name] = value()

    s3.meta.events.register(f"before-sign.s3.{operation}", add)
