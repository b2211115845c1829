"""States of the page `operations`."""

from typing import Final

from playwright.sync_api import expect

from tests.browser.states.state import State, Visit
from tests.support.browsing.operators import (
    COOKIES,
    WRONG_DIRECTORY,
    choose_directory,
    empty_queues,
    fail_messages,
    sign_in,
)
from tests.support.in_process.user_pool import OPERATOR


def _entrance(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/operations/")
    expect(visit.page.locator('[name="username"]')).to_be_visible()


def _quiet(visit: Visit) -> None:
    empty_queues()
    sign_in(visit.page, visit.language)
    expect(visit.page.locator('[data-action="refresh"]')).to_be_visible()


def _redrive(visit: Visit) -> None:
    empty_queues()
    fail_messages(3)
    sign_in(visit.page, visit.language)
    visit.page.locator('[data-action="redrive"]').click()
    expect(visit.page.locator("#redrive-title")).to_be_focused()


def _organisms(visit: Visit) -> None:
    sign_in(visit.page, visit.language, "organisms")
    expect(visit.page.locator(".organisms li").first).to_be_visible()


def _organism(visit: Visit) -> None:
    sign_in(visit.page, visit.language, "organisms/longest")
    visit.page.locator("summary").click()
    visit.page.locator('[data-action="suspend"]').click()
    expect(visit.page.locator("#suspend-title")).to_be_focused()


def _faulty(visit: Visit) -> None:
    sign_in(visit.page, visit.language, "new-organism")
    visit.page.locator('[data-action="save"]').click()
    expect(visit.page.locator("#errors")).to_be_focused()


def _people(visit: Visit) -> None:
    sign_in(visit.page, visit.language, "people")
    other = visit.page.locator(".person").filter(has_not_text=OPERATOR.username).first
    other.locator('[data-action="shut-out"]').click()
    expect(visit.page.locator("#person-question")).to_be_focused()


def _wrong_directory(visit: Visit) -> None:
    sign_in(visit.page, visit.language, "directory")
    choose_directory(visit.page, WRONG_DIRECTORY)
    expect(visit.page.locator("#errors")).to_be_focused()


STATES: Final = (
    State(page="operations", name="entrance", reach=_entrance),
    State(page="operations", name="quiet", reach=_quiet, expects=(COOKIES,)),
    State(page="operations", name="redrive", reach=_redrive, expects=(COOKIES,)),
    State(page="operations", name="organisms", reach=_organisms, expects=(COOKIES,)),
    State(page="operations", name="organism", reach=_organism, expects=(COOKIES,)),
    State(page="operations", name="faulty", reach=_faulty, expects=(COOKIES,)),
    State(page="operations", name="people", reach=_people, expects=(COOKIES,)),
    State(page="operations", name="wrong-directory", reach=_wrong_directory, expects=(COOKIES,)),
)
