"""The editions of open data: one object of JSON in the bucket for each quarter, computed once and read by anyone."""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mailroom.domain.open_data import COUNTED, Figures, Quarter
from mailroom.storage.object_keys import OPEN_DATA, edition_key, name_of_edition
from mailroom.storage.organism_items import organism_in
from mailroom.storage.schema import DESK_INDEX, ORGANISMS
from mailroom.storage.table import Table

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

type Edition = dict[str, Any]
"""`quarter`, its first and last day as `from` and `to`, and `organisms`, each with its names and `figures`."""

_NOT_FOUND, _PRECONDITION_FAILED = 404, 412


def edition_of(quarter: Quarter, table: Table) -> Edition:
    """The figures of each organism in a quarter, by French name; test organisms are left out.

    The entries of one organism are read after those of another: the cost grows with the mails of the quarter alone.
    """
    organisms = sorted(map(organism_in, table.query(ORGANISMS)), key=lambda organism: organism.name.fr)
    bounds = quarter.period.bounds
    return {
        "quarter": str(quarter),
        "from": quarter.first_day.isoformat(),
        "to": quarter.last_day.isoformat(),
        "organisms": [
            {
                "organism_id": organism.organism_id,
                "name": {"fr": organism.name.fr, "ar": organism.name.ar},
                "figures": Figures.of(
                    list(table.arrived(DESK_INDEX, organism.organism_id, between=bounds, attributes=COUNTED))
                )._asdict(),
            }
            for organism in organisms
            if not organism.is_test
        ],
    }


class Editions:
    """The published editions."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def names(self) -> list[str]:
        """The names of all quarters that are published, the newest first; there are four in a year."""
        answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=OPEN_DATA)
        return sorted((name_of_edition(listed["Key"]) for listed in answer.get("Contents", [])), reverse=True)

    def read(self, name: str) -> Edition | None:
        """The edition of a quarter; None where there is none."""
        try:
            content = self._client.get_object(Bucket=self._bucket, Key=edition_key(name))["Body"].read()
        except ClientError as error:
            if _status(error) == _NOT_FOUND:
                return None
            raise
        edition: Edition = json.loads(content)
        return edition

    def publish(self, name: str, edition: Edition) -> bool:
        """Write the edition of a quarter, once; False where it was there already."""
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=edition_key(name),
                Body=json.dumps(edition, ensure_ascii=False).encode(),
                ContentType="application/json",
                IfNoneMatch="*",
                ChecksumAlgorithm="SHA256",
            )
        except ClientError as error:
            if _status(error) == _PRECONDITION_FAILED:
                return False
            raise
        return True


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]
