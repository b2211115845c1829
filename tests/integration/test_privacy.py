"""What people write goes into the mail and nowhere else: not into logs, not into problems, not into keys."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

import boto3
import pytest
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from botocore.client import BaseClient
from botocore.exceptions import ParamValidationError

from tests.support.in_process.mishaps import refusing
from tests.support.in_process.service import ADDRESS, BUCKET, LETTER, REGION, Answer, Mail, Service, sha256

MARKED = {
    "first name": "Zprenomq",
    "last name": "زنامق",
    "e-mail": "zcourrielq@exemple.ma",
    "phone": "+212661987654",
    "address": "Zadresseq, Fès",
    "subject": "Zobjetq زموضوعق",
    "body": "Ztexteq",
    "reference": "Zrefq",
    "file": "zfichierq.pdf",
    "content": "%PDF-1.7 zcontenuq",
    "national id": "ZQ76543",
    "company": "Zsocieteq",
    "service": "Zserviceq",
}
CONTACT: dict[str, object] = {
    "email": MARKED["e-mail"],
    "phone": MARKED["phone"],
    "sms": True,
    "address": MARKED["address"],
    "privacy_notice_version": "1",
}
CITIZEN: dict[str, object] = {
    "kind": "citizen",
    "first_name": MARKED["first name"],
    "last_name": MARKED["last name"],
    **CONTACT,
}


def letter(**changes: object) -> dict[str, object]:
    texts = {name: MARKED[name] for name in ("subject", "body", "reference")}
    return LETTER | texts | changes


def spilled(text: str) -> list[str]:
    """Which marks a text holds, as they are, escaped as JSON does, or in the local form of the telephone."""
    forms = {name: {mark, json.dumps(mark)[1:-1]} for name, mark in MARKED.items()}
    forms["phone"].add("0661987654")
    return sorted(name for name, written in forms.items() if any(form.lower() in text.lower() for form in written))


def written_and_sent(service: Service) -> Mail:
    mail = service.start()
    put = f"/v1/mails/{mail.mail_id}"
    assert service.call("PUT", f"{put}/letter", letter(), token=mail.token).status == 200
    assert service.call("PUT", f"{put}/sender", CITIZEN, token=mail.token).status == 200
    service.attach(mail, MARKED["content"].encode(), file_name=MARKED["file"])
    assert service.call("GET", put, token=mail.token).status == 200
    answer = service.submit(mail)
    assert answer.status == 201
    mail.submitted = answer.json
    return mail


def refusals(service: Service) -> list[Answer]:
    """Requests that are refused, with marks in whatever they hold."""
    mail = service.start()
    put = f"/v1/mails/{mail.mail_id}"
    bodies: list[tuple[str, str, object]] = [
        ("PUT", "letter", letter(kind=MARKED["subject"])),
        ("PUT", "letter", letter(subject=MARKED["subject"] + "\n")),
        ("PUT", "letter", letter(body=MARKED["body"] + "\x00")),
        ("PUT", "letter", letter(dated=MARKED["reference"])),
        ("PUT", "letter", letter(subject=[MARKED["subject"]])),
        ("PUT", "letter", [letter()]),
        ("PUT", "sender", CITIZEN | {"email": MARKED["e-mail"] + "@"}),
        ("PUT", "sender", CITIZEN | {"phone": MARKED["phone"] + "9999"}),
        ("PUT", "sender", CITIZEN | {"kind": MARKED["company"]}),
        ("PUT", "sender", CITIZEN | {"national_id": MARKED["national id"]}),
        ("PUT", "sender", CITIZEN | {"national_id": {"number": MARKED["national id"]}}),
        ("PUT", "sender", CITIZEN | {"privacy_notice_version": MARKED["body"][:7]}),
        ("PUT", "sender", CONTACT | {"kind": "enterprise", "legal_name": MARKED["company"], "ice": "1"}),
        ("PUT", "sender", CONTACT | {"kind": "administration", "service": MARKED["service"]}),
        ("POST", "attachments", {"file_name": "../" + MARKED["file"], "media_type": MARKED["content"]}),
    ]
    answers = [service.call(method, f"{put}/{step}", body, token=mail.token) for method, step, body in bodies]
    broken = json.dumps(letter(), ensure_ascii=False)[:-1]
    answers += [
        service.call("PUT", f"{put}/letter", raw=broken, token=mail.token),
        service.call("PUT", f"{put}/letter", raw=broken.encode() + b"\xff", token=mail.token),
        service.call("PUT", f"{put}/letter", letter(), token=MARKED["reference"]),
        service.call("PUT", f"{put}/letter", letter(), token=mail.token, headers={"Content-Type": MARKED["company"]}),
        service.call("POST", "/v1/mails", {"organism_id": MARKED["company"], "language": "fr"}),
        service.call("POST", "/v1/follow-up", {"number": MARKED["reference"], "follow_up_code": MARKED["body"]}),
        service.call("GET", f"/v1/receipts/{MARKED['reference']}"),
        service.call("GET", f"/v1/organisms/{MARKED['company']}"),
        service.call("GET", f"/v1/organisms?category={MARKED['company']}"),
        service.call("GET", f"/v1/{MARKED['company']}"),
    ]
    return answers


def failures(service: Service) -> list[Answer]:
    """Requests that fail through AWS or through us, with marks in the very calls that fail."""
    answers = []
    mail = service.start()
    path = f"/v1/mails/{mail.mail_id}"
    for code in ("ThrottlingException", "AccessDeniedException"):
        with refusing("UpdateItem", code):
            answers += [
                service.call("PUT", f"{path}/letter", letter(), token=mail.token),
                service.call("PUT", f"{path}/sender", CITIZEN, token=mail.token),
            ]
    with quoting_what_was_sent():
        answers.append(service.call("PUT", f"{path}/letter", letter(), token=mail.token))
        answers.append(service.call("PUT", f"{path}/sender", CITIZEN, token=mail.token))
    return answers


@contextmanager
def quoting_what_was_sent() -> Iterator[None]:
    """AWS's own library refuses a call and quotes all that was in it, as it does with a wrong parameter."""

    def call(_client: BaseClient, _operation: str, parameters: dict[str, object]) -> object:
        raise ParamValidationError(report=str(parameters))

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """All that is said so far: the structured lines of our loggers, and the messages of everybody else's."""
    caplog.set_level(logging.INFO)
    lines = io.StringIO()
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    handlers = [
        handler
        for logger in loggers
        for handler in logger.handlers
        if isinstance(handler, logging.StreamHandler) and isinstance(handler.formatter, LambdaPowertoolsFormatter)
    ]
    kept = [(handler, handler.setStream(lines)) for handler in handlers]
    yield lambda: lines.getvalue() + caplog.text
    for handler, stream in kept:
        if stream is not None:
            handler.setStream(stream)


