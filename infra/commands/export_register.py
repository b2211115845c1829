"""Export a register for anyone to check: `make register ORGANISM=… YEAR=… STAGE=…`.

Each line holds one entry's link of the chain, and no personal data. `python -m mailroom.check register` checks it.
"""

import argparse
import json
import sys
from collections.abc import Iterator

from boto3.dynamodb.conditions import Key

from infra.commands.deployed import UNREACHABLE, Deployed, deployed
from infra.paths import LOCAL
from infra.stored_names import ENTRIES, register_partition

FOLDER = LOCAL / "registers"
_VERSION = 1
_EXPORTED = ("sk", "number", "record_sha256", "previous", "digest")


def exported(where: Deployed, organism_id: str, year: int) -> Iterator[str]:
    """Read the register in its order, an entry a line (JSON). Raises ClientError."""
    table = where.session.resource("dynamodb").Table(where.outputs["TableName"])
    names = {f"#{name}": name for name in _EXPORTED}
    register = register_partition(organism_id, year)
    start: dict[str, object] = {}
    while True:
        page = table.query(
            KeyConditionExpression=Key("pk").eq(register) & Key("sk").begins_with(ENTRIES),
            ProjectionExpression=", ".join(names),
            ExpressionAttributeNames=names,
            ConsistentRead=True,
            **start,  # type: ignore[arg-type]  # the key comes from the answer before
        )
        for entry in page["Items"]:
            rank = int(str(entry.pop("sk")).removeprefix(ENTRIES))
            line = {"version": _VERSION, "organism_id": organism_id, "year": year, "rank": rank, **entry}
            yield json.dumps(line, separators=(",", ":"))
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def main() -> None:
    """Write a register of a stage to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    parser.add_argument("organism")
    parser.add_argument("year", type=int)
    arguments = parser.parse_args()
    try:
        where = deployed(arguments.stage)
    except UNREACHABLE as refusal:
        sys.exit(str(refusal))
    lines = list(exported(where, arguments.organism, arguments.year))
    path = FOLDER / arguments.stage / f"{arguments.organism}-{arguments.year}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{len(lines)} entries in {path}")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
