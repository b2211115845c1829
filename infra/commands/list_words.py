"""Have the mails of a register entered into the inbox's search once more: `make list-words ORGANISM=… YEAR=… STAGE=…`.

For mails that were registered before there was a search, or before its rules changed. The command marks the event of
each submission, as often as it may be called; `resume_stalled` enters a hundred mails a minute.
"""

import argparse
import sys
from datetime import UTC, datetime

from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

from infra.commands.deployed import UNREACHABLE, Deployed, deployed
from infra.stored_names import (
    ENTRIES,
    WAITING_FOR_WORDS,
    WAITING_INDEX,
    WAITING_SINCE,
    register_partition,
    submission_key,
)

_READ = ("mail_id", "submitted_at")


def marked(where: Deployed, organism_id: str, year: int) -> int:
    """Mark each mail of a register, the newest first; how many there are. Raises ClientError."""
    table = where.session.resource("dynamodb").Table(where.outputs["TableName"])
    register = register_partition(organism_id, year)
    since = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    count = 0
    start: dict[str, object] = {}
    while True:
        page = table.query(
            KeyConditionExpression=Key("pk").eq(register) & Key("sk").begins_with(ENTRIES),
            ProjectionExpression=", ".join(_READ),
            ScanIndexForward=False,
            **start,  # type: ignore[arg-type]  # the key comes from the answer before
        )
        for entry in page["Items"]:
            pk, sk = submission_key(str(entry["mail_id"]), str(entry["submitted_at"]))
            table.update_item(
                Key={"pk": pk, "sk": sk},
                UpdateExpression="SET #waiting = :words, #since = :since",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeNames={"#waiting": WAITING_INDEX, "#since": WAITING_SINCE},
                ExpressionAttributeValues={":words": WAITING_FOR_WORDS, ":since": since},
            )
            count += 1
        if "LastEvaluatedKey" not in page:
            return count
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def main() -> None:
    """Mark the mails of a register of a stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    parser.add_argument("organism")
    parser.add_argument("year", type=int)
    arguments = parser.parse_args()
    try:
        count = marked(deployed(arguments.stage), arguments.organism, arguments.year)
    except (*UNREACHABLE, ClientError) as refusal:
        sys.exit(str(refusal))
    print(f"{count} mails will be entered into the search within {count // 100 + 1} minutes")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