def test_nothing_that_people_write_gets_into_logs_or_problems(
    service: Service, capfd: pytest.CaptureFixture[str], logged: Callable[[], str]
) -> None:
    mail = written_and_sent(service)
    service.receipt_trigger(mail.mail_id)
    assert service.deliver(service.queued()) == {"batchItemFailures": []}
    for answer in refusals(service):
        assert 400 <= answer.status < 500
        assert spilled(answer.body) == []
    for answer in failures(service):
        assert answer.status in {500, 503}
        assert spilled(answer.body) == []
    output = capfd.readouterr()
    said = output.out + output.err + logged()
    assert said.count('"message":"answered"') > 30
    assert said.count('"message":"request failed"') == 6
    assert f'"mail_id":"{mail.mail_id}"' in said
    assert "MailsSubmitted" in said
    assert spilled(said) == []
    for secret in (mail.token, mail.submitted["follow_up_code"], "k" * 64):
        assert secret not in said


def test_codes_that_open_a_mail_are_in_no_log_when_they_are_used(
    service: Service, capfd: pytest.CaptureFixture[str], logged: Callable[[], str]
) -> None:
    mail = written_and_sent(service)
    number, code = mail.submitted["number"], mail.submitted["follow_up_code"]
    service.call("POST", "/v1/follow-up", {"number": number, "follow_up_code": code})
    service.call("POST", "/v1/follow-up", {"number": number, "follow_up_code": code[:-1]})
    service.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}")
    output = capfd.readouterr()
    said = output.out + output.err + logged()
    assert said.count('"message":"answered"') > 3
    for secret in (code, code[:-1], mail.token, mail.submitted["verification_code"], ADDRESS):
        assert secret not in said


def test_the_register_and_the_receipts_place_hold_no_contact_details(service: Service) -> None:
    mail = written_and_sent(service)
    place = str(service.items(f"RECEIPT#{mail.submitted['verification_code']}"))
    assert spilled(place) == []
    assert sha256(MARKED["content"].encode()) in place


def test_names_of_files_are_in_no_key_of_storage(service: Service) -> None:
    mail = written_and_sent(service)
    listed = boto3.client("s3", REGION).list_objects_v2(Bucket=BUCKET)["Contents"]
    keys = [found["Key"] for found in listed if not found["Key"].startswith("seal/")]
    assert len(keys) == 2
    assert all(mail.mail_id in key and spilled(key) == [] for key in keys)
