"""The examples of the page for developers, run step after step as a reader copies them, on a stage."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook

from infra.local.agent_client import AgentClient
from infra.local.local_stack import LocalStack
from infra.local.sender_client import SenderClient, Sent, until
from infra.site.examples import cells
from tests.support.in_process.receiver import Received, listening

INTERPRETERS = {".py": [sys.executable, "-c"], ".sh": ["bash", "-euo", "pipefail", "-c"]}
NOT_PASSED_ON = ("AWS_", "PYTHON", "CURL_")
DESK = {
    "code": "EXEMPLE",
    "category": "public_establishment",
    "name": {"fr": "Organisme des exemples", "ar": "هيئة الأمثلة"},
    "alerts": {"emails": ["desk@exemple.example"], "phones": []},
    "status": "active",
}


class Reader:
    """Runs the parts of a program one after the other, in a folder in which `make run` was."""

    def __init__(self, folder: Path, stack: LocalStack) -> None:
        self.folder = folder
        (folder / ".local").mkdir()
        stack.write(folder / ".local/stack.json", sample=None)

    def run(self, program: str, ending: str, then: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run its parts, and then more code of the reader."""
        script = "\n".join([*cells(program, ending).values(), then])
        own = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
        return subprocess.run(
            [*INTERPRETERS[ending], script],
            cwd=self.folder,
            env=own | {"TMPDIR": str(self.folder)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=120,
        )


@pytest.fixture
def reader(tmp_path: Path, stack: LocalStack) -> Reader:
    return Reader(tmp_path, stack)


@pytest.fixture(scope="module")
def desk(stack: LocalStack, sender: SenderClient, storage: httpx.Client) -> AgentClient:
    return AgentClient(sender, storage, stack.machine_token())


@pytest.mark.parametrize("ending", [".py", ".sh"])
def test_a_mail_is_sent_and_checked_then_read_and_answered(ending: str, reader: Reader, desk: AgentClient) -> None:
    sent = reader.run("send", ending)
    assert sent.returncode == 0, sent.stdout
    waiting = desk.ask("GET", "?status=submitted&limit=1")["items"][0]
    assert waiting["number"] in sent.stdout
    assert waiting["subject"].startswith("طلب شهادة")

    def looked_into() -> bool | None:
        files = desk.ask("GET", f"/{waiting['number']}")["attachments"]
        return True if [file["check"] for file in files] == ["clean"] else None

    until(looked_into, "the scan of the file")
    done = reader.run("inbox", ending)
    assert done.returncode == 0, done.stdout
    answered = desk.ask("GET", f"/{waiting['number']}")
    assert answered["status"] == "answered"
    assert answered["outcome"]["message"].startswith("Votre attestation est prête.")


@pytest.fixture(scope="module")
def called(stack: LocalStack, sender: SenderClient) -> tuple[str, Received]:
    """The secret of an organism's program, and a call that came to it."""
    tls = Path(stack.ca_file).parent
    operator = stack.sign_in(stack.people.operator).id_token
    with listening(tls / "server.pem", key=tls / "server.key") as program:
        body = DESK | {"webhook": {"url": program.url}}
        enrolled = sender.ask("PUT", "/organisms/exemple", token=operator, json=body, expect=201)
        send(sender)
        until(lambda: program.received or None, "the webhook's call")
        sender.ask("PUT", "/organisms/exemple", token=operator, json=DESK | {"status": "suspended"})
    return enrolled["webhook_secret"], program.received[0]


def send(sender: SenderClient) -> Sent:
    started = sender.start("exemple")
    sender.write(started)
    sender.identify(started)
    return sender.submit(started)


ASKS_PYTHON = """
import json, os, pathlib
body = pathlib.Path(os.environ["BODY"]).read_bytes()
raise SystemExit(not is_genuine(json.loads(os.environ["HEADERS"]), body, os.environ["SECRET"]))
"""


@pytest.mark.parametrize("ending", [".py", ".sh"])
@pytest.mark.parametrize(("changed", "older", "is_genuine"), [(b"", 0, True), (b" ", 0, False), (b"", 3600, False)])
def test_a_call_is_genuine_unless_it_was_changed_or_is_old(  # noqa: PLR0913 - two languages by three cases
    ending: str, changed: bytes, older: int, *, is_genuine: bool, reader: Reader, called: tuple[str, Received]
) -> None:
    secret, call = called
    at = datetime.fromtimestamp(int(call.headers["webhook-timestamp"]) - older, UTC)
    headers = call.headers | {"webhook-timestamp": str(int(at.timestamp()))}
    if older:  # signed well, and sent again an hour later
        headers["webhook-signature"] = Webhook(secret).sign(headers["webhook-id"], at, call.body.decode())
    body = reader.folder / "body.json"
    body.write_bytes(call.body + changed)
    done = reader.run(
        "webhook",
        ending,
        then=ASKS_PYTHON if ending == ".py" else "",
        HEADERS=json.dumps(headers),
        ID=headers["webhook-id"],
        TIMESTAMP=headers["webhook-timestamp"],
        SIGNATURE=headers["webhook-signature"],
        SECRET=secret,
        BODY=str(body),
    )
    assert (done.returncode == 0) == is_genuine, done.stdout
