"""The whole way of a mail at the public pages, on the local cloud: any sender, in either language, on any screen."""

import re

import pytest
from playwright.sync_api import expect

from infra.local.local_stack import LocalStack
from infra.local.sender_client import until
from tests.support.browsing.sending import SENDERS, Codes
from tests.support.browsing.visitors import DESKTOP, PHONE, Device, Language, Visitors
from tests.support.browsing.way import whole_way

SEARCHED = {"ar": "التأمين الصحي", "fr": "assurance maladie"}
"""Words by which a sender finds the same desk."""


def link_of_email(stack: LocalStack, codes: Codes, to: str) -> str:
    """The follow-up link of the e-mail to this sender, once it was caught."""

    def arrived() -> str | None:
        texts = (mail.text for mail in stack.emails() if codes.number in mail.text and to in mail.to)
        return next((found[0] for text in texts if (found := re.search(r"https://\S+/suivi#\S+[^\s.]", text))), None)

    return until(arrived, "the e-mail to the sender")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("kind", SENDERS)
def test_a_mail_with_a_photograph_goes_its_whole_way(
    stack: LocalStack, visitors: Visitors, kind: str, language: Language, device: Device
) -> None:
    """Every part works alone elsewhere: here they work one after the other, deployed, for each kind of sender."""
    page = visitors.tab(language, device=device)
    codes = whole_way(page, language, kind, SEARCHED[language])
    page.goto(link_of_email(stack, codes, SENDERS[kind]["email"]))
    expect(page.locator("#mail-number")).to_contain_text(codes.number)
    assert codes.follow_up_code not in page.url
