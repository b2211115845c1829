"""The commands of the pages that need a stage, run block after block against the local cloud.

They name `prod`; here they get `STAGE=local`, and what a page's reader has at hand: a token, a directory, a receipt.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from infra.commands.access import make_machine, remove_machine
from infra.commands.certify_seal import seal_of
from infra.commands.deployed import Deployed, described
from infra.commands.local_run import DESCRIPTION
from infra.commands.seal_certificates import Authority
from infra.local.assembly import STAGE
from infra.local.local_stack import LocalStack
from infra.local.samples import a_jpeg
from infra.local.sender_client import SenderClient, Sent
from infra.paths import LOCAL, ROOT
from mailroom.domain import clock
from tests.support.inspection.documents import Block, blocks_checked_by
from tests.support.programs.checkout import Checkout

ORGANISM = "anam"
DAY, YEAR, REGISTER = "2026-11-22", "2026", "commune-rabat"
"""The day and the year of the pages' examples, and the register that the tests' head attests."""


@pytest.fixture(scope="module")
def sent(sender: SenderClient) -> Sent:
    """A mail with a file."""
    started = sender.start(ORGANISM)
    sender.write(started)
    sender.attach(started, replace(a_jpeg(), name="plan.jpg"))
    sender.identify(started)
    return sender.submit(started)


@pytest.fixture(scope="module")
def where(stack: LocalStack) -> Deployed:
    """The stage, as the commands see it."""
    return described(stack.session(), STAGE)


@pytest.fixture(scope="module")
def checkout(
    tmp_path_factory: pytest.TempPathFactory, stack: LocalStack, where: Deployed, sender: SenderClient, sent: Sent
) -> Iterator[Checkout]:
    """A project whose `make run` is the tests' cloud, and the files that a page's reader has."""
    made = Checkout(tmp_path_factory.mktemp("checkout"))
    stack.write(made.local / DESCRIPTION.name, sample=None)
    place = stack.mail_catcher.cloud.place
    (made.local / "cloud").symlink_to(place.folder)
    for shared in ("tools", "assemblies", "unpacked"):
        (LOCAL / shared).mkdir(parents=True, exist_ok=True)
        (made.local / shared).symlink_to(LOCAL / shared)
    seal = seal_of(where)
    files = {
        "directory.csv": (ROOT / "functions/enrol_organisms/organisms.csv").read_bytes(),
        "receipt.pdf": sender.receipt(sent),
        "plan.jpg": a_jpeg().content,
        "ca.pem": stack.seal_ca_file.read_bytes(),
        # the authority's answer to `make seal-request`
        "seal.pem": Authority.kept_in(place.seal, "Autorité de test (local)").certify(
            seal.public_key, f"Sceau de test ({seal.name})"
        ),
    }
    for name, content in files.items():
        (made.folder / name).write_bytes(content)
    with (made.local / "run.pid").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(str(os.getpid()))
        lock.flush()
        yield made


@pytest.fixture(scope="module")
def client_id(where: Deployed) -> str:
    """The client of a program that is to be shut out."""
    return make_machine(where, ORGANISM, read_only=True).client_id


@pytest.fixture
def environment(stack: LocalStack, sent: Sent, client_id: str) -> dict[str, str]:
    """The variables that the pages name, and a shell in which the check is installed."""
    return {
        "SERVICE": stack.api_url,
        "CURL_CA_BUNDLE": str(stack.ca_file),
        "NUMBER": sent.number,
        "CLIENT": client_id,
        "PYTHONPATH": "layers/mailroom/src",
        "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}",
    }


@pytest.mark.parametrize("block", blocks_checked_by("stack"), ids=lambda block: block.place)
def test_commands_that_need_a_stage_do_what_their_page_says(
    block: Block, checkout: Checkout, environment: dict[str, str], stack: LocalStack, in_head: Sent
) -> None:
    person = stack.people.agents[ORGANISM] if "/v1/inbox" in block.text else stack.people.operator
    token = {"TOKEN": stack.sign_in(person).id_token}
    done = checkout.bash(_on_this_stage(block.script, in_head), environment | token)
    for made in re.findall(r'"client_id": "(\w+)"', done.stdout):
        remove_machine(described(stack.session(), STAGE), made)  # other tests know which programs are admitted
    assert done.returncode == 0, done.stdout


def _on_this_stage(script: str, in_head: Sent) -> str:
    day = clock.in_casablanca(clock.now()).date()
    year = in_head.submitted_at[:4]
    return (
        script.replace("STAGE=prod", "STAGE=local")
        .replace("curl ", "curl --silent --show-error --fail ")
        .replace("registers/prod", "registers/local")
        .replace(f"ORGANISM={ORGANISM} YEAR={YEAR}", f"ORGANISM={REGISTER} YEAR={year}")
        .replace(f"{ORGANISM}-{YEAR}.jsonl", f"{REGISTER}-{year}.jsonl")
        .replace(DAY, day.isoformat())
    )
