"""The README's picture of the wizard: `make pictures` takes it anew.

A browser the size of a phone goes the whole way in Arabic, with a photographed document, on the running service. Look
at the picture before it is committed. The README's receipt is drawn by `receipt_cases.py`; a test holds it to the code.
"""

import io
import sys
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, FilePayload, ViewportSize, expect, sync_playwright

from infra.local.samples import LETTER, a_jpeg
from infra.paths import ROOT
from tests.support.house.house import House, open_house
from tests.support.pages.writer import Writer
from tests.support.programs.chromium import find_chromium

WIZARD: Final = ROOT / "docs" / "pictures" / "wizard-arabic.webp"

_PHONE: Final[ViewportSize] = {"width": 390, "height": 780}
_GAP: Final = 24


def take(browser: Browser, house: House) -> Image.Image:
    """Send a mail as a person does; return three views of the way."""
    context = browser.new_context(
        viewport=_PHONE,
        locale="ar-MA",
        color_scheme="light",
        ignore_https_errors=True,
        is_mobile=True,
        has_touch=True,
    )
    writer = Writer.opened(context.new_page(), house, "/ar/")
    page = writer.page
    page.fill("[name=q]", "التأمين")
    expect(page.locator('[data-organism="anam"]')).to_be_visible(timeout=60_000)
    shots = [page.screenshot()]
    page.click('[data-organism="anam"]')
    page.wait_for_selector("[name=kind]")
    writer.letter("طلب شهادة التغطية الصحية", LETTER["body"].partition("\n\nMadame")[0])
    photo: FilePayload = {"name": "بطاقة.jpg", "mimeType": "image/jpeg", "buffer": a_jpeg().content}
    page.set_input_files("#files", [photo])
    writer.saved()
    page.evaluate("document.querySelector('[name=subject]').scrollIntoView({ block: 'start' })")
    shots.append(page.screenshot())
    writer.press("next").at("contact").contact(first_name="فاطمة الزهراء", last_name="العمراني")
    writer.press("next").at("review").press("submit")
    expect(page.locator('[data-action="receipt"]')).to_be_visible(timeout=60_000)
    page.evaluate("scrollTo(0, 0)")
    shots.append(page.screenshot())
    context.close()
    return _beside_each_other(shots[::-1])  # the first step stands on the right, where Arabic begins


def _beside_each_other(shots: list[bytes]) -> Image.Image:
    views = [Image.open(io.BytesIO(each)).convert("RGB") for each in shots]
    whole = Image.new("RGB", (sum(each.width + _GAP for each in views) + _GAP, views[0].height + 2 * _GAP), "#d5dcd8")
    for at, view in enumerate(views):
        whole.paste(view, (_GAP + at * (view.width + _GAP), _GAP))
    return whole


def main() -> int:
    """Take the picture."""
    with open_house() as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
        picture = take(browser, house)
        browser.close()
    WIZARD.parent.mkdir(exist_ok=True)
    picture.save(WIZARD, quality=75, method=6)
    sys.stdout.write(f"{WIZARD.relative_to(ROOT)}: {WIZARD.stat().st_size / 1000:.0f} KB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
