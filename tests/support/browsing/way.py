"""The whole way of a mail: from the search of a desk to the check of its receipt, as any sender goes it."""

import hashlib
from base64 import b64encode

from playwright.sync_api import Page, expect

from tests.support.browsing.sending import SENDERS, Codes, Wizard, photograph

_DROP = """([name, encoded]) => {
    const bytes = Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name, { type: "application/pdf" }));
    const area = document.getElementById("drop");
    for (const type of ["dragover", "drop"])
        area.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
}"""


def send(page: Page, language: str, kind: str, words: str = "anam") -> Codes:
    """Choose the desk by search, write, attach a photograph, say who sends, look and send."""
    photo = photograph()
    wizard = Wizard(page).choose(language, words, "anam").write().attach(photo).to_review(kind)
    shown = page.locator("main")
    expect(shown).to_contain_text(photo["name"])
    expect(shown).to_contain_text(hashlib.sha256(photo["buffer"]).hexdigest())
    for name, value in SENDERS[kind].items():
        if name != "phone":
            expect(shown).to_contain_text(value.partition("\n")[0])
    return wizard.submit()


def follow(page: Page, language: str, codes: Codes) -> None:
    """Come back with number and code."""
    page.goto(f"/{language}/follow")
    page.locator('[name="number"]').fill(codes.number)
    page.locator('[name="follow_up_code"]').fill(codes.follow_up_code)
    page.locator('[data-action="follow"]').click()
    expect(page.locator("#mail-number")).to_contain_text(codes.number)
    expect(page.locator("#mail")).to_contain_text(photograph()["name"])


def check(page: Page, language: str, pdf: bytes, number: str) -> None:
    """Drop the PDF alone on the page that checks receipts."""
    page.goto(f"/{language}/verify")
    page.wait_for_selector("#drop")
    page.evaluate(_DROP, ["receipt.pdf", b64encode(pdf).decode()])
    expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "genuine")
    expect(page.locator("#receipt")).to_contain_text(number)


def whole_way(page: Page, language: str, kind: str, words: str = "anam") -> Codes:
    """Send, follow and check."""
    codes = send(page, language, kind, words)
    pdf = Wizard(page).receipt()
    assert pdf.startswith(b"%PDF-")
    follow(page, language, codes)
    check(page, language, pdf, codes.number)
    return codes
