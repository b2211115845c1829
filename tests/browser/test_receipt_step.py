"""The last step: number and codes at once, the PDF by itself, one printed page, and nothing kept unasked."""

import re
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing.sent import EMAIL, open_receipt, sent_mail
from tests.support.browsing.visitors import LANGUAGES, Language, Visitors
from tests.support.house.house import House

RECEIPT = "GET /v1/mails/{id}/receipt"
SHOWN = ("number", "follow_up_code", "verification_code")
KEPT = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("bureau-ordre");
    opening.onerror = reject;
    opening.onsuccess = () => {
        const keys = opening.result.transaction("kept").objectStore("kept").getAllKeys();
        keys.onsuccess = () => { opening.result.close(); resolve(keys.result.filter(key => key.startsWith("kept:"))); };
    };
})"""


def receipt_page(
    visitors: Visitors,
    house: House,
    language: Language = "fr",
    **more: Any,  # noqa: ANN401 - of `open_receipt`
) -> tuple[Page, dict[str, Any]]:
    sent = sent_mail(house)
    page = visitors.tab(language, permissions=["clipboard-read", "clipboard-write"])
    open_receipt(page, sent, language, **more)
    expect(page.locator("#number")).to_be_visible()
    return page, sent


@pytest.mark.complaint(24)
@pytest.mark.parametrize("language", LANGUAGES)
def test_24_number_and_codes_are_there_before_the_pdf_and_the_pdf_comes_by_itself(
    visitors: Visitors, house: House, language: Language
) -> None:
    house.chain.hold_receipts()
    page, sent = receipt_page(visitors, house, language)
    for name in SHOWN:
        assert page.locator(f"#{name}").text_content() == sent[name]
        assert page.locator(f"#{name}").evaluate("code => parseFloat(getComputedStyle(code).fontSize)") >= 18
    expect(page.locator("#receipt-making")).to_be_visible()
    expect(page.locator("[data-action=receipt]")).to_have_count(0)
    house.chain.let_receipts_go()
    expect(page.locator("[data-action=receipt]")).to_be_visible(timeout=20_000)
    expect(page.locator("#live p")).to_have_count(1)


@pytest.mark.complaint(24)
def test_24_one_press_copies_a_code_or_all_of_them(visitors: Visitors, house: House) -> None:
    page, sent = receipt_page(visitors, house)
    for name, label in (("number", "Numéro d’ordre"), ("follow_up_code", "Code de suivi")):
        page.get_by_role("button", name=f"Copier {label}").click()
        expect(page.locator("#live")).to_contain_text(f"{label}\u00a0: copié.")
        assert page.evaluate("navigator.clipboard.readText()") == sent[name]
    page.get_by_role("button", name="Copier tout").click()
    expect(page.locator("#live")).to_contain_text("Numéro et codes\u00a0: copié.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert all(sent[name] in copied for name in SHOWN)


@pytest.mark.complaint(24)
def test_24_where_the_browser_does_not_copy_the_code_is_selected(visitors: Visitors, house: House) -> None:
    page, sent = receipt_page(visitors, house)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    page.locator("#copy-follow_up_code").click()
    expect(page.locator("#live")).to_contain_text("Copiez le texte à la main.")
    assert page.evaluate("String(getSelection())") == sent["follow_up_code"]


@pytest.mark.complaint(24)
@pytest.mark.parametrize("language", LANGUAGES)
def test_24_the_printed_sheet_is_one_page_that_needs_nothing_else(
    visitors: Visitors, house: House, language: Language
) -> None:
    sent = sent_mail(house, "longest")
    page = visitors.tab(language)
    open_receipt(page, sent, language)
    expect(page.locator(".qr path[fill='#000']")).to_have_count(2)
    page.evaluate("() => { window.print = () => { document.title = 'printed'; }; }")
    page.locator("button", has_text=re.compile("Imprimer|طباعة|Print")).click()
    expect(page).to_have_title("printed")
    sheet = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(sheet) == 1
    text = sheet[0].get_textpage().get_text_range()
    assert all(sent[name] in text for name in SHOWN)
    assert f"/{language}/follow" in text
    assert "2026" in text
    page.emulate_media(media="print")
    expect(page.get_by_role("main")).to_contain_text(sent["organism"]["name"]["ar" if language == "ar" else "fr"])
    expect(page.locator("button:visible")).to_have_count(0)


@pytest.mark.complaint(25)
def test_25_the_receipt_is_a_link_fetched_ahead_that_one_presses(visitors: Visitors, house: House) -> None:
    page, _ = receipt_page(visitors, house)
    page.evaluate("() => { window.open = () => { throw new Error('window.open'); }; }")
    for action in ("receipt", "slip"):
        link = page.locator(f"[data-action={action}]")
        expect(link).to_have_attribute("href", re.compile(rf"^{re.escape(house.storage_url)}/"))
        with page.expect_download() as download:
            link.click()
        assert download.value.path().read_bytes().startswith(b"%PDF")
    expect(page.locator("#number")).to_be_visible()


@pytest.mark.complaint(19)
def test_19_number_and_codes_stand_from_left_to_right_in_arabic(visitors: Visitors, house: House) -> None:
    page, _ = receipt_page(visitors, house, "ar")
    lefts = """code => {
        const text = [...code.childNodes].find(node => node.nodeType === Node.TEXT_NODE);
        return [...text.data].map((_, at) => {
            const range = document.createRange();
            range.setStart(text, at);
            range.setEnd(text, at + 1);
            return Math.round(range.getBoundingClientRect().left);
        });
    }"""
    page.set_viewport_size({"width": 1280, "height": 800})
    for name in SHOWN:
        found = page.locator(f"#{name}").evaluate(lefts)
        assert found == sorted(found)
        assert len(found) >= 16


def test_whom_the_receipt_goes_to_is_shown_masked_or_that_nobody_gets_it(visitors: Visitors, house: House) -> None:
    page, _ = receipt_page(visitors, house)
    expect(page.get_by_role("main")).to_contain_text(f"Nous l’envoyons aussi à {EMAIL}.")
    other = visitors.tab("fr")
    open_receipt(other, sent_mail(house, email=None))
    expect(other.get_by_text("Vous n’avez pas donné d’adresse e-mail")).to_be_visible()


def test_nothing_stays_on_the_device_but_what_the_sender_chooses(visitors: Visitors, house: House) -> None:
    page, sent = receipt_page(visitors, house, shared=False)
    assert page.evaluate(KEPT) == []
    page.get_by_label("Garder le numéro et les codes").check()
    page.wait_for_function(f"({KEPT})().then(keys => keys.length === 1)")
    assert page.evaluate(KEPT) == [f"kept:{sent['number']}"]
    page.reload()
    expect(page.get_by_label("Garder le numéro et les codes")).to_be_checked()
    page.get_by_label("Garder le numéro et les codes").uncheck()
    page.wait_for_function(f"({KEPT})().then(keys => keys.length === 0)")


def test_on_a_shared_computer_nothing_is_kept_and_it_is_said(visitors: Visitors, house: House) -> None:
    page, _ = receipt_page(visitors, house, shared=True)
    expect(page.get_by_text("Ordinateur partagé\u00a0: rien ne reste sur cet appareil.")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    assert page.evaluate(KEPT) == []


def test_a_receipt_that_cannot_be_asked_for_is_asked_for_again(visitors: Visitors, house: House) -> None:
    house.fail_next(RECEIPT, status=200, foreign=True, times=50)
    page, _ = receipt_page(visitors, house)
    expect(page.get_by_text("Pas de connexion")).to_be_visible()
    house.faults.forget()
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator("[data-action=receipt]")).to_be_visible(timeout=20_000)


def test_a_late_receipt_has_kind_words(visitors: Visitors, house: House) -> None:
    house.chain.hold_receipts()
    sent = sent_mail(house)
    page = visitors.tab("fr")
    page.clock.install()
    open_receipt(page, sent)
    expect(page.locator("#receipt-making")).to_be_visible()
    late = page.locator("#page .notice", has_text="prend plus de temps que d’habitude")
    for _ in range(30):
        page.clock.run_for(5_000)
        if late.is_visible():
            break
    expect(late).to_contain_text("Votre courrier est bien enregistré")
    expect(page.get_by_role("button", name="Réessayer")).to_be_visible()
    expect(page.locator("#number")).to_have_text(sent["number"])


def test_another_mail_begins_with_the_desks(visitors: Visitors, house: House) -> None:
    page, _ = receipt_page(visitors, house)
    page.locator("[data-action=another]").click()
    expect(page).to_have_url(re.compile(r"/fr/$"))
    expect(page.locator("#page [name=q]")).to_be_visible()
    expect(page.locator("#number")).to_have_count(0)
