"""A deployed stage, as the commands that act on it see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import boto3

from infra.commands.local_run import description, session_to
from infra.names import stack_name
from infra.stage import Stage


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """A session in the stage's account and region, and the outputs of its stack."""

    session: boto3.Session
    stack_name: str
    outputs: Mapping[str, str]


def deployed(stage: str) -> Deployed:
    """Find what is deployed of a stage. Raises StageError for an unknown one, ClientError, NotRunningError."""
    if stage == "local":
        run = description()
        session = session_to(endpoint_url=run["endpoint_url"], region=run["region"], ca_file=Path(run["ca_file"]))
    else:
        session = boto3.Session(region_name=Stage.load(stage).region)
    return described(session, stack_name(stage))


def described(session: boto3.Session, stack: str) -> Deployed:
    """Read a stack's outputs. Raises ClientError."""
    (found,) = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}
    return Deployed(session=session, stack_name=stack, outputs=outputs)
