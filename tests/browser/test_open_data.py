"""The page of open data: what anyone sees of the public bodies' mail, and what nobody sees."""

from playwright.sync_api import Page, expect

from tests.browser.states.open_data import EDITION, NAMES
from tests.support.browsing.visitors import Visitors
from tests.support.house.house import House


def _opened(page: Page, language: str = "fr", query: str = "") -> None:
    page.route("**/v1/open-data*", lambda route: route.fulfill(json=EDITION))
    page.goto(f"/{language}/open-data{query}")
    expect(page.locator("#figures")).to_be_visible()


def test_before_the_first_quarter_the_service_itself_says_that_there_is_none(visitors: Visitors) -> None:
    page = visitors.tab("fr")
    page.goto("/fr/open-data")
    expect(page.locator("#none")).to_be_visible()


def test_a_search_finds_public_bodies_and_stands_in_the_address(visitors: Visitors) -> None:
    page = visitors.tab("ar")
    _opened(page, "ar")
    expect(page.locator("#figures tbody tr")).to_have_count(len(NAMES))
    page.locator('[name="q"]').fill("التامين")
    expect(page.locator("#figures tbody tr")).to_have_count(1)
    page.wait_for_url("**/ar/open-data?q=*")
    page.reload()
    expect(page.locator("#figures tbody tr")).to_have_count(1)


def test_an_arabic_bar_begins_at_the_right_and_a_french_one_at_the_left(visitors: Visitors) -> None:
    begins = {}
    for language in ("ar", "fr"):
        page = visitors.tab(language)
        _opened(page, language)
        drawing, bar = (page.locator(f"#by-organism tr:nth-child(2) {each}").bounding_box() for each in ("svg", "rect"))
        assert drawing is not None
        assert bar is not None
        begins[language] = (bar["x"] - drawing["x"]) / drawing["width"]
    assert begins["fr"] < 0.01
    assert begins["ar"] > 0.5


def test_the_page_asks_as_nobody_and_sends_no_cookie(visitors: Visitors, house: House) -> None:
    page = visitors.tab("en")
    page.goto("/en/open-data")
    expect(page.locator("#none")).to_be_visible()
    asked = [each for each in house.requests if each.place == "GET /v1/open-data"]
    assert asked
    assert all("cookie" not in each.headers and "authorization" not in each.headers for each in asked)
