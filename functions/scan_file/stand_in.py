"""The local stage's stand-in for GuardDuty Malware Protection: finds the EICAR test file and nothing else.

It tags the version and puts the event that GuardDuty would put, so that its readers see no difference.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from mailroom.scanning.scans import TAG

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import TagTypeDef

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_LOOKS_AT = 16 * 1024 * 1024
"""Bytes from a file's beginning that are looked at: a stand-in must not fill a function's memory."""

_THREAT = "EICAR-Test-File (not a virus)"

logger = Logger()


class EventRefusedError(Exception):
    """EventBridge did not take the event; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class StandIn:
    """Scans files of one bucket; `account` is the id that results name."""

    def __init__(self, s3: "S3Client", bucket: str, events: "EventBridgeClient", account: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._events = events
        self._account = account

    def scan(self, key: str, version_id: str) -> None:
        """Scan one version, tag it, and announce the result. Raises EventRefusedError."""
        version: Any = {"Bucket": self._bucket, "Key": key, "VersionId": version_id}
        stored = self._s3.get_object(**version)
        status = "THREATS_FOUND" if holds_eicar(stored["Body"].iter_chunks(1024 * 1024)) else "NO_THREATS_FOUND"
        tags = self._s3.get_object_tagging(**version)["TagSet"]
        others: list[TagTypeDef] = [tag for tag in tags if tag["Key"] != TAG]
        self._s3.put_object_tagging(**version, Tagging={"TagSet": [*others, {"Key": TAG, "Value": status}]})
        logger.info("scanned", extra={"key": key, "status": status})
        self.announce(key, version_id, stored["ETag"].strip('"'), status)

    def announce(self, key: str, version_id: str, etag: str, status: str) -> None:
        """Put the event "GuardDuty Malware Protection Object Scan Result". Raises EventRefusedError."""
        detail = {
            "schemaVersion": "1.0",
            "scanStatus": "COMPLETED",
            "resourceType": "S3_OBJECT",
            "s3ObjectDetails": {
                "bucketName": self._bucket,
                "objectKey": key,
                "eTag": etag,
                "versionId": version_id,
                "s3Throttled": False,
            },
            "scanResultDetails": {
                "scanResultStatus": status,
                "threats": [{"name": _THREAT}] if status == "THREATS_FOUND" else None,
            },
        }
        plan = f"arn:aws:guardduty:{self._s3.meta.region_name}:{self._account}:malware-protection-plan/local"
        answer = self._events.put_events(
            Entries=[
                {
                    "Source": "aws.guardduty",
                    "DetailType": "GuardDuty Malware Protection Object Scan Result",
                    "Detail": json.dumps(detail),
                    "Resources": [plan],
                }
            ]
        )
        if answer["FailedEntryCount"]:
            raise EventRefusedError(answer["Entries"][0].get("ErrorCode", ""))


def holds_eicar(chunks: Iterable[bytes]) -> bool:
    """Whether the EICAR test file is in the beginning of a file."""
    looked_at, last = 0, b""
    for chunk in chunks:
        last = last[-len(EICAR) :] + chunk
        if EICAR in last:
            return True
        looked_at += len(chunk)
        if looked_at >= _LOOKS_AT:
            return False
    return False
