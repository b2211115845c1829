"""An agent's whole day and an operator's whole night at the pages, in a browser, on the local cloud through `site_url`.

Each part is tried alone in `tests/browser`: here they follow each other, deployed.
"""

from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Page, expect

from infra.local.local_stack import LocalStack
from infra.local.samples import LETTER, a_pdf
from infra.local.sender_client import SenderClient, Sent, until
from infra.local.work_left import leave_work
from tests.support.browsing import desk, operators
from tests.support.browsing.sending import photograph
from tests.support.browsing.visitors import DESKTOP, PHONE, Device, Language, Visitors

ANSWER = "Voici votre attestation. تجدون الشهادة رفقته."


def posted(sender: SenderClient, subject: str) -> Sent:
    """A mail with a PDF, sent to ANAM."""
    started = sender.start()
    sender.write(started, LETTER | {"subject": subject})
    sender.attach(started, a_pdf())
    sender.identify(started)
    return sender.submit(started)


def outcome(page: Page, form: str) -> None:
    """Open a form of a mail and fill in its message."""
    page.click(f'[data-action="{form}"]')
    page.fill("#message", ANSWER)


def concluded(page: Page) -> None:
    """Submit it, again as long as a file of the answer is being scanned, and see what became of the mail."""
    message = page.locator("#outcome-message")
    told = page.locator("main [role=alert]").filter(visible=True)
    for _ in range(20):
        page.click('[data-action="submit"]')
        expect(message.or_(told).first).to_be_visible()
        if message.is_visible():
            break
        page.wait_for_timeout(1_000)
    expect(message).to_have_text(ANSWER)


@pytest.mark.parametrize(("language", "device"), [("ar", PHONE), ("fr", DESKTOP)])
def test_an_agents_whole_day(
    stack: LocalStack, visitors: Visitors, sender: SenderClient, language: Language, device: Device
) -> None:
    word = f"Zellige{language}"
    answered, redirected, rejected = (posted(sender, f"{word} {each}") for each in ("un", "deux", "trois"))
    agent = stack.people.agents["anam"]
    visitors.expect_complaint(desk.COOKIES)
    page = visitors.tab(language, device=device)

    desk.sign_in(page, language, account=agent)
    page.fill("[name=q]", f"{word} un".upper())
    expect(page.locator("[data-number]")).to_have_count(1)
    page.click(f'[data-number="{answered.number}"]')
    page.click('[data-action="collect"]')
    expect(page.locator("#mail-taker")).to_contain_text(agent.username)
    page.click('[data-action="preview"]')
    expect(page.locator('[data-action="preview-larger"]')).to_be_visible()
    page.click('[data-action="preview-close"]')
    outcome(page, "answer")
    page.set_input_files("input#files", [photograph()])
    expect(page.locator(".file-state")).to_contain_text("✓")
    concluded(page)

    page.goto(f"/{language}/desk/{redirected.number}")
    outcome(page, "redirect")
    page.fill("[name=q]", "commune")
    page.check('[data-organism="commune-rabat"]')
    concluded(page)
    page.goto(f"/{language}/desk/{rejected.number}")
    outcome(page, "reject")
    concluded(page)

    page.goto(f"/{language}/desk/counter")
    page.fill("[name=subject]", f"{word} quatre")
    page.set_input_files("input#files", [photograph()])
    page.fill("[name=last_name]", "العلوي")
    page.click('[data-action="submit"]')
    entered = page.locator("#number").inner_text()
    expect(page.locator('[data-action="print"]')).to_be_visible()
    expect(page.locator('[data-action="receipt"]')).to_be_visible()

    page.goto(f"/{language}/desk/statistics")
    expect(page.locator("#by_day")).to_be_visible()
    with page.expect_download() as download:
        page.click('[data-action="export"]')
    assert datetime.now(UTC).strftime("%Y-%m") in download.value.path().read_text("utf-8-sig")
    page.click('[data-action="sign-out"]')
    expect(page.locator("[name=username]")).to_be_visible()
    assert page.evaluate("fetch('/v1/session').then(answer => answer.status)") == 401

    assert [status_of(stack, each) for each in (answered, redirected, rejected)] == [
        "answered",
        "redirected",
        "rejected",
    ]
    assert entered.startswith("ANAM-")


