"""Agents at the desk, in a browser."""

from typing import Final

from playwright.sync_api import Page, expect

from tests.support.browsing.visitors import Language
from tests.support.in_process.user_pool import AGENT, Account

COOKIES: Final = "cookie: __Host-"
"""Who signs in has cookies, which no other page may have: a test that signs in lets them pass."""


def sign_in(page: Page, language: Language = "fr", path: str = "", account: Account = AGENT) -> None:
    """Open a part of the desk, and sign in where the form is shown."""
    page.goto(f"/{language}/desk/{path}")
    fill_in(page, account)
    expect(page.locator('[data-action="sign-out"]')).to_be_visible()


def fill_in(page: Page, account: Account = AGENT) -> None:
    """Send name and password."""
    page.fill("[name=username]", account.username)
    page.fill("[name=password]", account.password)
    page.click('[data-action="sign-in"]')
