"""Links that mail filters, messengers and hands changed open the page all the same, and the page works there."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import test_verification_page as verification
from tests.support.fakes.fake_api import FakeApi
from tests.support.samples.followed_mail import CODE, NUMBER, fill, opened_at

BEHIND = f"{NUMBER}/{CODE}"


@pytest.mark.parametrize(
    "address",
    [
        f"/suivi#{BEHIND}",
        f"/s#{BEHIND}",
        f"/suivi%23{BEHIND}",
        f"/s%23{BEHIND}",
        f"/suivi/%23{BEHIND}",
        f"/suivi/#{BEHIND}",
        f"/s/#{BEHIND}",
        f"/suivi%2523{BEHIND}",
        f"/suivi%252523{BEHIND}",
        f"/suivi%23{BEHIND.replace('/', '%2F')}",
        f"/suivi%2523{BEHIND.replace('/', '%252F')}",
        f"/suivi%23{BEHIND}?utm_source=mail",
        f"/suivi%23{BEHIND}%3Futm_source=mail",
        f"/suivi?utm_source=mail#{BEHIND}",
        f"/suivi#{BEHIND}?utm_source=mail&utm_medium=email",
        f"/suivi#{BEHIND}&utm_source=mail",
        f"/suivi#%23{BEHIND}",
        f"/suivi#{BEHIND.replace('/', '%2F')}",
        f"/suivi#{BEHIND.replace('/', '%252F')}",
        f"/Suivi/#{BEHIND}",
        f"/SUIVI%23{BEHIND}",
    ],
)
def test_a_link_to_a_mail_opens_it(tab: Page, api: FakeApi, address: str) -> None:
    opened_at(tab, api, address)
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    assert CODE not in tab.url
    assert tab.url.partition("?")[0] in {f"{api.url}/suivi", f"{api.url}/s"}
    tab.go_back()
    assert CODE not in tab.url


@pytest.mark.parametrize(
    ("address", "forgiving"),
    [
        ("/suivi", False),
        ("/s", False),
        ("/suivi/", False),
        ("/suivi//", False),
        ("/suivi%23", False),
        ("/suivi%20#", False),
        ("/suivi/", True),
        ("/s/#", True),
    ],
)
def test_a_page_opened_without_a_code_works(tab: Page, api: FakeApi, address: str, *, forgiving: bool) -> None:
    """Of gateways, some take a slash at the end for nothing and show the page under it: `forgiving`."""
    api.forgives_slashes = forgiving
    opened_at(tab, api, address)
    fill(tab)
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    tab.get_by_role("link", name="Vérifier un accusé de réception").click()
    expect(tab.get_by_role("heading", name="Vérifier un accusé de réception")).to_be_visible()


@pytest.mark.parametrize(
    "address",
    [
        f"/verifier%23{verification.CODE}",
        f"/verifier%2523{verification.CODE}",
        f"/verifier/%23{verification.CODE}",
        f"/verifier/#{verification.CODE}",
        f"/verifier#{verification.CODE}?utm_source=mail",
    ],
)
def test_a_link_to_a_receipt_opens_it(tab: Page, api: FakeApi, address: str) -> None:
    verification.knows(api, verification.statement())
    tab.goto(f"{api.url}{address}")
    expect(tab.get_by_role("heading", name="Cet accusé de réception existe")).to_be_focused()
    assert tab.url == f"{api.url}/verifier"


@pytest.mark.parametrize("forgiving", [True, False])
def test_the_verification_page_works_under_a_slash_too_many(tab: Page, api: FakeApi, *, forgiving: bool) -> None:
    api.forgives_slashes = forgiving
    verification.knows(api, verification.statement())
    tab.goto(f"{api.url}/verifier/")
    tab.get_by_label("Code de vérification").fill(verification.CODE)
    tab.get_by_role("button", name="Vérifier").click()
    expect(tab.get_by_role("heading", name="Cet accusé de réception existe")).to_be_focused()
