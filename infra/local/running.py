"""The start of a local cloud: the stacks deployed, the organisms enrolled, the seal certified, the users made."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.serialization import Encoding

from infra.commands.certify_seal import seal_of
from infra.commands.deployed import Deployed
from infra.commands.desks import desks
from infra.commands.enrol import enrol
from infra.commands.seal_certificates import Authority
from infra.local.assembly import STAGE, Assembly, current_assembly, synthesise
from infra.local.cloud import Cloud, running_cloud
from infra.local.deployment import Outputs, StateLostError, api_url, ensure_deployed
from infra.local.local_stack import LocalStack, session_for
from infra.local.mail_catcher import MailCatcher, receiving, showing
from infra.local.people import People, ensure_people
from infra.local.place import HOST, LocalPlace, Ports, free_ports
from infra.local.progress import Progress
from infra.local.sender_client import JobError
from infra.local.site_proxy import Site, serving_site
from infra.local.time_stamper import TimeStamper
from infra.names import LIVE
from infra.paths import ROOT, private
from infra.site.build import build
from infra.stage import Stage

ORGANISMS = ROOT / "functions/enrol_organisms/organisms.csv"


@contextmanager
def running_stack(
    place: LocalPlace, ports: Ports, progress: Progress, organisms: Path = ORGANISMS
) -> Iterator[LocalStack]:
    """Start a local cloud on its saved state, deploy into it, enrol the organisms; stop the cloud at the end.

    Raises CloudError, DeploymentError, EnrolmentError, JobError.
    """
    private(place.folder)
    if not place.deployment.exists():
        place.forget()  # left by a first deployment that was interrupted
    assembly = current_assembly()
    if not assembly.exists:
        with progress.step("Synthesise the stacks, make the layers (cdk synth)"):
            synthesise(assembly, place)
    with ExitStack() as started:
        try:
            stack = started.enter_context(_deployed_stack(assembly, place, ports, progress, organisms))
        except StateLostError as lost:
            progress.say(f"{lost} Starting from nothing.")
            place.forget()
            stack = started.enter_context(_deployed_stack(assembly, place, ports, progress, organisms))
        with progress.step("Health"), stack.client() as client:
            client.get("/v1/health").raise_for_status()
        yield stack


@contextmanager
def _deployed_stack(
    assembly: Assembly, place: LocalPlace, ports: Ports, progress: Progress, organisms: Path
) -> Iterator[LocalStack]:
    free = free_ports(ports)
    authority = Authority.kept_in(place.seal, "Autorité de test (local)")
    stamper = TimeStamper.under(authority, "Horodateur de test (local)")
    with ExitStack() as started:
        with progress.step("Local cloud (TLS and IAM on)"):
            started.enter_context(receiving(place.emails, free.smtp))
            cloud = started.enter_context(running_cloud(place, free, assembly.region))
            mail_catcher = started.enter_context(showing(cloud, stamper))
        session = session_for(cloud)
        deployment = ensure_deployed(assembly, cloud, session, progress)
        with progress.step("Enrol the organisms"):
            enrol(session, deployment.outputs["EnrolFunctionName"], organisms)
        with progress.step("Publish open data, which a schedule does at night"):
            name = f"{Stage.load(STAGE).name_of('publish-open-data')}:{LIVE}"
            if "FunctionError" in session.client("lambda").invoke(FunctionName=name):
                raise JobError("Open data was not published: .local/logs says why.")
        where = Deployed(session=session, stage=STAGE, outputs=deployment.outputs)
        with progress.step("A test authority certifies the seal"):
            seal = seal_of(where)
            seal.ensure_test(authority)
            place.sealer_file.write_bytes(seal.certificate().public_bytes(Encoding.PEM))
        with progress.step("Make two agents, an operator and a program"):
            people = ensure_people(where, f"{cloud.endpoint_url}/oauth2/token", place.people)
        stack = describe(cloud, mail_catcher, deployment.outputs, people)
        with progress.step("Build the pages"):
            build_pages(stack.client(), place)
        started.enter_context(serving_site(site_of(stack)))
        yield stack


def describe(cloud: Cloud, mail_catcher: MailCatcher, outputs: Outputs, people: People) -> LocalStack:
    """The stack with its addresses and users."""
    return LocalStack(
        api_url=api_url(cloud, outputs),
        site_url=cloud.site_url,
        endpoint_url=cloud.endpoint_url,
        ca_file=cloud.place.ca_file,
        seal_ca_file=cloud.place.seal_ca_file,
        sealer_file=cloud.place.sealer_file,
        region=cloud.region,
        outputs=outputs,
        emails_url=mail_catcher.emails_url,
        sms_url=mail_catcher.sms_url,
        mail_catcher=mail_catcher,
        people=people,
    )


def build_pages(api: httpx.Client, place: LocalPlace) -> None:
    """Build the pages that the site of this cloud serves. Raises BundlingError, HTTPError."""
    with api:
        build(place.pages, organisms=desks(api))


def site_of(stack: LocalStack) -> Site:
    """The site of a stack: its pages, its API, and the firewall before them."""
    cloud = stack.mail_catcher.cloud
    return Site(
        port=cloud.ports.site,
        api_url=stack.api_url,
        storage=f"https://{HOST}:{cloud.ports.gateway}",
        tls=cloud.place.tls,
        limits=Stage.load(STAGE).callers.model_dump(),
        pages=cloud.place.pages,
    )
