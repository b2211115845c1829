"""Text of people on the follow-up page stays in its box and in its order, whatever it holds."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.support.browsing.followed import Followed, changed, kept, opened, sent
from tests.support.browsing.layout import drawn_badly
from tests.support.browsing.visitors import Language, Visitors
from tests.support.house.house import House

HOSTILE = {
    "markup": "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>",
    "reversed": "\u202etxt.exe\u2069\u2069 after",
    "long word": "w" * 255,
    "long": ("نص طويل 12 " * 1000)[:10_000],
    "emoji": "👩🏽‍💻🇲🇦 é\u0301",
    "arabic with digits": "هاتف 0537 77 12 34 رقم ٤٥/٢٠٢٦",
    "template": "${1+1}{{1}}{number}",
    "unclosed": "\u2067\u202b\u2066 nom",
}


@pytest.fixture(scope="module")
def followed(house: House) -> Iterator[Followed]:
    yield from kept(house)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_hostile_text_in_every_field_is_shown_as_it_was_typed(
    visitors: Visitors, house: House, followed: Followed, language: Language, text: str
) -> None:
    page = visitors.tab(language)
    short = text[:255]

    def everywhere(mail: dict[str, object]) -> None:
        file = {
            "attachment_id": "1",
            "file_name": f"{short[:145]}.pdf",
            "media_type": "application/pdf",
            "size": 48213,
            "sha256": "0" * 64,
            "check": "refused",
            "reason": text,
            "reason_code": "infected",
            "detected_media_type": None,
            "warnings": [],
        }
        mail["letter"] = {"kind": "request", "subject": short, "body": text, "reference": short[:64], "dated": None}
        mail["attachments"] = [file | {"uploaded": True}]
        mail["sender"] |= {"first_name": short, "last_name": short, "reachable_by_email": False}  # type: ignore[operator]
        mail["outcome"] = {
            "outcome": "answered",
            "message": text,
            "at": "2026-11-27T10:00:00.000Z",
            "redirected_to": None,
            "attachments": [file | {"url": None, "expires_at": None}],
        }

    changed(page, house, everywhere)
    opened(page, language, followed.behind)
    page.locator("summary").click()
    for place in ("#mail-text", "#outcome-message"):
        assert page.locator(place).evaluate("element => element.textContent") == text
    for place in ("#mail-facts", "#mail-contact"):
        assert short[:64] in (page.locator(place).text_content() or "")
    for place in ("#mail-attachments", "#outcome-files"):
        assert f"{short[:145]}.pdf" in (page.locator(place).text_content() or "")
    assert page.locator("main img, main script").count() == 0
    assert "broken" not in page.title()
    assert drawn_badly(page) == []


def lefts(page: Page, selector: str) -> list[float]:
    """Where each letter stands, in the order of the text."""
    found: list[float] = page.locator(selector).evaluate(
        """element => {
            const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
            const lefts = [];
            for (let node = walker.nextNode(); node; node = walker.nextNode())
                for (let at = 0; at < node.data.length; at += 1) {
                    const letter = document.createRange();
                    letter.setStart(node, at);
                    letter.setEnd(node, at + 1);
                    if (/[a-z.]/.test(node.data[at])) lefts.push(letter.getBoundingClientRect().left);
                }
            return lefts;
        }"""
    )
    return found


@pytest.mark.complaint(19)
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_mark_of_direction_turns_neither_a_file_name_nor_an_answer(
    visitors: Visitors, house: House, followed: Followed, language: Language
) -> None:
    """`\u202etxt.exe` would be read "exe.txt"."""
    page = visitors.tab(language)

    def reversed_name(mail: dict[str, object]) -> None:
        mail["letter"] |= {"subject": "\u202eabc.exe", "reference": None, "body": "\u202eabc.exe"}  # type: ignore[operator]

    changed(page, house, reversed_name)
    opened(page, language, followed.behind)
    page.locator("summary").click()
    for place in ("#mail-text", "#mail-facts dd:nth-of-type(2)"):
        shown = lefts(page, place)
        assert len(shown) == len("abc.exe")
        assert shown == sorted(shown)


@pytest.mark.complaint(19)
def test_numbers_stand_from_left_to_right_in_arabic(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("ar")
    opened(page, "ar", followed.behind)
    for text in (followed.number, followed.mail.submitted["verification_code"], "+2126••••••78", "a…@e….ma"):
        assert page.locator("bdi[dir=ltr]", has_text=text).first.is_visible()


def test_each_paragraph_of_an_answer_reads_in_its_own_direction(visitors: Visitors, house: House) -> None:
    """Else the full stop of a French one stands before it when the letter begins in Arabic, and the reverse."""
    followed = sent(house)
    first, second = "شهادتكم مرفقة.", "Cordialement."
    house.agent().close(followed.number, message=f"{first}\n{second}")
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    french, arabic = (
        page.evaluate(
            """([begin, end]) => {
                const walker = document.createTreeWalker(document.querySelector("#outcome-message"), 4);
                const text = walker.nextNode();
                return [begin, end].map(at => {
                    const letter = document.createRange();
                    letter.setStart(text, at);
                    letter.setEnd(text, at + 1);
                    return letter.getBoundingClientRect().left;
                });
            }""",
            ends,
        )
        for ends in ([len(first) + 1, len(first) + len(second)], [0, len(first) - 1])
    )
    assert french[0] < french[1]
    assert arabic[0] > arabic[1]
