"""A stage that is deployed, as the commands that act on it know it."""

from collections.abc import Mapping
from dataclasses import dataclass

import boto3


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """Where a stage is, and the outputs of its stack."""

    session: boto3.Session
    stack_name: str
    outputs: Mapping[str, str]


def deployed(stage: str) -> Deployed:
    """Find what is deployed of a stage. Raises KeyError for an unknown one, ClientError, NotRunningError."""
    return described(_session(stage), f"BureauOrdre-{stage}")


def described(session: boto3.Session, stack_name: str) -> Deployed:
    """Read what a stack says of itself. Raises ClientError."""
    (stack,) = session.client("cloudformation").describe_stacks(StackName=stack_name)["Stacks"]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
    return Deployed(session=session, stack_name=stack_name, outputs=outputs)


def _session(stage: str) -> boto3.Session:
    if stage == "local":
        # found only when asked for: the local cloud's modules use these commands in their turn
        from infra.local.attached import attached_cloud  # noqa: PLC0415
        from infra.local.local_stack import session_for  # noqa: PLC0415

        return session_for(attached_cloud())
    # the CDK library, which the stages are written with, takes seconds to load
    from infra.stage import STAGES  # noqa: PLC0415

    return boto3.Session(region_name=STAGES[stage].region)
