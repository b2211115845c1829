"""A mail that a sender follows, and an API that knows it."""

import json
from typing import Any

from playwright.sync_api import Page

from tests.support.fakes.fake_api import PROBLEM, Answer, Answers, FakeApi, Request

NUMBER, CODE = "ANAM-2026-000001", "K4ZP-90WD-3RTB-6YMJ"


MAIL_ID = "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11"


SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def mail(**changed: object) -> dict[str, Any]:
    return {
        "mail_id": MAIL_ID,
        "status": "submitted",
        "language": "fr",
        "organism": {
            "organism_id": "anam",
            "code": "ANAM",
            "category": "public_establishment",
            "name": {
                "fr": "Agence nationale de l'assurance maladie",
                "ar": "الوكالة الوطنية للتأمين الصحي",
            },
            "city": None,
        },
        "letter": {"kind": "request", "subject": "Demande d'attestation رقم 45/2025", "body": "…"},
        "attachments": [
            {
                "attachment_id": "1",
                "file_name": "شهادة السكنى.pdf",
                "media_type": "application/pdf",
                "size": 48213,
                "sha256": SHA256,
                "uploaded": True,
            }
        ],
        "sender": None,
        "number": NUMBER,
        "submitted_at": "2026-07-22T23:30:00.123Z",
        "history": [
            {"event": "started", "at": "2026-03-01T23:10:00.000Z"},
            {"event": "submitted", "at": "2026-07-22T23:30:00.123Z"},
            {"event": "organism_alerted", "at": "2026-07-22T23:30:04.000Z"},
        ],
    } | changed


def service(api: FakeApi, *, found: dict[str, Any] | None = None, receipts: list[Answer] | None = None) -> Answers:
    """An API that knows one mail; `receipts` are its answers to who asks for the receipt."""
    issued = {
        "status": "issued",
        "url": f"{api.url}/receipt.pdf",
        "sha256": SHA256,
        "expires_at": "2099-01-01T00:00:00.000Z",
        "slip": {"url": f"{api.url}/slip.pdf", "expires_at": "2099-01-01T00:00:00.000Z"},
    }
    waiting = list(receipts or [])

    def answers(request: Request) -> Answer:
        if request.path == "/v1/follow-up":
            paper = json.loads(request.body)
            right = paper == {"number": NUMBER, "follow_up_code": CODE}
            return Answer(200, {"mail_id": MAIL_ID, "access_token": "token"}) if right else Answer(404, {}, PROBLEM)
        if request.path == "/receipt.pdf":
            disposition = {"Content-Disposition": 'attachment; filename="receipt.pdf"'}
            return Answer(200, b"%PDF-1.7 receipt", {"Content-Type": "application/pdf"} | disposition)
        if request.authorization != "Bearer token":
            return Answer(401, {})
        if request.path == f"/v1/mails/{MAIL_ID}":
            return Answer(200, found or mail())
        assert request.path == f"/v1/mails/{MAIL_ID}/receipt"
        return waiting.pop(0) if waiting else Answer(200, issued)

    return answers


PENDING = Answer(202, {"status": "pending"}, {"Retry-After": "1"})


def opened(tab: Page, api: FakeApi, fragment: str = f"#{NUMBER}/{CODE}", **arranged: Any) -> None:  # noqa: ANN401 - passed on
    api.answers = service(api, **arranged)
    tab.goto(f"{api.url}/suivi{fragment}")


def opened_at(tab: Page, api: FakeApi, address: str) -> None:
    """The tab at an address as it was typed, or as something on its way changed it."""
    api.answers = service(api)
    tab.goto(f"{api.url}{address}")


def fill(tab: Page, number: str = NUMBER, code: str = CODE) -> None:
    tab.get_by_label("Numéro d’ordre").fill(number)
    tab.get_by_label("Code de suivi").fill(code)
    tab.get_by_role("button", name="Voir mon courrier").click()


def wait_for(tab: Page, api: FakeApi, path: str) -> None:
    """Until the page has asked for `path`."""
    while path not in [request.path for request in api.requests]:
        tab.wait_for_timeout(20)
