"""Hostile text in every field: nothing runs, nothing leaves its box, the order is kept, wherever it is seen."""

from collections.abc import Iterator
from itertools import cycle
from typing import Final
from unicodedata import normalize

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing.layout import no_overflow
from tests.support.browsing.sending import Wizard, fill, photograph
from tests.support.browsing.visitors import Language, Visitors
from tests.support.house.house import House

HOSTILE: Final = (
    "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>",
    "'\"--></textarea></title><svg onload=alert(1)>",
    "début \u202etxt.exe fin",
    "zé\u200bro\u200d lar\u2060geur\u00ad",
    "m" * 255,
    "👩🏽‍💻🇲🇦 e\u0301 ﷽",
    "هاتف 0537 77 12 34 رقم ٤٥/٢٠٢٦ (ب)",
    "javascript:alert(document.title='broken')",
    "${1+1}{{1}}{number} %s \\u0041",
)
SUBJECTS: Final = {
    "citizen": HOSTILE[2],
    "enterprise": HOSTILE[0],
    "administration": HOSTILE[6],
    "association": HOSTILE[4],
}
PRINTED: Final = {
    "citizen": "fin",
    "enterprise": "<imgsrc=xonerror=",
    "administration": "0537771234",
    "association": "m" * 40,
}
"""What a reader copies of it from the receipt, without blanks."""
BODY: Final = "\n".join(HOSTILE) + "\n" + "نص طويل 12 " * 909
"""All of them, and 10,000 letters."""
FIELDS: Final[dict[str, dict[str, int]]] = {
    "citizen": {"first_name": 200, "last_name": 200, "address": 500},
    "enterprise": {"legal_name": 200, "foreign_registration.number": 50, "contact_name": 200, "address": 500},
    "administration": {"name": 200, "service": 200, "contact_name": 200, "address": 500},
    "association": {"name": 200, "declaration_number": 50, "contact_name": 200, "address": 500},
}
"""The fields of free text, and how many letters they take."""
UNDERSTOOD: Final = {"declaration_number", "foreign_registration.number"}
"""Numbers of other registers, of which marks that nobody sees are no part."""
FIXED: Final = {"enterprise": {"abroad": "true", "foreign_registration.country": "FR"}}
HOSTILE_FILE: Final = "'é' onerror=alert(1) 👩🏽‍💻 رقم 12 javascript;" + "n" * 90 + ".jpg"
REFUSED_FILE: Final = "photo\u202egpj.exe.jpg"


def texts_for(kind: str) -> Iterator[str]:
    """The texts, from another one on for each kind: each field has met several of them in the end."""
    begin = list(FIELDS).index(kind) * 2
    return cycle(HOSTILE[begin:] + HOSTILE[:begin])


def unharmed(page: Page) -> None:
    """No text became a part of the page, ran, or is wider than a small phone's screen."""
    assert page.title() != "broken"
    assert page.locator('main img[src="x"], main svg[onload], main script').count() == 0
    assert no_overflow(page) == []


def shown(page: Page, text: str) -> None:
    """A text stands in a box that keeps its direction to itself, and its letters are whole."""
    boxes = page.locator("main bdi").evaluate_all("boxes => boxes.map(box => box.textContent)")
    assert text in boxes, text


@pytest.mark.complaint(11)
@pytest.mark.parametrize(
    ("kind", "language"), [("citizen", "ar"), ("enterprise", "fr"), ("administration", "ar"), ("association", "fr")]
)
def test_hostile_text_harms_nobody_who_sees_it(visitors: Visitors, house: House, kind: str, language: Language) -> None:
    """A letter is read by its sender, an agent and a court: none of their screens may be turned against them."""
    page = visitors.tab(language)
    page.on("dialog", lambda dialog: pytest.fail(f"A text ran: {dialog.message}"))
    wizard = Wizard(page).open(f"/{language}/anam")
    subject = SUBJECTS[kind]
    wizard.write({"kind": "other", "subject": subject, "body": BODY, "reference": HOSTILE[3]})
    wizard.attach(photograph(HOSTILE_FILE), photograph(REFUSED_FILE))
    rows = page.locator(".attach .files li")
    expect(rows).to_have_count(2)
    expect(rows.nth(0).locator(".file-state")).to_contain_text("✓")
    expect(rows.nth(1).locator(".wrong")).not_to_be_empty()
    unharmed(page)
    rows.nth(1).locator("button").last.click()
    wizard.press("next").at("contact")
    given = {
        name: text[:most].strip() for (name, most), text in zip(FIELDS[kind].items(), texts_for(kind), strict=False)
    }
    hostile_address = {"email": HOSTILE[0], "phone": HOSTILE[7]}
    wizard.identify(kind, FIXED.get(kind, {}) | given | hostile_address).press("next")
    expect(page.locator("#errors")).to_be_focused()
    unharmed(page)
    fill(page, {"email": "hostile@exemple.ma", "phone": ""})
    wizard.press("next").at("review")
    typed = {name: normalize("NFC", text) for name, text in given.items() if name not in UNDERSTOOD}
    for text in (subject, BODY, HOSTILE_FILE, *typed.values()):
        shown(page, text)
    unharmed(page)
    codes = wizard.submit()
    unharmed(page)
    page.emulate_media(media="print")
    unharmed(page)
    page.emulate_media(media="screen")
    pdf = wizard.receipt()
    _followed(page, language, codes.number, codes.follow_up_code)
    house.settle()
    mail = house.agent().open(codes.number).json
    assert (mail["letter"]["subject"], mail["letter"]["body"]) == (subject, BODY)
    assert {name: mail["sender"][name] for name in typed} == typed
    assert [each["file_name"] for each in mail["attachments"]] == [HOSTILE_FILE]
    _printed(pdf, PRINTED[kind])


def _followed(page: Page, language: Language, number: str, code: str) -> None:
    page.goto(f"/{language}/follow#{number}/{code}")
    expect(page.locator("#mail-number")).to_contain_text(number)
    for summary in page.locator("summary").all():
        summary.click()
    unharmed(page)


def _printed(pdf: bytes, fragment: str) -> None:
    """The receipt has the subject's words in their order."""
    pages = pypdfium2.PdfDocument(pdf)
    text = "".join("".join(pages[index].get_textpage().get_text_range().split()) for index in range(len(pages)))
    assert fragment in text
