"""The follow-up page in each language, on an old phone, by keyboard, and where scripts do not run."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.fakes.fake_api import FakeApi
from tests.support.samples.followed_mail import CODE, NUMBER, mail, opened, service


def test_arabic_turns_the_page_round_and_is_remembered(tab: Page, api: FakeApi) -> None:
    opened(tab, api)
    tab.get_by_role("button", name="العربية").click()
    assert tab.locator("html").get_attribute("dir") == "rtl"
    expect(tab.locator("#mail")).to_contain_text("الوكالة الوطنية للتأمين الصحي")
    expect(tab.locator("#mail-facts")).to_contain_text(
        "\u206623\u2069 يوليوز \u20662026\u2069 على الساعة \u206600:30\u2069 (\u2066UTC+01:00\u2069)"
    )
    expect(tab.get_by_role("button", name="العربية")).to_have_attribute("aria-pressed", "true")
    tab.reload()
    expect(tab.get_by_role("heading", level=1)).to_have_text("تتبع مراسلتكم")


@pytest.mark.parametrize(
    ("locale", "heading"),
    [
        ("ar-MA", "تتبع مراسلتكم"),
        ("fr-FR", "Suivi de votre courrier"),
        ("en-GB", "Follow your mail"),
        ("de-DE", "Suivi de votre courrier"),
    ],
)
def test_the_page_speaks_the_devices_language_or_french(
    context: BrowserContext, api: FakeApi, locale: str, heading: str
) -> None:
    assert context.browser is not None
    own = context.browser.new_context(locale=locale)
    tab = own.new_page()
    tab.goto(f"{api.url}/suivi")
    expect(tab.get_by_role("heading", level=1)).to_have_text(heading)
    own.close()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_no_word_is_missing_and_nothing_is_wider_than_an_old_phone(tab: Page, api: FakeApi, language: str) -> None:
    long = mail(letter={"kind": "request", "subject": "x" * 255, "body": ""}, status="collected")
    api.answers = service(api, found=long)
    tab.goto(f"{api.url}/suivi?lang={language}#{NUMBER}/{CODE}")
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_visible()
    width = tab.evaluate("document.documentElement.scrollWidth")
    assert width <= 320
    assert not re.search(r"\b[a-z]+_[a-z_]+\b|\{\w+\}", tab.locator("body").inner_text())
    small = tab.evaluate(
        "[...document.querySelectorAll('button, a.button, input')].filter(e => e.offsetHeight && e.offsetHeight < 44)"
        ".map(e => e.outerHTML)"
    )
    assert small == []


def test_everything_can_be_done_with_the_keyboard_alone(tab: Page, api: FakeApi) -> None:
    opened(tab, api, "")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Aller au contenu")).to_be_focused()
    for _ in range(4):
        tab.keyboard.press("Tab")
    tab.keyboard.type(NUMBER)
    tab.keyboard.press("Tab")
    tab.keyboard.type(CODE)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name=NUMBER)).to_be_focused()
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="Télécharger l’accusé de réception")).to_be_focused()


def test_a_script_from_elsewhere_does_not_run(context: BrowserContext, api: FakeApi) -> None:
    """The page's policy names its own script by digest, so that no other runs."""
    tab = context.new_page()
    tab.goto(f"{api.url}/suivi")
    ran = tab.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); return window.ran === 1; }"
    )
    assert ran is False


def test_without_javascript_the_page_says_so_in_each_language(context: BrowserContext, api: FakeApi) -> None:
    assert context.browser is not None
    own = context.browser.new_context(java_script_enabled=False)
    tab = own.new_page()
    tab.goto(f"{api.url}/suivi")
    expect(tab.locator("#form")).to_be_hidden()
    for words in ("تحتاج إلى جافاسكريبت", "a besoin de JavaScript", "needs JavaScript"):
        expect(tab.get_by_text(words)).to_be_visible()
    own.close()
