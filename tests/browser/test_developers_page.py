"""The page for developers is whole without a script, and reads on a phone in each language."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page

from infra.site.reference import reference
from tests.support.browsing.axe import axe
from tests.support.browsing.visitors import LANGUAGES, Language, Visitors


@pytest.fixture
def page(visitors: Visitors, language: Language) -> Page:
    """The page on an old phone, in a browser that runs no script."""
    return visitors.tab(language, f"/{language}/developers", java_script_enabled=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_link_of_the_page_leads_to_a_place_on_it(page: Page) -> None:
    found = page.evaluate("""() => ({
        ids: [...document.querySelectorAll("[id]")].map((each) => each.id),
        links: [...document.querySelectorAll('a[href^="#"]')].map((each) => each.hash.slice(1)),
    })""")
    assert len(set(found["ids"])) == len(found["ids"])
    assert set(found["links"]) <= set(found["ids"])
    assert set(reference().by_anchor) <= set(found["links"]), "the list above leads to every operation"
    page.locator('a[href="#write_letter"]').first.click()
    assert page.url.endswith("#write_letter")
    assert page.locator("#write_letter").bounding_box()["y"] < 200  # type: ignore[index]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_heading_is_left_out_between_two_levels(page: Page) -> None:
    levels = page.evaluate('[...document.querySelectorAll("h1,h2,h3,h4,h5")].map((each) => Number(each.tagName[1]))')
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_code_scrolls_sideways_and_the_keyboard_reaches_it(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    wide = page.evaluate("""() => [...document.querySelectorAll("body *")]
        .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== "visible")
        .filter((each) => !each.matches('pre[tabindex="0"], .unseen'))
        .map((each) => each.outerHTML.slice(0, 80))""")
    assert wide == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_english_and_code_are_marked_as_such(page: Page, language: Language) -> None:
    """Or a voice reads them as Arabic or French, and their signs change places."""
    parts = ", ".join(f"#{anchor}" for anchor in reference().by_anchor) + ", pre"
    read_as = page.evaluate(
        "(parts) => [...document.querySelectorAll(parts)].map("
        '(each) => each.closest("[lang]").lang + " " + getComputedStyle(each).direction)',
        parts,
    )
    assert set(read_as) == {"en ltr"}
    heading = page.locator("#examples-send")
    assert heading.evaluate("(each) => each.closest('[lang]').lang") == language


def test_axe_finds_nothing_on_the_whole_page(visitors: Visitors) -> None:
    """A few parts of each kind are looked at in every language and theme (`tests/browser/states/developers.py`)."""
    assert axe(visitors.tab("ar", "/ar/developers")) == []
