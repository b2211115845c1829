"""Nothing typed is lost: with no network, after a crash, in two tabs, past the draft's end, on another device."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.support.browsing.lending import Lent
from tests.support.pages.writer import Writer, new_context

LETTER = "PUT /v1/mails/{id}/letter"


@pytest.mark.complaint(4)
def test_without_the_api_each_letter_is_kept_and_it_is_said(writer: Writer) -> None:
    expect(writer.page.locator("[name=subject]")).to_be_visible()  # the desk has been asked for
    for place in ("POST /v1/mails", LETTER, "GET /v1/organisms/{id}"):
        writer.house.fail_next(place, dropped=True, times=100)
    writer.letter()
    writer.page.locator("[name=body]").press_sequentially(" Et encore une phrase.", delay=5)
    expect(writer.page.locator('#saving[data-state="device-only"]')).to_contain_text("gardé sur cet appareil")
    typed = writer.value("body")
    writer.page.reload()
    expect(writer.page.locator("[name=body]")).to_have_value(typed)
    writer.house.faults.forget()
    # it also tries again by itself, and the button may be gone by now
    writer.page.evaluate("() => document.querySelector('#saving button')?.click()")
    expect(writer.page.locator('#saving[data-state="saved"]')).to_be_visible(timeout=60_000)
    assert writer.value("body") == typed


@pytest.mark.complaint(28)
def test_coming_back_offers_the_letter_that_was_begun(phone: Lent, writer: Writer) -> None:
    writer.letter().saved()
    writer.page.close()
    again = Writer.opened(phone.new_page(), writer.house, "/fr/")
    link = again.page.locator("#drafts a")
    expect(link).to_contain_text(re.compile(r"Continuer votre courrier à .* \(.*\d\d:\d\d.*\)"))
    link.click()
    expect(again.page.locator("[name=subject]")).to_have_value("Demande d’attestation")
    assert again.asked("POST /v1/mails") == 1
    other = Writer.opened(phone.new_page(), writer.house)
    expect(other.page.locator("#resumed")).to_be_visible()
    other.page.click("#resumed button")
    expect(other.page.locator("[name=subject]")).to_have_value("")


def test_two_tabs_show_the_same_letter_and_begin_one_mail(phone: Lent, writer: Writer) -> None:
    writer.page.fill("[name=subject]", "un")
    other = Writer.opened(phone.new_page(), writer.house)
    expect(other.page.locator("[name=subject]")).to_have_value("un")
    other.page.fill("[name=body]", "écrit dans l’autre onglet")
    expect(writer.page.locator("[name=body]")).to_have_value("écrit dans l’autre onglet")
    writer.page.check("[name=kind][value=other]")
    writer.saved()
    assert writer.asked("POST /v1/mails") == 1


@pytest.mark.complaint(27)
def test_the_end_of_a_draft_is_said_and_one_press_goes_on(writer: Writer) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=15)).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def end_soon(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"expires_at": soon})

    writer.page.route("**/v1/mails", end_soon, times=1)
    writer.letter().saved()
    expect(writer.page.locator("#ending")).to_be_visible()
    writer.house.ahead = timedelta(hours=25)
    writer.page.fill("[name=body]", "après la fin")
    expect(writer.page.locator("#ended")).to_be_visible()
    writer.press("renew").saved()
    assert writer.value("body") == "après la fin"
    assert writer.asked("POST /v1/mails") == 2


def test_a_strangers_404_is_no_end_of_the_draft(writer: Writer) -> None:
    writer.letter().saved()
    writer.house.fail_next(LETTER, status=404, foreign=True, times=2)
    writer.page.fill("[name=body]", "encore")
    expect(writer.page.locator('#saving[data-state="device-only"]')).to_contain_text("Votre réseau")
    assert writer.page.locator("#ended").count() == 0
    writer.saved()


@pytest.mark.complaint(32)
def test_on_a_shared_computer_nothing_stays_on_the_device(phone: Lent, writer: Writer) -> None:
    writer.letter("OBJET SECRET")
    writer.press("shared").saved()
    writer.page.reload()
    expect(writer.page.locator("[name=subject]")).to_have_value("OBJET SECRET")
    assert writer.page.locator("#shared").count() == 0, "it is asked once"
    writer.page.close()
    nobody = Writer.opened(phone.new_page(), writer.house, "/fr/")
    nobody.page.wait_for_selector("[data-action=erase]")
    assert "SECRET" not in nobody.kept()


@pytest.mark.complaint(32)
def test_one_press_erases_everything_and_can_be_undone_for_a_moment(writer: Writer) -> None:
    writer.letter("OBJET SECRET").saved()
    writer.press("erase")
    expect(writer.page.locator("#erased")).to_be_focused()
    assert "SECRET" not in writer.kept()
    writer.page.click("#erased button")
    writer.page.click("#drafts a")
    expect(writer.page.locator("[name=subject]")).to_have_value("OBJET SECRET")


def test_a_phone_goes_on_and_the_first_device_shows_it(browser: Browser, phone: Lent, writer: Writer) -> None:
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    writer.letter().saved()
    writer.press("phone")
    writer.page.wait_for_selector("figure.qr svg")
    writer.page.get_by_text("Copier le lien").click()
    link = writer.page.evaluate("navigator.clipboard.readText()")
    path, _, secret = link.partition("#")
    assert "?" not in path
    assert secret.startswith("continue=")
    second = new_context(browser)
    there = Writer.opened(second.new_page(), writer.house, link.removeprefix(writer.house.url))
    expect(there.page.locator("[name=subject]")).to_have_value("Demande d’attestation")
    assert "continue" not in there.page.url
    there.page.fill("[name=body]", "écrit sur le téléphone")
    there.saved()
    expect(writer.page.locator("[name=body]")).to_have_value("écrit sur le téléphone", timeout=20_000)
    assert all(secret.partition(".")[2] not in each.target for each in writer.house.requests)
    assert there.errors == []
    second.close()


def test_another_language_keeps_step_and_text(writer: Writer) -> None:
    writer.letter().press("next").at("contact")
    writer.page.click('a[data-language="ar"]')
    writer.page.wait_for_selector('html[dir="rtl"] [name=sender_kind]')
    assert writer.page.url.endswith("/ar/anam#contact")
    writer.press("back").at("write")
    expect(writer.page.locator("[name=subject]")).to_have_value("Demande d’attestation")
