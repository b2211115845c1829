"""The whole service through its public door: the pages and the API at the site's address."""

import base64
import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from infra import door
from infra.local.local_stack import LocalStack
from infra.local.place import ANY_PORTS, free_ports
from infra.local.running import ORGANISMS, site_of
from infra.local.samples import a_pdf
from infra.local.sender_client import SenderClient, Sent
from infra.local.site_proxy import serving_site


@pytest.fixture(scope="module")
def site(stack: LocalStack) -> Iterator[httpx.Client]:
    with stack.visitor() as client:
        yield client


@pytest.fixture(scope="module")
def visitor(site: httpx.Client, storage: httpx.Client) -> SenderClient:
    """Sends mails through the site alone."""
    return SenderClient(site, storage)


@pytest.fixture(scope="module")
def sent(visitor: SenderClient) -> Sent:
    started = visitor.start()
    visitor.write(started)
    visitor.attach(started, a_pdf())
    visitor.identify(started)
    return visitor.submit(started)


def test_a_mail_goes_its_whole_way_through_the_site(visitor: SenderClient, sent: Sent) -> None:
    assert visitor.receipt(sent).startswith(b"%PDF-")
    assert "sender_informed" in {entry["event"] for entry in visitor.follow(sent)["history"]}
    assert visitor.verify(sent)["genuine"]


def test_an_agent_reads_the_inbox_through_the_site(stack: LocalStack, site: httpx.Client) -> None:
    (agent, *_) = stack.people.agents.values()
    token = stack.sign_in(agent).id_token
    assert site.get("/v1/inbox", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert site.get("/v1/inbox").status_code == 401


def test_links_in_messages_and_the_sealed_statement_name_the_site(
    stack: LocalStack, site: httpx.Client, visitor: SenderClient, sent: Sent
) -> None:
    visitor.follow(sent)
    (text, *_) = [mail.text for mail in stack.emails() if sent.number in mail.text and "suivi#" in mail.text]
    assert f"{stack.site_url}/suivi#" in text
    assert f"{stack.site_url}/verifier#" in text
    statement = site.get(f"/v1/receipts/{sent.verification_code}/statement")
    assert statement.status_code == 200
    payload = statement.text.split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(payload + "=="))["iss"] == stack.site_url


@pytest.mark.parametrize(("language", "words"), [("fr", "Il n’y a rien"), ("ar", "لا يوجد شيء"), ("en", "nothing")])
@pytest.mark.parametrize("path", ["/v1/no-such-thing", "/no-such-page"])
def test_an_address_that_does_not_exist_is_refused_in_words(
    site: httpx.Client, path: str, language: str, words: str
) -> None:
    answer = site.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(("path", "language"), [("/ar/no-such-page.html", "ar"), ("/no-such-page", "en")])
def test_a_browser_is_shown_a_page_where_none_is(site: httpx.Client, path: str, language: str) -> None:
    answer = site.get(path, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en"})
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.text
    assert "trusted-types" in answer.headers["Content-Security-Policy"], "the policy of pages"
    (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', answer.text)
    assert site.get(style).headers["Content-Type"].startswith("text/css")
    for link in re.findall(r'<a href="([^"]+)"', answer.text):
        assert site.get(link).status_code == 200


@pytest.mark.parametrize("path", ["/", "/v1/health", "/suivi", "/verifier", "/v1/no-such-thing"])
def test_every_answer_has_the_security_headers(site: httpx.Client, path: str) -> None:
    answer = site.get(path)
    assert answer.headers.items() >= {name.lower(): value for name, value in door.SECURITY_HEADERS.items()}.items()
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_longest_letter_passes_and_what_no_route_has_a_use_for_does_not(
    site: httpx.Client, visitor: SenderClient
) -> None:
    started = visitor.start()
    letter = {"kind": "request", "subject": "ب" * 255, "body": "<b>'\";--ب" * 2222}
    visitor.write(started, letter)
    path = f"/v1/mails/{started['mail_id']}/letter"
    answer = site.put(path, content=b" " * 1_000_000, headers={"Accept-Language": "en"})
    assert answer.status_code == 413
    assert "Maximum size" in answer.json()["detail"]


def test_who_tries_codes_too_fast_is_told_so(stack: LocalStack) -> None:
    """On a second door with limits so low that they are met; the first one's are high, for the tests' sake."""
    port = free_ports(ANY_PORTS).site
    narrow = replace(site_of(stack), port=port, limits={"each": 50, "guarded": 3, "session": 3, "drafts": 3})
    guess = {"number": "ANAM-2026-000001", "follow_up_code": "0000-0000-0000-0000"}
    with (
        serving_site(narrow),
        httpx.Client(base_url=f"https://localhost:{port}", verify=stack.tls(), trust_env=False) as site,
    ):
        answers = [site.post("/v1/follow-up", json=guess, headers={"Accept-Language": "ar"}) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
        assert "انتظروا" in answers[-1].json()["detail"]
        assert answers[-1].headers["Retry-After"] == "60"
        assert site.get("/v1/organisms").status_code == 200


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True, locale="fr-MA", viewport={"width": 360, "height": 640})
    context.set_default_timeout(20_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert errors == []


def test_the_first_page_is_in_the_readers_language_and_lists_the_desks(phone: Page, stack: LocalStack) -> None:
    phone.goto(stack.site_url)
    expect(phone).to_have_url(f"{stack.site_url}/fr/")
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    assert "trusted-types" in phone.request.get(f"{stack.site_url}/fr/").headers["content-security-policy"]


def test_the_desks_stand_in_the_page_itself(site: httpx.Client) -> None:
    """People whose browser runs no script choose theirs too. The pages are built once the first ones are enrolled."""
    with ORGANISMS.open(encoding="utf-8", newline="") as file:
        enrolled_first = {row["organism_id"] for row in csv.DictReader(file)}
    listed = {desk["organism_id"] for desk in site.get("/v1/organisms", params={"limit": 100}).json()["items"]}
    assert len(listed & enrolled_first) > 1
    for language in ("ar", "fr", "en"):
        text = site.get(f"/{language}/").text
        assert all(f'data-organism="{organism_id}"' in text for organism_id in listed & enrolled_first)


def test_who_verifies_a_receipt_is_told_that_it_exists(phone: Page, stack: LocalStack, sent: Sent) -> None:
    phone.goto(f"{stack.site_url}/verifier")
    phone.get_by_label("Code de vérification").fill(sent.verification_code)
    phone.get_by_role("button", name="Vérifier").click()
    expect(phone.get_by_role("heading", name="Cet accusé de réception existe")).to_be_visible()


def test_the_follow_up_page_reads_the_mail_through_the_site(phone: Page, stack: LocalStack, sent: Sent) -> None:
    phone.goto(f"{stack.site_url}/suivi#{sent.number}/{sent.follow_up_code}")
    expect(phone.get_by_role("heading", name=sent.number)).to_be_visible()
    assert sent.follow_up_code not in phone.url
