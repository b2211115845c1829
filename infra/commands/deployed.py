"""A deployed stage, as the commands that act on it see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from infra.commands.local_run import NotRunningError, description, session_to
from infra.names import Part, stack_name
from infra.stage import Stage
from infra.stage_file import StageError
from infra.stage_refusals import require_deployable

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef


class NotDeployedError(Exception):
    """The stage, or a part of it, is not deployed in this account and region."""


UNREACHABLE = (NotDeployedError, NotRunningError, StageError)
"""Why a command finds no stage to act on; each message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """A session in the stage's account and region, and the outputs of its stacks."""

    session: boto3.Session
    stage: str
    outputs: Mapping[str, str]


def deployed(stage: str) -> Deployed:
    """Find what is deployed of a stage.

    Raises StageError for a stage that is unknown, a rehearsal or in another account; NotDeployedError; ClientError;
    NotRunningError.
    """
    settings = Stage.load(stage)
    require_deployable(settings)
    if stage == "local":
        run = description()
        session = session_to(endpoint_url=run["endpoint_url"], region=run["region"], ca_file=Path(run["ca_file"]))
    else:
        session = boto3.Session(region_name=settings.region)
        require_account(settings, session)
    return described(session, stage)


def require_account(stage: Stage, session: boto3.Session) -> None:
    """Refuse credentials of another account than the stage's. Raises StageError, ClientError."""
    if stage.account is None:
        return
    account = session.client("sts").get_caller_identity()["Account"]
    if account != stage.account:
        raise StageError(f"The credentials are of account {account}, and {stage.name} is in {stage.account}.")


def described(session: boto3.Session, stage: str) -> Deployed:
    """Read the outputs of a stage's stacks. Raises NotDeployedError, ClientError."""
    outputs: dict[str, str] = {}
    for part in (Part.DATA, Part.SERVICE):
        name = stack_name(stage, part)
        stack = find_stack(session, name)
        if stack is None:
            raise NotDeployedError(f"There is no stack {name} in {session.region_name}: deploy the stage first.")
        outputs |= {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", []) if "ExportName" not in one}
    return Deployed(session=session, stage=stage, outputs=outputs)


def find_stack(session: boto3.Session, name: str) -> "StackTypeDef | None":
    """Describe the stack of this name; None where there is none. Raises ClientError."""
    try:
        (stack,) = session.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise
    return stack
