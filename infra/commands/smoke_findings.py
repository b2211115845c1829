"""What a check of a deployed stage finds, and how each check is run: alone, and never for long."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from infra.commands.deployed import Deployed
from infra.stage import Stage

A_DAY = timedelta(hours=26)
"""What happens each night has happened within this time: a day, and the length of a night's run."""
_AT_ONCE = 8
_DENIED = ("AccessDenied", "Authorization", "Unauthorized", "Forbidden", "403")
"""What the codes of AWS's services begin with that say: not with these credentials."""


class State(StrEnum):
    """What a check says of one thing."""

    GOOD = "good"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """It could not be looked up: nothing is said of it."""
    NOTE = "note"
    """A person has to see to it: AWS does not say how it stands."""
    NOT_HERE = "not on this stage"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing, how it stands, and what to do about it."""

    state: State
    what: str
    do: str | None = None


def good(what: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(state=State.GOOD, what=what)


def missing(what: str, *, do: str) -> Finding:
    """Say what is missing, and what to do."""
    return Finding(state=State.MISSING, what=what, do=do)


def note(what: str, *, do: str | None = None) -> Finding:
    """Say what a person has to see to."""
    return Finding(state=State.NOTE, what=what, do=do)


def not_here(what: str) -> Finding:
    """Say why there is nothing to check on this stage."""
    return Finding(state=State.NOT_HERE, what=what)


class FetchError(Exception):
    """No answer came over HTTPS; `reason` says why."""

    def __init__(self, reason: "Unreachable") -> None:
        super().__init__(reason)
        self.reason = reason


class Unreachable(StrEnum):
    """Why no answer came."""

    NO_ADDRESS = "the name has no address in the DNS"
    NO_TRUST = "its certificate is not trusted for this name"
    NO_ANSWER = "nothing answers"


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """An answer over HTTPS."""

    status: int
    headers: Mapping[str, str]
    """Their names in lower case."""


class Clients(Protocol):
    """Makes clients of AWS's services, with short timeouts."""

    def __call__(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401 - the service is a parameter
        """Return a client of the service in the stage's region, or another one."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A deployed stage, and the ways to look at it."""

    stage: Stage
    where: Deployed
    client: Clients
    fetch: Callable[[str], Fetched]
    """Fetch an address without following redirects. Raises FetchError."""
    address: str
    """The address that people use, without a slash at its end."""
    now: datetime

    @property
    def is_local(self) -> bool:
        """Whether it is the local cloud, which lacks some of AWS's services."""
        return self.stage.name == "local"

    @property
    def table(self) -> str:
        """The name of the table of records."""
        return self.where.outputs["TableName"]

    @property
    def is_new(self) -> bool:
        """Whether the stage has not lived through a whole night yet. Raises ClientError."""
        made: datetime = self.client("dynamodb").describe_table(TableName=self.table)["Table"]["CreationDateTime"]
        return self.now - made < A_DAY


@dataclass(frozen=True, kw_only=True)
class Check:
    """One subject, and how to look at it."""

    name: str
    look: Callable[[Place], Iterator[Finding]]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A finding, and the check that found it."""

    check: str
    finding: Finding


def run(checks: Sequence[Check], place: Place) -> list[Line]:
    """Run each check, several at a time; one that fails says so, and the others go on."""
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        found = pool.map(lambda check: findings_of(check, place), checks)
        return [
            Line(check=check.name, finding=finding)
            for check, findings in zip(checks, found, strict=True)
            for finding in findings
        ]


def findings_of(check: Check, place: Place) -> list[Finding]:
    """What one check finds, or why it found nothing."""
    found: list[Finding] = []
    try:
        found.extend(check.look(place))
    except ClientError as error:
        found.append(_failed(error))
    except (BotoCoreError, FetchError, KeyError, ValueError, OSError) as error:
        found.append(
            Finding(
                state=State.UNKNOWN,
                what=f"It could not be looked up ({type(error).__name__}: {error}).",
                do="Run it again; if it stays so, look it up in AWS's console.",
            )
        )
    return found


def _failed(error: ClientError) -> Finding:
    code = error.response["Error"]["Code"]
    if code.startswith(_DENIED):
        return Finding(
            state=State.UNKNOWN,
            what=f"These credentials may not look it up ({error.operation_name}).",
            do="Run it with credentials that may read it.",
        )
    return Finding(
        state=State.UNKNOWN,
        what=f"AWS answered {code} to {error.operation_name}.",
        do="Run it again; if it stays so, look it up in AWS's console.",
    )
