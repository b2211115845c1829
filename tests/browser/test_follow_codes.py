"""The page ends what opens a mail: a code that was seen by others, or a link that reached a stranger."""

import importlib

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing.followed import Followed, asked, fill, link_of_message, opened, sent
from tests.support.browsing.visitors import Visitors
from tests.support.house.house import House
from tests.support.in_process.service import context

ENDED = "ce lien n’ouvre plus rien"


@pytest.fixture
def followed(house: House) -> Followed:
    return sent(house, subject="Demande d'attestation رقم 45/2025")


def make_slip(house: House, followed: Followed) -> None:
    """What the call does that follows new codes: functions do not call each other in the house."""
    render = importlib.import_module("render_receipt.handler")
    with house.turn:
        render.handler({"slips": [followed.mail.mail_id]}, context())


def confirm(page: Page) -> None:
    page.locator('[data-action="not-mine-sure"]').click()


def test_new_codes_end_the_old_ones_and_every_link(visitors: Visitors, house: House, followed: Followed) -> None:
    link = link_of_message(house, followed)
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    page.locator('[data-action="codes"]').click()
    expect(page.locator("#codes-title")).to_be_focused()
    assert asked(house, f"POST {followed.path}/codes") == 0
    page.locator('[data-action="codes-sure"]').click()
    expect(page.locator("#new-code-title")).to_be_focused()
    fresh = page.locator("#follow_up_code").inner_text()
    assert fresh != followed.code
    expect(page.locator('[data-action="receipt"]')).to_be_visible()
    make_slip(house, followed)
    expect(page.locator('[data-action="slip"]')).to_be_visible(timeout=15_000)
    page.reload()
    expect(page.locator("#follow_up_code")).to_have_text(fresh)
    page.locator('[data-action="close"]').click()
    for number, code in (followed.behind.split("/"), link.split("/")):
        fill(page, number, code)
        expect(page.locator("#errors")).to_contain_text("ne vont pas ensemble")
    fill(page, followed.number, fresh)
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()
    expect(page.locator("#follow_up_code")).to_have_count(0)


def test_who_does_not_confirm_keeps_the_codes(visitors: Visitors, house: House, followed: Followed) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    page.locator('[data-action="codes"]').click()
    page.locator('[data-action="cancel"]').click()
    expect(page.locator('[data-action="codes"]')).to_be_focused()
    assert asked(house, f"POST {followed.path}/codes") == 0


def test_a_messages_link_is_not_enough_for_new_codes(visitors: Visitors, house: House, followed: Followed) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", link_of_message(house, followed))
    page.locator('[data-action="codes"]').click()
    page.locator('[data-action="codes-sure"]').click()
    expect(page.locator("#codes-by-link")).to_contain_text("le code du coupon de suivi")
    expect(page.locator("#mail")).to_be_visible()


