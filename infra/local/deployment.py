"""The real `cdk bootstrap` and `cdk deploy` into a local cloud, skipped when nothing changed."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError

from infra.local.assembly import STACK_NAME, Assembly, run_cdk
from infra.local.cloud import Cloud
from infra.local.deployment_repairs import repair, set_addresses
from infra.local.progress import Progress

_ACCOUNT = "000000000000"

type Outputs = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What is deployed in a local cloud."""

    digest: str
    """The digest of its sources, and of the ports in its addresses."""
    outputs: Outputs


class StateLostError(Exception):
    """The cloud was killed before it saved the deployment."""


def ensure_deployed(assembly: Assembly, cloud: Cloud, session: boto3.Session, progress: Progress) -> Deployment:
    """Deploy what changed since the last time. Raises DeploymentError, StateLostError."""
    known = _known(cloud)
    if known and _outputs(session) is None:
        raise StateLostError
    wanted = sha256(
        f"{assembly.digest} {cloud.ports.gateway} {cloud.ports.mail_catcher} {cloud.ports.site}".encode()
    ).hexdigest()
    if known and known.digest == wanted and known.outputs == _outputs(session):
        progress.say("· The stack is deployed and unchanged")
        return known
    if not _exists("CDKToolkit", session):
        with progress.step("Bootstrap (cdk bootstrap)"):
            _cdk(cloud, assembly, "bootstrap", f"aws://{_ACCOUNT}/{cloud.region}")
    with progress.step("Deploy (cdk deploy)"):
        _cdk(cloud, assembly, "deploy", STACK_NAME, "--require-approval", "never")
    outputs = _outputs(session) or {}
    with progress.step("Repair what the local cloud's CloudFormation leaves out"):
        repair(session, STACK_NAME, assembly.template)
        # these depend on the machine: its resolver may not know `*.localhost`, and ports are those that are free
        addresses = {"PUBLIC_URL": cloud.site_url, "TIMESTAMP_AUTHORITY": cloud.time_stamps_url}
        set_addresses(session, assembly.template, addresses)
    deployment = Deployment(digest=wanted, outputs=outputs)
    cloud.save()
    cloud.place.deployment.write_text(json.dumps(asdict(deployment), indent=2))
    return deployment


def api_url(cloud: Cloud, outputs: Outputs) -> str:
    """Return the API's address by path, since resolvers may not know `*.localhost`."""
    api_id = (urlsplit(outputs["ApiUrl"]).hostname or "").partition(".")[0]
    return f"{cloud.endpoint_url}/_aws/execute-api/{api_id}/$default"


def _cdk(cloud: Cloud, assembly: Assembly, *arguments: str) -> None:
    authority = str(cloud.place.ca_file)
    run_cdk(
        cloud.place,
        *(*arguments, "--app", str(assembly.folder), "--progress", "events"),
        environment={
            "AWS_ENDPOINT_URL": cloud.endpoint_url,
            "AWS_ENDPOINT_URL_S3": cloud.endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": cloud.region,
            "AWS_DEFAULT_REGION": cloud.region,
            "AWS_CA_BUNDLE": authority,
            "NODE_EXTRA_CA_CERTS": authority,
        },
    )


def _known(cloud: Cloud) -> Deployment | None:
    path = cloud.place.deployment
    return Deployment(**json.loads(path.read_text())) if path.exists() else None


def _outputs(session: boto3.Session) -> dict[str, str] | None:
    """Return the stack's outputs, none while it is incomplete; None when there is no stack."""
    if not _exists(STACK_NAME, session):
        return None
    (stack,) = session.client("cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"]
    if stack["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        return {}
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}


def _exists(stack: str, session: boto3.Session) -> bool:
    try:
        session.client("cloudformation").describe_stacks(StackName=stack)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return False
        raise
    return True
