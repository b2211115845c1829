"""Say what a deployed stage still lacks, and what to do about each thing: `make smoke STAGE=…`.

It changes nothing. It ends with 0 only where nothing is missing and everything could be looked up.
"""

import argparse
import json
import socket
import ssl
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import boto3
import httpx
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.commands import smoke_door, smoke_keeping, smoke_messages, smoke_use
from infra.commands.deployed import Deployed, NotDeployedError, deployed
from infra.commands.local_run import NotRunningError, description
from infra.commands.smoke_findings import Check, Clients, Fetched, FetchError, Line, Place, State, Unreachable, run
from infra.stage import Stage
from infra.stage_file import StageError

CHECKS = (
    Check(name="account", look=smoke_use.account),
    Check(name="public address", look=smoke_door.public_address),
    Check(name="certificate", look=smoke_door.certificate),
    Check(name="distribution", look=smoke_door.distribution),
    Check(name="pages", look=smoke_door.pages),
    Check(name="gateway", look=smoke_door.gateway_is_closed),
    Check(name="seal", look=smoke_keeping.seal),
    Check(name="register heads", look=smoke_keeping.register_heads),
    Check(name="e-mail account", look=smoke_messages.email_account),
    Check(name="e-mail sender", look=smoke_messages.email_sender),
    Check(name="SMS", look=smoke_messages.sms),
    Check(name="alarm addresses", look=smoke_messages.alarm_addresses),
    Check(name="alarms", look=smoke_use.alarms),
    Check(name="malware scan", look=smoke_keeping.malware_scan),
    Check(name="data key", look=smoke_keeping.data_key),
    Check(name="backups", look=smoke_keeping.backups),
    Check(name="copies of files", look=smoke_keeping.replication),
    Check(name="trail", look=smoke_keeping.trail),
    Check(name="executions", look=smoke_use.executions),
    Check(name="organisms", look=smoke_use.organisms),
    Check(name="operators", look=smoke_use.operators),
)
"""In the order of the answer."""

_TIMEOUTS = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2})
_MARKS = {
    State.GOOD: "ok",
    State.MISSING: "MISSING",
    State.UNKNOWN: "UNKNOWN",
    State.NOTE: "by hand",
    State.NOT_HERE: "not here",
}
_FAILS = {State.MISSING, State.UNKNOWN}


def clients_of(session: boto3.Session) -> Clients:
    """Make clients with short timeouts; a session makes one at a time, or it breaks."""
    turn = Lock()

    def client(service: str, region: str | None = None) -> Any:  # noqa: ANN401 - the service is a parameter
        with turn:
            return session.client(service, region_name=region, config=_TIMEOUTS)  # type: ignore[call-overload]  # any

    return client


def fetch_trusting(context: ssl.SSLContext, url: str) -> Fetched:
    """Fetch an address without following redirects. Raises FetchError."""
    try:
        answer = httpx.get(url, verify=context, trust_env=False, timeout=10, follow_redirects=False)
    except httpx.TransportError as error:
        raise FetchError(reason_of(error)) from error
    return Fetched(status=answer.status_code, headers={name.lower(): value for name, value in answer.headers.items()})


def reason_of(error: BaseException) -> Unreachable:
    """Why there was no answer, from the chain of causes."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return Unreachable.NO_ADDRESS
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable.NO_TRUST
        cause = cause.__cause__ or cause.__context__
    return Unreachable.NO_ANSWER


def place_of(stage: Stage, where: Deployed, address: str, authority: Path | None = None) -> Place:
    """The stage at this address, whose certificate the authority vouches for, or those that the machine trusts."""
    context = ssl.create_default_context(cafile=str(authority) if authority else None)
    return Place(
        stage=stage,
        where=where,
        client=clients_of(where.session),
        fetch=lambda url: fetch_trusting(context, url),
        address=address.rstrip("/"),
        now=datetime.now(UTC),
    )


def deployed_place(name: str) -> Place:
    """The stage of this name. Raises StageError, NotDeployedError, NotRunningError, ClientError, BotoCoreError."""
    stage = Stage.load(name)
    if not stage.may_be_deployed:
        raise StageError(f"{name} is a rehearsal: it is never deployed.")
    where = deployed(name)
    if name == "local":
        run_of_make = description()
        address = run_of_make["site_url"] or run_of_make["api_url"]
        return place_of(stage, where, address, Path(run_of_make["ca_file"]))
    return place_of(stage, where, stage.public_url or where.outputs["ApiUrl"])


def as_text(lines: Sequence[Line]) -> str:
    """A line for each finding, and one for what to do."""
    widest = max(len(line.check) for line in lines)
    rows = []
    for line in lines:
        rows.append(f"{_MARKS[line.finding.state]:<8}  {line.check:<{widest}}  {line.finding.what}")
        if line.finding.do:
            rows.append(f"{'':<8}  {'':<{widest}}  → {line.finding.do}")
    failing = sum(line.finding.state in _FAILS for line in lines)
    rows += ["", f"{failing} to be seen to." if failing else "Nothing is missing."]
    return "\n".join(rows)


def as_json(stage: str, lines: Sequence[Line]) -> str:
    """The same for programs."""
    findings = [
        {"check": line.check, "state": line.finding.state, "what": line.finding.what, "do": line.finding.do}
        for line in lines
    ]
    return json.dumps(
        {"stage": stage, "complete": is_complete(lines), "findings": findings}, ensure_ascii=False, indent=2
    )


def is_complete(lines: Sequence[Line]) -> bool:
    """Whether nothing is missing, and everything could be looked up."""
    return not any(line.finding.state in _FAILS for line in lines)


def main() -> None:
    """Check a stage, and print what it lacks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    parser.add_argument("--json", action="store_true", help="for programs")
    arguments = parser.parse_args()
    try:
        place = deployed_place(arguments.stage)
    except (StageError, NotDeployedError, NotRunningError) as refusal:
        sys.exit(str(refusal))
    except (ClientError, BotoCoreError) as error:
        sys.exit(f"The stage cannot be looked at: {error}")
    lines = run(CHECKS, place)
    sys.stdout.write((as_json(arguments.stage, lines) if arguments.json else as_text(lines)) + "\n")
    sys.exit(0 if is_complete(lines) else 1)


if __name__ == "__main__":
    main()