def test_an_answer_with_new_codes_that_was_lost_is_no_riddle(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    """The page asks again by itself, and the service answers once more."""
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    house.fail_next(f"POST {followed.path}/codes", after=True, dropped=True)
    page.locator('[data-action="codes"]').click()
    page.locator('[data-action="codes-sure"]').click()
    expect(page.locator("#new-code-title")).to_be_focused()
    assert asked(house, f"POST {followed.path}/codes") == 2
    fresh = page.locator("#follow_up_code").inner_text()
    page.locator('[data-action="close"]').click()
    fill(page, followed.number, fresh)
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()


def test_an_answer_with_new_codes_that_was_lost_for_good_is_no_riddle(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    """Somebody else with the codes replaces them before the page asks again."""
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    place = f"POST {followed.path}/codes"
    house.fail_next(place, status=429, retry_after=60)
    page.locator('[data-action="codes"]').click()
    page.locator('[data-action="codes-sure"]').click()
    expect(page.locator("#problem")).to_be_visible()
    assert house.service.call("POST", f"{followed.path}/codes", token=followed.mail.token).status == 200
    page.locator('[data-action="retry"]').click()
    expect(page.locator("#notice")).to_contain_text(
        "Vos codes ont été remplacés, mais la réponse du service s’est perdue"
    )
    assert "45/2025" not in page.content()


def test_codes_that_were_replaced_elsewhere_end_this_access_kindly(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr")
    opened(page, "fr", followed.behind)
    other = visitors.tab("fr")
    opened(other, "fr", followed.behind)
    other.locator('[data-action="codes"]').click()
    other.locator('[data-action="codes-sure"]').click()
    expect(other.locator("#follow_up_code")).to_be_visible()
    page.reload()
    expect(page.locator("#notice")).to_contain_text("Cet accès a pris fin")
    expect(page.locator('[name="number"]')).to_be_visible()
    assert "45/2025" not in page.content()


def test_the_messages_own_link_asks_first_and_shows_nothing(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    link = link_of_message(house, followed)
    house.requests.clear()
    page = visitors.tab("fr", f"/fr/follow#{link}/not-mine")
    expect(page.get_by_role("heading", name="Ce courrier n’est pas le mien")).to_be_focused()
    assert [request.place for request in house.requests if "/v1/" in request.place] == []
    assert "#" not in page.url
    confirm(page)
    expect(page.locator("#notice")).to_contain_text(ENDED)
    assert asked(house, f"POST {followed.path}/not-mine") == 1
    assert asked(house, f"GET {followed.path}") == 0
    assert "45/2025" not in page.content()
    fill(page, *link.split("/"))
    expect(page.locator("#errors")).to_contain_text("ne vont pas ensemble")
    fill(page, followed.number, followed.code)
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()


def test_who_confirms_nothing_ends_nothing(visitors: Visitors, house: House, followed: Followed) -> None:
    house.requests.clear()
    page = visitors.tab("fr", f"/fr/follow#{followed.behind}/not-mine")
    page.locator('[data-action="cancel"]').click()
    expect(page.locator('[name="number"]')).to_be_focused()
    assert asked(house, "POST /v1/follow-up") == 0


def test_who_opened_the_link_can_say_so_on_the_page_and_the_mail_is_gone_from_it(
    visitors: Visitors, house: House, followed: Followed
) -> None:
    """An SMS has no room for a second link."""
    page = visitors.tab("fr")
    opened(page, "fr", link_of_message(house, followed))
    page.locator('[data-action="not-mine"]').click()
    expect(page.locator("#mail")).to_have_count(0)
    assert "45/2025" not in page.content()
    confirm(page)
    expect(page.locator("#notice")).to_contain_text(ENDED)
    page.reload()
    expect(page.locator('[name="number"]')).to_be_visible()


def test_who_typed_number_and_code_from_the_slip_is_not_asked(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr", "/fr/follow")
    fill(page, followed.number, followed.code)
    expect(page.get_by_role("heading", name=followed.number)).to_be_visible()
    expect(page.locator('[data-action="not-mine"]')).to_have_count(0)


def test_a_link_that_had_ended_has_the_same_words(visitors: Visitors, followed: Followed) -> None:
    page = visitors.tab("fr", f"/fr/follow#{followed.number}/0000-0000-0000-0000/not-mine")
    confirm(page)
    expect(page.locator("#notice")).to_contain_text(ENDED)


@pytest.mark.parametrize("status", [500, 503])
def test_an_end_that_failed_is_said_and_can_be_tried_again(
    visitors: Visitors, house: House, followed: Followed, status: int
) -> None:
    page = visitors.tab("fr", f"/fr/follow#{link_of_message(house, followed)}/not-mine")
    page.clock.install()
    house.fail_next(f"POST {followed.path}/not-mine", status=status)
    confirm(page)
    expect(page.locator("#problem")).to_be_visible()
    expect(page.locator("#notice")).to_have_count(0)
    page.locator('[data-action="retry"]').click()
    expect(page.locator("#notice")).to_contain_text(ENDED)
