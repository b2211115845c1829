"""States of the last step, on the page `send`."""

from typing import Final

from playwright.sync_api import expect

from tests.browser.states.state import State, Visit
from tests.support.browsing.sent import open_receipt, sent_mail


def _issued(visit: Visit) -> None:
    """Everything that the step can show, with the longest name of a desk."""
    open_receipt(visit.page, sent_mail(visit.house, "longest"), visit.language, shared=False)
    expect(visit.page.locator("[data-action=receipt]")).to_be_visible(timeout=20_000)
    expect(visit.page.locator(".qr")).to_have_count(2)


STATES: Final = (State(page="send", name="receipt", reach=_issued),)
