"""Fields that are wrong: each is named, nothing is changed, and nothing that was typed is said again."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.in_process.refused import everything_about, problem, wrong_fields
from tests.support.in_process.service import CITIZEN, LETTER, Answer, Mail, Service

ENTERPRISE: dict[str, Any] = {
    "kind": "enterprise",
    "legal_name": "Atlas SARL",
    "ice": "001531097000035",
    "contact_name": "Omar",
    "email": "contact@exemple.ma",
    "phone": "+212537712345",
    "privacy_notice_version": "1",
}
MARK = "q7x2"
"""In whatever is typed wrong here; no answer may hold it."""


@pytest.fixture
def mail(shared_service: Service) -> Iterator[Mail]:
    """A draft that no refusal may change."""
    draft = shared_service.start()
    shared_service.write(draft)
    shared_service.identify(draft)
    before = everything_about(shared_service, draft.mail_id)
    yield draft
    assert everything_about(shared_service, draft.mail_id) == before


def put(service: Service, mail: Mail, step: str, body: object) -> Answer:
    return service.call("PUT", f"/v1/mails/{mail.mail_id}/{step}", body, token=mail.token)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", MARK),
        ("kind", None),
        ("kind", ["request"]),
        ("subject", ""),
        ("subject", "   "),
        ("subject", "\u200b\u200f\u2060"),
        ("subject", "\x00\x01"),
        ("subject", f"{MARK}\n"),
        ("subject", f"{MARK}\u2028"),
        ("subject", MARK + "x" * 252),
        ("subject", 5),
        ("subject", True),
        ("subject", None),
        ("subject", {"fr": MARK}),
        ("subject", f"{MARK}\ud83d"),
        ("body", MARK + "x" * 19_997),
        ("body", None),
        ("body", f"{MARK}\x1b[31m"),
        ("body", f"\udc00{MARK}"),
        ("reference", MARK * 17),
        ("reference", f"{MARK}\r"),
        ("reference", 45),
        ("dated", f"2026-02-30{MARK}"),
        ("dated", "2026-02-30"),
        ("dated", "22/11/2026"),
        ("dated", 20261122),
        (MARK, 1),
        ("Subject", "x"),
    ],
)
def test_a_letter_with_a_wrong_field_is_422(shared_service: Service, mail: Mail, field: str, value: object) -> None:
    answer = put(shared_service, mail, "letter", LETTER | {field: value})
    assert wrong_fields(answer) == [field]
    assert MARK not in answer.body.replace(f'"field":"{MARK}"', "")


@pytest.mark.parametrize("missing", ["kind", "subject", "body"])
def test_a_letter_that_lacks_a_field_is_422(shared_service: Service, mail: Mail, missing: str) -> None:
    letter = {name: value for name, value in LETTER.items() if name != missing}
    assert wrong_fields(put(shared_service, mail, "letter", letter)) == [missing]


def test_all_that_is_wrong_is_said_at_once(shared_service: Service, mail: Mail) -> None:
    answer = put(shared_service, mail, "letter", {"kind": "x", "subject": "", "extra": 1})
    assert sorted(wrong_fields(answer)) == ["body", "extra", "kind", "subject"]


@pytest.mark.parametrize("step", ["letter", "sender", "attachments"])
def test_half_a_character_in_a_fields_name_is_422(shared_service: Service, mail: Mail, step: str) -> None:
    body = json.dumps((LETTER if step == "letter" else CITIZEN) | {"a\ud83d": 1})
    method = "POST" if step == "attachments" else "PUT"
    answer = shared_service.call(method, f"/v1/mails/{mail.mail_id}/{step}", raw=body, token=mail.token)
    assert "body" in wrong_fields(answer)


def test_twenty_thousand_emoji_are_taken_even_as_escapes(shared_service: Service) -> None:
    mail = shared_service.start()
    letter = LETTER | {"body": "😀" * 20_000, "subject": "😀" * 255}
    body = json.dumps(letter, ensure_ascii=True)
    assert "\\ud83d\\ude00" in body
    answer = shared_service.call("PUT", f"/v1/mails/{mail.mail_id}/letter", raw=body, token=mail.token)
    assert answer.status == 200
    assert answer.json["letter"] == letter


@pytest.mark.parametrize("subject", ["a\u202eb", "<script>alert(1)</script>", "  bords  ", "e\u0301", "\u200fعربية"])
def test_a_subject_is_kept_as_it_was_typed(shared_service: Service, subject: str) -> None:
    mail = shared_service.start()
    assert shared_service.write(mail, subject=subject).json["letter"]["subject"] == subject


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"file_name": f"../{MARK}.pdf"}, "file_name"),
        ({"file_name": f"a/{MARK}.pdf"}, "file_name"),
        ({"file_name": f"a\\{MARK}.pdf"}, "file_name"),
        ({"file_name": MARK}, "file_name"),
        ({"file_name": ".pdf"}, "file_name"),
        ({"file_name": f"{MARK}.exe"}, "file_name"),
        ({"file_name": f"{MARK}\u202efdp.pdf"}, "file_name"),
        ({"file_name": f"{MARK}\n.pdf"}, "file_name"),
        ({"file_name": f"{MARK}\ud800.pdf"}, "file_name"),
        ({"file_name": "x" * 147 + ".pdf"}, "file_name"),
        ({"file_name": 5}, "file_name"),
        ({"file_name": "plan.png"}, "media_type"),
        ({"media_type": "application/x-msdownload"}, "media_type"),
        ({"media_type": MARK}, "media_type"),
        ({"media_type": None}, "media_type"),
        ({"size": 0}, "size"),
        ({"size": -1}, "size"),
        ({"size": 1.5}, "size"),
        ({"size": 1.0}, "size"),
        ({"size": "5"}, "size"),
        ({"size": True}, "size"),
        ({"size": None}, "size"),
        ({"sha256": MARK}, "sha256"),
        ({"sha256": "g" * 64}, "sha256"),
        ({"sha256": "a" * 65}, "sha256"),
        ({"sha256": ["a" * 64]}, "sha256"),
        ({"url": MARK}, "url"),
        ({"attachment_id": "mine"}, "attachment_id"),
    ],
)
def test_a_file_with_a_wrong_field_is_422(
    shared_service: Service, mail: Mail, changes: dict[str, object], field: str
) -> None:
    answer = shared_service.announce(mail, b"x", **changes)
    assert wrong_fields(answer) == [field]
    assert MARK not in answer.body


@pytest.mark.parametrize("size", [104_857_601, 2**63, 10**38, 10**100])
def test_a_file_over_the_organisms_size_is_413(shared_service: Service, mail: Mail, size: int) -> None:
    assert "100 Mio" in problem(shared_service.announce(mail, b"x", size=size), 413, "attachment-too-large")["detail"]


def test_a_file_of_exactly_the_organisms_size_is_taken(shared_service: Service) -> None:
    assert shared_service.announce(shared_service.start(), b"x", size=104_857_600).status == 201


def test_one_file_more_than_the_organism_takes_is_409(shared_service: Service) -> None:
    mail = shared_service.start()
    for position in range(20):
        assert shared_service.announce(mail, b"x", file_name=f"{position}.pdf").status == 201
    before = everything_about(shared_service, mail.mail_id)
    assert "20" in problem(shared_service.announce(mail, b"x"), 409, "too-many-attachments")["detail"]
    assert everything_about(shared_service, mail.mail_id) == before


@pytest.mark.parametrize(
    "attachment_id", ["nothing", "x" * 300, "a.b", "%23id", "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11"]
)
def test_taking_back_a_file_that_is_not_there_is_404(shared_service: Service, mail: Mail, attachment_id: str) -> None:
    path = f"/v1/mails/{mail.mail_id}/attachments/{attachment_id}"
    problem(shared_service.call("DELETE", path, token=mail.token), 404, "attachment-not-found")


@pytest.mark.parametrize(
    ("sender", "field"),
    [
        (CITIZEN | {"kind": MARK}, "kind"),
        (CITIZEN | {"kind": None}, "kind"),
        (CITIZEN | {"kind": ["citizen"]}, "kind"),
        ({name: value for name, value in CITIZEN.items() if name != "kind"}, "kind"),
        (CITIZEN | {"email": MARK * 75 + "@exemple.ma"}, "email"),
        (CITIZEN | {"email": f"{MARK}@"}, "email"),
        (CITIZEN | {"email": f"a@exemple.ma\r\nBcc: {MARK}@exemple.ma"}, "email"),
        (CITIZEN | {"email": 5}, "email"),
        (CITIZEN | {"phone": f"06{MARK}"}, "phone"),
        (CITIZEN | {"phone": "12"}, "phone"),
        (CITIZEN | {"phone": 612345678}, "phone"),
        (CITIZEN | {"phone": "0" * 100_000}, "phone"),
        (CITIZEN | {"first_name": f"Amina\r\nBcc: {MARK}@exemple.ma"}, "first_name"),
        (CITIZEN | {"last_name": "\u3164"}, "last_name"),
        (CITIZEN | {"last_name": MARK * 51}, "last_name"),
        (CITIZEN | {"address": MARK + "x" * 497}, "address"),
        (CITIZEN | {"address": ["x"]}, "address"),
        (CITIZEN | {"privacy_notice_version": "0"}, "privacy_notice_version"),
        (CITIZEN | {"privacy_notice_version": MARK}, "privacy_notice_version"),
        (CITIZEN | {"privacy_notice_version": 1}, "privacy_notice_version"),
        (CITIZEN | {"privacy_notice_version": None}, "privacy_notice_version"),
        (CITIZEN | {"national_id": "AB123456"}, "national_id"),
        (CITIZEN | {"national_id": MARK}, "national_id"),
        (CITIZEN | {"citizen": 1}, "citizen"),
        (CITIZEN | {"ice": "001531097000035"}, "ice"),
        (ENTERPRISE | {"ice": "001531097000036"}, "ice"),
        (ENTERPRISE | {"ice": 1531097000035}, "ice"),
        (ENTERPRISE | {"contact_name": f"Omar\nTo: {MARK}"}, "contact_name"),
        (ENTERPRISE | {"trade_register": "12345"}, "trade_register"),
        (ENTERPRISE | {"trade_register": {"number": "12345"}}, "trade_register.court"),
        (ENTERPRISE | {"trade_register": {"number": "1", "court": "Fès", MARK: 1}}, f"trade_register.{MARK}"),
    ],
)
def test_a_sender_with_a_wrong_field_is_422(
    shared_service: Service, mail: Mail, sender: dict[str, object], field: str
) -> None:
    answer = put(shared_service, mail, "sender", sender)
    assert wrong_fields(answer) == [field]
    assert MARK not in answer.body.replace(f'"field":"trade_register.{MARK}"', "")


@pytest.mark.parametrize(
    ("typed", "stored"), [("+33 6 12 34 56 78", "+33612345678"), ("00212 6 12 34 56 78", "+212612345678")]
)
def test_a_telephone_from_abroad_is_kept_in_e164(shared_service: Service, typed: str, stored: str) -> None:
    mail = shared_service.start()
    assert put(shared_service, mail, "sender", CITIZEN | {"phone": typed}).json["sender"]["phone"] == stored


@pytest.mark.parametrize(
    "paper",
    [
        {"number": "", "follow_up_code": "A"},
        {"number": "ANAM-2026-000001", "follow_up_code": " "},
        {"number": "x" * 61, "follow_up_code": "A"},
        {"number": 5, "follow_up_code": "A"},
        {"number": "ANAM-2026-000001"},
        {"number": "ANAM-2026-000001", "follow_up_code": "A", "mail_id": "x"},
    ],
)
def test_follow_up_with_wrong_fields_is_422(shared_service: Service, paper: dict[str, object]) -> None:
    assert len(wrong_fields(shared_service.call("POST", "/v1/follow-up", paper))) == 1
