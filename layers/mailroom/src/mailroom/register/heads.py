"""Heads: once a day, where every register stands, signed, locked and published, each naming the one before it.

Who keeps a head keeps us from rewriting what any register held then: the chain ties all earlier entries to it.
"""

import hashlib
from datetime import date, datetime
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from mailroom.domain import clock
from mailroom.signatures import jws
from mailroom.storage.item_keys import counter_key
from mailroom.storage.object_keys import day_of_head, head_key, heads_of
from mailroom.storage.object_lock import Retention
from mailroom.storage.schema import ORGANISMS, Key
from mailroom.storage.table import Item, Table

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

VERSION: Final = 1

FIRST_YEAR = 2026
"""No head is older than the service."""

_JANUARY = 1
_MOST_KEYS = 100
"""What DynamoDB reads in one call."""

_NOT_FOUND, _PRECONDITION_FAILED = 404, 412


def day_of(instant: datetime) -> str:
    """The date of the head of an instant: the day on the wall in Casablanca."""
    return clock.in_casablanca(instant).date().isoformat()


def is_day(text: str) -> bool:
    """Whether a text is a date as heads are named by."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def registers(table: Table, now: datetime) -> list[dict[str, Any]]:
    """Where each register that has entries stands: its last rank and that entry's digest.

    Those of this year; in January also last year's, which had entries after the last head of December.
    """
    today = clock.in_casablanca(now)
    years = [today.year, *([today.year - 1] if today.month == _JANUARY else [])]
    organisms = [item["organism_id"] for item in table.query(ORGANISMS, attributes=("organism_id",))]
    asked = [(organism_id, year) for organism_id in sorted(organisms) for year in sorted(years)]
    counters: dict[Key, Item] = {}
    for some in batched(asked, _MOST_KEYS, strict=False):
        counters |= table.get_many(*(counter_key(*register) for register in some))
    found = [(*register, counters.get(counter_key(*register), {})) for register in asked]
    return [
        {"organism_id": organism_id, "year": year, "last": int(counter["last"]), "digest": counter["head"]}
        for organism_id, year, counter in found
        if "head" in counter
    ]


class PublishedHeads:
    """The published heads, in the bucket."""

    def __init__(self, client: "S3Client", bucket: str, retention: Retention | None = None) -> None:
        self._client = client
        self._bucket = bucket
        self._retention = retention

    def newest(self, limit: int, *, before: str | None = None) -> list[str]:
        """The dates of at most `limit` heads, the newest first; only those before a date, where one is given.

        What is listed is one year's heads, or two's where the page goes past New Year.
        """
        found: list[str] = []
        last = int(before[:4]) if before else clock.register_year(clock.now())
        for year in range(last, FIRST_YEAR - 1, -1):
            # A year has 366 heads at most, and S3 lists a thousand at once.
            answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=heads_of(year))
            days = [day_of_head(listed["Key"]) for listed in answer.get("Contents", [])]
            found += sorted((day for day in days if before is None or day < before), reverse=True)
            if len(found) >= limit:
                break
        return found[:limit]

    def read(self, day: str) -> str | None:
        """The signed head of a date; None when there is none."""
        try:
            return self._client.get_object(Bucket=self._bucket, Key=head_key(day))["Body"].read().decode()
        except ClientError as error:
            if _status(error) == _NOT_FOUND:
                return None
            raise

    def predecessor(self, day: str) -> dict[str, str] | None:
        """The newest head before a date, as the next one names it; None where that is the first."""
        for before in self.newest(1, before=day):
            signed = self.read(before)
            if signed is not None:
                return {"date": before, "sha256": hashlib.sha256(signed.encode()).hexdigest()}
        return None

    def claims(self, day: str, table: Table, issuer: str, now: datetime) -> dict[str, Any]:
        """What the head of a date says, as far as the registers go now."""
        # Read before the registers: they only grow, so that no head says less than the one it names.
        previous = self.predecessor(day)
        return {
            "version": VERSION,
            "iss": issuer,
            "iat": int(now.timestamp()),
            "date": day,
            "previous": previous,
            "registers": registers(table, now),
        }

    def publish(self, day: str, signed: str, at: datetime) -> bool:
        """Write the head of a date, once and locked; False when it was there already."""
        if self._retention is None:
            raise ValueError("this function was given no retention")
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=head_key(day),
                Body=signed.encode(),
                ContentType=jws.MEDIA_TYPE,
                IfNoneMatch="*",
                ChecksumAlgorithm="SHA256",
                ObjectLockMode=self._retention.mode,
                ObjectLockRetainUntilDate=self._retention.until(clock.iso(at)),
            )
        except ClientError as error:
            if _status(error) == _PRECONDITION_FAILED:
                return False
            raise
        return True


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]
