"""States of the page `desk`."""

from typing import Final

from playwright.sync_api import expect

from tests.browser.states.state import State, Visit
from tests.support.browsing.desk import CHOSEN, COOKIES, fill_in, fill_template, invited, sign_in
from tests.support.browsing.followed import sent
from tests.support.browsing.sending import photograph
from tests.support.in_process.user_pool import AGENT, OPERATOR, WITH_FACTOR
from tests.support.samples.previewed_files import TWO_PAGES

LONG: Final = "شكاية حول تأخر رد الملف رقم 45/2026 " + "w" * 120


def _sign_in(visit: Visit) -> None:
    visit.page.goto(f"/{visit.language}/desk/")
    expect(visit.page.locator("[name=username]")).to_be_visible()


def _sign_in_wrong(visit: Visit) -> None:
    _sign_in(visit)
    visit.page.click('[data-action="sign-in"]')
    expect(visit.page.locator("#errors")).to_be_focused()


def _code(visit: Visit) -> None:
    _sign_in(visit)
    fill_in(visit.page, WITH_FACTOR)
    expect(visit.page.locator("[name=code]")).to_be_visible()


def _new_password(visit: Visit) -> None:
    """The first password was right; the one that replaces it is weak."""
    _sign_in(visit)
    fill_in(visit.page, invited(f"new-password-{visit.language}"))
    visit.page.fill("[name=new_password]", "weak")
    visit.page.click('[data-action="sign-in"]')
    expect(visit.page.locator("#new_password-wrong")).to_be_visible()


def _setup(visit: Visit) -> None:
    """A second factor is set up, by its QR code or its key; the code was wrong."""
    _sign_in(visit)
    fill_in(visit.page, invited(f"setup-{visit.language}"))
    visit.page.fill("[name=new_password]", CHOSEN)
    visit.page.click('[data-action="sign-in"]')
    expect(visit.page.locator(".qr svg")).to_be_visible()
    visit.page.fill("[name=code]", "000000")
    visit.page.click('[data-action="sign-in"]')
    expect(visit.page.locator("#code-wrong")).to_be_visible()


def _forgotten(visit: Visit) -> None:
    _sign_in(visit)
    visit.page.click('[data-action="forgotten"]')
    visit.page.click('[data-action="sign-in"]')
    expect(visit.page.locator("#username-wrong")).to_be_visible()


def _code_sent(visit: Visit) -> None:
    """A code was asked for, and another one typed."""
    _sign_in(visit)
    visit.page.click('[data-action="forgotten"]')
    visit.page.fill("[name=username]", AGENT.username)
    visit.page.click('[data-action="sign-in"]')
    expect(visit.page.locator("#notice")).to_be_visible()


def _reset(visit: Visit) -> None:
    _sign_in(visit)
    visit.page.click('[data-action="forgotten"]')
    visit.page.click('[data-action="have-code"]')
    visit.page.click('[data-action="sign-in"]')
    expect(visit.page.locator("#errors")).to_be_focused()


def _other_role(visit: Visit) -> None:
    _sign_in(visit)
    fill_in(visit.page, OPERATOR)
    expect(visit.page.locator('a[href$="/operations/"]')).to_be_visible()


def _inbox(visit: Visit) -> None:
    """A mail of each mark, and the list of keys."""
    sent(visit.house, subject=LONG, file_name="plan.pdf")
    sign_in(visit.page, visit.language)
    expect(visit.page.locator(".is-unread").first).to_be_visible()
    visit.page.click('[data-action="keys"]')
    # the house's mails of other tests would make the page longer and show nothing else
    visit.page.evaluate('[...document.querySelectorAll(".mails li")].slice(4).forEach((each) => each.hidden = true)')


def _nothing_found(visit: Visit) -> None:
    sign_in(visit.page, visit.language)
    visit.page.fill("[name=q]", "xyzzy")
    expect(visit.page.locator("#no-mail")).to_be_visible()


def _answer(visit: Visit) -> None:
    """The form with its faults, and a file that nobody could check, after the warning."""
    followed = sent(visit.house, subject=LONG, file_name="secret.pdf", check="unreadable")
    sign_in(visit.page, visit.language, f"{followed.number}?form=answer")
    visit.page.click('[data-action="download"]')
    expect(visit.page.locator('[data-action="download-anyway"]')).to_be_visible()
    visit.page.click('[data-action="submit"]')
    expect(visit.page.locator("#errors")).to_be_focused()


