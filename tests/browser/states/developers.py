"""States of the page `developers`.

It is the longest page by far, and one template draws its hundred like parts: a few of each kind are looked at here, and
all of them in `tests/browser/test_developers_page.py`.
"""

from typing import Final

from playwright.sync_api import expect

from tests.browser.states.state import State, Visit

_LEAVE_A_FEW: Final = """() => {
    const main = document.querySelector("main");
    for (const part of [main, ...main.querySelectorAll(":scope > div")]) {
        let parts = 0;
        for (const each of [...part.children]) {
            if (each.tagName === "H2") parts = 0;
            if (each.tagName === "H3") parts += 1;
            if (parts > 1) each.remove();
        }
    }
    for (const list of main.querySelectorAll("nav ul ul, dl"))
        [...list.children].slice(3).forEach((each) => each.remove());
}"""


def _read(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/developers")
    expect(visit.page.locator("#problems")).to_be_attached()
    visit.page.evaluate(_LEAVE_A_FEW)


STATES: Final = (State(page="developers", name="read", reach=_read),)
