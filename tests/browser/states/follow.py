"""States of the page `follow`."""

from typing import Any, Final

from playwright.sync_api import expect

from tests.browser.states.state import State, Visit
from tests.support.browsing.followed import changed, fill, opened, sent
from tests.support.in_process.agents import scanned

RECEIPT: Final = '[data-action="receipt"]'
LONG: Final = "Attestation d’affiliation رقم 45/2026 " + "w" * 120


def _first(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/follow")
    expect(visit.page.locator('[name="number"]')).to_be_visible()


def _wrong(visit: Visit) -> None:
    _first(visit)
    fill(visit.page, "ANAM-2026-000001", "AAAA-AAAA-AAAA-AAAA")
    expect(visit.page.locator("#errors")).to_be_focused()


def _too_fast(visit: Visit) -> None:
    _first(visit)
    visit.house.fail_next("POST /v1/follow-up", status=429, retry_after=600)
    fill(visit.page, "ANAM-2026-000001", "AAAA-AAAA-AAAA-AAAA")
    expect(visit.page.locator("#problem")).to_be_visible()


def _answered(visit: Visit) -> None:
    """Everything that can be wrong with files and messages, and texts that are long."""
    followed = sent(visit.house, "longest", file_name=f"{'ملف' * 40}.pdf", check="infected", subject=LONG)
    agent = visit.house.agent("longest")
    clean, blocked = agent.attach(followed.mail), agent.attach(followed.mail, b"%PDF-1.7 two")
    assert agent.close(followed.number, message=f"السلام عليكم،\nشهادتكم مرفقة.\n{LONG}").status == 201
    scanned(followed.mail, blocked, "infected", "answers")

    def unreached(mail: dict[str, Any]) -> None:
        mail["sender"] |= {"reachable_by_email": False, "reachable_by_sms": False}

    changed(visit.page, visit.house, unreached)
    opened(visit.page, visit.language, followed.behind)
    expect(visit.page.locator(f'[data-file="{clean}"]')).to_be_visible()
    expect(visit.page.locator(RECEIPT)).to_be_visible()


def _redirected(visit: Visit) -> None:
    followed = sent(visit.house)
    assert visit.house.agent().redirect(followed.number, "longest").status == 201
    opened(visit.page, visit.language, followed.behind)
    expect(visit.page.locator(RECEIPT)).to_be_visible()


def _new_code(visit: Visit) -> None:
    followed = sent(visit.house, kind="complaint")
    opened(visit.page, visit.language, followed.behind)
    expect(visit.page.locator(RECEIPT)).to_be_visible()
    visit.page.locator('[data-action="codes"]').click()
    visit.page.locator('[data-action="codes-sure"]').click()
    expect(visit.page.locator("#follow_up_code")).to_be_visible()
    expect(visit.page.locator(RECEIPT)).to_be_visible()


def _not_mine(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/follow#ANAM-2026-000001/AAAA-AAAA-AAAA-AAAA/not-mine")
    expect(visit.page.locator('[data-action="not-mine-sure"]')).to_be_visible()


STATES: Final = (
    State(page="follow", name="first", reach=_first),
    State(page="follow", name="wrong", reach=_wrong),
    State(page="follow", name="too-fast", reach=_too_fast),
    State(page="follow", name="answered", reach=_answered),
    State(page="follow", name="redirected", reach=_redirected),
    State(page="follow", name="new-code", reach=_new_code),
    State(page="follow", name="not-mine", reach=_not_mine),
)
