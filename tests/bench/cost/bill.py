"""What AWS bills: counts at list prices."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.cost.counting import FILE_BYTES
from tests.bench.cost.counts import Counts

PRICES: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("prices.toml").read_text())
MILLION = 1_000_000
_GB = 1_000_000_000
_REQUESTS_OF_A_MESSAGE = 3
"""SQS bills the sending, the receiving and the deleting of a message."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a bill for a million mails, in US dollars."""

    what: str
    units: float
    """For one mail."""
    unit: str
    dollars: float


def of_a_million(counts: Counts) -> list[Line]:
    """The bill of a million mails, without SMS and without what is kept, the largest line first."""
    once, files = PRICES["once"], counts.files
    units: list[tuple[str, float, str, str]] = [
        ("GuardDuty: files scanned", files, "files", "scanned_object"),
        ("GuardDuty: their bytes", files * FILE_BYTES / _GB, "GB", "scanned_gb"),
        ("SES: e-mails", counts.emails, "e-mails", "email"),
        ("Bytes to the Internet", counts.kilobytes_out * 1000 / _GB, "GB", "bytes_out_gb"),
        ("DynamoDB: writes", counts.write_units, "write units", "write_unit"),
        ("DynamoDB: reads", counts.read_units, "read units", "read_unit"),
        ("S3: writes, lists and tags", counts.s3_writes, "requests", "s3_write"),
        ("S3: reads", counts.s3_reads, "requests", "s3_read"),
        ("Lambda: computing", counts.gb_seconds, "GB-seconds", "lambda_gb_second"),
        ("Lambda: invocations", counts.invocations, "invocations", "lambda_request"),
        ("API Gateway", counts.requests, "requests", "api_request"),
        ("CloudFront", counts.requests, "requests", "edge_request"),
        ("WAF", counts.requests, "requests", "firewall_request"),
        ("SQS", counts.messages * _REQUESTS_OF_A_MESSAGE, "requests", "queue_request"),
        ("KMS: seals", counts.signatures, "signatures", "signature"),
        ("CloudWatch: logs", counts.log_kilobytes * 1000 / _GB, "GB", "log_gb"),
    ]
    lines = [
        Line(what=what, units=number, unit=unit, dollars=number * once[price] * MILLION)
        for what, number, unit, price in units
        if number
    ]
    return sorted(lines, key=lambda line: -line.dollars)


def total(lines: list[Line]) -> float:
    """The sum, in US dollars."""
    return sum(line.dollars for line in lines)
