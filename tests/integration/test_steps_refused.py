"""What the state of a mail or of an organism forbids, and what the sender is told."""

from datetime import timedelta

import boto3
import pytest
import time_machine

from mailroom.domain import clock
from tests.support.in_process.refused import everything_about, problem
from tests.support.in_process.service import BUCKET, CITIZEN, LETTER, REGION, TABLE, Answer, Mail, Service


def steps(service: Service, mail: Mail, attachment_id: str) -> dict[str, Answer]:
    """Each step that writes, tried once."""
    path = f"/v1/mails/{mail.mail_id}"
    return {
        "letter": service.write(mail, subject="Autre"),
        "announce": service.announce(mail, b"x"),
        "withdraw": service.call("DELETE", f"{path}/attachments/{attachment_id}", token=mail.token),
        "sender": service.identify(mail),
    }


def test_after_submission_letter_attachments_and_sender_are_409(shared_service: Service) -> None:
    mail = shared_service.ready()
    attachment_id = shared_service.attach(mail, file_name="autre.pdf")
    assert shared_service.submit(mail).status == 201
    before = everything_about(shared_service, mail.mail_id)
    for answer in steps(shared_service, mail, attachment_id).values():
        problem(answer, 409, "already-submitted")
    assert everything_about(shared_service, mail.mail_id) == before


def test_an_expired_draft_is_404_even_while_the_table_still_holds_it(shared_service: Service) -> None:
    mail = shared_service.ready()
    attachment_id = shared_service.attach(mail, file_name="autre.pdf")
    before = everything_about(shared_service, mail.mail_id)
    path = f"/v1/mails/{mail.mail_id}"
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=5)):
        answers = [
            *steps(shared_service, mail, attachment_id).values(),
            shared_service.submit(mail),
            shared_service.call("GET", path, token=mail.token),
            shared_service.call("GET", f"{path}/receipt", token=mail.token),
        ]
    for answer in answers:
        problem(answer, 404, "mail-not-found")
    assert everything_about(shared_service, mail.mail_id) == before


def test_a_draft_lives_24_hours_to_the_second(shared_service: Service) -> None:
    mail = shared_service.ready()
    with time_machine.travel(clock.now() + timedelta(hours=23, minutes=59)):
        assert shared_service.submit(mail).status == 201


def test_a_mail_that_the_table_dropped_is_404(shared_service: Service) -> None:
    mail = shared_service.ready()
    boto3.resource("dynamodb", REGION).Table(TABLE).delete_item(Key={"pk": f"MAIL#{mail.mail_id}", "sk": "MAIL"})
    for answer in (*steps(shared_service, mail, "x").values(), shared_service.submit(mail)):
        problem(answer, 404, "mail-not-found")
    problem(shared_service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token), 404, "mail-not-found")


def test_submission_lists_every_step_that_is_missing(shared_service: Service) -> None:
    mail = shared_service.start()
    announced = shared_service.announce(mail, b"never sent").json["attachment_id"]
    sent = shared_service.attach(mail, b"sent")
    document = problem(shared_service.submit(mail), 409, "steps-missing")
    assert document["missing"] == ["letter", "sender", f"attachments/{announced}"]

    shared_service.write(mail)
    shared_service.identify(mail)
    assert problem(shared_service.submit(mail), 409, "steps-missing")["missing"] == [f"attachments/{announced}"]

    path = f"/v1/mails/{mail.mail_id}"
    assert shared_service.call("DELETE", f"{path}/attachments/{announced}", token=mail.token).status == 204
    seen = shared_service.call("GET", path, token=mail.token).json["attachments"]
    assert [(file["attachment_id"], file["uploaded"]) for file in seen] == [(sent, True)]
    assert shared_service.submit(mail).status == 201


@pytest.mark.parametrize("stored", [b"other", b"longer than announced"], ids=["other bytes", "another length"])
def test_a_stored_file_that_is_not_the_announced_one_counts_as_missing(shared_service: Service, stored: bytes) -> None:
    """Storage lets no such file in; were there one, it must not get a number."""
    mail = shared_service.ready()
    announced = shared_service.announce(mail, b"right").json["attachment_id"]
    boto3.client("s3", REGION).put_object(
        Bucket=BUCKET, Key=f"attachments/{mail.mail_id}/{announced}", Body=stored, ChecksumAlgorithm="SHA256"
    )
    document = problem(shared_service.submit(mail), 409, "steps-missing")
    assert document["missing"] == [f"attachments/{announced}"]


def test_the_receipt_of_a_draft_is_409(shared_service: Service) -> None:
    mail = shared_service.start()
    answer = shared_service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token)
    problem(answer, 409, "not-yet-submitted")


def test_the_letter_and_the_sender_may_be_given_again_until_submission(shared_service: Service) -> None:
    mail = shared_service.start()
    shared_service.write(mail)
    again = shared_service.write(mail, subject="Seconde version", reference=None)
    assert again.json["letter"] == LETTER | {"subject": "Seconde version", "reference": None}
    shared_service.identify(mail)
    association = {"kind": "association", "name": "Amal", "contact_name": "Omar"}
    contact = {name: CITIZEN[name] for name in ("email", "phone", "privacy_notice_version")}
    sender = shared_service.identify(mail, association | contact).json["sender"]
    assert (sender["kind"], sender["name"], sender["first_name"]) == ("association", "Amal", None)


@pytest.mark.parametrize("typed", ["lower", "spaces"])
def test_the_sender_comes_back_with_number_and_code_as_they_are_typed(shared_service: Service, typed: str) -> None:
    mail = shared_service.sent()
    number, code = mail.submitted["number"], mail.submitted["follow_up_code"]
    if typed == "lower":
        number, code = number.lower(), code.lower().replace("-", "")
    else:
        number, code = f" {number} ", code.replace("-", " ")
    back = shared_service.call("POST", "/v1/follow-up", {"number": number, "follow_up_code": code})
    assert (back.status, back.json["mail_id"]) == (200, mail.mail_id)
    seen = shared_service.call("GET", f"/v1/mails/{mail.mail_id}", token=back.json["access_token"])
    assert (seen.status, seen.json["number"]) == (200, mail.submitted["number"])


def test_wrong_pairs_of_number_and_code_are_404_all_alike(shared_service: Service) -> None:
    mail, other = shared_service.sent(), shared_service.sent()
    code = mail.submitted["follow_up_code"]
    pairs = [
        (mail.submitted["number"], other.submitted["follow_up_code"]),
        (mail.submitted["number"], mail.submitted["verification_code"]),
        (mail.submitted["number"], "é"),
        ("ANAM-2026-999999", code),
        ("ANAM-1999-000001", code),
        ("NONE-2026-000001", code),
        ("hello", code),
    ]
    answers = [
        shared_service.call("POST", "/v1/follow-up", {"number": number, "follow_up_code": typed})
        for number, typed in pairs
    ]
    assert {answer.body for answer in answers} == {answers[0].body}
    problem(answers[0], 404, "follow-up-not-found")


def test_whoever_checks_a_receipt_learns_no_name_no_subject_and_no_text(shared_service: Service) -> None:
    mail = shared_service.sent()
    code = mail.submitted["verification_code"]
    for typed in (code, code.lower(), code.replace("-", "")):
        statement = shared_service.call("GET", f"/v1/receipts/{typed}")
        assert statement.json["number"] == mail.submitted["number"]
        assert statement.json["receipt_sha256"] is None
        assert not any(
            str(value) in statement.body
            for value in (*CITIZEN.values(), LETTER["subject"])
            if value != "citizen" and len(str(value)) > 1
        )
