"""The whole stack on this machine: `python -m infra.local run [--once] | stop | deploy | pages | restore-drill`."""

import argparse
import signal
import ssl
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import botocore.exceptions
import httpx
from cryptography.x509 import load_pem_x509_certificate

from infra.commands.accounts import AccessError
from infra.commands.enrol import EnrolmentError
from infra.commands.local_run import (
    DESCRIPTION,
    AlreadyRunningError,
    NotRunningError,
    description,
    only_one,
    stop,
)
from infra.commands.seal_certificates import ChainError, key_digest
from infra.local.assembly import DeploymentError, current_assembly, synthesise
from infra.local.cloud import PLACE_OF_RUN, CloudError, attached_cloud
from infra.local.deployment import StateLostError, ensure_deployed
from infra.local.local_stack import LocalStack, session_for
from infra.local.place import ANY_PORTS, USUAL_PORTS, LocalPlace
from infra.local.progress import Progress
from infra.local.restore_drill import drill
from infra.local.running import build_pages, running_stack
from infra.local.sender_client import JobError
from infra.local.show import RECEIPT, do_and_show
from infra.local.show_answer import answer_and_show
from infra.local.work_left import leave_work
from infra.paths import LOCAL, ROOT, private
from infra.site.bundles import BundlingError

SEAL_AUTHORITY = LOCAL / "seal-ca.pem"
"""The authority that is trusted when receipts of this machine are checked."""
SEALER = LOCAL / "sealer.pem"
"""The certificate that a check expects."""

_FAILURES = (
    AccessError,
    AlreadyRunningError,
    BundlingError,
    ChainError,
    CloudError,
    DeploymentError,
    EnrolmentError,
    JobError,
    NotRunningError,
    StateLostError,
    botocore.exceptions.BotoCoreError,
    botocore.exceptions.ClientError,
    httpx.HTTPError,
)


def main() -> int:
    """Return 0 when all went well, 130 after Ctrl-C before it was up, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run_parser = commands.add_parser("run", help="start all of it, do the main job, serve")
    run_parser.add_argument("--once", action="store_true", help="exit after the main job")
    commands.add_parser("stop", help="end a run")
    commands.add_parser("deploy", help="deploy what changed into a run that is up")
    commands.add_parser("pages", help="build the pages again for a run that is up")
    commands.add_parser("restore-drill", help="lose tables and bucket of a separate cloud, and restore them")
    arguments = parser.parse_args()
    progress = Progress()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _interrupt)
    try:
        match arguments.command:
            case "run":
                _run(progress, once=arguments.once)
            case "stop":
                progress.say("Stopped." if stop() else "Nothing is running.")
            case "restore-drill":
                _drill(progress)
            case "pages":
                _build_pages(progress)
            case _:
                _deploy(progress)
    except KeyboardInterrupt:
        progress.say("Interrupted.")
        return 130
    except _FAILURES as error:
        progress.fail(f"{type(error).__name__}: {error}")
        return 1
    return 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    # The first signal counts: a second one must not interrupt the saving of the state.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt


def _deploy(progress: Progress) -> None:
    cloud, assembly = attached_cloud(), current_assembly()
    if not assembly.exists:
        with progress.step("Synthesise the stacks, make the layers (cdk synth)"):
            synthesise(assembly, cloud.place)
    ensure_deployed(assembly, cloud, session_for(cloud), progress)
    _build_pages(progress)


def _build_pages(progress: Progress) -> None:
    """The proxy of the run reads them as they lie on disk."""
    run = description()
    trusted = ssl.create_default_context(cafile=run["ca_file"])
    with progress.step("Build the pages"):
        build_pages(httpx.Client(base_url=run["api_url"], verify=trusted, trust_env=False), PLACE_OF_RUN)


def _drill(progress: Progress) -> None:
    with TemporaryDirectory(prefix="drill-", dir=private(LOCAL)) as folder:
        place = LocalPlace(folder=Path(folder), logs=LOCAL / "logs" / "drill")
        with running_stack(place, ANY_PORTS, progress) as stack:
            drill(stack, progress)


def _run(progress: Progress, *, once: bool) -> None:
    with only_one(), running_stack(PLACE_OF_RUN, USUAL_PORTS, progress) as stack:
        stack.write(DESCRIPTION, sample=None)
        SEAL_AUTHORITY.write_bytes(stack.seal_ca_file.read_bytes())
        SEALER.write_bytes(stack.sealer_file.read_bytes())
        sent = do_and_show(stack, progress)
        stack.write(DESCRIPTION, sample=sent.as_sample())
        answer_and_show(stack, sent, progress)
        _show_sealer(progress)
        if not once:
            _serve(stack, progress)
    progress.say("Ended; the state is kept for the next run.")


def _show_sealer(progress: Progress) -> None:
    own = load_pem_x509_certificate(SEALER.read_bytes())
    progress.heading("Whose seal receipts bear")
    progress.table(
        {
            "Sealer": own.subject.rfc4514_string(),
            "SHA-256 of its key": key_digest(own),
            "Certificate": str(SEALER),
            "Authority": str(SEAL_AUTHORITY),
            "Check": f"make check RECEIPT={RECEIPT.relative_to(ROOT)}",
        }
    )


def _serve(stack: LocalStack, progress: Progress) -> None:
    with progress.step("Leave a mail to be answered, and a message that failed"):
        waiting = leave_work(stack)
    agent, operator = stack.people.agents["anam"], stack.people.operator
    progress.heading("Sign in on the pages")
    progress.table(
        {
            "An agent of ANAM": stack.page("desk"),
            "User name": agent.username,
            "Password": agent.password,
            "Waits there": f"{waiting.number}, to be answered; mail on paper is entered at the counter",
        }
    )
    progress.table(
        {
            "An operator": stack.page("operations"),
            "User name": operator.username,
            "Password": operator.password,
            "Waits there": "a failed message, to be redriven; organisms are enrolled beside it",
        }
    )
    progress.say("On this machine a password suffices; elsewhere a code of an authenticator is asked for too.")
    progress.heading("Serving until Ctrl-C")
    progress.table(
        {
            "Site": stack.site_url,
            "API": stack.api_url,
            "AWS APIs": stack.endpoint_url,
            "E-mails": stack.emails_url,
            "SMS": stack.sms_url,
            "CA file": str(stack.ca_file),
            "Described in": str(DESCRIPTION),
        }
    )
    try:
        while True:
            stack.mail_catcher.cloud.check()
            time.sleep(0.5)
    except KeyboardInterrupt:
        progress.say("\nEnding …")


if __name__ == "__main__":
    sys.exit(main())
