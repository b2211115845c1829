"""A mail has one outcome, for good; its sender is told, and reads it with the files that go with it."""

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.integration.test_collection import entry, templates
from tests.support.in_process.agents import Agent, mails, scanned
from tests.support.in_process.mishaps import before_transaction, counting
from tests.support.in_process.service import BUCKET, CITIZEN, NEW_ORGANISM, REGION, Answer, Mail, Service

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import TagTypeDef


def shown(service: Service, mail: Mail) -> Any:  # noqa: ANN401 - whatever JSON holds
    """A mail as its sender sees it."""
    answer = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token)
    assert answer.status == 200, answer.body
    return answer.json


def problem(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["type"].removeprefix("/problems/")


@pytest.mark.parametrize("outcome", ["answered", "rejected"])
def test_the_sender_reads_the_outcome_and_not_whose_it_is(service: Service, outcome: str) -> None:
    mail = service.sent()
    nadia = Agent(service, name="nadia-the-agent")
    number = mail.submitted["number"]
    nadia.collect(number)
    answer = nadia.close(number, outcome, "Bonjour.\nهذا جوابنا.")
    assert answer.status == 201
    assert answer.json["outcome"] == {
        "outcome": outcome,
        "message": "Bonjour.\nهذا جوابنا.",
        "at": answer.json["outcome"]["at"],
        "by": "nadia-the-agent",
        "redirected_to": None,
    }
    seen = shown(service, mail)
    assert seen["status"] == outcome
    assert seen["outcome"] == {
        "outcome": outcome,
        "message": "Bonjour.\nهذا جوابنا.",
        "at": answer.json["outcome"]["at"],
        "redirected_to": None,
        "attachments": [],
    }
    assert [event["event"] for event in seen["history"]] == ["started", "submitted", "collected", outcome]
    assert "nadia-the-agent" not in json.dumps(seen)
    assert entry(service, mail)["outcome_at"] == answer.json["outcome"]["at"]
    opened = nadia.open(number).json
    assert [access["action"] for access in opened["accesses"]] == ["collected", "outcome", "opened"]
    assert opened["outcome"]["by"] == "nadia-the-agent"


def test_an_outcome_collects_a_mail_that_nobody_had_collected(service: Service) -> None:
    mail = service.sent()
    nadia = Agent(service)
    closed = nadia.close(mail.submitted["number"]).json
    assert closed["collected"] == {"by": "nadia", "at": closed["outcome"]["at"]}
    assert [event["event"] for event in shown(service, mail)["history"]][2:] == ["collected", "answered"]
    assert entry(service, mail)["collected_at"] == closed["outcome"]["at"]
    assert "waiting" not in entry(service, mail)
    assert nadia.collect(mail.submitted["number"]).status == 200
    assert templates(service) == [("sender_answered", "email"), ("sender_answered", "sms")]


def test_the_same_outcome_again_is_the_same_answer_and_another_is_refused(service: Service) -> None:
    mail = service.sent()
    number = mail.submitted["number"]
    nadia, omar = Agent(service), Agent(service, name="omar")
    first = nadia.close(number, "rejected", "Hors sujet.")
    for again in (nadia, omar):
        answer = again.close(number, "rejected", "Hors sujet.")
        assert (answer.status, answer.json) == (200, first.json)
    for other in (
        nadia.close(number, "rejected", "Hors sujet !"),
        nadia.close(number, "answered", "Hors sujet."),
        nadia.redirect(number, "adm"),
        nadia.announce(number),
        nadia.call("DELETE", f"/{number}/attachments/x"),
    ):
        assert problem(other) == (409, "already-closed")
        shown_first = {name: first.json["outcome"][name] for name in ("outcome", "at", "by")}
        assert other.json["outcome"] == shown_first
        assert "nadia" in other.json["detail"]
        assert "Hors sujet" not in other.body
    assert nadia.open(number).json["outcome"] == first.json["outcome"]


def test_of_two_different_outcomes_at_once_one_stands(service: Service) -> None:
    mail = service.sent()
    number = mail.submitted["number"]
    quicker, slower = Agent(service, name="omar"), Agent(service)
    with before_transaction(lambda: quicker.close(number, "rejected", "Non.")):
        answer = slower.close(number, "answered", "Oui.")
    assert problem(answer) == (409, "already-closed")
    assert (answer.json["outcome"]["outcome"], answer.json["outcome"]["by"]) == ("rejected", "omar")
    seen = shown(service, mail)
    assert (seen["status"], seen["outcome"]["message"]) == ("rejected", "Non.")
    assert [event["event"] for event in seen["history"]].count("collected") == 1
    assert {template for template, _ in templates(service)} == {"sender_rejected"}


def test_an_outcome_that_meets_a_collection_keeps_who_collected(service: Service) -> None:
    mail = service.sent()
    number = mail.submitted["number"]
    with before_transaction(lambda: Agent(service, name="omar").collect(number)):
        answer = Agent(service).close(number)
    assert (answer.status, answer.json["collected"]["by"], answer.json["outcome"]["by"]) == (201, "omar", "nadia")


def test_what_makes_no_sense_is_refused_by_name(service: Service) -> None:
    mail = mails(service, 1)[0]
    bodies: list[tuple[dict[str, object], str]] = [
        ({"outcome": "answered"}, "message"),
        ({"outcome": "answered", "message": ""}, "message"),
        ({"outcome": "rejected", "message": " \n\u200b"}, "message"),
        ({"outcome": "answered", "message": "x" * 20_001}, "message"),
        ({"outcome": "answered", "message": "x\x00"}, "message"),
        ({"outcome": "collected", "message": "x"}, "outcome"),
        ({"outcome": "answered", "message": "x", "redirect_to": "adm"}, "redirect_to"),
        ({"outcome": "redirected", "message": "x"}, "redirect_to"),
        ({"outcome": "redirected", "message": "x", "redirect_to": "anam"}, "redirect_to"),
        ({"outcome": "redirected", "message": "x", "redirect_to": "nowhere"}, "redirect_to"),
        ({"outcome": "redirected", "message": "x", "redirect_to": ""}, "redirect_to"),
        ({"outcome": "redirected", "message": "x", "redirect_to": "a#b"}, "redirect_to"),
        ({"outcome": "answered", "message": "x", "by": "me"}, "by"),
    ]
    for body, field in bodies:
        answer = Agent(service).call("POST", f"/{mail.submitted['number']}/outcome", body)
        assert problem(answer) == (422, "fields-wrong"), body
        assert [error["field"] for error in answer.json["errors"]] == [field]
    assert shown(service, mail)["status"] == "submitted"


def test_files_go_with_the_answer_and_reach_the_sender_once_they_are_clean(service: Service) -> None:
    mail = service.sent()
    number = mail.submitted["number"]
    nadia = Agent(service)
    answered = nadia.attach(mail, scan=None)
    assert [file["check"] for file in nadia.open(number).json["answer_attachments"]] == ["pending"]
    for scan in ("unreadable", "infected", "mismatch"):
        scanned(mail, answered, scan, "answers")
        assert nadia.close(number).status == 409
    scanned(mail, answered, "clean", "answers")
    assert nadia.close(number).status == 201
    url = shown(service, mail)["outcome"]["attachments"][0]["url"]
    assert f"/answers/{mail.mail_id}/{answered}?" in url
    assert "X-Amz-Expires=60" in url
    assert "response-content-disposition=attachment" in url
    assert nadia.download(number, answered).status == 200


def test_files_of_an_answer_are_locked_and_keep_what_the_scan_found(service: Service) -> None:
    mail = service.sent()
    s3 = boto3.client("s3", REGION)
    answered = Agent(service).attach(mail)
    where: Any = {"Bucket": BUCKET, "Key": f"answers/{mail.mail_id}/{answered}"}
    found: TagTypeDef = {"Key": "GuardDutyMalwareScanStatus", "Value": "NO_THREATS_FOUND"}
    s3.put_object_tagging(**where, Tagging={"TagSet": [{"Key": "state", "Value": "draft"}, found]})
    Agent(service).close(mail.submitted["number"])
    version = s3.list_object_versions(Bucket=BUCKET, Prefix=where["Key"])["Versions"][0]["VersionId"]
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.delete_object(**where, VersionId=version)
    assert s3.get_object_tagging(**where)["TagSet"] == [{"Key": "state", "Value": "submitted"}, found]


def test_an_answer_waits_for_files_that_were_announced(service: Service) -> None:
    mail = service.sent()
    number = mail.submitted["number"]
    nadia = Agent(service)
    there, missing = nadia.attach(mail), nadia.announce(number).json["attachment_id"]
    answer = nadia.close(number)
    assert problem(answer) == (409, "steps-missing")
    assert answer.json["missing"] == [f"attachments/{missing}"]
    assert nadia.call("DELETE", f"/{number}/attachments/{missing}").status == 204
    assert problem(nadia.call("DELETE", f"/{number}/attachments/{missing}")) == (404, "attachment-not-found")
    closed = nadia.close(number).json
    assert [file["attachment_id"] for file in closed["answer_attachments"]] == [there]


def test_an_answer_takes_five_files_of_the_kinds_and_sizes_that_senders_may_send(service: Service) -> None:
    mail = service.sent()
    number = mail.submitted["number"]
    nadia = Agent(service)
    assert problem(nadia.announce(number, file_name="x.exe")) == (422, "fields-wrong")
    assert problem(nadia.announce(number, size=10**40)) == (413, "attachment-too-large")
    announced = [nadia.announce(number) for _ in range(6)]
    assert [answer.status for answer in announced] == [201] * 5 + [409]
    assert problem(announced[5]) == (409, "too-many-answer-files")
    upload = announced[0].json["upload"]
    assert f"/answers/{mail.mail_id}/{announced[0].json['attachment_id']}?" in upload["url"]
    assert upload["headers"]["x-amz-tagging"] == "state=draft"


def test_a_file_announced_while_the_answer_is_sent_is_waited_for(service: Service) -> None:
    """What goes out is what was looked at: no file slips in between, unpinned."""
    mail = service.sent()
    number = mail.submitted["number"]
    nadia = Agent(service)
    with before_transaction(lambda: Agent(service, name="omar").announce(number)):
        assert problem(nadia.close(number)) == (409, "steps-missing")
    assert shown(service, mail)["status"] == "submitted"


@pytest.mark.parametrize(
    ("phone", "allowed", "ways"),
    [
        ("0612345678", True, ["email", "sms"]),
        ("0612345678", False, ["email"]),
        ("0522334455", True, ["email"]),
    ],
)
def test_an_sms_goes_only_to_a_mobile_and_where_the_organism_allows_it(
    service: Service, phone: str, allowed: bool, ways: list[str]
) -> None:
    service.put_organism("cndp", {**NEW_ORGANISM, "sms_to_senders": allowed})
    mail = service.start("cndp", "ar")
    service.write(mail)
    service.identify(mail, CITIZEN | {"phone": phone})
    number = service.submit(mail).json["number"]
    Agent(service, "cndp").close(number)
    assert [way for _, way in templates(service)] == ways
    with counting() as calls:
        assert service.deliver(service.queued()) == {"batchItemFailures": []}
    assert sorted(call for call in calls if call in {"SendEmail", "Publish"}) == sorted(
        {"email": "SendEmail", "sms": "Publish"}[way] for way in ways
    )
    mail.submitted = {"number": number}
    assert [event["event"] for event in shown(service, mail)["history"]].count("sender_informed") == 1
