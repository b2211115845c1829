"""The follow-up page hands the receipt over, and forgets the mail when its sender leaves."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.fakes.fake_api import Answer, FakeApi
from tests.support.samples.followed_mail import NUMBER, PENDING, SHA256, opened


def test_the_receipt_is_waited_for_and_downloaded(tab: Page, api: FakeApi) -> None:
    opened(tab, api, receipts=[PENDING, PENDING])
    with tab.context.expect_page():
        tab.get_by_role("button", name="Télécharger l’accusé de réception").click()
        expect(tab.get_by_role("status")).to_contain_text("Préparation")
    expect(tab.get_by_role("link", name="Ouvrir l’accusé de réception (PDF)")).to_have_attribute(
        "href", f"{api.url}/receipt.pdf"
    )
    asked = [request for request in api.requests if request.path.endswith("/receipt")]
    assert len(asked) == 3


def test_the_slip_is_offered_beside_the_receipt_and_goes_when_the_mail_is_closed(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    with tab.context.expect_page():
        tab.get_by_role("button", name="Télécharger l’accusé de réception").click()
    slip = tab.get_by_role("link", name="Ouvrir le coupon de suivi")
    expect(slip).to_have_attribute("href", f"{api.url}/slip.pdf")
    tab.get_by_role("button", name="Fermer ce courrier").click()
    expect(tab.locator("#slip-link")).not_to_have_attribute("href", re.compile("."))
    expect(slip).to_be_hidden()


@pytest.mark.parametrize("slip", [None, {"url": "javascript:alert(1)", "expires_at": "2099-01-01T00:00:00.000Z"}])
def test_no_slip_is_offered_where_there_is_none(tab: Page, api: FakeApi, slip: object) -> None:
    issued = {"url": f"{api.url}/receipt.pdf", "expires_at": "2099-01-01T00:00:00.000Z", "slip": slip}
    opened(tab, api, receipts=[Answer(200, {"status": "issued", "sha256": SHA256} | issued)])
    with tab.context.expect_page():
        tab.get_by_role("button", name="Télécharger l’accusé de réception").click()
    expect(tab.get_by_role("link", name="Ouvrir l’accusé de réception (PDF)")).to_be_visible()
    expect(tab.get_by_role("link", name="Ouvrir le coupon de suivi")).to_be_hidden()


def test_a_receipt_that_does_not_come_leaves_the_mail_on_the_page(tab: Page, api: FakeApi) -> None:
    opened(tab, api, receipts=[Answer(503, {})])
    tab.get_by_role("button", name="Télécharger l’accusé de réception").click()
    expect(tab.get_by_role("alert")).to_contain_text("Rien n’est perdu")
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    tab.get_by_role("button", name="Réessayer").click()
    expect(tab.get_by_role("link", name="Ouvrir l’accusé de réception (PDF)")).to_be_visible()


def test_an_address_that_expired_is_asked_for_again(tab: Page, api: FakeApi) -> None:
    expired = {
        "status": "issued",
        "url": f"{api.url}/receipt.pdf",
        "sha256": SHA256,
        "expires_at": "2020-01-01T00:00:00.000Z",
    }
    opened(tab, api, receipts=[Answer(200, expired)])
    button = tab.get_by_role("button", name="Télécharger l’accusé de réception")
    button.click()
    expect(button).to_be_enabled()
    button.click()
    expect(tab.get_by_role("link", name="Ouvrir l’accusé de réception (PDF)")).to_be_visible()


def test_an_address_that_is_a_script_is_not_offered(tab: Page, api: FakeApi) -> None:
    evil = {
        "status": "issued",
        "url": "javascript:alert(1)",
        "sha256": SHA256,
        "expires_at": "2099-01-01T00:00:00.000Z",
    }
    opened(tab, api, receipts=[Answer(200, evil)])
    tab.get_by_role("button", name="Télécharger l’accusé de réception").click()
    expect(tab.get_by_role("alert")).to_contain_text("Rien n’est perdu")


def test_closing_the_mail_leaves_nothing_of_it(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    tab.get_by_role("button", name="Fermer ce courrier").click()
    expect(tab.get_by_label("Numéro d’ordre")).to_be_focused()
    expect(tab.get_by_label("Code de suivi")).to_have_value("")
    assert "45/2025" not in (tab.locator("main").text_content() or "")


def test_leaving_the_page_takes_the_mail_off_it_for_who_comes_back_to_it(tab: Page, api: FakeApi) -> None:
    """Browsers keep pages as they were left: on a shared computer, "back" must not show the mail."""
    opened(tab, api)
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    tab.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    expect(tab.get_by_label("Numéro d’ordre")).to_have_value("")
    assert "45/2025" not in (tab.locator("main").text_content() or "")


def test_a_device_with_an_old_calendar_and_a_wrong_clock_does_no_harm(tab: Page, api: FakeApi) -> None:
    tab.clock.install(time="2039-01-01T00:00:00Z")
    tab.add_init_script("Intl.DateTimeFormat = undefined")
    opened(tab, api)
    expect(tab.locator("#mail-facts")).to_contain_text("23 juillet 2026 à 00:30 (UTC+01:00)")
    tab.get_by_role("button", name="Télécharger l’accusé de réception").click()
    link = tab.get_by_role("link", name="Ouvrir l’accusé de réception (PDF)")
    expect(link).to_be_visible()
    tab.clock.run_for(60_000)
    expect(link).to_be_visible()
