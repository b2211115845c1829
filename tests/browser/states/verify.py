"""States of the page `verify`."""

from collections.abc import Callable
from typing import Final

from playwright.sync_api import expect

from tests.browser.states.state import State, Visit
from tests.support.browsing.receipts import PLAN, Issued, altered, blank, choose, issued


def _opened(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/verify")
    expect(visit.page.locator('#page [name="verification_code"]')).to_be_visible()


def _asked(visit: Visit, code: str) -> None:
    visit.page.locator('[name="verification_code"]').fill(code)
    visit.page.locator('[data-action="verify"]').click()


def _missing(visit: Visit) -> None:
    _opened(visit)
    _asked(visit, "")
    expect(visit.page.locator("#code-wrong")).to_be_visible()


def _unknown(visit: Visit) -> None:
    _opened(visit)
    _asked(visit, "AAAA-AAAA-AAAA-AAAA")
    expect(visit.page.locator("#verdict")).to_be_visible()


def _exists(visit: Visit) -> None:
    _opened(visit)
    _asked(visit, issued(visit.house).code)
    expect(visit.page.locator("#receipt")).to_be_visible()


def _busy(visit: Visit) -> None:
    _opened(visit)
    visit.house.fail_next("GET /v1/receipts/{code}")
    _asked(visit, "AAAA-AAAA-AAAA-AAAA")
    expect(visit.page.locator("#problem")).to_be_visible()


def _qr_missing(visit: Visit) -> None:
    _opened(visit)
    visit.page.locator("#photo").set_input_files({"name": "photo.png", "mimeType": "image/png", "buffer": blank()})
    expect(visit.page.locator("form [role=alert]")).to_be_visible()


def _chosen(files: Callable[[Issued], tuple[bytes, ...]], verdict: str) -> Callable[[Visit], None]:
    def reach(visit: Visit) -> None:
        _opened(visit)
        choose(visit.page, *files(issued(visit.house)))
        expect(visit.page.locator(".result").first).to_have_attribute("data-verdict", verdict)
        visit.page.locator("summary").first.click()

    return reach


STATES: Final = (
    State(page="verify", name="first", reach=_opened, compared=True),
    State(page="verify", name="missing", reach=_missing),
    State(page="verify", name="unknown", reach=_unknown),
    State(page="verify", name="exists", reach=_exists),
    State(page="verify", name="busy", reach=_busy),
    State(page="verify", name="qr-missing", reach=_qr_missing),
    State(page="verify", name="genuine", reach=_chosen(lambda receipt: (receipt.pdf, PLAN, b"another"), "genuine")),
    State(page="verify", name="altered", reach=_chosen(lambda receipt: (altered(receipt.pdf),), "altered")),
)
