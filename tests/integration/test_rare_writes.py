"""What functions write in rare cases alone, as the data model says: states of waiting, and a sender not informed."""

import importlib

import boto3
import pytest
import time_machine

from mailroom.domain import clock
from tests.integration.test_file_checks import PROTECTED
from tests.integration.test_scans import sent, waits
from tests.integration.test_scans_that_never_come import chase
from tests.support.in_process.agents import Agent
from tests.support.in_process.mishaps import ProcessDiedError, dying_after_write
from tests.support.in_process.scanning import Listening, note, result, scanned
from tests.support.in_process.service import REGION, TABLE, Mail, Service, context
from tests.support.samples.files_of_each_type import HONEST


@pytest.fixture(autouse=True)
def operators(service: Service, monkeypatch: pytest.MonkeyPatch) -> Listening:  # noqa: ARG001 - its AWS
    listening = Listening()
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", listening.topic_arn)
    monkeypatch.setenv("SCANNER", "guardduty")
    return listening


def number_of(service: Service, mail: Mail) -> str:
    (item,) = [item for item in service.items(f"MAIL#{mail.mail_id}") if item["sk"] == "MAIL"]
    return str(item["submission"]["number"])


def test_a_redirected_mail_with_a_file_that_no_scanner_opens_waits_at_its_new_desk(service: Service) -> None:
    mail, key = sent(service, PROTECTED)
    note(result(key, "UNSUPPORTED"))
    assert Agent(service).redirect(number_of(service, mail), "adm").status == 201
    (entry,) = [item for item in service.items(f"REGISTER#adm#{clock.register_year(clock.now())}") if "mail_id" in item]
    assert [item["waiting"] for item in service.items(f"MAIL#{entry['mail_id']}") if item["sk"] == "SCAN"] == [
        "UNCHECKED"
    ]


def test_the_schedule_finds_by_its_tag_that_no_scanner_opens_a_file(service: Service) -> None:
    mail, key = sent(service, PROTECTED)
    scanned(key)  # and the event goes nowhere
    chase(16)
    assert waits(service, mail) == ["UNCHECKED"]


def test_an_outcome_that_dies_no_longer_waits_for_it_once_the_schedule_went_on(service: Service) -> None:
    mail, key = sent(service, PROTECTED)
    note(result(key, "UNSUPPORTED"))
    with dying_after_write(1), pytest.raises(ProcessDiedError):
        Agent(service).close(number_of(service, mail))
    assert waits(service, mail) == ["UNCHECKED"]
    with time_machine.travel(clock.now().timestamp() + 6 * 60, tick=False):
        importlib.import_module("resume_stalled.handler").handler({}, context())
    assert [item for item in service.items(f"MAIL#{mail.mail_id}") if item["sk"] == "SCAN" and "waiting" in item] == []


def test_a_file_that_an_agent_takes_back_is_waited_for_no_more(service: Service) -> None:
    mail = service.sent()
    nadia = Agent(service)
    attachment_id = nadia.attach(mail, scan=None)
    chase(16)
    number = mail.submitted["number"]
    assert nadia.call("DELETE", f"/{number}/attachments/{attachment_id}").status == 204
    assert [
        item for item in service.items(f"MAIL#{mail.mail_id}") if item["sk"] == "SCAN#ANSWERS" and "waiting" in item
    ] == []


def test_operators_still_see_a_mail_of_which_one_file_is_known_and_another_is_not(service: Service) -> None:
    mail = service.start()
    service.write(mail)
    known = service.attach(mail, HONEST["pdf"])
    service.attach(mail, HONEST["png"], file_name="plan.png", media_type="image/png")
    service.identify(mail)
    assert service.submit(mail).status == 201
    chase(16)
    chase(61)
    assert waits(service, mail) == ["UNSCANNED"]
    chase(200, {"again": True})
    assert waits(service, mail) == ["SCAN_ASKED"]
    note(scanned(f"attachments/{mail.mail_id}/{known}"))
    assert waits(service, mail) == ["UNSCANNED"]


def test_the_schedule_notes_that_a_sender_whom_no_message_reaches_was_not_informed(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    with dying_after_write(1), pytest.raises(ProcessDiedError):
        Agent(service).close(mail.submitted["number"])
    lasting = {"reason": "bounce", "at": clock.iso(clock.now())}
    boto3.resource("dynamodb", REGION).Table(TABLE).update_item(
        Key={"pk": f"MAIL#{mail.mail_id}", "sk": "MAIL"},
        UpdateExpression="SET email_failure = :lasting, sms_failure = :lasting",
        ExpressionAttributeValues={":lasting": lasting},
    )
    with time_machine.travel(clock.now().timestamp() + 6 * 60, tick=False):
        importlib.import_module("resume_stalled.handler").handler({}, context())
    assert "sender_not_informed" in {item.get("event") for item in service.items(f"MAIL#{mail.mail_id}")}
