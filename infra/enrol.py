"""Load organisms from a CSV by invoking `enrol_organisms`: `make organisms CSV=… STAGE=…`."""

import argparse
import json
import sys
from pathlib import Path

import boto3


class EnrolmentError(Exception):
    """The function refused the CSV; its answer says which line and why."""


def enrol(session: boto3.Session, function_name: str, csv: Path) -> object:
    """Return the function's answer. Raises EnrolmentError, ClientError."""
    answer = session.client("lambda").invoke(
        FunctionName=function_name,
        Payload=json.dumps({"csv": csv.read_text(encoding="utf-8")}).encode(),
    )
    payload: dict[str, object] = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise EnrolmentError(payload["errorMessage"])
    if payload["errors"]:
        raise EnrolmentError("nothing was written:\n" + json.dumps(payload["errors"], ensure_ascii=False, indent=2))
    return payload


def main() -> None:
    """Enrol the organisms of a CSV on a stage."""
    # the CDK library, which the stages are written with, takes seconds to load
    from infra.stage import STAGES  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=sorted(STAGES), required=True)
    parser.add_argument("csv", type=Path)
    arguments = parser.parse_args()
    stage = STAGES[arguments.stage]
    session = boto3.Session(region_name=stage.region) if stage.name != "local" else _local_session()
    try:
        answer = enrol(session, stage.name_of("enrol-organisms"), arguments.csv)
    except EnrolmentError as refusal:
        sys.exit(f"The directory was refused, {refusal}")
    print(json.dumps(answer, ensure_ascii=False, indent=2))  # noqa: T201 - a command


def _local_session() -> boto3.Session:
    # it imports this module in its turn
    from infra.local.attached import attached_cloud  # noqa: PLC0415
    from infra.local.stack import session_for  # noqa: PLC0415

    return session_for(attached_cloud())


if __name__ == "__main__":
    main()
