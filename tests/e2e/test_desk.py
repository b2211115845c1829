"""The organism's desk over HTTP alone: the whole way of a mail, mail that goes elsewhere."""

import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from infra.local.agent_client import ANSWER, AgentClient
from infra.local.local_stack import LocalStack
from infra.local.samples import SENDER, SampleFile, a_jpeg, a_pdf
from infra.local.sender_client import SenderClient, Sent, until


@pytest.fixture(scope="module")
def anam(stack: LocalStack, sender: SenderClient, storage: httpx.Client) -> AgentClient:
    """The inbox of ANAM, opened by its agent."""
    return AgentClient(sender, storage, stack.sign_in(stack.people.agents["anam"]).id_token)


@pytest.fixture(scope="module")
def rabat(stack: LocalStack, sender: SenderClient, storage: httpx.Client) -> AgentClient:
    """The inbox of another organism."""
    return AgentClient(sender, storage, stack.sign_in(stack.people.agents["commune-rabat"]).id_token)


def send(sender: SenderClient, *files: SampleFile) -> Sent:
    started = sender.start("anam")
    sender.write(started)
    for file in files:
        sender.attach(started, file)
    sender.identify(started)
    return sender.submit(started)


def followed(sender: SenderClient, sent: Sent) -> dict[str, Any]:
    mail: dict[str, Any] = sender.ask("GET", f"/mails/{sent.mail_id}", token=sent.access_token)
    return mail


def test_a_mail_is_alerted_opened_collected_and_answered_and_its_sender_told(
    sender: SenderClient, stack: LocalStack, storage: httpx.Client, anam: AgentClient, rabat: AgentClient
) -> None:
    files = (a_pdf(), a_jpeg())
    sent = send(sender, *files)
    sender.follow(sent)  # waits until the organism was alerted
    item = anam.find(sent)
    assert (item["status"], item["attachments"]) == ("submitted", 2)
    opened = anam.open(sent)
    contents = [anam.download(sent.number, file) for file in opened["attachments"]]
    assert sorted(contents) == sorted(file.content for file in files)

    agent = stack.people.agents["anam"].username
    assert anam.collect(sent.number)["collected"]["by"] == agent
    assert anam.collect(sent.number, expect=200)["collected"]["by"] == agent
    enclosed = a_pdf()
    anam.enclose(sent.number, enclosed)
    anam.close(sent.number, "answered")
    anam.close(sent.number, "answered", expect=200)
    anam.close(sent.number, "rejected", "Non.", expect=409)

    def answered() -> dict[str, Any] | None:
        mail = sender.ask("GET", f"/mails/{sent.mail_id}", token=sent.access_token)
        return mail if mail["outcome"]["attachments"][0]["url"] else None

    mail = until(answered, "the answer's file")
    assert mail["status"] == "answered"
    assert mail["outcome"]["message"] == ANSWER
    (file,) = mail["outcome"]["attachments"]
    assert storage.get(file["url"]).content == enclosed.content
    assert agent not in str(mail), "the sender is told what was done, and not by whom"

    def told() -> bool | None:
        mine = [email for email in stack.emails() if sent.number in email.subject and SENDER["email"] in email.to]
        texts = [sms for sms in stack.sms() if sent.number in sms.text and sms.to == SENDER["phone"]]
        return True if len(mine) == 3 and len(texts) == 2 else None

    until(told, "the sender to be told")
    actions = [one["action"] for one in anam.open(sent)["accesses"]]
    assert actions[-3:] == ["collected", "outcome", "opened"]
    assert actions.count("downloaded") == 2
    _nobody_elses(sent, rabat, opened["attachments"][0]["attachment_id"])


def _nobody_elses(sent: Sent, other: AgentClient, attachment_id: str) -> None:
    """Another organism's agent finds nothing under the number, and cannot tell it from one that was never given."""
    other.ask("GET", f"/{sent.number}", expect=404)
    other.ask("GET", f"/{sent.number}/attachments/{attachment_id}", expect=404)
    other.collect(sent.number, expect=404)
    other.close(sent.number, "rejected", "Non.", expect=404)
    assert all(item["number"] != sent.number for item in other.ask("GET", "?limit=100")["items"])


def test_download_addresses_live_for_a_minute_and_say_to_save_the_file_under_its_name(
    sender: SenderClient, storage: httpx.Client, anam: AgentClient
) -> None:
    sent = send(sender, a_pdf())
    (file,) = anam.open(sent)["attachments"]
    asked_at = datetime.now(UTC)
    download = anam.ask("GET", f"/{sent.number}/attachments/{file['attachment_id']}")
    lives = (datetime.fromisoformat(download["expires_at"]) - asked_at).total_seconds()
    assert 55 < lives < 65
    fetched = storage.get(download["url"])
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%D8%B4" in fetched.headers["Content-Disposition"]


def test_a_redirected_mail(sender: SenderClient, anam: AgentClient, rabat: AgentClient) -> None:
    """It stands in the other register with its files, and its sender follows it there."""
    plan = a_pdf()
    sent = send(sender, plan)
    (file,) = anam.open(sent)["attachments"]
    anam.close(sent.number, "redirected", "Cela relève de la commune.", redirect_to="anam", expect=422)
    anam.close(sent.number, "redirected", "Cela relève de la commune.", redirect_to="nobody", expect=422)
    closed = anam.close(sent.number, "redirected", "Cela relève de la commune.", redirect_to="commune-rabat")
    there = closed["outcome"]["redirected_to"]["number"]
    anam.close(sent.number, "redirected", "Autre.", redirect_to="commune-sale", expect=409)

    mail = rabat.ask("GET", f"/{there}")
    assert mail["redirected_from"]["number"] == sent.number
    (same,) = mail["attachments"]
    assert same["sha256"] == file["sha256"]
    assert rabat.download(there, same) == plan.content
    rabat.ask("GET", f"/{sent.number}", expect=404)

    mine = followed(sender, sent)
    assert mine["status"] == "redirected"
    elsewhere = mine["outcome"]["redirected_to"]
    assert elsewhere["number"] == there
    back = sender.ask("POST", "/follow-up", json={"number": there, "follow_up_code": elsewhere["follow_up_code"]})
    assert sender.ask("GET", f"/mails/{back['mail_id']}", token=back["access_token"])["number"] == there


def test_a_program_of_the_organism_reads_its_inbox_and_no_other(
    stack: LocalStack, sender: SenderClient, storage: httpx.Client, anam: AgentClient
) -> None:
    sent = send(sender)
    program = AgentClient(sender, storage, stack.machine_token())
    program.find(sent)
    assert program.open(sent)["letter"]["subject"]
    accesses = anam.open(sent)["accesses"]
    assert accesses[0]["by"] == stack.people.machine.client_id


def test_of_two_agents_who_collect_at_once_one_is_named_and_the_other_told_who(
    stack: LocalStack, sender: SenderClient, storage: httpx.Client, anam: AgentClient
) -> None:
    sent = send(sender)
    program = AgentClient(sender, storage, stack.machine_token())
    first = anam.collect(sent.number)["collected"]
    assert program.collect(sent.number, expect=200)["collected"] == first
    assert first["by"] == stack.people.agents["anam"].username


def test_statistics_count_what_arrived(anam: AgentClient, sender: SenderClient) -> None:
    before = anam.ask("GET", "/statistics")["total"]
    send(sender)

    def counted() -> bool | None:
        return True if anam.ask("GET", "/statistics")["total"] > before else None

    started = time.monotonic()
    until(counted, "the new mail in the statistics", seconds=10)
    assert time.monotonic() - started < 10
