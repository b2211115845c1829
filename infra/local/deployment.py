"""The real `cdk bootstrap` and `cdk deploy` into a local cloud, skipped when nothing changed."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from urllib.parse import urlsplit

import boto3

from infra.commands.deployed import described, find_stack
from infra.local.assembly import STAGE, Assembly, run_cdk
from infra.local.cloud import Cloud
from infra.local.deployment_repairs import repair, set_addresses
from infra.local.progress import Progress
from infra.names import Part, stack_name

_ACCOUNT = "000000000000"

type Outputs = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What is deployed in a local cloud."""

    digest: str
    """The digest of its sources, and of the ports in its addresses."""
    outputs: Outputs


class StateLostError(Exception):
    """The saved state cannot be deployed into: the message says why."""


def ensure_deployed(assembly: Assembly, cloud: Cloud, session: boto3.Session, progress: Progress) -> Deployment:
    """Deploy what changed since the last time. Raises DeploymentError, StateLostError."""
    known = _known(cloud)
    if known:
        require_state(session)
    wanted = sha256(
        f"{assembly.digest} {cloud.ports.gateway} {cloud.ports.mail_catcher} {cloud.ports.site}".encode()
    ).hexdigest()
    if known and known.digest == wanted and known.outputs == _outputs(session):
        progress.say("· The stacks are deployed and unchanged")
        return known
    if find_stack(session, "CDKToolkit") is None:
        with progress.step("Bootstrap (cdk bootstrap)"):
            _cdk(cloud, assembly, "bootstrap", f"aws://{_ACCOUNT}/{cloud.region}")
    with progress.step("Deploy (cdk deploy)"):
        # `direct`: without change sets, which no one would look at here
        _cdk(cloud, assembly, "deploy", "--all", "--require-approval", "never", "--method", "direct")
    outputs = described(session, STAGE).outputs
    with progress.step("Repair what the local cloud's CloudFormation leaves out"):
        for stack, template in assembly.templates.items():
            repair(session, stack, template)
        # these depend on the machine: its resolver may not know `*.localhost`, and ports are those that are free
        addresses = {"PUBLIC_URL": cloud.site_url, "TIMESTAMP_AUTHORITY": cloud.time_stamps_url}
        for template in assembly.templates.values():
            set_addresses(session, template, addresses)
    deployment = Deployment(digest=wanted, outputs=outputs)
    cloud.save()
    cloud.place.deployment.write_text(json.dumps(asdict(deployment), indent=2))
    return deployment


def deploy_data(assembly: Assembly, cloud: Cloud, session: boto3.Session) -> None:
    """Deploy the data stack alone, whose bucket triggers nothing yet. Raises DeploymentError."""
    data = stack_name(STAGE, Part.DATA)
    _cdk(cloud, assembly, "deploy", data, "--exclusively", "--require-approval", "never", "--method", "direct")
    repair(session, data, assembly.templates[data])


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


def _outputs(session: boto3.Session) -> Outputs | None:
    """Return the stacks' outputs; None while one of them is missing or incomplete."""
    for part in (Part.DATA, Part.SERVICE, Part.WATCHING):
        stack = find_stack(session, stack_name(STAGE, part))
        if stack is None or stack["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            return None
    return described(session, STAGE).outputs


def require_state(session: boto3.Session) -> None:
    """Require the stacks that a deployment left. Raises StateLostError."""
    if find_stack(session, stack_name(STAGE, Part.DATA)) is None:
        raise StateLostError("The local cloud was killed before it saved its state.")
    if find_stack(session, stack_name(STAGE, Part.SERVICE)) is None:
        raise StateLostError("The local cloud's state is older than the division of the stage into several stacks.")
