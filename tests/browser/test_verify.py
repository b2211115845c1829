"""The verification page: by code, and by the file alone, which never leaves the device.

What each kind of file comes to is held by `site/tests/verify-checking.test.ts`; here is what only a browser shows.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browsing.receipts import (
    PLAN,
    Issued,
    altered,
    answer_otherwise,
    choose,
    forged,
    issued,
    kept,
    record_in,
    sealed_by_a_forger,
)
from tests.support.browsing.visitors import Visitors
from tests.support.house.house import House
from tests.support.signed import receipts_to_check

PAGE = "/fr/verify"
KEPT_FOR_USE_WITHOUT_NETWORK = """async () => {
    const wanted = ["/fr/verify", "/.well-known/receipt-sealers", "/.well-known/jwks.json"];
    const kept = await Promise.all(wanted.map(each => caches.match(each)));
    const names = (await caches.keys()).filter(each => each.startsWith("pages-"));
    const every = (await Promise.all(names.map(async each => (await caches.open(each)).keys()))).flat();
    const parts = await Promise.all(every.map(async each => (await (await caches.match(each)).blob()).size));
    // what verifies signatures is loaded only when asked for, and kept before
    return kept.every(Boolean) && parts.some(each => each > 200_000) && Boolean(navigator.serviceWorker.controller);
}"""


@pytest.fixture(scope="module")
def receipt(house: House) -> Iterator[Issued]:
    yield from kept(house)


@pytest.fixture(scope="module")
def other(house: House) -> Iterator[Issued]:
    """Another mail's."""
    yield from kept(house)


@pytest.fixture
def page(visitors: Visitors) -> Page:
    """Without a service worker, whose requests tests cannot change."""
    visitors.expect_complaint("Service Worker registration blocked")
    return visitors.tab(path=PAGE, service_workers="block", ignore_https_errors=True)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def verify(page: Page, code: str) -> None:
    page.locator('[name="verification_code"]').fill(code)
    page.locator('[data-action="verify"]').click()


def verdict(page: Page, name: str) -> Locator:
    """The first verdict, once it is this one and has the focus."""
    expect(page.locator(".result").first).to_have_attribute("data-verdict", name)
    expect(page.locator("#verdict")).to_be_focused()
    return page.locator(".result").first


def found(page: Page) -> Locator:
    """The lines about what was looked at."""
    page.locator("summary").first.click()
    return page.locator(".checks").first


def exists(page: Page) -> None:
    expect(page.get_by_role("heading", name="Cet accusé de réception existe")).to_be_focused()


def test_a_typed_code_shows_what_the_register_holds(page: Page, house: House, receipt: Issued) -> None:
    verify(page, receipt.code.lower().replace("-", " "))
    exists(page)
    for words in (
        receipt.number,
        "Agence nationale de l'assurance maladie",
        "Citoyen(ne)",
        digest(receipt.pdf),
        digest(PLAN),
        "13 octets",
        "Courrier envoyé et enregistré",
        "Accusé de réception établi",
    ):
        expect(page.locator("#receipt")).to_contain_text(words)
    assert all(asked.body == b"" for asked in house.requests)


def test_history_stands_on_moroccan_clocks(page: Page, receipt: Issued) -> None:
    """The browser is in New York."""

    def at(statement: dict[str, object]) -> dict[str, object]:
        moment = "2026-07-22T23:30:00.123Z"
        return statement | {"submitted_at": moment, "history": [{"event": "collected", "at": moment}]}

    answer_otherwise(page, f"**/v1/receipts/{receipt.code}", at)
    verify(page, receipt.code)
    exists(page)
    expect(page.locator(".timeline")).to_have_text(re.compile(r"Début du traitement.*23 juillet 2026 à 00:30 \(UTC"))


@pytest.mark.parametrize(
    "link",
    [
        "/verifier#{code}",
        "/v1/receipts/{code}",
        "/fr/verify#%23{code}&utm_source=mail",
    ],
)
def test_the_code_of_a_link_is_checked_at_once_and_leaves_the_address(
    visitors: Visitors, receipt: Issued, link: str
) -> None:
    page = visitors.tab(path=link.format(code=receipt.code))
    exists(page)
    expect(page.locator('[name="verification_code"]')).to_have_value(receipt.code)
    assert receipt.code not in page.url


def test_a_link_opened_in_the_open_page_is_checked_and_another_language_keeps_the_code(
    page: Page, receipt: Issued
) -> None:
    page.evaluate("code => { location.hash = code }", receipt.code)
    exists(page)
    page.locator('[data-language="ar"]').click()
    expect(page.get_by_role("heading", name="هذا الإشعار بالتوصل موجود")).to_be_focused()
    assert receipt.code not in page.url


