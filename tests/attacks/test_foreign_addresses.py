"""A mistyped address is a stranger's: what its owner gets out of the messages, and how it ends."""

import json
from typing import Any

import pytest

from tests.support.in_process.agents import Agent
from tests.support.in_process.codes import by_link, by_slip, come, link_code, not_mine, receipt_of, seen_by, turn
from tests.support.in_process.mishaps import watching
from tests.support.in_process.service import CITIZEN, Mail, Service

ADDRESS = "12 rue des Orangers, Rabat"
PHONE = "+212612345678"


def victim(service: Service, **changes: object) -> Mail:
    mail = service.start()
    service.write(mail)
    sender = {name: value for name, value in (CITIZEN | {"address": ADDRESS} | changes).items() if value is not None}
    assert service.identify(mail, sender).status == 200
    mail.submitted = service.submit(mail).json
    service.receipt_trigger(mail.mail_id)
    return mail


def sender_as_the_desk_sees(service: Service, mail: Mail) -> Any:  # noqa: ANN401 - whatever JSON holds
    return Agent(service).open(mail.submitted["number"]).json["sender"]


@pytest.mark.parametrize("way", ["slip", "email", "sms"])
def test_contact_details_behind_a_link_or_a_code(service: Service, way: str) -> None:
    """Whoever got a stranger's link, or found a slip, wants the sender's address, telephone and e-mail."""
    mail = victim(service)
    token = by_slip(service, mail) if way == "slip" else by_link(service, mail, way)
    seen = seen_by(service, mail, token)
    sender = seen.json["sender"]
    assert (sender["email"], sender["phone"], sender["address"]) == ("a…@e….ma", "+2126••••••78", "…")
    assert not [one for one in (ADDRESS, PHONE, "amina.alaoui@") if one in seen.body]
    own = seen_by(service, mail, mail.token).json["sender"]
    assert (own["email"], own["phone"], own["address"]) == (CITIZEN["email"], PHONE, ADDRESS)


def test_a_link_made_into_the_senders_own_access(service: Service) -> None:
    """The stranger wants the slip's code, which goes on opening once the link has ended, or the details unmservice."""
    mail = victim(service)
    token = by_link(service, mail)
    answers = [receipt_of(service, mail, token), turn(service, mail, token).json]
    answers += [service.call("POST", f"/v1/mails/{mail.mail_id}/submission", token=token).json]
    said = json.dumps([*answers, seen_by(service, mail, token).json])
    assert mail.submitted["follow_up_code"] not in said
    assert "slips/" not in said
    for renamed in (f"access.0.{token.rpartition('.')[2]}", token.rpartition(".")[2], token.replace("email", "slip")):
        assert seen_by(service, mail, renamed).status == 401


def test_a_link_that_was_ended(service: Service) -> None:
    """The stranger said "not mine" and comes back, with the link, the page left open, or the next message's link."""
    mail = victim(service)
    number, code, token = mail.submitted["number"], link_code(mail), by_link(service, mail)
    assert not_mine(service, mail, token).status == 204
    assert come(service, number, code).status == 404
    assert [seen_by(service, mail, token).status, turn(service, mail, token).status] == [401, 403]
    assert service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=token).status == 401


def test_not_mine_tells_nothing(service: Service) -> None:
    """The stranger wants to learn from the answer what the sender has besides, or whether the link still counts."""
    mail = victim(service)
    token = by_link(service, mail)
    answers = [not_mine(service, mail, token) for _ in range(2)]
    assert [(answer.status, answer.body) for answer in answers] == [(204, "")] * 2
    other = victim(service)
    refused = not_mine(service, other, token)
    assert (refused.status, refused.json["type"]) == (401, "/problems/token-wrong")


def test_not_mine_to_lock_the_sender_out(service: Service) -> None:
    """Whoever reads one message wants the sender to lose the mail: the slip, the program and the other link stay."""
    mail = victim(service)
    email, sms = by_link(service, mail), by_link(service, mail, "sms")
    assert not_mine(service, mail, email).status == 204
    tokens = (mail.token, by_slip(service, mail), sms)
    assert [seen_by(service, mail, token).status for token in tokens] == [200] * 3
    assert sender_as_the_desk_sees(service, mail)["reachable_by_sms"] is True


@pytest.mark.parametrize("way", ["email", "sms"])
def test_messages_after_not_mine(service: Service, way: str) -> None:
    """The stranger goes on getting messages, each with a fresh link: those that wait, and those of the outcome."""
    mail = victim(service)
    waiting = [record for record in service.queued() if json.loads(record["body"])["mail_id"] == mail.mail_id]
    assert not_mine(service, mail, by_link(service, mail, way)).status == 204
    desk = sender_as_the_desk_sees(service, mail)
    assert (desk["reachable_by_email"], desk["reachable_by_sms"]) == (way == "sms", way == "email")
    with watching("SendEmail") as by_email, watching("Publish") as by_sms:
        assert service.deliver(waiting) == {"batchItemFailures": []}
    sent = json.dumps(by_email if way == "email" else by_sms, default=str)
    assert mail.submitted["number"] in json.dumps(by_email, default=str), "the desk and the other way are told"
    assert (str(CITIZEN["email"]) if way == "email" else PHONE) not in sent
    Agent(service).collect(mail.submitted["number"])
    Agent(service).close(mail.submitted["number"])
    bodies = [json.loads(record["body"]) for record in service.queued()]
    later = [body for body in bodies if body["mail_id"] == mail.mail_id and body["template"] != "sender_receipt"]
    told = {body["channel"] for body in later if body["template"].startswith("sender_")}
    assert told == {"sms" if way == "email" else "email"}


def test_a_way_round_by_the_other_register(service: Service) -> None:
    """The mail is redirected: the stranger wants into its second half by the first one's link, or the other way."""
    mail = victim(service)
    token = by_link(service, mail)
    Agent(service).redirect(mail.submitted["number"], "adm")
    there = seen_by(service, mail, token).json["outcome"]["redirected_to"]
    second = come(service, there["number"], there["follow_up_code"])
    elsewhere = Mail(second.json["mail_id"], second.json["access_token"], {"number": there["number"]})
    assert "…" in seen_by(service, elsewhere, elsewhere.token).json["sender"]["email"]
    assert turn(service, elsewhere, elsewhere.token).status == 403
    assert not_mine(service, elsewhere, elsewhere.token).status == 204
    assert seen_by(service, mail, token).status == 401
    assert come(service, there["number"], there["follow_up_code"]).status == 404
