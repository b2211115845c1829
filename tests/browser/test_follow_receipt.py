"""The follow-up page hands the receipt and the slip over, as links that are there as soon as the files are."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browsing.followed import Followed, asked, kept, opened, sent, trusting, wait_until_asked
from tests.support.browsing.visitors import Visitors
from tests.support.house.house import House

RECEIPT = re.compile(r"/v1/mails/[^/]+/receipt$")


@pytest.fixture(scope="module")
def followed(house: House) -> Iterator[Followed]:
    yield from kept(house)


def answers(page: Page, **issued: object) -> None:
    """Let the receipt's answer be what the service itself would never give."""
    said: dict[str, object] = {
        "status": "issued",
        "url": "https://bucket.example/r.pdf",
        "sha256": "0" * 64,
        "slip": None,
    }
    said |= {"expires_at": "2099-01-01T00:00:00.000Z"} | issued

    def handle(route: Route) -> None:
        headers = {"Content-Type": "application/json", "Date": format_datetime(datetime.now(UTC), usegmt=True)}
        route.fulfill(status=200, headers=headers, body=json.dumps(said))

    page.route(RECEIPT, handle)


def test_receipt_and_slip_open_by_a_press(visitors: Visitors, house: House, followed: Followed) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    for action in ("receipt", "slip"):
        link = page.locator(f'[data-action="{action}"]')
        expect(link).to_be_visible()
        address = link.get_attribute("href") or ""
        assert httpx.get(address, verify=trusting(house), trust_env=False).content.startswith(b"%PDF")
        expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_a_receipt_that_is_being_made_comes_by_itself(visitors: Visitors, house: House) -> None:
    house.chain.hold_receipts()
    followed = sent(house)
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    expect(page.locator("#receipt-progress")).to_contain_text("Préparation de l’accusé de réception")
    expect(page.locator('[data-action="receipt"]')).to_have_count(0)
    house.chain.let_receipts_go()
    expect(page.locator('[data-action="receipt"]')).to_be_visible()
    expect(page.locator("#receipt-progress")).to_be_empty()


def test_a_receipt_that_does_not_come_leaves_the_mail_on_the_page(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    page = visitors.tab("fr")
    page.clock.install()
    house.fail_next(f"GET {followed.path}/receipt", status=503, retry_after=600)
    opened(page, "fr", followed.behind)
    expect(page.locator("#receipt-problem")).to_contain_text("Rien n’est perdu")
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()
    page.locator('#receipt-problem [data-action="retry"]').click()
    expect(page.locator('[data-action="receipt"]')).to_be_visible()


def test_a_receipt_that_takes_minutes_says_that_the_mail_is_registered(visitors: Visitors, house: House) -> None:
    house.chain.hold_receipts()
    followed = sent(house)
    page = visitors.tab("fr")
    page.route(RECEIPT, lambda route: route.fulfill(status=202, json={"status": "pending"}))
    page.clock.install()
    opened(page, "fr", followed.behind)
    for _ in range(80):
        page.clock.run_for(3000)
        page.wait_for_timeout(5)
        if page.locator("#receipt-problem").count():
            break
    expect(page.locator("#receipt-problem")).to_contain_text("Votre courrier est bien enregistré")


@pytest.mark.parametrize("slip", [None, {"url": "javascript:alert(1)", "expires_at": "2099-01-01T00:00:00.000Z"}])
def test_no_slip_is_offered_where_there_is_none(visitors: Visitors, followed: Followed, slip: object) -> None:
    page = visitors.tab("fr")
    answers(page, slip=slip)
    opened(page, "fr", followed.behind)
    expect(page.locator('[data-action="receipt"]')).to_be_visible()
    expect(page.locator('[data-action="slip"]')).to_have_count(0)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", ""])
def test_an_address_that_is_no_address_is_not_offered(visitors: Visitors, followed: Followed, url: str) -> None:
    page = visitors.tab("fr")
    answers(page, url=url)
    opened(page, "fr", followed.behind)
    expect(page.locator("#receipt-problem")).to_contain_text("Rien n’est perdu")
    expect(page.locator('[data-action="receipt"]')).to_have_count(0)


def test_an_address_that_expired_is_asked_for_again(visitors: Visitors, house: House, followed: Followed) -> None:
    page = visitors.tab("fr")
    answers(page, expires_at="2020-01-01T00:00:00.000Z")
    opened(page, "fr", followed.behind)
    prepare = page.locator('[data-action="prepare-receipt"]')
    expect(prepare).to_be_visible()
    page.unroute(RECEIPT)
    prepare.click()
    expect(page.locator('[data-action="receipt"]')).to_be_visible()
    assert asked(house, f"GET {followed.path}/receipt") == 1


@pytest.mark.complaint(25)
def test_the_receipts_address_is_renewed_before_it_ends(visitors: Visitors, house: House, followed: Followed) -> None:
    page = visitors.tab("fr")
    page.clock.install()
    opened(page, "fr", followed.behind)
    expect(page.locator('[data-action="receipt"]')).to_be_visible()
    before = asked(house, f"GET {followed.path}/receipt")
    page.keyboard.press("Shift")
    page.clock.run_for(290_000)
    wait_until_asked(page, house, f"GET {followed.path}/receipt", before + 1)
    expect(page.locator('[data-action="receipt"]')).to_be_visible()


def test_a_device_with_an_old_calendar_and_a_wrong_clock_does_no_harm(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr")
    page.clock.install(time="2039-01-01T00:00:00Z")
    page.add_init_script("Intl.DateTimeFormat = undefined")
    opened(page, "fr", followed.behind)
    expect(page.locator("#mail-facts")).to_contain_text("2026 à")
    link = page.locator('[data-action="receipt"]')
    expect(link).to_be_visible()
    page.clock.run_for(60_000)
    expect(link).to_be_visible()
