"""The steps of signing in at the desk: first password, second factor, forgotten password, signing out."""

import io
import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.browsing.desk import CHOSEN, COOKIES, SEEN_BY_A_SCRIPT, fill_in, invited, sign_in
from tests.support.browsing.visitors import DESKTOP, Language, Visitors
from tests.support.in_process.user_pool import AGENT, WITH_FACTOR, Account, code_now, code_sent_to

pytestmark = pytest.mark.desk

IN_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.fixture
def desk(visitors: Visitors) -> Page:
    """A desktop in French."""
    visitors.expect_complaint(COOKIES)
    return visitors.tab("fr", device=DESKTOP)


def choose_first_password(page: Page, account: Account, language: Language = "fr") -> None:
    """Sign in with the invitation's password, and replace it."""
    page.goto(f"/{language}/desk/")
    fill_in(page, account)
    page.fill("[name=new_password]", CHOSEN)
    page.keyboard.press("Enter")
    expect(page.locator("#secret")).to_be_visible()


def give_code(page: Page) -> None:
    """Give the authenticator's code, which opens the desk."""
    page.fill("[name=code]", code_now())
    page.keyboard.press("Enter")
    expect(page.locator('[data-action="sign-out"]')).to_be_visible()


def scanned(page: Page) -> str:
    """The text of the QR code that the page shows, read from its picture as a telephone does."""
    expect(page.locator(".qr svg")).to_be_visible()
    picture = Image.open(io.BytesIO(page.locator(".qr svg").screenshot()))
    (code,) = zxingcpp.read_barcodes(picture)
    return code.text


def seen_by_a_script(page: Page) -> str:
    seen: str = page.evaluate(SEEN_BY_A_SCRIPT)
    return seen


def cookies_of(page: Page) -> list[str]:
    return [str(cookie.get("value")) for cookie in page.context.cookies()]


def test_a_first_password_is_replaced_and_a_weak_one_explained(desk: Page) -> None:
    account = invited("first-password")
    desk.goto("/fr/desk/")
    fill_in(desk, account)
    expect(desk.locator("[name=new_password]")).to_be_focused()
    desk.click('[data-action="sign-in"]')
    expect(desk.locator("#new_password-wrong")).to_be_visible()
    desk.fill("[name=new_password]", "weak")
    desk.click('[data-action="sign-in"]')
    expect(desk.locator("#errors")).to_be_focused()
    expect(desk.locator("#new_password-wrong")).to_contain_text("14")
    desk.fill("[name=new_password]", CHOSEN)
    desk.click('[data-action="sign-in"]')
    expect(desk.locator("#secret")).to_be_visible()


def test_a_second_factor_is_set_up_by_qr_code(desk: Page) -> None:
    account = invited("by-qr")
    choose_first_password(desk, account)
    read = urlsplit(scanned(desk))
    assert (read.scheme, read.netloc) == ("otpauth", "totp")
    assert account.username in read.path.replace("%40", "@")
    desk.fill("[name=code]", "000000")
    desk.keyboard.press("Enter")
    expect(desk.locator("#code-wrong")).to_be_visible()
    expect(desk.locator("#secret")).to_be_visible()
    desk.fill("[name=code]", code_now(parse_qs(read.query)["secret"][0]))
    desk.keyboard.press("Enter")
    expect(desk.locator('[data-action="sign-out"]')).to_be_visible()
    desk.click('[data-action="sign-out"]')
    fill_in(desk, replace(account, password=CHOSEN))
    give_code(desk)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_second_factor_is_set_up_by_its_key(visitors: Visitors, language: Language) -> None:
    """The key as it is shown in groups, and as the button copies it; the code in the digits of an Arabic keyboard."""
    visitors.expect_complaint(COOKIES)
    page = visitors.tab(language, permissions=["clipboard-read", "clipboard-write"])
    choose_first_password(page, invited(f"by-key-{language}"), language)
    shown = page.locator("#secret").inner_text()
    page.click('[data-action="copy"]')
    page.wait_for_function(
        "key => navigator.clipboard.readText().then(text => text === key)", arg=shown.replace(" ", "")
    )
    code = code_now(shown.replace(" ", ""))
    page.fill("[name=code]", code.translate(IN_ARABIC) if language == "ar" else f"{code[:3]} {code[3:]}")
    page.keyboard.press("Enter")
    expect(page.locator('[data-action="sign-out"]')).to_be_visible()


