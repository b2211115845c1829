"""The follow-up page in a real browser: a sender comes back with number and code."""

import json
import re
import threading
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.fake_api import Answer, Answers, FakeApi, Request

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
    }
    waiting = list(receipts or [])

    def answers(request: Request) -> Answer:
        if request.path == "/v1/follow-up":
            paper = json.loads(request.body)
            right = paper == {"number": NUMBER, "follow_up_code": CODE}
            return Answer(200, {"mail_id": MAIL_ID, "access_token": "token"}) if right else Answer(404, {})
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


def fill(tab: Page, number: str = NUMBER, code: str = CODE) -> None:
    tab.get_by_label("Numéro d'ordre").fill(number)
    tab.get_by_label("Code de suivi").fill(code)
    tab.get_by_role("button", name="Voir mon courrier").click()


def test_number_and_code_show_the_mail_and_what_became_of_it(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    fill(tab)
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_focused()
    shown = tab.locator("#mail")
    expect(shown).to_contain_text("Enregistré")
    expect(shown).to_contain_text("Agence nationale de l'assurance maladie")
    expect(shown).to_contain_text("Demande d'attestation رقم 45/2025")
    expect(shown).to_contain_text("شهادة السكنى.pdf")
    expect(shown).to_contain_text("47 Ko")
    expect(tab.locator("#mail-history li")).to_have_count(3)
    expect(tab.locator("#form")).to_be_hidden()


def test_times_are_moroccos_whatever_the_devices_with_ramadans_offset(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    expect(tab.locator("#mail-facts")).to_contain_text("23 juillet 2026 à 00:30 (UTC+01:00)")
    started = tab.locator("#mail-history li").first
    expect(started).to_contain_text("1 mars 2026 à 23:10 (UTC+00:00)")


def test_the_link_of_the_email_opens_the_mail_and_leaves_the_address_bar(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    assert tab.url == f"{api.url}/suivi"
    assert not [line for line in api.lines if CODE in line]
    tab.go_back()
    assert CODE not in tab.url


def test_what_is_typed_from_paper_is_read_as_it_is_meant(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    fill(tab, "  anam-٢٠٢٦-٠٠٠٠٠١ ", " k4zp\u201190wd\u20113rtb\u20116ymj ")
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()


def test_a_field_left_empty_is_named_and_nothing_is_asked(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    fill(tab, code="")
    expect(tab.get_by_text("Saisissez le code de suivi.")).to_be_visible()
    expect(tab.get_by_label("Code de suivi")).to_be_focused()
    expect(tab.get_by_label("Code de suivi")).to_have_attribute("aria-invalid", "true")
    assert api.requests == []


def test_a_wrong_pair_says_what_to_check_and_keeps_what_was_typed(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    fill(tab, code="AAAA")
    expect(tab.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    expect(tab.get_by_role("button", name="Réessayer")).to_be_hidden()
    expect(tab.get_by_label("Numéro d'ordre")).to_have_value(NUMBER)
    expect(tab.locator("#mail")).to_be_hidden()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(0, dropped=True), "Pas de connexion"),
        (Answer(429, {}, {"Retry-After": "5"}), "Trop de demandes"),
        (Answer(503, {}), "Rien n'est perdu"),
        (Answer(502, b"<html>bad gateway"), "Rien n'est perdu"),
        (Answer(200, b"not json"), "Pas de connexion"),
    ],
)
def test_what_may_pass_can_be_tried_again(tab: Page, api: FakeApi, answer: Answer, words: str) -> None:
    opened(tab, api, "")
    works, api.answers = api.answers, lambda _: answer
    fill(tab)
    expect(tab.get_by_role("alert")).to_contain_text(words)
    api.answers = works
    tab.get_by_role("button", name="Réessayer").click()
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    expect(tab.locator("#problem")).to_be_hidden()


def test_progress_is_shown_while_the_service_works(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    works, answered = api.answers, threading.Event()
    api.answers = lambda request: Answer(**vars(works(request)) | {"delay": answered})
    fill(tab)
    expect(tab.get_by_role("status")).to_have_text("Recherche en cours…")
    expect(tab.get_by_role("button", name="Voir mon courrier")).to_be_disabled()
    answered.set()
    expect(tab.get_by_role("status")).to_have_text("")


def test_the_receipt_is_waited_for_and_downloaded(tab: Page, api: FakeApi) -> None:
    opened(tab, api, receipts=[PENDING, PENDING])
    with tab.context.expect_page():
        tab.get_by_role("button", name="Télécharger l'accusé de réception").click()
        expect(tab.get_by_role("status")).to_contain_text("Préparation")
    expect(tab.get_by_role("link", name="Ouvrir l'accusé de réception (PDF)")).to_have_attribute(
        "href", f"{api.url}/receipt.pdf"
    )
    asked = [request for request in api.requests if request.path.endswith("/receipt")]
    assert len(asked) == 3


def test_a_receipt_that_does_not_come_leaves_the_mail_on_the_page(tab: Page, api: FakeApi) -> None:
    opened(tab, api, receipts=[Answer(503, {})])
    tab.get_by_role("button", name="Télécharger l'accusé de réception").click()
    expect(tab.get_by_role("alert")).to_contain_text("Rien n'est perdu")
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    tab.get_by_role("button", name="Réessayer").click()
    expect(tab.get_by_role("link", name="Ouvrir l'accusé de réception (PDF)")).to_be_visible()


def test_an_address_that_expired_is_asked_for_again(tab: Page, api: FakeApi) -> None:
    expired = {
        "status": "issued",
        "url": f"{api.url}/receipt.pdf",
        "sha256": SHA256,
        "expires_at": "2020-01-01T00:00:00.000Z",
    }
    opened(tab, api, receipts=[Answer(200, expired)])
    button = tab.get_by_role("button", name="Télécharger l'accusé de réception")
    button.click()
    expect(button).to_be_enabled()
    button.click()
    expect(tab.get_by_role("link", name="Ouvrir l'accusé de réception (PDF)")).to_be_visible()


def test_an_address_that_is_a_script_is_not_offered(tab: Page, api: FakeApi) -> None:
    evil = {
        "status": "issued",
        "url": "javascript:alert(1)",
        "sha256": SHA256,
        "expires_at": "2099-01-01T00:00:00.000Z",
    }
    opened(tab, api, receipts=[Answer(200, evil)])
    tab.get_by_role("button", name="Télécharger l'accusé de réception").click()
    expect(tab.get_by_role("alert")).to_contain_text("Rien n'est perdu")


def test_closing_the_mail_leaves_nothing_of_it(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    tab.get_by_role("button", name="Fermer ce courrier").click()
    expect(tab.get_by_label("Numéro d'ordre")).to_be_focused()
    expect(tab.get_by_label("Code de suivi")).to_have_value("")
    assert "45/2025" not in (tab.locator("main").text_content() or "")


def test_going_back_on_a_shared_computer_shows_no_mail(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    tab.goto(f"{api.url}/verifier")
    tab.go_back()
    expect(tab.get_by_label("Numéro d'ordre")).to_have_value("")
    assert "45/2025" not in (tab.locator("main").text_content() or "")


def test_an_answer_that_comes_after_another_link_was_opened_is_not_shown(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    works, answered = api.answers, threading.Event()
    api.answers = lambda request: Answer(**vars(works(request)) | {"delay": answered})
    fill(tab)
    expect(tab.get_by_role("status")).to_have_text("Recherche en cours…")
    api.answers = works
    tab.evaluate("window.location.hash = '#OTHER-2026-000001/AAAA'")
    expect(tab.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    answered.set()
    tab.wait_for_timeout(300)
    expect(tab.locator("#mail")).to_be_hidden()


def test_html_in_a_subject_or_a_file_name_is_shown_as_it_was_typed(tab: Page, api: FakeApi) -> None:
    hostile = "<img src=x onerror=\"document.title='broken'\"><script>1</script>"
    attachment = mail()["attachments"][0] | {"file_name": f"{hostile}.pdf"}
    found = mail(letter={"kind": "request", "subject": hostile, "body": ""}, attachments=[attachment])
    opened(tab, api, found=found)
    expect(tab.locator("#mail-facts")).to_contain_text(hostile)
    expect(tab.locator("#mail-attachments")).to_contain_text(hostile)
    assert tab.locator("main img, main script").count() == 0
    assert "broken" not in tab.title()


def test_a_device_with_an_old_calendar_and_a_wrong_clock_does_no_harm(tab: Page, api: FakeApi) -> None:
    tab.clock.install(time="2039-01-01T00:00:00Z")
    tab.add_init_script("Intl.DateTimeFormat = undefined")
    opened(tab, api)
    expect(tab.locator("#mail-facts")).to_contain_text("23 juillet 2026 à 00:30 (UTC+01:00)")
    tab.get_by_role("button", name="Télécharger l'accusé de réception").click()
    link = tab.get_by_role("link", name="Ouvrir l'accusé de réception (PDF)")
    expect(link).to_be_visible()
    tab.clock.run_for(60_000)
    expect(link).to_be_visible()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("collected", "Pris en charge"),
        ("answered", "Répondu"),
        ("redirected", "Transmis"),
        ("rejected", "Rejeté"),
    ],
)
def test_each_status_is_told_in_words(tab: Page, api: FakeApi, status: str, words: str) -> None:
    opened(tab, api, found=mail(status=status, attachments=[]))
    expect(tab.locator("#mail-status")).to_have_text(words)
    expect(tab.locator("#mail-attachments")).to_have_text("Aucune pièce jointe.")
    expect(tab.locator("#mail-next")).not_to_contain_text("next_")


def test_arabic_turns_the_page_round_and_is_remembered(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    tab.get_by_role("button", name="العربية").click()
    assert tab.locator("html").get_attribute("dir") == "rtl"
    expect(tab.locator("#mail")).to_contain_text("الوكالة الوطنية للتأمين الصحي")
    expect(tab.locator("#mail-facts")).to_contain_text("23 يوليوز 2026 على الساعة 00:30 (UTC+01:00)")
    expect(tab.get_by_role("button", name="العربية")).to_have_attribute("aria-pressed", "true")
    tab.reload()
    expect(tab.get_by_role("heading", level=1)).to_have_text("تتبع مراسلتكم")


@pytest.mark.parametrize(
    ("locale", "heading"),
    [
        ("ar-MA", "تتبع مراسلتكم"),
        ("fr-FR", "Suivi de votre courrier"),
        ("en-GB", "Follow your mail"),
        ("de-DE", "Suivi de votre courrier"),
    ],
)
def test_the_page_speaks_the_devices_language_or_french(
    context: BrowserContext, api: FakeApi, locale: str, heading: str
) -> None:
    assert context.browser is not None
    own = context.browser.new_context(locale=locale)
    tab = own.new_page()
    tab.goto(f"{api.url}/suivi")
    expect(tab.get_by_role("heading", level=1)).to_have_text(heading)
    own.close()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_no_word_is_missing_and_nothing_is_wider_than_an_old_phone(tab: Page, api: FakeApi, language: str) -> None:
    long = mail(letter={"kind": "request", "subject": "x" * 255, "body": ""}, status="collected")
    api.answers = service(api, found=long)
    tab.goto(f"{api.url}/suivi?lang={language}#{NUMBER}/{CODE}")
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    width = tab.evaluate("document.documentElement.scrollWidth")
    assert width <= 320
    assert not re.search(r"\b[a-z]+_[a-z_]+\b|\{\w+\}", tab.locator("body").inner_text())
    small = tab.evaluate(
        "[...document.querySelectorAll('button, a.button, input')].filter(e => e.offsetHeight && e.offsetHeight < 44)"
        ".map(e => e.outerHTML)"
    )
    assert small == []


def test_everything_can_be_done_with_the_keyboard_alone(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Aller au contenu")).to_be_focused()
    for _ in range(4):
        tab.keyboard.press("Tab")
    tab.keyboard.type(NUMBER)
    tab.keyboard.press("Tab")
    tab.keyboard.type(CODE)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_focused()
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="Télécharger l'accusé de réception")).to_be_focused()


def test_a_script_from_elsewhere_does_not_run(context: BrowserContext, api: FakeApi) -> None:
    """The page's policy names its own script by digest, so that no other runs."""
    tab = context.new_page()
    tab.goto(f"{api.url}/suivi")
    ran = tab.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); return window.ran === 1; }"
    )
    assert ran is False


def test_without_javascript_the_page_says_so_in_each_language(context: BrowserContext, api: FakeApi) -> None:
    assert context.browser is not None
    own = context.browser.new_context(java_script_enabled=False)
    tab = own.new_page()
    tab.goto(f"{api.url}/suivi")
    expect(tab.locator("#form")).to_be_hidden()
    for words in ("تحتاج إلى جافاسكريبت", "a besoin de JavaScript", "needs JavaScript"):
        expect(tab.get_by_text(words)).to_be_visible()
    own.close()
