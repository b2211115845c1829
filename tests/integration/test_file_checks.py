"""What senders and agents learn of files before and after they are sent, and what they can do about it."""

from typing import Any

import pytest
import time_machine

from mailroom.domain import clock
from tests.integration.test_scans import TEXT, drafted, told_of_files, waits
from tests.integration.test_scans import sent as submitted
from tests.support.in_process.agents import Agent
from tests.support.in_process.agents import scanned as written
from tests.support.in_process.mishaps import before_transaction
from tests.support.in_process.refused import problem
from tests.support.in_process.scanning import note, result, scanned
from tests.support.in_process.service import Mail, Service
from tests.support.samples.files_of_each_type import EICAR, HONEST, PROGRAM, sample

PROTECTED = sample("protected.pdf")
PNG_NAMED_JPG: dict[str, object] = {"file_name": "photo.jpg", "media_type": "image/jpeg"}

# Which file; what the scan says of it; what the sender's draft shows: check, reason's code, detected type.
SEEN = [
    (HONEST["pdf"], {}, None, ("pending", None, None)),
    (HONEST["pdf"], {}, "NO_THREATS_FOUND", ("clean", None, "application/pdf")),
    (HONEST["png"], PNG_NAMED_JPG, "NO_THREATS_FOUND", ("clean", None, "image/png")),
    (PROTECTED, {}, "UNSUPPORTED", ("unchecked", "protected", "application/pdf")),
    (PROTECTED, {}, "NO_THREATS_FOUND", ("unchecked", "protected", "application/pdf")),
    (HONEST["pdf"], {}, "UNSUPPORTED", ("unchecked", "unsupported", "application/pdf")),
    (HONEST["pdf"], {}, "FAILED", ("pending", None, "application/pdf")),
    (HONEST["pdf"], {}, "ACCESS_DENIED", ("pending", None, "application/pdf")),
    (PROGRAM, {}, "NO_THREATS_FOUND", ("refused", "not_allowed", None)),
    (EICAR, TEXT, "THREATS_FOUND", ("refused", "infected", None)),
]
NAMES = [
    "no scan yet",
    "clean",
    "png named jpg",
    "password",
    "password, scanner silent",
    "unsupported",
    "scan failed",
    "scan denied",
    "program",
    "malware",
]


def seen(service: Service, mail: Mail, language: str = "fr") -> dict[str, Any]:
    """The one file of a mail, as its sender sees it."""
    answer = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token, headers={"Accept-Language": language})
    (file,) = answer.json["attachments"]
    found: dict[str, Any] = file
    return found


def late(service: Service, minutes: float = 3) -> list[str]:
    """What operators are shown, so many minutes from now, of mails that lack something."""
    with time_machine.travel(clock.now().timestamp() + minutes * 60, tick=False):
        answer = service.call(
            "GET", "/v1/operations/failures", claims={"cognito:username": "y", "cognito:groups": "[operators]"}
        )
    return [mail["lacks"] for mail in answer.json["mails"]["items"]]


@pytest.mark.parametrize(("content", "declared", "status", "shown"), SEEN, ids=NAMES)
def test_the_senders_draft_shows_what_is_known_of_a_file(
    service: Service,
    content: bytes,
    declared: dict[str, object],
    status: str | None,
    shown: tuple[str, str | None, str | None],
) -> None:
    mail, key = drafted(service, content, **declared)
    if status:
        note(result(key, status))
    file = seen(service, mail)
    assert (file["check"], file["reason_code"], file["detected_media_type"]) == shown
    assert (file["reason"] is None) == (shown[1] is None)
    assert file["warnings"] == []
    answer = service.submit(mail)
    assert answer.status == (409 if shown[0] == "refused" else 201)
    if answer.status == 201:
        number = answer.json["number"]
        (at_desk,) = Agent(service).open(number).json["attachments"]
        assert (at_desk["check"], at_desk["reason_code"], at_desk["detected_media_type"]) == shown
        assert (seen(service, mail)["check"], Agent(service).list().json["items"][0]["number"]) == (shown[0], number)


