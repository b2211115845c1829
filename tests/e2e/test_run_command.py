"""`make run` from its first line to its exit code, on the cloud that is up for the tests instead of one of its own."""

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from infra.commands import local_run
from infra.local import __main__ as command
from infra.local import cloud, show
from infra.local.local_stack import LocalStack
from infra.local.progress import Progress
from infra.local.sender_client import JobError, Sent, until
from infra.local.work_left import leave_work
from mailroom.check import command as check
from mailroom.check.findings import ReceiptVerdict

DESCRIBED = {
    "api_url",
    "site_url",
    "endpoint_url",
    "ca_file",
    "region",
    "emails_url",
    "sms_url",
    "sample",
}
SEALER = "CN=Sceau de test (bureau-ordre-local-seal"
SAMPLE = {"number", "mail_id", "access_token", "follow_up_code", "verification_code"}


@pytest.fixture
def local(tmp_path: Path, stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What a run writes goes here, and its cloud is the one of the tests."""

    @contextmanager
    def running(*_: object) -> Iterator[LocalStack]:
        yield stack

    monkeypatch.setattr(command, "running_stack", running)
    monkeypatch.setattr(command, "SEAL_AUTHORITY", tmp_path / "seal-ca.pem")
    monkeypatch.setattr(command, "SEALER", tmp_path / "sealer.pem")
    monkeypatch.setattr(show, "RECEIPT", tmp_path / "receipt.pdf")
    monkeypatch.setattr(show, "SLIP", tmp_path / "slip.pdf")
    for module in (command, local_run):
        monkeypatch.setattr(module, "DESCRIPTION", tmp_path / "stack.json")
    monkeypatch.setattr(cloud, "PLACE_OF_RUN", stack.mail_catcher.cloud.place)
    monkeypatch.setattr(local_run, "LOCAL", tmp_path)
    monkeypatch.setattr(local_run, "_LOCK", tmp_path / "run.pid")
    handlers = {which: signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM)}
    yield tmp_path
    for which, handler in handlers.items():
        signal.signal(which, handler)


@pytest.fixture
def run(local: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run the command; its exit code."""
    assert local.exists()

    def exit_code(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["infra.local", *arguments])
        return command.main()

    return exit_code


@pytest.fixture
def failed(stack: LocalStack, api: httpx.Client) -> Callable[[], int]:
    """How many messages to people failed and wait for operators."""
    operator = {"Authorization": f"Bearer {stack.sign_in(stack.people.operator).id_token}"}

    def count() -> int:
        queues = api.get("/v1/operations/failures", headers=operator).json()["dead_letters"]
        return sum(queue["messages"] for queue in queues)

    return count


def test_once_does_the_job_tells_what_came_of_it_and_exits(
    run: Callable[..., int], local: Path, stack: LocalStack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("run", "--once") == 0
    described = json.loads((local / "stack.json").read_text())
    assert described.keys() >= DESCRIBED
    assert (described["api_url"], described["site_url"]) == (stack.api_url, stack.site_url)
    assert described["sample"].keys() == SAMPLE
    shown = capsys.readouterr().out
    asked = ("--trust", str(local / "seal-ca.pem"), "--sealer", str(local / "sealer.pem"))
    assert check.main([str(local / "receipt.pdf"), *asked]) == ReceiptVerdict.GENUINE
    for told in (
        described["sample"]["number"],
        "E-mail to fatima.zahra@usager.example",
        "SMS to +212661234567",
        SEALER,
        "make check RECEIPT=.local/receipt.pdf",
    ):
        assert told in shown
    assert local_run.running_pid() is None


def test_a_job_that_goes_wrong_is_no_success(run: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Sent:
        raise JobError("an answer was not what the contract says")

    monkeypatch.setattr(command, "do_and_show", fails)
    assert run("run", "--once") == 1


def test_it_serves_until_it_is_stopped_and_takes_a_deployment_meanwhile(
    run: Callable[..., int],
    local: Path,
    failed: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sent = Sent(**dict.fromkeys(SAMPLE | {"submitted_at"}, "sample"))
    monkeypatch.setattr(command, "do_and_show", lambda *_: sent)
    monkeypatch.setattr(command, "answer_and_show", lambda *_: None)
    had_failed = failed()

    def served() -> bool | None:
        written = local / "stack.json"
        if not written.exists() or json.loads(written.read_text())["sample"] is None:
            return None
        return failed() > had_failed or None

    def meanwhile() -> None:
        try:
            until(served, "the sample, and the message that failed")
            command._deploy(Progress())
        finally:
            local_run.stop()

    other = threading.Thread(target=meanwhile)
    other.start()
    assert run("run") == 0
    other.join()
    shown = capsys.readouterr().out
    assert "Serving until Ctrl-C" in shown
    assert "The stacks are deployed and unchanged" in shown
    assert local_run.running_pid() is None


def test_who_tries_the_pages_finds_a_mail_to_answer_and_a_message_to_redrive(
    stack: LocalStack, api: httpx.Client, failed: Callable[[], int]
) -> None:
    had_failed = failed()
    sent = leave_work(stack)
    assert failed() == had_failed + 1
    agent = {"Authorization": f"Bearer {stack.sign_in(stack.people.agents['anam']).id_token}"}
    assert api.get(f"/v1/inbox/{sent.number}", headers=agent).json()["status"] == "submitted"

    def alerts(count: int) -> bool | None:
        found = [one for one in stack.emails() if sent.number in one.text and "bureau-ordre@anam.example.org" in one.to]
        return len(found) == count or None

    until(lambda: alerts(1), "the alert to the organism")
    operator = {"Authorization": f"Bearer {stack.sign_in(stack.people.operator).id_token}"}
    assert api.post("/v1/operations/failures/redrive", headers=operator).json()["redriven"] == had_failed + 1
    until(lambda: alerts(2), "the alert that was redriven")
