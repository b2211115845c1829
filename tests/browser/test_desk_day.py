"""An agent's day at the desk, in a real browser: signing in, the inbox, a mail, the counter, and going home."""

import json
import time
from typing import Any

import pytest
from playwright.sync_api import FileChooser, Page, expect

from tests.support.browsing.desk import COOKIES, SEEN_BY_A_SCRIPT, fill_in, fill_template, sign_in
from tests.support.browsing.followed import sent
from tests.support.browsing.sending import photograph
from tests.support.browsing.visitors import DESKTOP, Visitors
from tests.support.house.house import House
from tests.support.in_process.user_pool import AGENT, OPERATOR, SECOND_AGENT, WITH_FACTOR, code_now

pytestmark = pytest.mark.desk


@pytest.fixture
def desk(visitors: Visitors) -> Page:
    """A desktop in French."""
    visitors.expect_complaint(COOKIES)
    return visitors.tab("fr", device=DESKTOP)


def test_a_script_on_the_page_sees_no_token(desk: Page) -> None:
    sign_in(desk)
    tokens = [str(cookie.get("value")) for cookie in desk.context.cookies()]
    assert tokens
    seen = desk.evaluate(SEEN_BY_A_SCRIPT)
    assert [token for token in tokens if token in seen] == []
    assert json.loads(seen)[0] == ""


def test_a_wrong_password_and_a_code_are_said_at_their_fields(desk: Page) -> None:
    desk.goto("/fr/desk/")
    desk.fill("[name=username]", WITH_FACTOR.username)
    desk.fill("[name=password]", "wrong")
    desk.click('[data-action="sign-in"]')
    expect(desk.locator("#password-wrong")).to_be_visible()
    fill_in(desk, WITH_FACTOR)
    desk.fill("[name=code]", code_now())
    desk.keyboard.press("Enter")
    expect(desk.locator('[data-action="sign-out"]')).to_be_visible()


def test_an_operator_is_led_to_the_other_page(desk: Page) -> None:
    desk.goto("/fr/desk/")
    fill_in(desk, OPERATOR)
    expect(desk.locator('a[href="/fr/operations/"]')).to_be_visible()


def test_a_new_mail_comes_by_itself_and_is_answered_by_keyboard(desk: Page, house: House) -> None:
    sign_in(desk)
    expect(desk.locator("#list-state")).to_have_text("")
    arrived = sent(house, subject="Attestation demandée")
    row = desk.locator(f'[data-number="{arrived.number}"]')
    expect(row).to_be_visible(timeout=10_000)
    expect(row.locator(".mark-unread")).to_be_visible()
    desk.keyboard.press("?")
    desk.check("[name=keys]")
    desk.evaluate("document.activeElement.blur()")
    desk.keyboard.press("j")
    expect(row).to_be_focused()
    desk.keyboard.press("c")
    expect(row).to_contain_text("En cours de traitement")
    desk.keyboard.press("a")
    expect(desk.locator("#message")).to_be_focused()
    desk.keyboard.type("Voici votre attestation.")
    desk.reload()
    expect(desk.locator("#message")).to_have_value("Voici votre attestation.")
    desk.click('[data-action="submit"]')
    expect(desk.locator("#outcome-message")).to_have_text("Voici votre attestation.")
    assert house.agent().open(arrived.number).json["outcome"]["by"] == AGENT.username


def test_the_second_of_two_agents_sees_the_first_ones_outcome(desk: Page, visitors: Visitors, house: House) -> None:
    followed = sent(house)
    sign_in(desk, path=f"{followed.number}?form=reject")
    desk.fill("#message", "Incomplet.")
    second = visitors.tab("fr", device=DESKTOP)
    sign_in(second, path=f"{followed.number}?form=answer", account=SECOND_AGENT)
    second.fill("#message", "Voici.")
    second.click('[data-action="submit"]')
    expect(second.locator("#outcome")).to_be_visible()
    desk.click('[data-action="submit"]')
    expect(desk.locator("#done")).to_contain_text(SECOND_AGENT.username)
    expect(desk.locator("#outcome-message")).to_have_text("Voici.")


def test_fifteen_idle_minutes_end_the_session_and_lose_nothing(desk: Page, house: House) -> None:
    followed = sent(house)
    desk.clock.install()
    sign_in(desk, path=f"{followed.number}?form=answer")
    desk.fill("#message", "Une longue réponse")
    desk.clock.fast_forward("13:30")
    expect(desk.locator('[data-action="stay"]')).to_be_visible()
    desk.clock.fast_forward("02:00")
    expect(desk.locator("#mail")).to_have_count(0)
    expect(desk.locator("[name=username]")).to_be_visible()
    # the page shows nothing any more before the service has answered
    until_revoked = time.monotonic() + 30
    while desk.evaluate("fetch('/v1/session').then(answer => answer.status)") != 401:
        assert time.monotonic() < until_revoked
        desk.wait_for_timeout(50)
    fill_in(desk)
    expect(desk.locator("#message")).to_have_value("Une longue réponse")


