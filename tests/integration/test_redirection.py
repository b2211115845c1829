"""A redirected mail stands in two registers that agree, whatever crashes, and its sender can follow it in both."""

import importlib
import json
import re
from typing import Any

import boto3
import pypdfium2
import pytest
import time_machine

from mailroom.domain import clock
from tests.integration.test_collection import entry, templates
from tests.integration.test_outcome import problem, shown
from tests.support.in_process.agents import Agent, mails, scanned
from tests.support.in_process.mishaps import (
    ProcessDiedError,
    before_transaction,
    counting,
    dying_after_write,
    refusing,
    taking,
)
from tests.support.in_process.service import BUCKET, CITIZEN, NEW_ORGANISM, REGION, Mail, Service, context
from tests.support.signed.chained import assert_chained


def followed(service: Service, mail: Mail) -> Mail:
    """The mail as it goes on at the other organism, opened by its sender with what the first one shows."""
    there = shown(service, mail)["outcome"]["redirected_to"]
    paper = {"number": there["number"], "follow_up_code": there["follow_up_code"]}
    back = service.call("POST", "/v1/follow-up", paper)
    assert back.status == 200, back.body
    return Mail(back.json["mail_id"], back.json["access_token"], {"number": there["number"]})


def register(service: Service, organism_id: str) -> list[str]:
    """The numbers in this year's register of an organism, which is a whole chain, and its counter."""
    year = clock.register_year(clock.now())
    items = service.items(f"REGISTER#{organism_id}#{year}")
    assert_chained(items, organism_id, year)
    return [str(item["last"]) if item["sk"] == "COUNTER" else item["number"] for item in items]


def test_both_organisms_the_sender_and_the_histories_agree(service: Service) -> None:
    mails(service, 1, "adm")
    mail = service.sent()
    number = mail.submitted["number"]
    nadia, salma = Agent(service), Agent(service, "adm", "salma")
    answer = nadia.redirect(number, "adm")
    assert answer.status == 201
    there = answer.json["outcome"]["redirected_to"]
    assert (there["organism_id"], there["number"].split("-")[::2]) == ("adm", ["ADM", "000002"])
    assert register(service, "adm") == ["2", there["number"].replace("000002", "000001"), there["number"]]

    new = followed(service, mail)
    seen, old = shown(service, new), shown(service, mail)
    assert (old["status"], seen["status"]) == ("redirected", "submitted")
    assert seen["redirected_from"]["number"] == number
    assert seen["organism"]["organism_id"] == "adm"
    assert (seen["letter"], seen["attachments"]) == (old["letter"], old["attachments"])
    contacts = {"email": "a…@e….ma", "phone": "+2126••••••78"}
    assert seen["sender"] == old["sender"] | contacts, "masked for who comes by a code"
    assert [event["event"] for event in old["history"]] == ["started", "submitted", "collected", "redirected"]
    assert [event["event"] for event in seen["history"]] == ["started", "submitted"]
    assert old["history"][-1]["at"] == seen["submitted_at"] == answer.json["outcome"]["at"]

    opened = salma.open(there["number"]).json
    assert opened["redirected_from"] == {
        "organism_id": "anam",
        "number": number,
        "name": old["organism"]["name"],
    }
    assert opened["letter"]["body"] == nadia.open(number).json["letter"]["body"]
    assert entry(service, new)["waiting"] == "COLLECTION"
    assert salma.list().json["items"][0]["number"] == there["number"]
    assert problem(salma.open(number)) == (404, "number-not-found")
    assert problem(nadia.open(there["number"])) == (404, "number-not-found")


def test_the_redirected_mail_gets_its_own_receipt_and_everyone_is_told(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    service.deliver(service.queued())
    Agent(service).redirect(mail.submitted["number"], "adm")
    new = followed(service, mail)
    service.receipt_trigger(new.mail_id)
    receipt = service.call("GET", f"/v1/mails/{new.mail_id}/receipt", token=new.token)
    assert receipt.status == 200
    waiting = [one for one in templates(service) if one[0] == "sender_redirected"]
    assert waiting == [("sender_redirected", "email"), ("sender_redirected", "sms")]
    with counting() as calls:
        assert service.deliver(service.queued()) == {"batchItemFailures": []}
    assert calls.count("SendEmail") == 3  # the sender twice, of the redirection and of the new number; the desk
    assert "organism_alerted" in [event["event"] for event in shown(service, new)["history"]]
    record = boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=f"submissions/{new.mail_id}.json")
    came_from = shown(service, mail)["organism"]["name"]
    assert json.loads(record["Body"].read())["redirected_from"] == {
        "number": mail.submitted["number"],
        "organism_id": "anam",
        "name": came_from,
    }
    pdf = boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=f"receipts/{new.mail_id}.pdf")["Body"].read()
    text = re.sub(r"\s+", " ", pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range())
    assert f"Transmis par {came_from['fr']}" in text
    assert f"sous le numéro d’ordre {mail.submitted['number']}" in text


