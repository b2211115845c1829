"""The follow-up page in each language, by keyboard, and where scripts do not run; and whom messages do not reach."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.support.browsing.followed import Followed, changed, fill, kept, opened, sent
from tests.support.browsing.visitors import LANGUAGES, Language, Visitors
from tests.support.house.house import House

BY_SMS = "Nous vous informerons de la suite par SMS."
NOT_AT_ALL = "Gardez votre code de suivi"


@pytest.fixture(scope="module")
def followed(house: House) -> Iterator[Followed]:
    yield from kept(house)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_missing(visitors: Visitors, house: House, language: Language) -> None:
    followed = sent(house, file_name="plan.pdf", kind="complaint")
    house.agent().close(followed.number, "rejected", "Il manque une pièce.")
    page = visitors.tab(language)
    opened(page, language, followed.behind)
    expect(page.locator('[data-action="receipt"]')).to_be_visible()
    assert not re.search(r"\b[a-z]+\.[a-z]+_[a-z_]+\b|\{\w+\}|undefined|null|NaN", page.locator("main").inner_text())


def test_arabic_months_and_clocks(visitors: Visitors, house: House, followed: Followed) -> None:
    page = visitors.tab("ar")
    changed(page, house, lambda mail: mail.update(submitted_at="2026-07-22T23:30:00.123Z"))
    opened(page, "ar", followed.behind)
    shown = page.locator("#mail-facts").inner_text()
    assert "23 يوليوز 2026 على الساعة 00:30 (UTC+01:00)" in re.sub("[\u2066-\u2069]", "", shown)


def test_everything_can_be_done_with_the_keyboard_alone(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr", "/fr/follow")
    expect(page.locator('[name="number"]')).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator('[name="number"]')).to_be_focused()
    page.keyboard.type(followed.number)
    page.keyboard.press("Tab")
    page.keyboard.type(followed.code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=followed.number)).to_be_focused()
    expect(page.locator('[data-action="receipt"]')).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator('[data-action="receipt"]')).to_be_focused()


@pytest.mark.parametrize(("language", "words"), [("ar", "تحتاج هذه الصفحة"), ("fr", "a besoin de"), ("en", "needs")])
def test_without_javascript_the_page_says_so(visitors: Visitors, language: Language, words: str) -> None:
    page = visitors.tab(language, f"/{language}/follow", java_script_enabled=False)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("noscript p")).to_be_visible()
    assert words in page.locator("noscript p").inner_text()
    expect(page.locator("form")).to_have_count(0)


@pytest.mark.parametrize(
    ("reached", "said"),
    [
        (("a…@e….ma", ("email", "sms")), None),
        (("a…@e….ma", ("email",)), None),
        ((None, ("sms",)), None),
        (("a…@e….ma", ("sms",)), BY_SMS),
        (("a…@e….ma", ()), NOT_AT_ALL),
        ((None, ()), NOT_AT_ALL),
    ],
)
def test_the_page_says_which_messages_do_not_arrive(
    visitors: Visitors,
    house: House,
    followed: Followed,
    reached: tuple[str | None, tuple[str, ...]],
    said: str | None,
) -> None:
    """There is no other place where a sender whom no message reaches could learn it."""
    email, ways = reached
    page = visitors.tab("fr")
    reach = {"email": email, "reachable_by_email": "email" in ways, "reachable_by_sms": "sms" in ways}
    changed(page, house, lambda mail: mail["sender"].update(reach))
    opened(page, "fr", followed.behind)
    if said is None:
        expect(page.locator("#reach")).to_have_count(0)
    else:
        expect(page.locator("#reach")).to_contain_text(said)
    expect(page.locator("#mail-next")).to_contain_text("Nous vous écrirons" if ways else "Revenez sur cette page")


def test_the_history_says_that_the_sender_could_not_be_told(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    page = visitors.tab("fr")
    untold = {"event": "sender_not_informed", "at": "2026-07-22T23:30:05.000Z"}
    changed(page, house, lambda mail: mail.update(history=[untold]))
    opened(page, "fr", followed.behind)
    expect(page.locator("#mail-history")).to_contain_text("Expéditeur non informé")


def test_the_form_is_marked_for_programs(visitors: Visitors, house: House) -> None:
    """Names and actions of `site.md`."""
    page = visitors.tab("en", "/en/follow")
    fill(page, "", "")
    expect(
        page.locator('input[name="number"], input[name="follow_up_code"], button[data-action="follow"]')
    ).to_have_count(3)
    assert not house.requests or all("/follow-up" not in request.place for request in house.requests)
