"""Load organisms from a CSV by invoking `enrol_organisms`: `make organisms CSV=… STAGE=…`."""

import argparse
import json
from pathlib import Path

import boto3

from infra.stage import STAGES, Stage


class EnrolmentError(Exception):
    """The function refused the CSV; its answer says which line and why."""


def enrol(session: boto3.Session, stage: Stage, csv: Path) -> object:
    """Return the function's answer. Raises EnrolmentError, ClientError."""
    answer = session.client("lambda").invoke(
        FunctionName=stage.name_of("enrol-organisms"),
        Payload=json.dumps({"csv": csv.read_text(encoding="utf-8")}).encode(),
    )
    payload: dict[str, object] = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise EnrolmentError(payload["errorMessage"])
    return payload


def main() -> None:
    """Enrol the organisms of a CSV on a stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=sorted(STAGES), required=True)
    parser.add_argument("csv", type=Path)
    arguments = parser.parse_args()
    stage = STAGES[arguments.stage]
    answer = enrol(_session(stage), stage, arguments.csv)
    print(json.dumps(answer, ensure_ascii=False, indent=2))  # noqa: T201 - a command


def _session(stage: Stage) -> boto3.Session:
    if stage.name != "local":
        return boto3.Session(region_name=stage.region)
    from infra.local.attached import attached_cloud  # noqa: PLC0415 - needed on one stage only
    from infra.local.stack import session_for  # noqa: PLC0415 - needed on one stage only

    return session_for(attached_cloud())


if __name__ == "__main__":
    main()
