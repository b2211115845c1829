"""A message reached a stranger: the page ends the link, asks before it does, and shows nothing of the mail."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.fakes.fake_api import PROBLEM, Answer, FakeApi, Request
from tests.support.samples.followed_mail import CODE, MAIL_ID, NUMBER, fill, mail, opened, service

ENDED = "ce lien n’ouvre plus rien"


def ending(api: FakeApi, status: int = 204) -> None:
    """The API, which takes a link's end too."""
    otherwise = service(api)

    def answers(request: Request) -> Answer:
        if request.path != f"/v1/mails/{MAIL_ID}/not-mine":
            return otherwise(request)
        assert (request.method, request.authorization, request.body) == ("POST", "Bearer token", "")
        return Answer(status, b"", PROBLEM if status >= 400 else {})

    api.answers = answers


def paths(api: FakeApi) -> list[str]:
    return [request.path for request in api.requests]


def test_the_messages_own_link_asks_first_and_shows_nothing(tab: Page, api: FakeApi) -> None:
    opened(tab, api, f"#{NUMBER}/{CODE}/not-mine")
    expect(tab.get_by_role("heading", name="Ce courrier n’est pas le mien")).to_be_focused()
    assert paths(api) == []
    assert "#" not in tab.url
    ending(api)
    tab.get_by_role("button", name="Confirmer").click()
    expect(tab.locator("#ended")).to_contain_text(ENDED)
    assert paths(api) == ["/v1/follow-up", f"/v1/mails/{MAIL_ID}/not-mine"]
    expect(tab.locator("#mail")).to_be_hidden()
    assert mail()["letter"]["subject"] not in tab.content()


def test_who_confirms_nothing_ends_nothing(tab: Page, api: FakeApi) -> None:
    opened(tab, api, f"#{NUMBER}/{CODE}/not-mine")
    tab.get_by_role("button", name="Annuler").click()
    expect(tab.get_by_label("Numéro d’ordre")).to_be_focused()
    assert paths(api) == []


def test_who_opened_the_link_can_say_so_on_the_page_and_the_mail_is_gone_from_it(tab: Page, api: FakeApi) -> None:
    """An SMS has no room for a second link."""
    opened(tab, api)
    tab.get_by_role("button", name="Ce courrier n’est pas le mien").click()
    expect(tab.locator("#mail")).to_be_hidden()
    assert mail()["letter"]["subject"] not in tab.content()
    ending(api)
    tab.get_by_role("button", name="Confirmer").click()
    expect(tab.locator("#ended")).to_contain_text(ENDED)


def test_who_typed_number_and_code_from_the_slip_is_not_asked(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    fill(tab)
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    expect(tab.locator("#not-mine")).to_be_hidden()


def test_a_link_that_had_ended_has_the_same_words(tab: Page, api: FakeApi) -> None:
    opened(tab, api, f"#{NUMBER}/0000-0000-0000-0000/not-mine")
    tab.get_by_role("button", name="Confirmer").click()
    expect(tab.locator("#ended")).to_contain_text(ENDED)


@pytest.mark.parametrize("status", [500, 503])
def test_an_end_that_failed_is_said_and_can_be_tried_again(tab: Page, api: FakeApi, status: int) -> None:
    opened(tab, api, f"#{NUMBER}/{CODE}/not-mine")
    ending(api, status)
    tab.get_by_role("button", name="Confirmer").click()
    expect(tab.locator("#problem")).to_be_visible()
    expect(tab.locator("#ended")).to_be_hidden()
    ending(api)
    tab.get_by_role("button", name="Réessayer").click()
    expect(tab.locator("#ended")).to_contain_text(ENDED)
