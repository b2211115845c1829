"""The page of a desk that is linked to directly: its letter works with the files that are weighed for it alone."""

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from infra.site import later_words, weights
from infra.site.words import LANGUAGES, Language
from tests.support.house.house import House
from tests.support.house.pages import built_pages
from tests.support.pages.writer import Writer

KEY: Final = re.compile(rf"\b({'|'.join(later_words.SECTIONS['send'])})\.[a-z][a-z_]+\b")
"""A key where its word should stand."""
ASSETS: Final = "**/assets/**"


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which each file is asked for over the network."""
    made = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
    yield made
    made.close()


@pytest.fixture
def is_late(house: House) -> Callable[[str], bool]:
    """Whether the file at an address is none that is weighed as coming before the letter's first field."""
    pages = built_pages(house.desks())
    weighed = {
        f"/{file.relative_to(pages)}"
        for language in LANGUAGES
        for file in weights.opening(pages, weights.needed(pages, pages / language / "index.html"))
    }
    return lambda address: urlsplit(address).path not in weighed and not address.endswith(".woff2")


def write(page: Page, subject: str) -> None:
    """Write a letter as soon as its fields are there."""
    page.check("[name=kind][value=request]")
    page.fill("[name=subject]", subject)
    page.locator("[name=body]").press_sequentially("Bonjour, مرحبا", delay=5)


def state(page: Page, name: str) -> None:
    """The page says by now that what was typed is in this state."""
    expect(page.locator(f'#saving[data-state="{name}"]')).to_be_visible()


@pytest.mark.complaint(4)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_kept_where_nothing_comes_after_its_first_field(
    visitor: BrowserContext, house: House, is_late: Callable[[str], bool], language: Language
) -> None:
    visitor.route(ASSETS, lambda route: route.abort() if is_late(route.request.url) else route.continue_())
    writer = Writer.opened(visitor.new_page(), house, f"/{language}/anam")
    page = writer.page
    write(page, "Objet")
    state(page, "device-only")
    # each part that is missing is said in its place, and what was pressed leads there
    expect(page.locator("#coming [role=alert]")).to_be_visible()
    page.click("[data-action=next]")
    expect(page.locator("#coming")).to_be_focused()
    assert KEY.findall(page.inner_text("#page")) == []
    assert writer.asked("POST /v1/mails") == 0
    page.reload()
    expect(page.locator("[name=subject]")).to_have_value("Objet")
    expect(page.locator("[name=body]")).to_have_value("Bonjour, مرحبا")
    visitor.unroute(ASSETS)
    page.click("#coming button")
    state(page, "saved")
    expect(page.locator("[name=body]")).to_have_value("Bonjour, مرحبا")
    expect(page.locator("[data-action=erase]")).to_be_visible()
    assert writer.asked("POST /v1/mails") == 1
    assert writer.errors == []


def test_a_letter_typed_before_the_rest_is_there_goes_to_the_server_once_it_is(
    visitor: BrowserContext, house: House, is_late: Callable[[str], bool]
) -> None:
    held: list[Route] = []
    visitor.route(ASSETS, lambda route: held.append(route) if is_late(route.request.url) else route.continue_())
    writer = Writer.opened(visitor.new_page(), house)
    write(writer.page, "Objet")
    state(writer.page, "device-only")
    expect(writer.page.locator("#saving")).to_contain_text("gardé sur cet appareil")
    assert writer.asked("POST /v1/mails") == 0
    for route in held:
        route.continue_()
    visitor.unroute(ASSETS)
    state(writer.page, "saved")
    assert writer.value("body") == "Bonjour, مرحبا"
    assert writer.asked("POST /v1/mails") == 1
    writer.press("next").at("contact")
    assert writer.errors == []
