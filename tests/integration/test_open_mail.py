"""Agents see the whole mail and get clean files alone, and no look goes without its trace."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from tests.support.in_process.agents import Agent, mails, program, scanned
from tests.support.in_process.mishaps import refusing
from tests.support.in_process.service import CITIZEN, NEW_ORGANISM, Mail, Service


def traces(service: Service, mail: Mail) -> list[tuple[str, str]]:
    """Who did what with a mail, as it stands in the table."""
    items = service.items(f"MAIL#{mail.mail_id}")
    return [(item["action"], item["by"]) for item in items if item["sk"].startswith("ACCESS#")]


def test_an_agent_sees_the_whole_mail_and_who_else_has(service: Service) -> None:
    mail = service.sent()
    number = mail.submitted["number"]
    nadia, machine = Agent(service), program(service)
    machine.open(number)
    seen = nadia.open(number.lower()).json
    assert (seen["number"], seen["mail_id"], seen["status"]) == (number, mail.mail_id, "submitted")
    assert seen["letter"]["body"] == "Bonjour,\n\nأطلب منكم تسليمي الشهادة.\n"
    assert seen["sender"]["email"] == "amina.alaoui@exemple.ma"
    assert [(file["file_name"], file["scan"]) for file in seen["attachments"]] == [("plan.pdf", "pending")]
    assert [event["event"] for event in seen["history"]] == ["started", "submitted"]
    assert [(access["action"], access["by"]) for access in seen["accesses"]] == [
        ("opened", "machine-1"),
        ("opened", "nadia"),
    ]
    assert all(access["at"] >= mail.submitted["submitted_at"] for access in seen["accesses"])


def test_who_polls_an_open_mail_leaves_no_trace_until_something_changes(service: Service) -> None:
    """Two who poll see what the other one does to the mail, but not each look, which would make looks without end."""
    mail = service.sent()
    number = mail.submitted["number"]
    nadia, omar = Agent(service), Agent(service, name="omar")
    first, second = nadia.open(number), omar.open(number)
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["ETag"].startswith('W/"')
    known = {"if-none-match": first.headers["ETag"]}
    for _ in range(3):
        for agent in (nadia, omar):
            again = agent.call("GET", f"/{number}", headers=known)
            assert (again.status, again.body, again.headers["Cache-Control"]) == (304, "", "no-store")
    assert traces(service, mail) == [("opened", "nadia"), ("opened", "omar")]
    nadia.collect(number)
    changed = omar.call("GET", f"/{number}", headers=known)
    assert (changed.status, changed.json["collected"]["by"]) == (200, "nadia")
    assert [access["by"] for access in changed.json["accesses"]] == ["nadia", "omar", "nadia", "omar"]
    assert traces(service, mail)[2:] == [("collected", "nadia"), ("opened", "omar")]


@pytest.mark.parametrize("known", ['"another"', 'W/"another"', "x", ""])
def test_a_mail_is_shown_with_its_trace_to_who_holds_another_state_of_it(service: Service, known: str) -> None:
    mail = service.sent()
    shown = Agent(service).call("GET", f"/{mail.submitted['number']}", headers={"if-none-match": known})
    assert shown.status == 200
    assert traces(service, mail) == [("opened", "nadia")]


def test_a_poll_of_a_mail_of_another_organism_finds_nothing(service: Service) -> None:
    mail = service.sent()
    tag = Agent(service).open(mail.submitted["number"]).headers["ETag"]
    stranger = Agent(service, "adm").call("GET", f"/{mail.submitted['number']}", headers={"if-none-match": tag})
    assert stranger.status == 404


def test_identity_numbers_are_whole_for_the_organism_and_masked_for_the_sender(service: Service) -> None:
    assert service.put_organism("cndp", NEW_ORGANISM).status == 201
    mail = service.start("cndp")
    service.write(mail)
    assert service.identify(mail, CITIZEN | {"national_id": "AB123456"}).status == 200
    number = service.submit(mail).json["number"]
    assert Agent(service, "cndp").open(number).json["sender"]["national_id"] == "AB123456"
    shown = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).json
    assert shown["sender"]["national_id"] == "AB••••56"


def test_the_sender_sees_neither_who_looked_nor_who_collected(service: Service) -> None:
    mail = service.sent()
    nadia = Agent(service, name="nadia-the-agent")
    nadia.open(mail.submitted["number"])
    nadia.collect(mail.submitted["number"])
    answer = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token)
    assert [event["event"] for event in answer.json["history"]] == ["started", "submitted", "collected"]
    assert "nadia-the-agent" not in answer.body
    public = service.call("GET", f"/v1/receipts/{mail.submitted['verification_code']}")
    assert "nadia-the-agent" not in public.body


def test_another_organisms_numbers_are_not_found_whatever_is_tried(service: Service) -> None:
    mail = service.sent()
    other = mails(service, 1, "adm")[0]
    anam, adm = mail.submitted["number"], other.submitted["number"]
    attachment_id = Agent(service).open(anam).json["attachments"][0]["attachment_id"]
    stranger = Agent(service, "adm")
    guesses = [anam, "ANAM-2026-000002", "ADM-2026-000009", "ADM-2026-000000", "x", "%20", adm.replace("ADM", "ADMX")]
    for number in guesses:
        answers = [
            stranger.open(number),
            stranger.download(number, attachment_id),
            stranger.collect(number),
            stranger.close(number),
            stranger.announce(number),
            stranger.call("DELETE", f"/{number}/attachments/{attachment_id}"),
        ]
        assert {(answer.status, answer.json["type"]) for answer in answers} == {(404, "/problems/number-not-found")}
    assert stranger.download(adm, attachment_id).json["type"] == "/problems/attachment-not-found"
    assert traces(service, mail) == [("opened", "nadia")]


@pytest.mark.parametrize(
    ("scan", "status", "problem"),
    [
        (None, 409, "file-not-checked"),
        ("failed", 409, "file-not-checked"),
        ("unreadable", 409, "file-unchecked"),
        ("not_scanned", 409, "file-unchecked"),
        ("protected", 409, "file-unchecked"),
        ("infected", 410, "file-infected"),
        ("mismatch", 410, "file-not-trusted"),
        ("not_allowed", 410, "file-not-trusted"),
    ],
)
def test_a_file_is_given_out_only_once_it_is_known_to_be_clean(
    service: Service, scan: str | None, status: int, problem: str
) -> None:
    mail = service.sent()
    nadia = Agent(service)
    file = nadia.open(mail.submitted["number"]).json["attachments"][0]["attachment_id"]
    if scan:
        scanned(mail, file, scan)
    answer = nadia.download(mail.submitted["number"], file)
    assert (answer.status, answer.json["type"]) == (status, f"/problems/{problem}")
    assert ("Retry-After" in answer.headers) == (problem == "file-not-checked")
    assert "http" not in answer.json["detail"]
    assert ("downloaded", "nadia") not in traces(service, mail)


def test_a_clean_file_has_an_address_for_one_minute_that_saves_it_under_its_name(service: Service) -> None:
    mail = service.ready()
    named = service.attach(mail, b"%PDF-1.7 x", file_name="شهادة.pdf")
    mail.submitted = service.submit(mail).json
    scanned(mail, named, "clean")
    with time_machine.travel("2026-11-22T10:15:30Z", tick=False):
        answer = Agent(service).download(mail.submitted["number"], named)
    assert answer.status == 200
    assert {name: answer.json[name] for name in ("file_name", "size", "expires_at")} == {
        "file_name": "شهادة.pdf",
        "size": 10,
        "expires_at": "2026-11-22T10:16:30.000Z",
    }
    asked = parse_qs(urlsplit(answer.json["url"]).query)
    assert asked["X-Amz-Expires"] == ["60"]
    assert asked["response-content-type"] == ["application/octet-stream"]
    assert asked["response-content-disposition"][0].startswith("attachment; ")
    assert asked["response-content-disposition"][0].endswith("%D8%B4%D9%87%D8%A7%D8%AF%D8%A9.pdf")
    assert asked["versionId"] == [stored(service, mail)["attachments"][named]["version_id"]]
    assert traces(service, mail) == [("downloaded", "nadia")]


def stored(service: Service, mail: Mail) -> dict[str, Any]:
    return next(item for item in service.items(f"MAIL#{mail.mail_id}") if item["sk"] == "MAIL")


def test_nothing_is_shown_when_the_trace_cannot_be_written(service: Service) -> None:
    mail = service.sent()
    nadia = Agent(service)
    file = nadia.open(mail.submitted["number"]).json["attachments"][0]["attachment_id"]
    scanned(mail, file, "clean")
    for path in ("", f"/attachments/{file}"):
        with refusing("PutItem", "ThrottlingException"):
            answer = nadia.call("GET", f"/{mail.submitted['number']}{path}")
        assert answer.status == 503
        assert set(answer.json) == {"type", "title", "status", "detail", "instance"}
    assert traces(service, mail) == [("opened", "nadia")]


def test_an_inbox_stays_open_while_its_organism_is_suspended(service: Service) -> None:
    mail = service.sent()
    assert service.put_organism("anam", {**NEW_ORGANISM, "code": "ANAM", "status": "suspended"}).status == 200
    nadia = Agent(service)
    assert nadia.open(mail.submitted["number"]).status == 200
    assert nadia.collect(mail.submitted["number"]).status == 201
    assert nadia.close(mail.submitted["number"]).status == 201