def _ending(visit: Visit) -> None:
    """Two minutes before an idle session ends; the seconds that are left stand still."""
    followed = sent(visit.house)
    visit.page.clock.install()
    sign_in(visit.page, visit.language, f"{followed.number}?form=answer")
    visit.page.clock.fast_forward("13:30")
    expect(visit.page.locator('[data-action="stay"]')).to_be_visible()
    visit.page.evaluate("(at => { Date.now = () => at; })(Date.now())")
    # On a high screen it stays in sight and lies over what axe scrolls to, of whose colours it then says nothing.
    visit.page.locator(".ending").evaluate("element => { element.style.position = 'static'; }")


def _ended(visit: Visit) -> None:
    """An idle session ended: what was typed waits behind the form."""
    followed = sent(visit.house)
    visit.page.clock.install()
    sign_in(visit.page, visit.language, f"{followed.number}?form=answer")
    visit.page.clock.fast_forward("15:30")
    expect(visit.page.locator("#notice")).to_be_visible()


def _templates(visit: Visit) -> None:
    """A template that lacks a text, and one that is to be deleted."""
    followed = sent(visit.house)
    sign_in(visit.page, visit.language, f"{followed.number}?form=answer")
    visit.page.locator(".templates summary").click()
    visit.page.click('[data-action="new-template"]')
    fill_template(
        visit.page, name_fr=LONG[:100], name_ar="وثيقة ناقصة", text_fr="Joignez la pièce.", text_ar="أرفقوا الوثيقة."
    )
    visit.page.locator(".templates li").last.get_by_role("button").last.click()
    expect(visit.page.locator('[data-action="delete-template"]')).to_be_visible()
    visit.page.click('[data-action="new-template"]')
    visit.page.click('[data-action="save-template"]')
    expect(visit.page.locator("#text_ar-wrong")).to_be_visible()
    # those of this state's other languages would make the page longer and show nothing else
    visit.page.evaluate(
        '[...document.querySelectorAll(".templates li")].slice(0, -1).forEach((each) => each.hidden = true)'
    )


def _preview(visit: Visit) -> None:
    """The first page of two, with every control."""
    followed = sent(visit.house, subject=LONG, file_name="plan.pdf", content=TWO_PAGES)
    sign_in(visit.page, visit.language, followed.number)
    visit.page.click('[data-action="preview"]')
    expect(visit.page.locator('[data-action="preview-next"]')).to_be_visible()


def _redirect(visit: Visit) -> None:
    followed = sent(visit.house)
    sign_in(visit.page, visit.language, f"{followed.number}?form=redirect")
    visit.page.fill("[name=q]", "cnss")
    visit.page.check('[data-organism="cnss"]')


def _closed(visit: Visit) -> None:
    followed = sent(visit.house, file_name="plan.pdf", check="infected")
    assert visit.house.agent().redirect(followed.number, "longest").status == 201
    sign_in(visit.page, visit.language, followed.number)
    expect(visit.page.locator("#outcome")).to_be_visible()
    visit.page.locator("#accesses summary").click()


def _counter_errors(visit: Visit) -> None:
    sign_in(visit.page, visit.language, "counter")
    visit.page.set_input_files("input#files", [photograph()])
    expect(visit.page.locator(".file-state")).to_contain_text("✓")
    visit.page.click('[data-action="submit"]')
    expect(visit.page.locator("#errors")).to_be_focused()


def _entered(visit: Visit) -> None:
    sign_in(visit.page, visit.language, "counter")
    visit.page.set_input_files("input#files", [photograph()])
    expect(visit.page.locator(".file-state")).to_contain_text("✓")
    visit.page.fill("[name=subject]", LONG)
    visit.page.fill("[name=last_name]", "العلوي")
    visit.page.click('[data-action="submit"]')
    expect(visit.page.locator(".qr")).to_have_count(2)
    expect(visit.page.locator('[data-action="receipt"]')).to_be_visible(timeout=20_000)


def _statistics(visit: Visit) -> None:
    sent(visit.house)
    sign_in(visit.page, visit.language, "statistics")
    expect(visit.page.locator("#by_day")).to_be_visible()


STATES: Final = (
    State(page="desk", name="sign-in", reach=_sign_in),
    State(page="desk", name="sign-in-wrong", reach=_sign_in_wrong),
    State(page="desk", name="forgotten", reach=_forgotten),
    State(page="desk", name="code-sent", reach=_code_sent),
    *(
        State(page="desk", name=name, reach=reach, expects=(COOKIES,))
        for name, reach in (
            ("new-password", _new_password),
            ("setup", _setup),
            ("code", _code),
            ("reset", _reset),
            ("other-role", _other_role),
            ("inbox", _inbox),
            ("nothing-found", _nothing_found),
            ("answer", _answer),
            ("templates", _templates),
            ("ending", _ending),
            ("ended", _ended),
            ("preview", _preview),
            ("redirect", _redirect),
            ("closed", _closed),
            ("counter-errors", _counter_errors),
            ("entered", _entered),
            ("statistics", _statistics),
        )
    ),
)