def test_a_paper_is_entered_by_keyboard_in_under_a_minute(desk: Page, house: House) -> None:
    # Watched from the start: a chooser that opens before Playwright watches is none to it, and nothing shows it.
    choosers: list[FileChooser] = []
    desk.on("filechooser", lambda chooser: choosers.append(chooser))  # noqa: PLW0108 - Playwright marks what it calls
    sign_in(desk, path="counter")
    began = time.monotonic()
    expect(desk.locator("#subject")).to_be_focused()
    desk.keyboard.type("Demande d’attestation")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    expect(desk.locator('[data-action="add-file"]')).to_be_focused()
    desk.keyboard.press("Enter")
    until_opened = time.monotonic() + 30
    while not choosers and time.monotonic() < until_opened:
        desk.wait_for_timeout(50)
    (chooser,) = choosers
    chooser.set_files([photograph()])
    tab_to(desk, "first_name")
    desk.keyboard.type("Amina")
    desk.keyboard.press("Tab")
    desk.keyboard.type("Alaoui")
    desk.keyboard.press("Enter")
    number = desk.locator("#number").inner_text(timeout=30_000)
    assert time.monotonic() - began < 60
    expect(desk.locator('[data-action="print"]')).to_be_focused()
    desk.evaluate("window.print = () => { window.printed = true; }")
    desk.keyboard.press("Enter")
    assert desk.evaluate("window.printed") is True
    assert time.monotonic() - began < 60
    desk.emulate_media(media="print")
    printed = desk.locator("main").inner_text()
    desk.emulate_media(media="screen")
    house.settle()
    mail: Any = house.agent().open(number).json
    (scan,) = mail["attachments"]
    assert mail["channel"] == "counter"
    desk_names = house.service.call("GET", "/v1/organisms/anam").json["name"].values()
    on_paper = (number, scan["sha256"], *desk_names, "localhost", "/fr/follow", "/fr/verify")
    assert [each for each in on_paper if each not in printed] == []
    expect(desk.locator('[data-action="receipt"]')).to_be_visible()


def test_statistics_are_saved_as_a_file(desk: Page, house: House) -> None:
    sent(house)
    sign_in(desk, path="statistics")
    expect(desk.locator("#by_day")).to_be_visible()
    with desk.expect_download() as download:
        desk.click('[data-action="export"]')
    rows = download.value.path().read_text("utf-8-sig").splitlines()
    assert rows[0].startswith("Jour,")
    assert len(rows) >= 2


def test_a_second_agent_sees_within_ten_seconds_who_took_a_mail(desk: Page, visitors: Visitors, house: House) -> None:
    """On the mail's own page and in the list, while nothing is pressed there."""
    followed = sent(house)
    sign_in(desk, path=followed.number)
    expect(desk.locator('[data-action="collect"]')).to_be_visible()
    listed = visitors.tab("fr", device=DESKTOP)
    sign_in(listed)
    row = listed.locator(f'[data-number="{followed.number}"]')
    expect(row).to_be_visible()
    assert house.agent(name=SECOND_AGENT.username).collect(followed.number).status == 201
    began = time.monotonic()
    expect(desk.locator("#mail-taker")).to_contain_text(SECOND_AGENT.username)
    expect(desk.locator("#done")).to_contain_text(SECOND_AGENT.username)
    expect(row).to_contain_text("En cours de traitement")
    assert time.monotonic() - began < 10
    expect(desk.locator('[data-action="collect"]')).to_have_count(0)


def test_a_template_is_made_used_in_both_languages_changed_and_deleted(desk: Page, house: House) -> None:
    followed = sent(house)
    sign_in(desk, path=f"{followed.number}?form=answer")
    desk.locator(".templates summary").click()
    desk.click('[data-action="new-template"]')
    desk.click('[data-action="save-template"]')
    expect(desk.locator("#name_fr")).to_be_focused()
    expect(desk.locator("#text_ar-wrong")).to_be_visible()
    fill_template(
        desk, name_fr="Pièce à joindre", name_ar="وثيقة ناقصة", text_fr="Joignez la pièce.", text_ar="أرفقوا الوثيقة."
    )
    use_template(desk, "Pièce à joindre")
    expect(desk.locator("#message")).to_have_value("Joignez la pièce.")
    use_template(desk, "وثيقة ناقصة")
    expect(desk.locator("#message")).to_have_value("Joignez la pièce.\n\nأرفقوا الوثيقة.")
    line = desk.locator(".templates li", has_text="Pièce à joindre")
    line.get_by_role("button").first.click()
    fill_template(desk, text_fr="Joignez la pièce manquante.")
    desk.fill("#message", "")
    use_template(desk, "Pièce à joindre")
    expect(desk.locator("#message")).to_have_value("Joignez la pièce manquante.")
    line.get_by_role("button").last.click()
    desk.click('[data-action="delete-template"]')
    expect(line).to_have_count(0)
    expect(desk.locator("#template")).to_have_count(0)
    expect(desk.locator("#message")).to_have_value("Joignez la pièce manquante.")


def tab_to(page: Page, name: str) -> None:
    """Go on by the tab key to the field of this name."""
    for _ in range(15):
        if page.evaluate("document.activeElement.getAttribute('name')") == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {name}")


def use_template(page: Page, name: str) -> None:
    """Insert the text of a template, chosen by its name in one of the languages."""
    page.select_option("#template", label=name)
