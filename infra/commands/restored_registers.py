"""The registers in a restored table, checked entry by entry.

The chain's rule is that of `mailroom.domain.register_chain`, said once more because commands run without the functions'
layer on the path; a test holds it to that one.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from infra.stored_names import ENTRIES, HEADS, ORGANISMS, register_partition

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_s3 import S3Client

FIRST_YEAR = 2026
"""Before it there were no registers."""


@dataclass(frozen=True)
class Register:
    """One organism's register of one year, as the table holds it."""

    organism_id: str
    year: int
    counter: Mapping[str, Any]
    entries: Sequence[Mapping[str, Any]]

    @property
    def name(self) -> str:
        """How people know it."""
        return f"{self.organism_id} {self.year}"

    def faults(self) -> Iterator[str]:
        """What is wrong with the chain, in words."""
        previous = _digest({"version": 1, "organism_id": self.organism_id, "year": self.year})
        for rank, entry in enumerate(self.entries, start=1):
            found = int(str(entry["sk"]).removeprefix(ENTRIES))
            if found != rank:
                yield f"{self.name}: entry {rank} is missing"
                return
            link: dict[str, str | int] = {
                "version": 1,
                "organism_id": self.organism_id,
                "year": self.year,
                "rank": rank,
                "record_sha256": str(entry["record_sha256"]),
                "previous": previous,
            }
            if entry["previous"] != previous or entry["digest"] != _digest(link):
                yield f"{self.name}: entry {rank} is not linked to the one before it, or was changed"
            previous = str(entry["digest"])
        if (int(self.counter.get("last", 0)), self.counter.get("head", previous)) != (len(self.entries), previous):
            yield f"{self.name}: the counter is not at the last entry, {len(self.entries)}"


def registers(table: "Table", last_year: int) -> Iterator[Register]:
    """Read every register that has entries, up to a year."""
    for organism in _query(table, ORGANISMS):
        for year in range(FIRST_YEAR, last_year + 1):
            organism_id = str(organism["sk"])
            items = list(_query(table, register_partition(organism_id, year)))
            entries = [item for item in items if str(item["sk"]).startswith(ENTRIES)]
            counter = next((item for item in items if item not in entries), {})
            if items:
                yield Register(organism_id, year, counter, entries)


def against_newest_head(s3: "S3Client", bucket: str, found: Sequence[Register]) -> Iterator[str]:
    """What the newest published head says otherwise than the registers: what was there on its day, and is not now."""
    keys = [
        each["Key"]
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=HEADS)
        for each in page.get("Contents", [])
    ]
    if not keys:
        return
    head = s3.get_object(Bucket=bucket, Key=max(keys))["Body"].read()
    payload = head.split(b".")[1]
    stands = json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))["registers"]
    by_name = {(register.organism_id, register.year): register for register in found}
    for stand in stands:
        register = by_name.get((stand["organism_id"], stand["year"]))
        digests = [entry["digest"] for entry in register.entries] if register else []
        if digests[stand["last"] - 1 : stand["last"]] != [stand["digest"]]:
            yield f"{stand['organism_id']} {stand['year']}: entry {stand['last']} is not that of the head {max(keys)}"


def _query(table: "Table", partition: str) -> Iterator[dict[str, Any]]:
    start: dict[str, Any] = {}
    while True:
        page = table.query(KeyConditionExpression=Key("pk").eq(partition), ConsistentRead=True, **start)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _digest(values: Mapping[str, str | int]) -> str:
    """SHA-256 over canonical JSON (RFC 8785), which for ASCII text and small whole numbers is this."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