def test_files_are_the_first_mails_own_with_whatever_is_known_of_them(service: Service) -> None:
    """Nothing is copied, and a scan that comes after the redirection counts for both."""
    mail = service.sent()
    Agent(service).redirect(mail.submitted["number"], "adm")
    new = followed(service, mail)
    service.receipt_trigger(new.mail_id)
    listed = boto3.client("s3", REGION).list_objects_v2(Bucket=BUCKET, Prefix="attachments/")["Contents"]
    assert [found["Key"].split("/")[1] for found in listed] == [mail.mail_id]
    salma = Agent(service, "adm", "salma")
    file = salma.open(new.submitted["number"]).json["attachments"][0]
    assert file["scan"] == "pending"
    assert salma.download(new.submitted["number"], file["attachment_id"]).status == 409
    scanned(mail, file["attachment_id"], "clean")
    answer = salma.download(new.submitted["number"], file["attachment_id"])
    assert f"/attachments/{mail.mail_id}/{file['attachment_id']}?" in answer.json["url"]
    scanned(mail, file["attachment_id"], "infected")
    assert salma.download(new.submitted["number"], file["attachment_id"]).status == 410


def test_a_mail_may_go_on_from_organism_to_organism(service: Service) -> None:
    mail = service.sent()
    Agent(service).redirect(mail.submitted["number"], "adm")
    second = followed(service, mail)
    assert Agent(service, "adm").redirect(second.submitted["number"], "cnss").status == 201
    third = followed(service, second)
    file = shown(service, third)["attachments"][0]["attachment_id"]
    scanned(mail, file, "clean")
    answer = Agent(service, "cnss").download(third.submitted["number"], file)
    assert f"/attachments/{mail.mail_id}/{file}?" in answer.json["url"]


def test_an_identity_number_stays_with_the_organism_that_may_hold_it(service: Service) -> None:
    service.put_organism("cndp", NEW_ORGANISM)
    mail = service.start("cndp")
    service.write(mail)
    service.identify(mail, CITIZEN | {"national_id": "AB123456"})
    mail.submitted = service.submit(mail).json
    Agent(service, "cndp").redirect(mail.submitted["number"], "adm")
    new = followed(service, mail)
    assert Agent(service, "adm").open(new.submitted["number"]).json["sender"]["national_id"] is None
    assert "AB123456" not in str(service.items(f"MAIL#{new.mail_id}"))
    assert shown(service, mail)["sender"]["national_id"] == "AB••••56"


def test_a_suspended_organism_takes_no_redirected_mail(service: Service) -> None:
    mail = service.sent()
    suspended = {**NEW_ORGANISM, "status": "suspended"}
    service.put_organism("cndp", suspended)
    answer = Agent(service).redirect(mail.submitted["number"], "cndp")
    assert problem(answer) == (409, "organism-suspended")
    service.put_organism("cndp", NEW_ORGANISM)
    with before_transaction(lambda: service.put_organism("cndp", suspended)):
        answer = Agent(service).redirect(mail.submitted["number"], "cndp")
    assert problem(answer) == (409, "organism-suspended")
    assert register(service, "cndp") == []
    assert shown(service, mail)["status"] == "submitted"


def test_a_mail_is_redirected_once(service: Service) -> None:
    mail = service.sent()
    nadia = Agent(service)
    first = nadia.redirect(mail.submitted["number"], "adm")
    again = nadia.redirect(mail.submitted["number"], "adm")
    assert (again.status, again.json) == (200, first.json)
    assert problem(nadia.redirect(mail.submitted["number"], "cnss")) == (409, "already-closed")
    assert register(service, "adm") == ["1", first.json["outcome"]["redirected_to"]["number"]]
    assert register(service, "cnss") == []


def test_two_who_redirect_at_once_to_different_organisms_leave_no_gap(service: Service) -> None:
    mail = service.sent()
    number = mail.submitted["number"]
    with before_transaction(lambda: Agent(service, name="omar").redirect(number, "cnss")):
        assert problem(Agent(service).redirect(number, "adm")) == (409, "already-closed")
    assert register(service, "adm") == []
    assert len(register(service, "cnss")) == 2


