"""Storage, the queue and the examination of files, as far as the states of files rest on them."""

# ruff: noqa: ANN401 - stand-ins of AWS take whatever is asked, by keyword

import json
from typing import Any

from botocore.exceptions import ClientError

from mailroom.content.finding import Finding, Ranges

FINDINGS = {
    1: Finding("clean", None, "application/pdf"),
    2: Finding("clean", None, "image/png"),
    3: Finding("unchecked", "protected", "application/pdf"),
    4: Finding("unchecked", "too_deep", None),
    5: Finding("refused", "not_allowed", None),
}
BREAKS = 6
"""The size of a file whose examination raises; the others' sizes say what is found of them."""


def examine(_declared: str, size: int, _read: Ranges) -> Finding:
    if size == BREAKS:
        raise ZeroDivisionError
    return FINDINGS[size]


class Bucket:
    """S3 as far as files are pinned and tagged."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}
        self.tags: dict[str, dict[str, str]] = {}

    def head_object(self, **asked: Any) -> dict[str, Any]:
        if asked["Key"] not in self.sizes:
            missing: Any = {"Error": {"Code": "404"}, "ResponseMetadata": {"HTTPStatusCode": 404}}
            raise ClientError(missing, "HeadObject")
        return {"ChecksumSHA256": "A" * 43 + "=", "ContentLength": self.sizes[asked["Key"]], "VersionId": "v1"}

    def get_object_tagging(self, **asked: Any) -> dict[str, Any]:
        return {"TagSet": [{"Key": name, "Value": value} for name, value in self.tags[asked["Key"]].items()]}

    def put_object_tagging(self, **asked: Any) -> None:
        self.tags[asked["Key"]] = {tag["Key"]: tag["Value"] for tag in asked["Tagging"]["TagSet"]}


class Queue:
    """SQS that takes notifications."""

    def __init__(self) -> None:
        self.told: set[tuple[str, str]] = set()

    def send_message_batch(self, **asked: Any) -> dict[str, Any]:
        bodies = [json.loads(entry["MessageBody"]) for entry in asked["Entries"]]
        self.told |= {(body["mail_id"], body["template"]) for body in bodies}
        return {}
