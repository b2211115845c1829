"""The local stage's stand-in for GuardDuty Malware Protection: finds the EICAR test file and nothing else.

It tags the version and puts the event that GuardDuty would put, so that whoever takes it cannot tell the difference.
"""

import json
import urllib.parse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom import aws, settings
from mailroom.scanning.scans import TAG

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import TagTypeDef

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_LOOKS_AT = 16 * 1024 * 1024
"""Bytes from a file's beginning that are looked at: a stand-in must not fill a function's memory."""

_THREAT = "EICAR-Test-File (not a virus)"


class Settings(settings.Settings):
    """What this function is told."""

    bucket_name: str


class EventRefusedError(Exception):
    """EventBridge did not take the event; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


logger = Logger()


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Scan the objects that S3 names, or one that is asked for again in the same words."""
    bucket, s3 = Settings.read().bucket_name, aws.client("s3")
    account = context.invoked_function_arn.split(":")[4]
    for found in event["Records"]:
        key = urllib.parse.unquote_plus(found["s3"]["object"]["key"])
        version: Any = {"Bucket": bucket, "Key": key, "VersionId": found["s3"]["object"]["versionId"]}
        stored = s3.get_object(**version)
        status = "THREATS_FOUND" if _holds_eicar(stored["Body"].iter_chunks(1024 * 1024)) else "NO_THREATS_FOUND"
        others: list[TagTypeDef] = [tag for tag in s3.get_object_tagging(**version)["TagSet"] if tag["Key"] != TAG]
        s3.put_object_tagging(**version, Tagging={"TagSet": [*others, {"Key": TAG, "Value": status}]})
        logger.info("scanned", extra={"key": key, "status": status})
        _announce(
            {
                "schemaVersion": "1.0",
                "scanStatus": "COMPLETED",
                "resourceType": "S3_OBJECT",
                "s3ObjectDetails": {
                    "bucketName": bucket,
                    "objectKey": key,
                    "eTag": stored["ETag"].strip('"'),
                    "versionId": version["VersionId"],
                    "s3Throttled": False,
                },
                "scanResultDetails": {
                    "scanResultStatus": status,
                    "threats": [{"name": _THREAT}] if status == "THREATS_FOUND" else None,
                },
            },
            plan=f"arn:aws:guardduty:{s3.meta.region_name}:{account}:malware-protection-plan/local",
        )


def _holds_eicar(chunks: Iterable[bytes]) -> bool:
    looked_at, last = 0, b""
    for chunk in chunks:
        last = last[-len(EICAR) :] + chunk
        if EICAR in last:
            return True
        looked_at += len(chunk)
        if looked_at >= _LOOKS_AT:
            return False
    return False


def _announce(detail: dict[str, Any], *, plan: str) -> None:
    answer = boto3.client("events").put_events(
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
