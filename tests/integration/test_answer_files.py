"""Files of an organism's answer: it goes out with clean ones alone, and its desk hears of what is found later."""

import importlib
import json

import pytest
import time_machine

from mailroom.domain import clock
from tests.integration.test_file_checks import PROTECTED, late
from tests.integration.test_scans import told_of_files
from tests.support.in_process.agents import Agent
from tests.support.in_process.mishaps import before_transaction
from tests.support.in_process.refused import problem
from tests.support.in_process.scanning import Listening, note, result
from tests.support.in_process.service import Service, context
from tests.support.samples.files_of_each_type import EICAR, HONEST, PROGRAM


@pytest.fixture
def operators(service: Service, monkeypatch: pytest.MonkeyPatch) -> Listening:  # noqa: ARG001 - its AWS
    listening = Listening()
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", listening.topic_arn)
    monkeypatch.setenv("SCANNER", "guardduty")
    return listening


ANSWERS = [
    (HONEST["pdf"], None, 409, "answer-files-pending", "pending"),
    (HONEST["pdf"], "FAILED", 409, "answer-files-pending", "pending"),
    (PROTECTED, "UNSUPPORTED", 409, "answer-files-refused", "unchecked"),
    (PROGRAM, "NO_THREATS_FOUND", 409, "answer-files-refused", "refused"),
    (EICAR, "THREATS_FOUND", 409, "answer-files-refused", "refused"),
    (HONEST["pdf"], "NO_THREATS_FOUND", 201, "", "clean"),
]


@pytest.mark.parametrize(("content", "status", "answered", "slug", "check"), ANSWERS)
def test_an_answer_goes_out_only_with_clean_files(  # noqa: PLR0913, PLR0917 - the cases' parts
    service: Service, content: bytes, status: str | None, answered: int, slug: str, check: str
) -> None:
    mail = service.sent()
    nadia, number = Agent(service), mail.submitted["number"]
    attachment_id = nadia.attach(mail, content, scan=None)
    key = f"answers/{mail.mail_id}/{attachment_id}"
    if status:
        note(result(key, status))
    before = told_of_files(service)
    (file,) = nadia.open(number).json["answer_attachments"]
    assert file["check"] == check
    answer = nadia.close(number)
    assert answer.status == answered
    if slug:
        document = problem(answer, 409, slug)
        named = {name: document[name] for name in ("pending", "unchecked", "refused")}
        assert named == {"pending": [], "unchecked": [], "refused": []} | {check: [f"attachments/{attachment_id}"]}
        assert ("Retry-After" in answer.headers) == (check == "pending")
        assert nadia.call("DELETE", f"/{number}/attachments/{attachment_id}").status == 204
        assert nadia.close(number).status == 201
    assert before == told_of_files(service) == set()


def test_a_result_that_comes_while_an_answer_is_sent_counts(service: Service) -> None:
    mail = service.sent()
    nadia, number = Agent(service), mail.submitted["number"]
    attachment_id = nadia.attach(mail, EICAR)
    event = result(f"answers/{mail.mail_id}/{attachment_id}", "THREATS_FOUND")
    with before_transaction(lambda: note(event)):
        answer = nadia.close(number)
    problem(answer, 409, "answer-files-refused")
    assert nadia.open(number).json["status"] == "submitted"
    problem(nadia.download(number, attachment_id), 410, "answer-file-refused")


def test_a_file_of_an_answer_found_bad_later_is_told_to_the_desk_and_no_longer_given(service: Service) -> None:
    mail = service.sent()
    nadia, number = Agent(service), mail.submitted["number"]
    attachment_id = nadia.attach(mail, EICAR)
    assert nadia.close(number).status == 201
    note(result(f"answers/{mail.mail_id}/{attachment_id}", "THREATS_FOUND"))
    bodies = [json.loads(message["body"]) for message in service.queued()]
    told = [(body["template"], body["to"]) for body in bodies if "blocked" in body["template"]]
    assert told == [("organism_answer_blocked", "bureau-ordre@anam.example.org")]
    shown = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).json
    (file,) = shown["outcome"]["attachments"]
    assert (file["url"], file["check"]) == (None, "refused")
    assert "organisme" in file["reason"]


def test_an_answers_file_whose_scan_never_comes_ends_too(service: Service, operators: Listening) -> None:
    mail = service.sent()
    nadia, number = Agent(service), mail.submitted["number"]
    attachment_id = nadia.attach(mail, scan=None)
    chase = importlib.import_module("chase_scans.handler").handler
    for minutes in (16, 61, 66):
        with time_machine.travel(clock.now().timestamp() + minutes * 60, tick=False), pytest.MonkeyPatch.context() as m:
            m.setattr("mailroom.scanning.scanner.Scanner.ask", lambda *_: None)
            chase({}, context())
    (word,) = operators.heard()
    assert number in word["message"]
    assert word["subject"] == "Files not scanned: 1 mails"
    (file,) = nadia.open(number).json["answer_attachments"]
    assert (file["check"], file["reason_code"]) == ("unchecked", "not_scanned")
    problem(nadia.close(number), 409, "answer-files-refused")
    assert late(service, 90).count("scan") == 2  # the mail's own file was not scanned either
    assert nadia.call("DELETE", f"/{number}/attachments/{attachment_id}").status == 204
    assert late(service, 90).count("scan") == 1
    assert nadia.close(number).status == 201