def test_no_code_asks_for_one_and_a_code_of_no_receipt_accuses_nobody(page: Page, house: House) -> None:
    for typed in ("", " \u200f "):
        verify(page, typed)
        expect(page.get_by_text("Saisissez le code de vérification.")).to_be_visible()
        expect(page.locator('[name="verification_code"]')).to_be_focused()
    assert house.requests == []
    verify(page, "AAAA-AAAA-AAAA-AAAA")
    expect(page.get_by_role("alert")).to_contain_text("Aucun accusé de réception ne porte ce code")
    expect(page.locator("#verdict")).to_be_focused()


def test_a_service_that_fails_is_no_verdict_and_can_be_tried_again(page: Page, house: House, receipt: Issued) -> None:
    """A genuine receipt must never be called false because something else answered, nor an earlier verdict stay."""
    verify(page, receipt.code)
    exists(page)
    house.fail_next("GET /v1/receipts/{code}", status=404, foreign=True)
    verify(page, receipt.code)
    expect(page.locator("#problem")).to_contain_text("réessayez dans un instant")
    expect(page.locator("#verdict, #receipt")).to_have_count(0)
    house.fail_next("GET /v1/receipts/{code}", status=429, retry_after=1)
    page.locator('[data-action="retry"]').click()
    expect(page.locator("#problem")).to_contain_text("Attendez quelques secondes")
    page.locator('[data-action="retry"]').click()
    exists(page)


def test_a_receipt_is_genuine_by_itself_and_nothing_of_it_is_sent(page: Page, house: House, receipt: Issued) -> None:
    sent: list[tuple[str, str, str | None]] = []
    weights: list[int] = []
    page.on("request", lambda request: sent.append((request.method, request.url, request.post_data)))
    page.on("response", lambda answer: weights.append(len(answer.body())) if "/assets/" in answer.url else None)
    verify(page, receipt.code)
    exists(page)
    assert all(weight < 60_000 for weight in weights)
    choose(page, receipt.pdf, name="<img src=x onerror=alert(1)>\u202efdp.exe نسخة")
    result = verdict(page, "genuine")
    assert max(weights) > 200_000, "what verifies signatures is loaded with the first file"
    expect(result).to_contain_text("Ce fichier est authentique")
    expect(result).to_contain_text("<img src=x onerror=alert(1)>\ufffdfdp.exe نسخة")
    lines = found(page)
    for line in (
        "Fichier\u00a0: identique",
        "Relevé de dépôt dans le fichier\u00a0: identique",
        "Cachet\u00a0: valable. Il couvre tout le fichier.",
        "Auteur du cachet\u00a0: le service.",
        "Certificat\u00a0: valable au moment du cachet",
        "signée par le service",
    ):
        expect(lines).to_contain_text(line)
    expect(page.get_by_text("reconnue par l’État")).to_be_visible()
    assert all(asked.body == b"" and asked.method == "GET" for asked in house.requests)
    assert all(method == "GET" and body is None for method, _, body in sent)
    assert not any(digest(receipt.pdf) in url for _, url, _ in sent)


def test_an_altered_receipt_is_said_to_be_one(page: Page, receipt: Issued) -> None:
    for content in (altered(receipt.pdf), receipt.pdf[:30_000], receipt.pdf + b"\n%%EOF\n"):
        choose(page, content)
        result = verdict(page, "altered")
        expect(result).to_contain_text("Ce fichier a été modifié")
        expect(result).to_contain_text("Ne vous y fiez pas")
    verify(page, receipt.code)
    exists(page)
    choose(page, altered(receipt.pdf))
    verdict(page, "altered")


def test_the_right_code_with_another_file(page: Page, receipt: Issued, other: Issued) -> None:
    verify(page, receipt.code)
    exists(page)
    for content in (b"another file", b"%PDF-1.7\n%%EOF", receipts_to_check.page(record_in(receipt.pdf))):
        choose(page, content)
        expect(verdict(page, "other_file")).to_contain_text("Le code est bon, mais ce fichier n’est ni")
    choose(page, other.pdf)
    expect(verdict(page, "other_receipt")).to_contain_text(other.code)
    page.locator('[data-action="check-alone"]').click()
    verdict(page, "genuine")
    expect(page.locator("#receipt")).to_contain_text(other.number)


def test_anothers_code_in_a_forgery(page: Page, receipt: Issued) -> None:
    stolen = forged(verification_code=receipt.code)
    choose(page, receipts_to_check.page(stolen))
    expect(verdict(page, "other_code")).to_contain_text("Ce fichier porte le code d’un autre courrier")
    expect(found(page)).to_contain_text("Ce PDF ne porte pas de cachet")
    choose(page, sealed_by_a_forger(stolen))
    verdict(page, "other_code")
    expect(page.locator(".checks")).to_contain_text("Auteur du cachet\u00a0: un autre que le service")
    choose(page, receipts_to_check.page(forged(verification_code="AAAA-AAAA-AAAA-AAAA")))
    expect(verdict(page, "unknown_code")).to_contain_text("Aucun accusé de réception ne porte le code de ce fichier")


