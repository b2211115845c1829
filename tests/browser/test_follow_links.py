"""Links to a mail that filters, messengers and hands changed open the page all the same, and the page works there."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing.followed import Followed, fill, sent
from tests.support.browsing.visitors import Visitors
from tests.support.house.house import House

CHANGED = (
    "/suivi#{}",
    "/s#{}",
    "/suivi%23{}",
    "/s%23{}",
    "/suivi/%23{}",
    "/suivi/#{}",
    "/s/#{}",
    "/suivi%2523{}",
    "/suivi%252523{}",
    "/suivi%23{}?utm_source=mail",
    "/suivi%23{}%3Futm_source=mail",
    "/suivi?utm_source=mail#{}",
    "/suivi#{}?utm_source=mail&utm_medium=email",
    "/suivi#{}&utm_source=mail",
    "/suivi#%23{}",
    "/Suivi/#{}",
    "/SUIVI%23{}",
    "/ar/follow%23{}",
    "/ar/follow/#{}",
)


@pytest.fixture(scope="module")
def followed(house: House) -> Followed:
    return sent(house)


@pytest.mark.parametrize(
    "address",
    [*CHANGED, "/suivi%23{slash}", "/suivi%2523{slashes}", "/suivi#{slash}", "/suivi#{slashes}"],
)
def test_a_link_to_a_mail_opens_it(visitors: Visitors, followed: Followed, address: str) -> None:
    behind = followed.behind
    slashes = {"slash": behind.replace("/", "%2F"), "slashes": behind.replace("/", "%252F")}
    page = visitors.tab("fr", address.format(behind, **slashes))
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()
    language = "ar" if address.startswith("/ar") else "fr"
    assert page.url == f"{visitors.url}/{language}/follow"
    page.go_back()
    assert followed.code not in page.url


@pytest.mark.parametrize("address", ["/suivi", "/s", "/suivi/", "/suivi//", "/suivi%23", "/suivi%20#", "/s/#"])
def test_a_page_opened_without_a_code_works(visitors: Visitors, followed: Followed, address: str) -> None:
    page = visitors.tab("fr", address)
    fill(page, followed.number, followed.code)
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()
    page.get_by_role("link", name="Vérifier un accusé de réception").click()
    expect(page.get_by_role("heading", name="Vérifier un accusé de réception", level=1)).to_be_visible()


@pytest.mark.parametrize(("accept", "language"), [("ar-MA", "ar"), ("fr-FR", "fr"), ("en-GB", "en"), ("de-DE", "fr")])
def test_an_old_address_speaks_the_devices_language_or_french(visitors: Visitors, accept: str, language: str) -> None:
    page = visitors.tab("fr", "/suivi", locale=accept)
    expect(page.locator("html")).to_have_attribute("lang", language)
