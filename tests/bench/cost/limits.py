"""The limits of an account that a stream of mails meets, and what a new account has of each."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.cost.counts import Counts

RATES = (1, 100, 1000)
"""Mails in a second. A million in a year, all sent in office hours, is one in seven seconds."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One limit of AWS."""

    what: str
    for_each_mail: float
    """What one mail takes of it, in units a second at one mail a second."""
    granted: float
    """What a new account has, in the same unit."""
    raise_by: str

    def reached_at(self) -> float:
        """The mails in a second that a new account's share is enough for."""
        return self.granted / self.for_each_mail


def of(counts: Counts, *, seconds_of_functions: float) -> Iterator[Limit]:
    """The limits that count, the one that is met first at the top."""
    found = [
        Limit(
            what="SES: e-mails a second",
            for_each_mail=counts.emails,
            granted=14,
            raise_by="Service Quotas, “Sending rate”; out of the sandbox first (there it is 1 a second, 200 a day)",
        ),
        Limit(
            what="SES: e-mails a day",
            for_each_mail=counts.emails * 86_400,
            granted=50_000,
            raise_by="Service Quotas, “Sending quota”",
        ),
        Limit(
            what="Lambda: functions that run at once (new account: 10)",
            for_each_mail=seconds_of_functions,
            granted=10,
            raise_by="Service Quotas, “Concurrent executions”: 1,000 at once is granted within a day or two",
        ),
        Limit(
            what="Register of one organism: numbers a second",
            for_each_mail=1,
            granted=19,
            raise_by="several desks for one organism; measured by the bench, not a limit of AWS",
        ),
        Limit(
            what="DynamoDB: write units a second on a new table",
            for_each_mail=counts.write_units,
            granted=4_000,
            raise_by="warm throughput of the table before a campaign; then Service Quotas (40,000 for each table)",
        ),
        Limit(
            what="API Gateway: requests a second in a Region",
            for_each_mail=counts.requests,
            granted=10_000,
            raise_by="Service Quotas, “Throttle rate”, and `throttle` in the stage's file",
        ),
        Limit(
            what="S3: writes a second under one prefix",
            for_each_mail=counts.s3_writes,
            granted=3_500,
            raise_by="nothing: S3 splits a prefix that is busy by itself, answers 503 meanwhile, and clients repeat",
        ),
        Limit(
            what="KMS: signatures a second on elliptic curves",
            for_each_mail=counts.signatures,
            granted=300,
            raise_by="Service Quotas, “Cryptographic operations (ECC)”",
        ),
    ]
    yield from sorted(found, key=Limit.reached_at)
