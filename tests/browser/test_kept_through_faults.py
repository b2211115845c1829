"""A letter outlives a killed browser, and a service that is slow, busy, refuses, or whose answers a stranger gives."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.support.browsing.sending import LETTER, Wizard
from tests.support.browsing.visitors import Visitors, trusting
from tests.support.house.house import House
from tests.support.programs.chromium import find_chromium

LETTER_PUT = "PUT /v1/mails/{id}/letter"


def browser_of(browser: Browser, house: House, folder: Path) -> BrowserContext:
    """A browser that keeps its data in a folder, as people's browsers do."""
    return browser.browser_type.launch_persistent_context(
        folder,
        executable_path=find_chromium(),
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", trusting(house.tls)],
        base_url=house.url,
        locale="fr-MA",
        viewport={"width": 360, "height": 640},
    )


@pytest.mark.complaint(4)
@pytest.mark.complaint(28)
def test_a_killed_browser_finds_the_letter_again(browser: Browser, house: House, tmp_path: Path) -> None:
    """Phones end a browser without a word as soon as memory is short."""
    house.fail_next("POST /v1/mails", dropped=True, times=50)
    first = browser_of(browser, house, tmp_path)
    wizard = Wizard(first.new_page()).open().write()
    expect(wizard.page.locator('#saving[data-state="device-only"]')).to_contain_text("gardé sur cet appareil")
    first.close()
    house.faults.forget()
    second = browser_of(browser, house, tmp_path)
    page = second.new_page()
    Wizard(page).open()
    expect(page.locator("#resumed")).to_be_visible()
    expect(page.locator('[name="subject"]')).to_have_value(LETTER["subject"])
    expect(page.locator('[name="body"]')).to_have_value(LETTER["body"])
    assert Wizard(page).to_review().submit().number.startswith("ANAM-")
    second.close()


@pytest.mark.complaint(6)
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 503}, "très demandé"),
        ({"status": 429, "retry_after": 2}, "très demandé"),
        ({"status": 404, "foreign": True}, "Votre réseau"),
        ({"status": 502, "foreign": True}, "très demandé"),
    ],
    ids=["503", "429", "a stranger's 404", "a gateway's 502"],
)
def test_an_answer_that_passes_is_said_and_asked_for_again(
    visitors: Visitors, house: House, fault: dict[str, Any], words: str
) -> None:
    """Whose letter is saved by itself must neither do anything nor fear for it."""
    house.fail_next(LETTER_PUT, times=3, **fault)
    wizard = Wizard(visitors.tab("fr")).open().write()
    expect(wizard.page.locator('#saving[data-state="device-only"]')).to_contain_text(words)
    expect(wizard.page.locator('#saving[data-state="saved"]')).to_be_visible(timeout=30_000)
    expect(wizard.page.locator('[name="body"]')).to_have_value(LETTER["body"])


def test_a_slow_service_holds_nobody_up(visitors: Visitors, house: House) -> None:
    """The next step comes after some seconds, and the letter follows when it can."""
    house.delay_next(LETTER_PUT, 6)
    wizard = Wizard(visitors.tab("fr")).open().write()
    wizard.press("next").at("contact").identify().press("next").at("review")
    expect(wizard.page.locator("main")).to_contain_text(LETTER["subject"])
    assert wizard.submit().number.startswith("ANAM-")


def test_a_refused_text_stays_and_it_is_said_where(visitors: Visitors) -> None:
    """A refusal (422) names the field; what was typed is changed by its sender alone."""
    subject = "Demande \u0007 d’attestation"
    wizard = Wizard(visitors.tab("fr")).open().write(LETTER | {"subject": subject})
    expect(wizard.page.locator('#saving[data-state="failed"]')).to_contain_text("Objet")
    wizard.press("next")
    expect(wizard.page.locator("#errors a[href='#subject']")).to_be_visible()
    expect(wizard.page.locator('[name="subject"]')).to_have_value(subject)
    wizard.write({"subject": LETTER["subject"]}).press("next").at("contact")