def test_a_forgotten_password_is_replaced_by_the_code_of_the_message(desk: Page) -> None:
    account = invited("forgetful")
    choose_first_password(desk, account)
    give_code(desk)
    desk.click('[data-action="sign-out"]')
    desk.fill("[name=username]", account.username)
    desk.click('[data-action="forgotten"]')
    expect(desk.locator("[name=username]")).to_have_value(account.username)
    desk.keyboard.press("Enter")
    expect(desk.locator("#notice")).to_be_visible()
    desk.fill("[name=code]", "000000")
    desk.fill("[name=new_password]", "Another-one-2026")
    desk.keyboard.press("Enter")
    expect(desk.locator("#code-wrong")).to_be_visible()
    expect(desk.locator("[name=new_password]")).to_have_value("Another-one-2026")
    desk.fill("[name=code]", code_sent_to(account).translate(IN_ARABIC))
    desk.fill("[name=new_password]", "weak")
    desk.keyboard.press("Enter")
    expect(desk.locator("#new_password-wrong")).to_be_visible()
    desk.fill("[name=new_password]", "Another-one-2026")
    desk.keyboard.press("Enter")
    expect(desk.locator("#notice")).to_be_visible()
    fill_in(desk, replace(account, password=CHOSEN))
    expect(desk.locator("#password-wrong")).to_be_visible()
    fill_in(desk, replace(account, password="Another-one-2026"))
    give_code(desk)


def test_the_page_says_of_no_name_whether_it_has_an_account(desk: Page) -> None:
    seen = []
    for name in (AGENT.username, "nobody@anam.example.org"):
        desk.goto("/fr/desk/")
        desk.click('[data-action="forgotten"]')
        desk.fill("[name=username]", name)
        desk.keyboard.press("Enter")
        expect(desk.locator("#notice")).to_be_visible()
        seen.append(desk.locator("#page").inner_text())
    assert seen[0] == seen[1]


def test_signing_out_revokes_what_a_thief_copied_before(desk: Page) -> None:
    sign_in(desk)
    copied = desk.context.cookies()
    desk.click('[data-action="sign-out"]')
    expect(desk.locator("[name=username]")).to_be_visible()
    expect(desk.locator("#notice")).to_be_visible()
    desk.wait_for_function("fetch('/v1/session').then(answer => answer.status === 401)")
    assert cookies_of(desk) == []
    desk.context.add_cookies([cookie for cookie in copied if cookie.get("name") == "__Host-renewal"])  # type: ignore[misc]
    assert desk.evaluate("fetch('/v1/session').then(answer => answer.status)") == 401
    desk.context.clear_cookies()


def test_a_script_sees_no_token_at_any_step(desk: Page) -> None:
    """Neither a token nor a password once it was sent, nor the key of a second factor once it is set up."""
    account = invited("watched")
    choose_first_password(desk, account)
    secret = desk.locator("#secret").inner_text().replace(" ", "")
    hidden = [*cookies_of(desk), account.password, CHOSEN]
    assert len(hidden) == 3
    assert [each for each in hidden if each in seen_by_a_script(desk)] == []
    desk.fill("[name=code]", code_now(secret))
    desk.keyboard.press("Enter")
    expect(desk.locator('[data-action="sign-out"]')).to_be_visible()
    hidden += [*cookies_of(desk), secret]
    assert len(hidden) == 6
    assert [each for each in hidden if each in seen_by_a_script(desk)] == []
    assert json.loads(seen_by_a_script(desk))[0] == ""
    assert [each for each in hidden if each in desk.content()] == []


def test_a_code_that_came_too_late_begins_again_with_the_password(desk: Page) -> None:
    desk.goto("/fr/desk/")
    fill_in(desk, WITH_FACTOR)
    expect(desk.locator("[name=code]")).to_be_visible()
    desk.context.clear_cookies(name="__Host-challenge")
    desk.fill("[name=code]", code_now())
    desk.keyboard.press("Enter")
    expect(desk.locator("#problem")).to_be_visible()
    expect(desk.locator("[name=username]")).to_have_value(WITH_FACTOR.username)
    expect(desk.locator("[name=password]")).to_have_value("")