def test_losing_the_race_for_a_number_takes_the_next_one(service: Service) -> None:
    mail = service.sent()
    with before_transaction(lambda: mails(service, 1, "adm")):
        answer = Agent(service).redirect(mail.submitted["number"], "adm")
    assert answer.json["outcome"]["redirected_to"]["number"].endswith("-000002")
    cancelled = {"CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]}
    other = mails(service, 1)[0]
    with refusing("TransactWriteItems", "TransactionCanceledException", times=3, more=cancelled) as refused:
        answer = Agent(service).redirect(other.submitted["number"], "adm")
    assert answer.json["outcome"]["redirected_to"]["number"].endswith("-000003")
    assert len(refused) == 3


_WRITES = ["TransactWriteItems", "PutObject", "SendMessageBatch", "UpdateItem"]


@pytest.mark.parametrize("write", range(1, len(_WRITES) + 1))
def test_a_redirection_that_dies_after_any_write_is_finished_by_the_next(service: Service, write: int) -> None:
    mail = service.sent()
    nadia = Agent(service)
    with dying_after_write(write) as writes, pytest.raises(ProcessDiedError):
        nadia.redirect(mail.submitted["number"], "adm")
    assert writes == _WRITES[:write]
    assert nadia.redirect(mail.submitted["number"], "adm").status == 200
    agrees(service, mail)


@pytest.mark.parametrize("write", range(1, len(_WRITES)))
def test_a_redirection_that_dies_is_finished_by_the_schedule_too(service: Service, write: int) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    with dying_after_write(write), pytest.raises(ProcessDiedError):
        Agent(service).redirect(mail.submitted["number"], "adm")
    with time_machine.travel(clock.now().timestamp() + 6 * 60, tick=False), taking("Invoke", {"StatusCode": 202}):
        importlib.import_module("resume_stalled.handler").handler({}, context())
    agrees(service, mail)


_ANSWER_WRITES = ["TransactWriteItems", "PutObjectRetention", "PutObjectTagging", "SendMessageBatch", "UpdateItem"]


@pytest.mark.parametrize("by_schedule", [False, True])
@pytest.mark.parametrize("write", range(1, len(_ANSWER_WRITES) + 1))
def test_an_answer_that_dies_after_any_write_is_finished(service: Service, write: int, by_schedule: bool) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    nadia = Agent(service)
    file = nadia.attach(mail)
    with dying_after_write(write) as writes, pytest.raises(ProcessDiedError):
        nadia.close(mail.submitted["number"])
    assert writes == _ANSWER_WRITES[:write]
    if by_schedule:
        with time_machine.travel(clock.now().timestamp() + 6 * 60, tick=False):
            importlib.import_module("resume_stalled.handler").handler({}, context())
    else:
        assert nadia.close(mail.submitted["number"]).status == 200
    tags = boto3.client("s3", REGION).get_object_tagging(Bucket=BUCKET, Key=f"answers/{mail.mail_id}/{file}")
    assert tags["TagSet"] == [{"Key": "state", "Value": "submitted"}]
    assert {("sender_answered", "email"), ("sender_answered", "sms")} <= set(templates(service))
    assert "waiting" not in last_event(service, mail)


def last_event(service: Service, mail: Mail) -> dict[str, Any]:
    events = [item for item in service.items(f"MAIL#{mail.mail_id}") if item["sk"].startswith("EVENT#")]
    return next(item for item in events if item["event"] in {"answered", "redirected"})


def agrees(service: Service, mail: Mail) -> None:
    """Both registers hold the mail once, its record is there, and what tells the sender is queued."""
    new = followed(service, mail)
    assert register(service, "adm") == ["1", new.submitted["number"]]
    versions = boto3.client("s3", REGION).list_object_versions(Bucket=BUCKET, Prefix=f"submissions/{new.mail_id}")
    assert len(versions["Versions"]) == 1
    assert {("sender_redirected", "email"), ("sender_redirected", "sms")} <= set(templates(service))
    assert "waiting" not in last_event(service, mail)
    with counting() as calls:
        service.deliver(service.queued())
        service.deliver(service.queued())
    told = [one for one in calls if one in {"SendEmail", "Publish"}]
    assert told.count("Publish") == len(numbers_told(service))


def numbers_told(service: Service) -> set[tuple[str, str]]:
    """Telephones for which messages wait, with what they are told."""
    bodies = [json.loads(message["body"]) for message in service.queued()]
    return {(body["to"], body["notification_id"]) for body in bodies if body["channel"] == "sms"}
