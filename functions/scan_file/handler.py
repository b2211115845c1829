"""The local stage's stand-in for GuardDuty Malware Protection, called by S3 for each file that arrives."""

import urllib.parse
from typing import Any

import boto3
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.process import WithBucket
from scan_file.stand_in import StandIn


class Process(WithBucket):
    """Reads and tags files; puts events."""


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Scan the objects that S3 names, or one that is asked for again in the same words."""
    process = Process.current()
    account = context.invoked_function_arn.split(":")[4]
    stand_in = StandIn(process.s3, process.bucket_name, boto3.client("events"), account)
    for found in event["Records"]:
        stored = found["s3"]["object"]
        stand_in.scan(urllib.parse.unquote_plus(stored["key"]), stored["versionId"])
