"""States of the page `follow`."""

from typing import Final

from playwright.sync_api import expect

from tests.browser.states.state import State, Visit


def _first(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/follow")
    expect(visit.page.locator("h1")).to_be_visible()


STATES: Final = (State(page="follow", name="first", reach=_first),)
