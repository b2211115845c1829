"""Agents at the desk, in a browser."""

import os
from typing import Final, Protocol

from playwright.sync_api import Page, expect

from tests.support.browsing.visitors import Language
from tests.support.in_process.user_pool import AGENT, Account, invite

COOKIES: Final = "cookie: __Host-"
"""Who signs in has cookies, which no other page may have: a test that signs in lets them pass."""
CHOSEN: Final = "Chosen-by-me-2026"
"""A password that is strong enough."""
SEEN_BY_A_SCRIPT: Final = """() => JSON.stringify([
    document.cookie, {...localStorage}, {...sessionStorage}, location.href, history.state,
    Object.getOwnPropertyNames(globalThis).map(name => {
        try { return JSON.stringify(globalThis[name]); } catch { return ""; }
    }),
])"""
"""What a stranger's script on the page could send away."""


class Known(Protocol):
    """Who has a name and a password, in the house or on the local cloud."""

    @property
    def username(self) -> str:
        """The name, an e-mail address."""

    @property
    def password(self) -> str:
        """The password, which suffices."""


def sign_in(page: Page, language: Language = "fr", path: str = "", account: Known = AGENT) -> None:
    """Open a part of the desk, and sign in where the form is shown."""
    page.goto(f"/{language}/desk/{path}")
    fill_in(page, account)
    expect(page.locator('[data-action="sign-out"]')).to_be_visible()


def fill_in(page: Page, account: Known = AGENT) -> None:
    """Send name and password."""
    page.fill("[name=username]", account.username)
    page.fill("[name=password]", account.password)
    page.click('[data-action="sign-in"]')


def invited(name: str) -> Account:
    """An account that was invited and never used."""
    account = Account(username=f"{name}@anam.example.org", password="Aa1!of-the-invitation", group="organism:anam")
    invite(os.environ, account)
    return account


def fill_template(page: Page, **fields: str) -> None:
    """Fill in these fields of a template, and save it."""
    for name, text in fields.items():
        page.fill(f"#{name}", text)
    page.click('[data-action="save-template"]')
    expect(page.locator("#name_fr")).to_have_count(0)
