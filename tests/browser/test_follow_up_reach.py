"""A sender whom messages do not reach learns it on the follow-up page: there is no other place."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.fakes.fake_api import FakeApi
from tests.support.samples.followed_mail import mail, opened

BY_SMS = "Nous vous informerons de la suite par SMS."
NOT_AT_ALL = "Gardez votre code de suivi"


def sender(email: str | None, *, by_email: bool, by_sms: bool) -> dict[str, Any]:
    return {"kind": "citizen", "email": email, "reachable_by_email": by_email, "reachable_by_sms": by_sms}


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (sender("a@exemple.ma", by_email=True, by_sms=True), None),
        (sender("a@exemple.ma", by_email=True, by_sms=False), None),
        (sender(None, by_email=False, by_sms=True), None),
        (sender("a@exemple.ma", by_email=False, by_sms=True), BY_SMS),
        (sender("a@exemple.ma", by_email=False, by_sms=False), NOT_AT_ALL),
        (sender(None, by_email=False, by_sms=False), NOT_AT_ALL),
    ],
)
def test_the_page_says_which_messages_do_not_arrive(
    tab: Page, api: FakeApi, known: dict[str, Any], said: str | None
) -> None:
    opened(tab, api, found=mail(sender=known))
    expect(tab.get_by_role("heading", name="ANAM-2026-000001")).to_be_visible()
    if said is None:
        expect(tab.locator("#reach")).to_be_hidden()
    else:
        expect(tab.locator("#reach")).to_contain_text(said)


def test_the_history_says_that_the_sender_could_not_be_told(tab: Page, api: FakeApi) -> None:
    untold = {"event": "sender_not_informed", "at": "2026-07-22T23:30:05.000Z"}
    opened(tab, api, found=mail(history=[untold]))
    expect(tab.locator("#mail-history")).to_contain_text("Expéditeur non informé")
