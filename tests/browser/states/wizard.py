"""States of the wizard between the choice of the desk and the receipt, on the page `send`."""

from functools import partial
from typing import Final

from playwright.sync_api import FilePayload, expect

from tests.browser.states.state import State, Visit
from tests.support.browsing.sending import LETTER, SENDERS, Wizard, photograph

TOO_LARGE: Final[FilePayload] = {"name": "grand.csv", "mimeType": "text/csv", "buffer": b"a,b\n" * 60_000}


def _wizard(visit: Visit, desk: str = "identity") -> Wizard:
    visit.page.goto(f"/{visit.language}/{desk}")
    expect(visit.page.locator("[name=subject]")).to_be_visible()
    return Wizard(visit.page)


def _letter(visit: Visit) -> None:
    """Nothing was typed yet."""
    _wizard(visit)


def _letter_errors(visit: Visit) -> None:
    _wizard(visit).press("next")
    expect(visit.page.locator("#errors")).to_be_focused()


def _files(visit: Visit) -> None:
    """A file that was sent, and one that is too large."""
    _wizard(visit, "small").write(LETTER).attach(photograph())
    visit.page.set_input_files("input#files", [TOO_LARGE])
    expect(visit.page.locator(".files .wrong")).to_be_visible()


def _contact_errors(visit: Visit, kind: str) -> None:
    _wizard(visit).write(LETTER).press("next").at("contact")
    visit.page.check(f"[name=sender_kind][value={kind}]")
    visit.page.click("[data-action=next]")
    expect(visit.page.locator("#errors")).to_be_focused()


def _review(visit: Visit) -> None:
    wizard = _wizard(visit).write(LETTER).attach(photograph()).press("next").at("contact")
    wizard.identify("enterprise").press("next").at("review")
    expect(visit.page.locator("[data-action=submit]")).to_be_visible()


STATES: Final = (
    State(page="send", name="letter", reach=_letter),
    State(page="send", name="letter-errors", reach=_letter_errors),
    State(page="send", name="files", reach=_files),
    *(State(page="send", name=f"contact-{kind}", reach=partial(_contact_errors, kind=kind)) for kind in SENDERS),
    State(page="send", name="review", reach=_review),
)
