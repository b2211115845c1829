"""The pages, in a real browser, under the very links that an e-mail brings its reader."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from infra.local.local_stack import LocalStack
from infra.local.samples import LETTER, SENDER
from infra.local.sender_client import SenderClient, Sent, until


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page on a phone, in French."""
    context = browser.new_context(
        ignore_https_errors=True, locale="fr-MA", viewport={"width": 360, "height": 640}, accept_downloads=True
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def sent(sender: SenderClient) -> Sent:
    """A mail whose receipt is there and whose sender was told."""
    started = sender.start()
    sender.write(started)
    sender.identify(started)
    sent = sender.submit(started)
    sender.receipt(sent)
    sender.follow(sent)
    return sent


def links(stack: LocalStack, sent: Sent) -> dict[str, str]:
    """Where the e-mail to the sender leads, by the last part of the path."""

    def arrived() -> str | None:
        found = [mail.text for mail in stack.emails() if sent.number in mail.text and SENDER["email"] in mail.to]
        return found[0] if found else None

    text = until(arrived, "the e-mail to the sender")
    return {name: link for link, name in re.findall(r"(https://\S+/(suivi|verifier)#\S+[^\s.])", text)}


def test_the_link_of_the_senders_email_opens_the_mail_and_its_receipt(
    phone: Page, stack: LocalStack, sender: SenderClient, sent: Sent
) -> None:
    phone.goto(links(stack, sent)["suivi"])
    expect(phone.get_by_role("heading", name=sent.number)).to_be_visible(timeout=20_000)
    expect(phone.locator("#page")).to_contain_text(LETTER["subject"])
    assert sent.follow_up_code not in phone.url
    link = phone.locator('a[data-action="receipt"]').get_attribute("href") or ""
    assert phone.request.get(link).body() == sender.receipt(sent)


@pytest.mark.parametrize("changed", ["/s#", "/s/#", "/s%23", "/suivi/#", "/suivi%23", "/suivi%2523"])
def test_a_link_that_something_changed_on_its_way_opens_the_mail(
    phone: Page, stack: LocalStack, sent: Sent, changed: str
) -> None:
    phone.goto(f"{stack.site_url}{changed}{sent.number}/{sent.follow_up_code}")
    expect(phone.get_by_role("heading", name=sent.number)).to_be_visible(timeout=20_000)
    assert sent.follow_up_code not in phone.url


@pytest.mark.parametrize("changed", ["/verifier/#", "/verifier%23"])
def test_a_link_to_verify_that_something_changed_opens_the_receipt(
    phone: Page, stack: LocalStack, sent: Sent, changed: str
) -> None:
    phone.goto(f"{stack.site_url}{changed}{sent.verification_code}")
    expect(phone.get_by_role("heading", name="Cet accusé de réception existe")).to_be_visible(timeout=20_000)


def test_the_link_to_verify_a_receipt_says_that_it_is_genuine(phone: Page, stack: LocalStack, sent: Sent) -> None:
    phone.goto(links(stack, sent)["verifier"])
    expect(phone.get_by_role("heading", name="Cet accusé de réception existe")).to_be_visible(timeout=20_000)
    expect(phone.locator("#page")).to_contain_text(sent.number)
    phone.get_by_label("Code de vérification").fill("AAAA-AAAA-AAAA-AAAA")
    phone.get_by_role("button", name="Vérifier").click()
    expect(phone.get_by_role("alert")).to_contain_text("Aucun accusé")


@pytest.mark.parametrize("address", ["site_url", "api_url"])
def test_a_telephone_that_reads_the_qr_shows_the_same_page(
    phone: Page, stack: LocalStack, sent: Sent, address: str
) -> None:
    """Receipts of a stage that had no domain yet bear the API's own address, which leads on to the site."""
    phone.goto(f"{getattr(stack, address)}/v1/receipts/{sent.verification_code}")
    expect(phone.get_by_role("heading", name="Cet accusé de réception existe")).to_be_visible(timeout=20_000)
    expect(phone.locator("#page")).to_contain_text(sent.number)
    assert phone.url == f"{stack.site_url}/fr/verify"


@pytest.mark.parametrize("link", ["/suivi#", "/s#", "/suivi%23", "/s/"])
def test_a_link_at_the_apis_own_address_leads_to_the_site(
    phone: Page, stack: LocalStack, sent: Sent, link: str
) -> None:
    phone.goto(f"{stack.api_url}{link}{f'{sent.number}/{sent.follow_up_code}' if link.endswith(('#', '3')) else ''}")
    assert phone.url == f"{stack.site_url}/fr/follow"
