"""The verification page in a real browser: anyone finds out whether a receipt is genuine."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.fakes.fake_api import PROBLEM, Answer, FakeApi, Request

CODE = "7Q2M-4C9T-XV3E-8KHA"
RECEIPT, ATTACHMENT = b"%PDF-1.7 the receipt", b"%PDF-1.7 the attachment"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def statement(**changed: object) -> dict[str, Any]:
    return {
        "genuine": True,
        "number": "ANAM-2026-000001",
        "organism": {
            "organism_id": "anam",
            "code": "ANAM",
            "category": "public_establishment",
            "name": {"fr": "Agence nationale de l'assurance maladie", "ar": "الوكالة الوطنية للتأمين الصحي"},
            "city": None,
        },
        "submitted_at": "2026-07-22T23:30:00.123Z",
        "sender_kind": "enterprise",
        "attachments": [{"sha256": digest(b"other"), "size": 5}, {"sha256": digest(ATTACHMENT), "size": 2_500_000}],
        "record_sha256": digest(b"record"),
        "receipt_sha256": digest(RECEIPT),
        "versions": [],
        "copies": [],
        "history": [{"event": "submitted", "at": "2026-07-22T23:30:00.123Z"}],
    } | changed


def knows(api: FakeApi, told: dict[str, Any]) -> None:
    def answers(request: Request) -> Answer:
        right = request.path == f"/v1/receipts/{CODE}"
        return Answer(200, told) if right else Answer(404, {"genuine": False}, PROBLEM)

    api.answers = answers


def opened(tab: Page, api: FakeApi, **changed: object) -> None:
    knows(api, statement(**changed))
    tab.goto(f"{api.url}/verifier#{CODE}")
    expect(tab.get_by_role("heading", name="Cet accusé de réception existe")).to_be_focused()


def chosen(tab: Page, folder: Path, content: bytes) -> None:
    file = folder / "file.pdf"
    file.write_bytes(content)
    tab.get_by_label("Choisir un fichier").set_input_files(file)


def test_a_typed_code_shows_what_the_register_holds(tab: Page, api: FakeApi) -> None:
    knows(api, statement())
    tab.goto(f"{api.url}/verifier")
    tab.get_by_label("Code de vérification").fill(CODE.lower())
    tab.get_by_role("button", name="Vérifier").click()
    shown = tab.locator("#receipt")
    for words in (
        "ANAM-2026-000001",
        "Agence nationale de l'assurance maladie",
        "23 juillet 2026 à 00:30 (UTC+01:00)",
        "Entreprise",
        digest(RECEIPT),
        digest(b"record"),
        digest(ATTACHMENT),
        "2,4 Mo",
        "Courrier envoyé et enregistré",
    ):
        expect(shown).to_contain_text(words)


def test_the_code_of_a_link_is_checked_at_once_and_leaves_the_address_bar(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    assert tab.url == f"{api.url}/verifier"


def test_a_code_of_no_receipt_is_said_not_to_be_genuine(tab: Page, api: FakeApi) -> None:
    knows(api, statement())
    tab.goto(f"{api.url}/verifier#AAAA")
    expect(tab.get_by_role("alert")).to_contain_text("Aucun accusé de réception ne porte ce code")
    expect(tab.locator("#receipt")).to_be_hidden()


def test_a_failed_check_never_leaves_an_earlier_verdict_on_the_page(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    tab.get_by_label("Code de vérification").fill("AAAA")
    tab.get_by_role("button", name="Vérifier").click()
    expect(tab.get_by_role("alert")).to_contain_text("Aucun accusé")
    expect(tab.locator("#receipt")).to_be_hidden()


@pytest.mark.parametrize(
    "failure",
    [
        Answer(503, {}),
        Answer(404, {"message": "Not Found"}),
        Answer(404, b"<html>This page does not exist", {"Content-Type": "text/html"}),
    ],
    ids=["busy", "API Gateway", "proxy"],
)
def test_a_service_that_fails_is_no_verdict_and_can_be_tried_again(tab: Page, api: FakeApi, failure: Answer) -> None:
    """A genuine receipt must never be called false because something else answered."""
    api.answers = lambda _: failure
    tab.goto(f"{api.url}/verifier#{CODE}")
    expect(tab.get_by_role("alert")).to_contain_text("réessayez dans un instant")
    knows(api, statement())
    tab.get_by_role("button", name="Réessayer").click()
    expect(tab.get_by_role("heading", name="Cet accusé de réception existe")).to_be_visible()


def test_each_page_leads_to_the_other(tab: Page, api: FakeApi) -> None:
    tab.goto(f"{api.url}/verifier")
    tab.get_by_role("link", name="Suivre un courrier").click()
    expect(tab.get_by_role("heading", name="Suivi de votre courrier")).to_be_visible()
    tab.get_by_role("link", name="Vérifier un accusé de réception").click()
    expect(tab.get_by_role("heading", name="Vérifier un accusé de réception")).to_be_visible()


def test_no_code_asks_for_one(tab: Page, api: FakeApi) -> None:
    tab.goto(f"{api.url}/verifier")
    tab.get_by_role("button", name="Vérifier").click()
    expect(tab.get_by_text("Saisissez le code de vérification.")).to_be_visible()
    assert api.requests == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (RECEIPT, "Identique\u00a0: ce fichier est bien l’accusé de réception d’origine"),
        (ATTACHMENT, "Identique\u00a0: ce fichier est bien la pièce jointe 2"),
        (RECEIPT + b" ", "Différent"),
        (b"", "Différent"),
    ],
)
def test_a_file_is_compared_on_the_device_and_sent_nowhere(
    tab: Page, api: FakeApi, tmp_path: Path, content: bytes, words: str
) -> None:
    opened(tab, api)
    asked = len(api.requests)
    chosen(tab, tmp_path, content)
    expect(tab.locator("#comparison")).to_contain_text(words)
    expect(tab.locator("#comparison")).to_have_class("box good" if "Identique" in words else "box bad")
    assert len(api.requests) == asked


@pytest.mark.parametrize(
    ("content", "words"), [(RECEIPT, "Identique"), (b"stamped", "Identique"), (b"neither", "Différent")]
)
def test_a_receipt_from_before_its_time_stamp_was_added_is_the_receipt_too(
    tab: Page, api: FakeApi, tmp_path: Path, content: bytes, words: str
) -> None:
    opened(tab, api, receipt_sha256=digest(b"stamped"), versions=[digest(RECEIPT), digest(b"stamped")])
    chosen(tab, tmp_path, content)
    expect(tab.locator("#comparison")).to_contain_text(words)


def test_a_receipt_still_being_made_is_not_called_different(tab: Page, api: FakeApi, tmp_path: Path) -> None:
    opened(tab, api, receipt_sha256=None)
    expect(tab.locator("#digests")).to_contain_text("en préparation")
    chosen(tab, tmp_path, RECEIPT)
    expect(tab.locator("#comparison")).to_contain_text("encore en préparation")


def test_a_browser_that_cannot_compare_says_so(tab: Page, api: FakeApi, tmp_path: Path) -> None:
    tab.add_init_script("Object.defineProperty(window.crypto, 'subtle', {value: undefined})")
    opened(tab, api)
    chosen(tab, tmp_path, RECEIPT)
    expect(tab.locator("#comparison")).to_contain_text("Ce navigateur ne sait pas comparer")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_no_word_is_missing_and_nothing_is_wider_than_an_old_phone(tab: Page, api: FakeApi, language: str) -> None:
    knows(api, statement())
    tab.goto(f"{api.url}/verifier?lang={language}#{CODE}")
    expect(tab.locator("#verdict")).to_be_focused()
    tab.locator("#file").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": RECEIPT})
    expect(tab.locator("#comparison")).to_have_class("box good")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    assert not re.search(r"\b[a-z]+_[a-z_]+\b|\{\w+\}", tab.locator("body").inner_text())
    assert tab.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
