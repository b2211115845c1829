"""Links that mail filters, messengers and hands changed open the page all the same, with the code behind `#` again.

Where each address leads is in the table of `tests/infra/test_addresses.py`; here the pages read what they get.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing.visitors import Visitors
from tests.support.house.house import House


@pytest.fixture(scope="module")
def sent(house: House) -> Iterator[dict[str, Any]]:
    """A mail with its number and codes."""
    house.begin_again()
    submitted = house.service.sent().submitted
    with house.keeping():
        yield submitted


@pytest.fixture
def tab(visitors: Visitors) -> Page:
    return visitors.tab("fr")


def addresses_asked(house: House) -> list[str]:
    """What reached the API and storage."""
    return [asked.target for asked in house.requests]


@pytest.mark.parametrize(
    "address",
    [
        "/suivi#{behind}",
        "/suivi%23{behind}",
        "/s%23{behind}",
        "/s/#{behind}",
        "/suivi%2523{behind}",
        "/suivi%2523{number}%252F{code}",
        "/suivi%23{behind}?utm_source=mail",
        "/suivi?utm_source=mail%23{behind}",
        "/suivi#{behind}?utm_source=mail&utm_medium=email",
        "/suivi#{behind}&utm_source=mail",
        "/suivi#%23{behind}",
        "/suivi#{number}%252F{code}",
        "/SUIVI%23{behind}",
        "/fr/follow%23{behind}",
        "/FR/Follow%2523{behind}?utm_source=mail",
    ],
)
def test_a_link_to_a_mail_opens_it(tab: Page, house: House, sent: dict[str, Any], address: str) -> None:
    number, code = sent["number"], sent["follow_up_code"]
    tab.goto("about:blank")
    tab.goto(house.url + address.format(number=number, code=code, behind=f"{number}/{code}"))
    expect(tab.locator("#page").get_by_text(number).first).to_be_visible()
    assert tab.url.partition("?")[0] == f"{house.url}/fr/follow"
    assert code not in tab.url
    assert not [target for target in addresses_asked(house) if code in target], "no code in an address"
    tab.go_back()
    assert code not in tab.url


@pytest.mark.parametrize("address", ["/suivi", "/s/", "/suivi%23"])
def test_a_page_opened_without_a_code_asks_for_it(tab: Page, house: House, address: str) -> None:
    tab.goto(house.url + address)
    assert tab.url.partition("#")[0] == f"{house.url}/fr/follow"
    expect(tab.locator("#page form")).to_be_visible()


@pytest.mark.parametrize(
    "address",
    [
        "/verifier%23{code}",
        "/verifier%2523{code}",
        "/verifier#{code}?utm_source=mail",
        "/ar/verify%23{code}",
        "/v1/receipts/{code}",
    ],
)
def test_a_link_to_a_receipt_opens_it(tab: Page, house: House, sent: dict[str, Any], address: str) -> None:
    code = sent["verification_code"]
    tab.goto(house.url + address.format(code=code))
    expect(tab.locator("#page").get_by_text(sent["number"]).first).to_be_visible()
    assert tab.url == f"{house.url}/{'ar' if '/ar/' in address else 'fr'}/verify"
