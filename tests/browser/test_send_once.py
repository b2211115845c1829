"""Sending: once, whatever is pressed and whatever becomes of the answers; afterwards the page says so."""

from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.browsing.lending import Lent
from tests.support.house.faults import STORAGE
from tests.support.house.house import House
from tests.support.pages.writer import CSV, Writer

SUBMISSION = "POST /v1/mails/{id}/submission"


@pytest.mark.complaint(1)
@pytest.mark.complaint(2)
@pytest.mark.complaint(32)
def test_ten_presses_send_once_and_each_earlier_step_then_says_so(writer: Writer) -> None:
    writer.ready()
    writer.page.evaluate(
        "() => { for (let n = 0; n < 10; n += 1) document.querySelector('[data-action=submit]').click(); }"
    )
    number = writer.page.inner_text("#number")
    assert writer.asked("POST /v1/mails/*/submission") == 1
    for step in ("review", "contact"):
        writer.page.go_back()
        writer.at(step)
        assert number in writer.page.inner_text("#already-sent")
    writer.page.reload()
    assert number in writer.page.inner_text("#already-sent")
    kept = writer.kept()
    assert "Alaoui" not in kept
    assert "attestation" not in kept


SLOW_DEVICE: Final = """() => {
    const { set } = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, "oncomplete");
    let writes = 0;
    Object.defineProperty(IDBTransaction.prototype, "oncomplete", {
        set(done) {
            writes += 1;
            set.call(this, (event) => setTimeout(() => done(event), 100 * writes));
        },
    });
    for (let n = 0; n < 10; n += 1) document.querySelector("[data-action=submit]").click();
}"""
"""Press ten times on a device that takes longer for each thing that it writes."""


def test_on_a_slow_device_ten_presses_do_not_undo_going_back(writer: Writer) -> None:
    writer.ready()
    writer.page.evaluate(SLOW_DEVICE)
    number = writer.page.inner_text("#number")
    writer.page.go_back()
    writer.at("review")
    # by then each press has ended
    writer.page.wait_for_timeout(3_000)
    assert urlsplit(writer.page.url).fragment == "review"
    assert number in writer.page.inner_text("#already-sent")


def test_a_desk_chosen_again_after_sending_begins_another_mail(writer: Writer) -> None:
    writer.ready().press("submit")
    first = writer.page.inner_text("#number")
    writer.page.goto(f"{writer.house.url}/fr/anam")
    expect(writer.page.locator("[name=subject]")).to_have_value("")
    writer.ready().press("submit")
    expect(writer.page.locator("#number")).not_to_have_text(first)


@pytest.mark.complaint(1)
def test_enter_held_on_the_button_sends_once(writer: Writer) -> None:
    writer.ready()
    writer.page.focus("[data-action=submit]")
    for _ in range(10):
        writer.page.keyboard.down("Enter")
    writer.page.wait_for_selector("#number")
    assert writer.asked("POST /v1/mails/*/submission") == 1


@pytest.mark.complaint(3)
@pytest.mark.parametrize(
    "fault", [{"after": True, "dropped": True}, {"status": 503}, {"status": 429, "retry_after": 1}]
)
def test_send_without_an_answer_is_sent_again_by_itself(writer: Writer, fault: dict[str, int | bool]) -> None:
    writer.ready()
    writer.house.fail_next(SUBMISSION, **fault)  # type: ignore[arg-type]
    writer.press("submit")
    assert writer.page.inner_text("#number").startswith("ANAM-")
    assert writer.asked("POST /v1/mails/*/submission") == 2


def test_each_request_of_the_way_fails_once_and_one_number_comes_of_it(phone: Lent, house: House) -> None:
    """The network is cut before the answer, and after the work, at each point of the wizard."""
    for place in (
        "POST /v1/mails",
        "PUT /v1/mails/{id}/letter",
        "POST /v1/mails/{id}/attachments",
        STORAGE,
        "PUT /v1/mails/{id}/sender",
        SUBMISSION,
        "GET /v1/mails/{id}/receipt",
    ):
        house.fail_next(place, dropped=True)
        house.fail_next(place, dropped=True, after=True)
    writer = Writer.opened(phone.new_page(), house)
    writer.letter()
    writer.page.set_input_files("#files", [CSV])
    writer.press("next").at("contact").contact().press("next").at("review").press("submit")
    expect(writer.page.locator("#number")).to_contain_text("ANAM-", timeout=40_000)
    expect(writer.page.locator("[data-action=receipt]")).to_be_visible(timeout=30_000)
    assert writer.asked("POST /v1/mails/*/submission") == 3
    assert writer.errors == []


@pytest.mark.complaint(12)
def test_the_mail_waits_for_its_files_alone_and_says_for_which(writer: Writer) -> None:
    writer.house.delay_next(STORAGE, 6)
    writer.letter()
    writer.page.set_input_files("#files", [CSV])
    writer.press("next").at("contact").contact().press("next").at("review").press("submit")
    expect(writer.page.locator("#sending")).to_contain_text(CSV["name"])
    writer.page.wait_for_selector("#number")
    assert writer.asked("POST /v1/mails/*/submission") == 1


def test_what_is_missing_leads_to_its_step(writer: Writer) -> None:
    writer.letter()
    writer.go("/fr/anam#review")
    writer.press("submit")
    expect(writer.page.locator("#errors")).to_be_focused()
    assert writer.page.title().startswith("Erreur")
    writer.page.click("#errors a")
    expect(writer.page.locator("#change-contact")).to_be_focused()
    writer.page.keyboard.press("Enter")
    writer.at("contact")