@pytest.mark.parametrize(("language", "word"), [("fr", "mot de passe"), ("ar", "كلمة سر"), ("en", "password")])
def test_the_reason_is_in_the_readers_language(service: Service, language: str, word: str) -> None:
    mail, key = drafted(service, PROTECTED)
    note(result(key, "UNSUPPORTED"))
    assert word in seen(service, mail, language)["reason"]


@pytest.mark.parametrize(("content", "declared"), [(EICAR, TEXT), (PROGRAM, {})], ids=["malware", "program"])
def test_a_refused_file_is_not_registered_and_its_sender_removes_it(
    service: Service, content: bytes, declared: dict[str, object]
) -> None:
    mail, key = drafted(service, content, **declared)
    note(scanned(key))
    before = service.items(f"MAIL#{mail.mail_id}")
    attachment = f"attachments/{key.rpartition('/')[2]}"
    document = problem(service.submit(mail), 409, "files-refused")
    assert (document["missing"], document["refused"]) == ([], [attachment])
    assert service.items(f"MAIL#{mail.mail_id}") == before
    assert service.items("REGISTER#anam#2026") == [] == service.queued()
    assert service.call("DELETE", f"/v1/mails/{mail.mail_id}/{attachment}", token=mail.token).status == 204
    assert service.submit(mail).status == 201


def test_what_is_missing_is_said_beside_what_is_refused(service: Service) -> None:
    mail = service.start()
    attachment_id = service.attach(mail, PROGRAM)
    absent = service.announce(mail, b"never sent").json["attachment_id"]
    note(scanned(f"attachments/{mail.mail_id}/{attachment_id}"))
    document = problem(service.submit(mail), 409, "files-refused")
    assert document["missing"] == ["letter", "sender", f"attachments/{absent}"]
    assert document["refused"] == [f"attachments/{attachment_id}"]


@pytest.mark.parametrize(
    ("content", "declared", "status", "waiting"),
    [
        (EICAR, TEXT, None, None),
        (PROTECTED, {}, 201, ["UNCHECKED"]),
        (HONEST["pdf"], {}, 201, []),
    ],
    ids=["malware", "password", "clean"],
)
def test_a_result_that_comes_between_the_look_and_the_transaction_counts(
    service: Service, content: bytes, declared: dict[str, object], status: int | None, waiting: list[str] | None
) -> None:
    mail, key = drafted(service, content, **declared)
    event = scanned(key)
    with before_transaction(lambda: note(event)):
        answer = service.submit(mail)
    if status is None:
        problem(answer, 409, "files-refused")
        assert service.items("REGISTER#anam#2026") == []
    else:
        assert answer.status == status
        assert waits(service, mail) == waiting


def test_a_mail_that_was_registered_is_answered_as_ever_when_a_file_is_refused_later(service: Service) -> None:
    mail, key = submitted(service, EICAR, **TEXT)
    first = service.submit(mail)
    note(scanned(key))
    again = service.submit(mail)
    assert (again.status, again.json) == (200, first.json)


@pytest.mark.parametrize("is_early", [True, False], ids=["before submission", "after submission"])
@pytest.mark.parametrize("status", ["UNSUPPORTED", "NO_THREATS_FOUND"])
def test_a_file_with_a_password_reaches_the_agent_who_accepts_it_whenever_the_scan_comes(
    service: Service, status: str, *, is_early: bool
) -> None:
    mail, key = drafted(service, PROTECTED)
    attachment_id = key.rpartition("/")[2]
    if is_early:
        note(result(key, status))
    number = service.submit(mail).json["number"]
    if not is_early:
        note(result(key, status))
    note(result(key, status))
    service.receipt_trigger(mail.mail_id)
    assert waits(service, mail) == ["UNCHECKED"]
    assert late(service) == ["scan"]
    assert {template for template, _, _ in told_of_files(service)} == {"organism_unchecked_file"}
    nadia = Agent(service)
    for query in ("", "?accept_unchecked=false"):
        document = problem(nadia.download(number, attachment_id, query), 409, "file-unchecked")
        assert document["reason_code"] == "protected"
    taken = nadia.download(number, attachment_id, "?accept_unchecked=true")
    assert (taken.status, taken.json["file_name"], taken.json["media_type"]) == (200, "plan.pdf", "application/pdf")
    accesses = nadia.open(number).json["accesses"]
    assert [(each["action"], each["by"], each["unchecked"]) for each in accesses if each["attachment_id"]] == [
        ("downloaded", "nadia", True)
    ]
    assert nadia.close(number).status == 201
    assert late(service) == []


