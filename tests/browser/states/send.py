"""States of the page `send`."""

from typing import Final

from playwright.sync_api import expect

from tests.browser.states.state import State, Visit


def _first(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/")
    expect(visit.page.locator("h1")).to_be_visible()


STATES: Final = (State(page="send", name="first", reach=_first, compared=True),)
