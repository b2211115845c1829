"""The verification page reads QR codes: in a photo, and by the camera, which runs only while it is looked through."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ARGUMENTS
from tests.support.browsing.receipts import Issued, blank, kept, qr
from tests.support.browsing.visitors import Visitors, trusting
from tests.support.browsing.visitors import visitors as of_a_test
from tests.support.house.house import House
from tests.support.programs.chromium import find_chromium

ROOT = Path(__file__).parents[2]
PAGE = "/fr/verify"


@pytest.fixture(scope="module")
def receipt(house: House) -> Iterator[Issued]:
    yield from kept(house)


@pytest.fixture
def page(visitors: Visitors) -> Page:
    return visitors.tab(path=PAGE)


def photo(page: Page, content: bytes, *, kind: str = "image/png") -> None:
    page.locator("#photo").set_input_files({"name": "photo", "mimeType": kind, "buffer": content})


def asked_of_the_api(house: House) -> list[str]:
    """Requests, but for the service's public keys, which the page keeps for use without a network."""
    return [asked.place for asked in house.requests if "/.well-known/" not in asked.place]


def exists(page: Page) -> None:
    expect(page.get_by_role("heading", name="Cet accusé de réception existe")).to_be_focused()


def test_the_qr_in_a_photo_is_checked_and_the_photo_stays(page: Page, house: House, receipt: Issued) -> None:
    photo(page, qr(f"{house.url}/v1/receipts/{receipt.code}"))
    exists(page)
    assert all(asked.method == "GET" and asked.body == b"" for asked in house.requests)


def test_a_receipt_chosen_as_a_photo_is_checked_as_the_file_that_it_is(
    page: Page, house: House, receipt: Issued
) -> None:
    photo(page, receipt.pdf, kind="application/pdf")
    expect(page.locator(".result")).to_have_attribute("data-verdict", "genuine")
    assert all(asked.method == "GET" and asked.body == b"" for asked in house.requests)


def test_another_qr_is_explained_and_its_secret_goes_nowhere(page: Page, house: House) -> None:
    for content, words in (
        ("https://bod.example.org/suivi#ANAM-2026-000001/7Q2M-4C9T-XV3E-8KHA", "ne le montrez à personne"),
        ("https://elsewhere.example/menu", "n’est pas celui d’un accusé"),
    ):
        photo(page, qr(content))
        expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    photo(page, blank())
    expect(page.get_by_role("alert").filter(has_text="Aucun code QR")).to_be_visible()
    photo(page, b"no picture", kind="image/jpeg")
    expect(page.get_by_role("alert").filter(has_text="ne peut pas être lue")).to_be_visible()
    assert asked_of_the_api(house) == []


def test_a_scan_of_a_printed_receipt_is_read_by_its_qr(page: Page, house: House) -> None:
    """It is chosen as a file: nothing is there to compare it with, and the QR is a small part of the sheet."""
    scan = (ROOT / "tests" / "golden" / "receipt-french-1.png").read_bytes()
    page.locator("#file").set_input_files({"name": "scan.png", "mimeType": "image/png", "buffer": scan})
    expect(page.get_by_text("Aucun accusé de réception ne porte ce code")).to_be_visible()
    assert [place.rpartition("/")[0] for place in asked_of_the_api(house)] == ["GET /v1/receipts"]


def test_the_browsers_own_detector_is_used_where_there_is_one(visitors: Visitors, receipt: Issued) -> None:
    page = visitors.context().new_page()
    page.add_init_script(
        "window.BarcodeDetector = class { static getSupportedFormats() { return Promise.resolve(['qr_code']) }"
        f" detect() {{ return Promise.resolve([{{rawValue: {json.dumps(receipt.code)}}}]) }} }}"
    )
    page.goto(PAGE)
    photo(page, blank())
    exists(page)


def test_a_camera_that_may_not_be_used_is_explained(page: Page) -> None:
    page.locator('[data-action="scan"]').click()
    expect(page.get_by_role("alert").filter(has_text="appareil photo")).to_be_visible()
    expect(page.locator("#camera")).to_have_count(0)


@pytest.fixture
def looking(house: House, receipt: Issued, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page of a browser whose camera sees the receipt's QR code."""
    sheet = Image.new("RGB", (640, 480), "white")
    code = tmp_path / "qr.png"
    code.write_bytes(qr(f"{house.url}/v1/receipts/{receipt.code}"))
    with Image.open(code) as drawn:
        sheet.paste(drawn.convert("RGB").resize((330, 330)), (150, 70))
    seen = tmp_path / "seen.mjpeg"
    sheet.save(seen, "jpeg", quality=92)
    started = browser.browser_type.launch(
        executable_path=find_chromium(),
        args=[
            *ARGUMENTS,
            trusting(house.tls),
            "--use-fake-device-for-media-stream",
            # the headless shell knows no other way to let a page use a camera
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={seen}",
        ],
    )
    with of_a_test(started, site=house.url, storage=house.storage_url) as made:
        yield made.tab(path=PAGE, permissions=["camera"])
    started.close()


def test_the_camera_reads_the_code_and_stops(looking: Page) -> None:
    looking.evaluate(
        """() => {
            const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            window.streams = [];
            navigator.mediaDevices.getUserMedia = async wishes => {
                const stream = await real(wishes);
                window.streams.push(stream);
                return stream;
            };
        }"""
    )
    assert looking.evaluate("window.streams.length") == 0
    looking.locator('[data-action="scan"]').click()
    exists(looking)
    expect(looking.locator("#camera")).to_have_count(0)
    states = "window.streams.flatMap(stream => stream.getTracks()).map(track => track.readyState)"
    assert looking.evaluate(states) == ["ended"]
