"""The open mail belongs to its tab: it outlives a reload and another language, and leaves nothing when it is closed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing.followed import Followed, asked, fill, opened, sent
from tests.support.browsing.visitors import Visitors
from tests.support.house.house import House


@pytest.fixture(scope="module")
def followed(house: House) -> Iterator[Followed]:
    """A mail whose answer redirects it, so that every kind of text and code is on the page."""
    house.begin_again()
    followed = sent(house, subject="Demande d'attestation رقم 45/2025", file_name="plan.pdf")
    house.agent().redirect(followed.number, "adm")
    with house.keeping():
        yield followed


def assert_nothing_stays(page: Page, followed: Followed) -> None:
    held = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    for word in ("45/2025", followed.code, followed.mail.mail_id, "ADM-2026-", "plan.pdf"):
        assert word not in page.content()
        assert word not in held


def test_closing_the_mail_leaves_nothing_of_it(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    page.locator('[data-action="close"]').click()
    expect(page.locator('[name="number"]')).to_be_focused()
    expect(page.locator('[name="number"]')).to_have_value("")
    expect(page.locator('[name="follow_up_code"]')).to_have_value("")
    assert_nothing_stays(page, followed)
    page.reload()
    expect(page.locator('[name="number"]')).to_be_visible()
    page.goto("/fr/about")
    page.go_back()
    expect(page.locator('[name="number"]')).to_be_visible()
    assert_nothing_stays(page, followed)


def test_nothing_is_kept_outside_the_tab(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    assert page.evaluate("JSON.stringify({...localStorage})") == "{}"
    other = page.context.new_page()
    other.goto("/fr/follow")
    expect(other.locator('[name="number"]')).to_be_visible()


def test_the_mail_outlives_a_reload(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    page.reload()
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()


def test_another_language_keeps_the_open_mail(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    page.locator('a[data-language="ar"]').click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#mail-facts")).to_contain_text("الوكالة الوطنية للتأمين الصحي")
    assert page.url == f"{visitors.url}/ar/follow"


def test_another_language_keeps_what_was_typed(visitors: Visitors) -> None:
    page = visitors.tab("fr", "/fr/follow")
    page.locator('[name="number"]').fill("ANAM-2026-1")
    page.locator('[name="follow_up_code"]').fill("K4ZP")
    page.locator('a[data-language="en"]').click()
    expect(page.locator("h1")).to_have_text("Follow your mail")
    expect(page.locator('[name="number"]')).to_have_value("ANAM-2026-1")
    expect(page.locator('[name="follow_up_code"]')).to_have_value("K4ZP")
    page.reload()
    expect(page.locator('[name="follow_up_code"]')).to_have_value("")


def test_another_language_keeps_the_question_whose_mail_it_is(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    page = visitors.tab("fr", f"/fr/follow#{followed.behind}/not-mine")
    page.locator('a[data-language="en"]').click()
    expect(page.locator("h1")).to_have_text("This mail is not mine")
    assert asked(house, "POST /v1/follow-up") == 0


@pytest.mark.complaint(26)
def test_a_page_that_a_browser_keeps_as_it_was_holds_nothing_and_comes_back_alive(
    visitors: Visitors, followed: Followed
) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert "45/2025" not in page.content()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()
    expect(page.locator('[data-action="follow-there"]')).to_have_attribute("aria-disabled", "false")


@pytest.mark.complaint(26)
def test_back_from_a_page_that_was_left_while_it_searched_shows_a_form_that_works(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    page = visitors.tab("fr", "/fr/follow")
    house.delay_next("POST /v1/follow-up", 5)
    fill(page, followed.number, followed.code)
    page.goto("/fr/about")
    page.go_back()
    fill(page, followed.number, followed.code)
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()


def test_who_comes_back_after_a_while_finds_the_form(visitors: Visitors, followed: Followed) -> None:
    """On a shared computer, "back" must not show the mail to the next person."""
    page = visitors.tab("fr")
    page.clock.install()
    opened(page, "fr", followed.behind)
    page.goto("/fr/about")
    page.clock.fast_forward(11 * 60_000)
    page.evaluate(
        """() => {
            const open = JSON.parse(sessionStorage.getItem("follow-open"));
            sessionStorage.setItem("follow-open", JSON.stringify({...open, seen: open.seen - 11 * 60_000}));
        }"""
    )
    page.go_back()
    expect(page.locator('[name="number"]')).to_have_value("")
    assert_nothing_stays(page, followed)


def test_another_link_in_the_same_tab_opens_the_other_mail(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    other = sent(house)
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    page.goto(f"/fr/follow#{other.behind}")
    expect(page.get_by_role("heading", name=other.number)).to_be_visible()
    assert other.code not in page.url


def test_on_paper_the_mail_is_whole_and_nothing_can_be_pressed(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#mail-text")).to_be_visible()
    expect(page.locator("#mail-history")).to_be_visible()
    expect(page.locator("main button:visible, main input:visible")).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator("#mail-text")).to_be_hidden()