def status_of(stack: LocalStack, sent: Sent) -> str:
    """What the sender sees of a mail."""
    with stack.client() as api:
        answer = api.get(f"/v1/mails/{sent.mail_id}", headers={"Authorization": f"Bearer {sent.access_token}"})
    return str(answer.raise_for_status().json()["status"])


@pytest.mark.parametrize(("language", "device"), [("ar", DESKTOP), ("fr", PHONE)])
def test_an_operators_whole_night(
    stack: LocalStack, api: httpx.Client, visitors: Visitors, language: Language, device: Device
) -> None:
    stuck = leave_work(stack)
    visitors.expect_complaint(operators.COOKIES)
    page = visitors.tab(language, device=device)

    operators.sign_in(page, language, account=stack.people.operator)
    failed = page.locator("section", has=page.locator("#failed-title"))
    failed.locator('[data-action="redrive"]').first.click()
    page.click('[data-action="sure"]')
    expect(page.locator("#redriven")).to_be_visible()
    # the alert went out when the mail came; what was redriven is another one
    until(lambda: alerts(stack, stuck)[1:] or None, "the e-mail that was redriven")

    organism_id = f"night-{language}"
    page.goto(f"/{language}/operations/new-organism")
    for name, text in {
        "organism_id": organism_id,
        "code": f"NIGHT{language.upper()}",
        "name_fr": f"Office de la nuit {language}",
        "name_ar": "مكتب الليل",
        "emails": "bureau@night.example.org",
    }.items():
        page.fill(f'[name="{name}"]', text)
    page.select_option('[name="category"]', "public_establishment")
    page.click('[data-action="save"]')
    page.wait_for_url(f"**/{language}/operations/organisms/{organism_id}")
    assert api.get(f"/v1/organisms/{organism_id}").json()["status"] == "active"
    page.click('[data-action="suspend"]')
    page.click('[data-action="sure"]')
    expect(page.locator('[data-action="resume"]')).to_be_visible()
    assert api.get(f"/v1/organisms/{organism_id}").json()["status"] == "suspended"

    rows = operators.DIRECTORY.replace("csv-", f"csv-{language}-").replace("CSV-", f"CSV{language.upper()}-")
    page.goto(f"/{language}/operations/directory")
    operators.choose_directory(page, rows.replace("bureau@two.example.org", "two"))
    expect(page.locator(".rows tbody tr")).to_have_count(1)
    operators.choose_directory(page, rows)
    page.click('[data-action="load"]')
    expect(page.locator("#finished")).to_be_focused()
    assert api.get(f"/v1/organisms/csv-{language}-two").json()["status"] == "active"

    invited = f"invited-{language}@anam.example.org"
    page.goto(f"/{language}/operations/people?organism_id=anam")
    page.fill('[name="email"]', invited)
    page.click('[data-action="invite"]')
    expect(page.locator("#done")).to_contain_text(invited)
    until(lambda: [email for email in stack.emails() if invited in email.to] or None, "the invitation")
    page.locator(".person", has_text=invited).locator('[data-action="shut-out"]').click()
    page.click('[data-action="sure"]')
    expect(page.locator("#done")).to_contain_text(invited)
    page.click('[data-action="sign-out"]')
    expect(page.locator("[name=username]")).to_be_visible()


def alerts(stack: LocalStack, sent: Sent) -> list[str]:
    """The e-mails about a mail to its organism."""
    return [email.text for email in stack.emails() if sent.number in email.text and "bureau-ordre@" in str(email.to)]
