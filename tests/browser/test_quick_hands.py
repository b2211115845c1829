"""Who is quick, on a device that is slow to draw: keys go into the field that was just shown, and nowhere else."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing.desk import COOKIES, fill_template, sign_in
from tests.support.browsing.followed import sent
from tests.support.browsing.visitors import DESKTOP, Visitors
from tests.support.house.house import House
from tests.support.in_process.user_pool import AGENT

pytestmark = pytest.mark.desk

SLOW_TO_DRAW = "window.requestAnimationFrame = work => setTimeout(() => work(performance.now()), 3_000);"
"""Frames that come after three seconds: what a page does with the next frame is done long after the next key."""


@pytest.fixture
def desk(visitors: Visitors) -> Page:
    """A desktop in French whose frames come late."""
    visitors.expect_complaint(COOKIES)
    page = visitors.context("fr", device=DESKTOP).new_page()
    page.add_init_script(SLOW_TO_DRAW)
    return page


def test_a_form_that_was_just_shown_is_sent_by_the_next_key(desk: Page) -> None:
    desk.goto("/fr/desk/")
    desk.fill("[name=username]", AGENT.username)
    desk.click('[data-action="forgotten"]')
    desk.keyboard.press("Enter")
    expect(desk.locator("[name=code]")).to_be_focused(timeout=2_500)
    desk.keyboard.type("12")
    expect(desk.locator("[name=code]")).to_have_value("12")


def test_what_is_typed_at_once_stands_in_the_field_that_was_shown(desk: Page, house: House) -> None:
    followed = sent(house)
    sign_in(desk, path=f"{followed.number}?form=answer")
    desk.locator(".templates summary").click()
    desk.click('[data-action="new-template"]')
    desk.keyboard.type("Pièce")
    fill_template(desk, name_ar="وثيقة", text_fr="Joignez la pièce.", text_ar="أرفقوا الوثيقة.")
    expect(desk.locator('[data-action="new-template"]')).to_be_focused(timeout=2_500)
    expect(desk.locator("#template option", has_text="Pièce")).to_have_count(1)


def test_a_reader_who_has_gone_elsewhere_is_not_called_back(desk: Page, house: House) -> None:
    followed = sent(house)
    sign_in(desk, path=f"{followed.number}?form=answer")
    desk.locator(".templates summary").click()
    desk.click('[data-action="new-template"]')
    desk.focus("#text_fr")
    desk.wait_for_timeout(3_500)
    desk.keyboard.type("Joignez la pièce.")
    expect(desk.locator("#text_fr")).to_have_value("Joignez la pièce.")
    expect(desk.locator("#name_fr")).to_have_value("")