@pytest.mark.parametrize("state", ["pending", "malware"])
def test_accepting_opens_no_file_that_was_not_scanned_or_is_infected(service: Service, state: str) -> None:
    mail, key = submitted(service, EICAR, **TEXT)
    if state == "malware":
        note(scanned(key))
    number, attachment_id = service.submit(mail).json["number"], key.rpartition("/")[2]
    answer = Agent(service).download(number, attachment_id, "?accept_unchecked=true")
    problem(answer, *((409, "file-not-checked") if state == "pending" else (410, "file-infected")))


@pytest.mark.parametrize("query", ["?accept_unchecked=perhaps", "?accept=true"])
def test_a_wish_that_is_none_is_refused(service: Service, query: str) -> None:
    mail, key = submitted(service, PROTECTED)
    number = service.submit(mail).json["number"]
    assert Agent(service).download(number, key.rpartition("/")[2], query).status == 422


def test_a_picture_under_another_pictures_name_is_handed_over_as_what_it_is(service: Service) -> None:
    mail, key = submitted(service, HONEST["png"], **PNG_NAMED_JPG)
    note(scanned(key))
    number = service.submit(mail).json["number"]
    (file,) = Agent(service).open(number).json["attachments"]
    assert (file["file_name"], file["media_type"], file["detected_media_type"]) == (
        "photo.jpg",
        "image/jpeg",
        "image/png",
    )
    taken = Agent(service).download(number, file["attachment_id"])
    assert (taken.json["file_name"], taken.json["media_type"]) == ("photo.png", "image/png")
    assert "photo.png" in taken.json["url"]
    assert "photo.jpg" not in taken.json["url"]


def test_a_redirected_mails_file_is_unchecked_there_too_and_operators_see_whose_turn_it_is(service: Service) -> None:
    mail, key = submitted(service, PROTECTED)
    there = Agent(service).redirect(service.submit(mail).json["number"], "adm").json["outcome"]["redirected_to"]
    note(result(key, "UNSUPPORTED"))
    attachment_id = key.rpartition("/")[2]
    adm = Agent(service, "adm", "salma")
    assert late(service).count("scan") == 1
    problem(adm.download(there["number"], attachment_id), 409, "file-unchecked")
    assert adm.download(there["number"], attachment_id, "?accept_unchecked=true").status == 200
    assert {to for template, _, to in told_of_files(service)} == {
        "bureau-ordre@anam.example.org",
        "bureau-ordre@adm.example.org",
    }
    note(result(key, "NO_THREATS_FOUND"))
    note(result(key, "THREATS_FOUND"))
    problem(adm.download(there["number"], attachment_id, "?accept_unchecked=true"), 410, "file-infected")
    blocked = [told for told in told_of_files(service) if told[0] == "sender_file_blocked"]
    assert sorted(channel for _, channel, _ in blocked) == ["email", "sms"]
    assert "scan" not in late(service)


@pytest.mark.parametrize(
    ("stored", "check", "status"),
    [
        ("clean", "clean", 200),
        ("infected", "refused", 410),
        ("mismatch", "refused", 410),
        ("unreadable", "unchecked", 409),
    ],
)
def test_what_was_stored_before_there_were_states_is_read_rightly(
    service: Service, stored: str, check: str, status: int
) -> None:
    mail = service.sent()
    nadia, number = Agent(service), mail.submitted["number"]
    (file,) = nadia.open(number).json["attachments"]
    written(mail, file["attachment_id"], stored)
    (file,) = nadia.open(number).json["attachments"]
    assert (file["check"], file["scan"]) == (check, stored)
    assert nadia.download(number, file["attachment_id"]).status == status
    assert nadia.download(number, file["attachment_id"], "?accept_unchecked=true").status == (
        200 if status == 409 else status
    )
