"""States of the pages that do not move."""

from typing import Final

from playwright.sync_api import expect

from tests.browser.states.state import State, Visit


def _about(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/about")
    expect(visit.page.locator("h1")).to_be_visible()


def _desks(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/desks")
    expect(visit.page.locator('[data-organism="anam"]')).to_be_visible()


def _unavailable(visit: Visit) -> None:
    visit.page.goto("/unavailable.html")
    expect(visit.page.locator("h1").first).to_be_visible()


STATES: Final = (
    State(page="about", name="read", reach=_about),
    State(page="desks", name="list", reach=_desks),
    State(page="unavailable", name="read", reach=_unavailable),
)