def test_a_receipt_with_its_attachments_and_then_others(page: Page, receipt: Issued, tmp_path: Path) -> None:
    choose(page, PLAN, receipt.pdf, b"not sent")
    expect(page.locator(".result")).to_have_count(3)
    verdicts = [each.get_attribute("data-verdict") for each in page.locator(".result").all()]
    assert verdicts == ["attachment", "genuine", "other_file"]
    expect(page.locator(".result").first).to_contain_text("identique à la pièce jointe 1")
    page.evaluate("() => { Blob.prototype.arrayBuffer = () => { throw new Error('a whole file was read') } }")
    large = tmp_path / "film.pdf"
    large.write_bytes(bytes(12 * 1024 * 1024))
    page.locator("#file").set_input_files(large)
    verdict(page, "other_file")


def test_a_copy_is_said_to_be_one_and_a_receipt_still_being_made_is_not_called_different(
    page: Page, house: House, receipt: Issued
) -> None:
    def copied(said: dict[str, object]) -> dict[str, object]:
        return said | {"receipt_sha256": "0" * 64, "versions": [], "copies": [digest(receipt.pdf)]}

    answer_otherwise(page, f"**/v1/receipts/{receipt.code}", copied)
    choose(page, receipt.pdf)
    expect(verdict(page, "genuine")).to_contain_text("une copie")
    house.chain.hold_receipts()
    pending = issued(house)
    verify(page, pending.code)
    exists(page)
    expect(page.locator("#digests")).to_contain_text("en préparation")
    choose(page, b"%PDF-1.7\n%%EOF")
    expect(verdict(page, "not_yet")).to_contain_text("Réessayez dans une minute")


def test_what_could_not_be_checked_is_said(page: Page, house: House, receipt: Issued) -> None:
    """Somebody on the way may change an answer: the signature under it tells."""
    house.fail_next("GET /.well-known/jwks.json", times=2)
    choose(page, receipt.pdf)
    verdict(page, "genuine")
    expect(found(page)).to_contain_text("Auteur du cachet\u00a0: non vérifié")
    expect(page.locator(".checks")).to_contain_text("sa signature n’a pas pu être vérifiée")
    answer_otherwise(page, f"**/v1/receipts/{receipt.code}", lambda said: said | {"number": "ANAM-2026-999999"})
    choose(page, receipt.pdf)
    verdict(page, "genuine")
    expect(page.locator(".checks")).to_contain_text("sa signature n’est pas celle du service")


def test_a_browser_that_cannot_verify_seals_compares_digests(visitors: Visitors, receipt: Issued) -> None:
    """It is old, or the part of the page that verifies seals does not arrive."""
    visitors.expect_complaint("Service Worker registration blocked")
    old = visitors.context().new_page()
    old.add_init_script("Object.defineProperty(window.crypto, 'subtle', {value: undefined})")
    old.goto(PAGE)
    choose(old, receipt.pdf)
    verdict(old, "genuine")
    expect(found(old)).to_contain_text("Ce navigateur ne sait pas vérifier les cachets")
    cut_off = visitors.tab(path=PAGE, service_workers="block")
    cut_off.route("**/assets/part-*", lambda route: route.abort())
    choose(cut_off, receipt.pdf)
    verdict(cut_off, "genuine")
    expect(found(cut_off)).to_contain_text("n’a pas pu être chargée")


def test_a_file_is_dropped_anywhere_on_the_page(page: Page, receipt: Issued) -> None:
    for place, name in (("#drop", "a.pdf"), ("h1", "b.pdf")):
        dropped = page.evaluate_handle(
            """([bytes, name]) => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array(bytes)], name, {type: "application/pdf"}));
                return data;
            }""",
            [list(receipt.pdf), name],
        )
        page.dispatch_event(place, "dragover", {"dataTransfer": dropped})
        page.dispatch_event(place, "drop", {"dataTransfer": dropped})
        expect(page.locator(".result")).to_contain_text(name)
        verdict(page, "genuine")


def test_installed_the_page_opens_without_a_network_and_checks_a_seal(visitors: Visitors, receipt: Issued) -> None:
    context = visitors.context()
    page = context.new_page()
    page.goto(PAGE)
    while not page.evaluate(KEPT_FOR_USE_WITHOUT_NETWORK):
        page.wait_for_timeout(100)
    context.set_offline(True)
    page.reload()
    choose(page, receipt.pdf, PLAN)
    result = verdict(page, "seal_holds")
    expect(result).to_contain_text("Le registre n’a pas été interrogé")
    expect(found(page)).to_contain_text("Auteur du cachet\u00a0: le service.")
    expect(page.locator(".result").nth(1)).to_have_attribute("data-verdict", "attachment")
    choose(page, altered(receipt.pdf))
    verdict(page, "altered")
    choose(page, sealed_by_a_forger(forged()))
    verdict(page, "seal_of_others")
    choose(page, receipt.pdf)
    verdict(page, "seal_holds")
    context.set_offline(False)
    page.locator('[data-action="retry"]').click()
    verdict(page, "genuine")
