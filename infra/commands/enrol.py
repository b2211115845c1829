"""Enrol the organisms of a CSV by invoking `enrol_organisms`: `make organisms CSV=… STAGE=…`."""

import argparse
import json
import sys
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

from infra.commands.deployed import UNREACHABLE, deployed
from infra.names import ENROLMENT_SECONDS

ASKED_ONCE = Config(
    # Lambda goes on though no one waits any more: a second request would run beside the first.
    read_timeout=ENROLMENT_SECONDS + 10,
    retries={"total_max_attempts": 1},
    tcp_keepalive=True,  # routers forget a connection that is silent for minutes
)


class EnrolmentError(Exception):
    """The CSV was refused; the message says which line and why."""


def enrol(session: boto3.Session, function_name: str, csv: Path) -> object:
    """Send the CSV to the function, once, and return its answer. Raises EnrolmentError, ClientError."""
    try:
        text = csv.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise EnrolmentError("its characters are not UTF-8: save it again as “CSV UTF-8”") from error
    client = session.client("lambda", config=ASKED_ONCE)
    try:
        answer = client.invoke(FunctionName=function_name, Payload=json.dumps({"csv": text}).encode())
    except ReadTimeoutError as error:
        raise EnrolmentError(
            "no answer came, and the function may still be at work: look at its log. The same file may be loaded again."
        ) from error
    payload: dict[str, object] = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise EnrolmentError(payload["errorMessage"])
    if payload["errors"]:
        raise EnrolmentError("nothing was written:\n" + json.dumps(payload["errors"], ensure_ascii=False, indent=2))
    return payload


def main() -> None:
    """Enrol the organisms of a CSV on a stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    parser.add_argument("csv", type=Path)
    arguments = parser.parse_args()
    try:
        where = deployed(arguments.stage)
        answer = enrol(where.session, where.outputs["EnrolFunctionName"], arguments.csv)
    except EnrolmentError as refusal:
        sys.exit(f"The directory was refused: {refusal}")
    except UNREACHABLE as refusal:
        sys.exit(str(refusal))
    print(json.dumps(answer, ensure_ascii=False, indent=2))  # noqa: T201 - a command


if __name__ == "__main__":
    main()
