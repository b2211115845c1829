"""States of step 1, on the page `send`."""

from typing import Final

from playwright.sync_api import expect

from tests.browser.states.state import State, Visit


def _first(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/")
    expect(visit.page.locator("#page [name=q]")).to_be_visible()


def _found(visit: Visit) -> None:
    """More than one page of desks."""
    _first(visit)
    visit.page.fill("[name=q]", "de")
    expect(visit.page.locator("[data-organism]")).to_have_count(25)


def _nothing(visit: Visit) -> None:
    _first(visit)
    visit.page.locator(".filters button").last.click()
    visit.page.fill("[name=q]", "xyzzy")
    expect(visit.page.locator("[data-organism]")).to_have_count(0)
    expect(visit.page.locator("#live p").last).to_be_attached()


def _closed(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/closed")
    expect(visit.page.locator(".notice")).to_be_visible()


STATES: Final = (
    State(page="send", name="found", reach=_found),
    State(page="send", name="nothing-found", reach=_nothing),
    State(page="send", name="closed", reach=_closed),
)
