"""The whole wizard by keyboard alone, on a phone's screen and on a wide one."""

import time
from dataclasses import dataclass, field
from typing import Final

import pytest
from playwright.sync_api import FileChooser, Page, expect

from tests.support.browsing.sending import LETTER, SENDERS, photograph
from tests.support.browsing.visitors import DESKTOP, PHONE, Device, Language, Visitors

FOCUSED: Final = """() => {
    const element = document.activeElement;
    const box = element.getBoundingClientRect();
    const line = document.getElementById("saving");
    const cover = line && !line.contains(element) ? line.getBoundingClientRect() : null;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    const words = element.getAttribute("name") ?? element.textContent.trim().slice(0, 40);
    const name = `${element.localName}#${element.id}[${words}]`;
    const reaches = Math.min(box.bottom, box.top + 60);
    return {
        name,
        top: box.top + scrollY,
        isInMain: element.closest("main") !== null,
        isMarked: (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none",
        isSeen: box.top >= -1 && reaches <= innerHeight + 1,
        isCovered: cover !== null && box.top < cover.bottom && reaches > cover.top + 1,
    };
}"""
"""The focused element: of a text area the first lines count."""


@dataclass
class Keyboard:
    """Goes through a page by keys, and looks at the focus after each press of Tab."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def press(self, key: str) -> None:
        """Press a key where the focus is."""
        self.page.keyboard.press(key)

    def tab_to(self, selector: str, *, back: bool = False, most: int = 60) -> None:
        """Press Tab until this has the focus."""
        before = -1.0
        for _ in range(most):
            self.press("Shift+Tab" if back else "Tab")
            focused = self.page.evaluate(FOCUSED)
            name = focused["name"]
            if not focused["isMarked"]:
                self.faults.append(f"no mark: {name}")
            if not focused["isSeen"]:
                self.faults.append(f"out of sight: {name}")
            if focused["isCovered"]:
                self.faults.append(f"behind the saving line: {name}")
            if focused["isInMain"] and not back:
                if focused["top"] < before - 40:
                    self.faults.append(f"out of order: {name}")
                before = focused["top"]
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"Tab does not reach {selector}")

    def type_in(self, name: str, text: str) -> None:
        """Go to a field and type."""
        self.tab_to(f'[name="{name}"]')
        self.page.keyboard.insert_text(text)

    def at(self, step: str) -> None:
        """A step is shown, and its heading has the focus."""
        self.page.wait_for_url(f"**#{step}")
        expect(self.page.locator("h1")).to_be_focused()


@pytest.mark.complaint(29)
@pytest.mark.parametrize(
    ("device", "language", "words"),
    [(PHONE, "ar", "التأمين الصحي"), (DESKTOP, "fr", "assurance maladie")],
    ids=["phone-ar", "desktop-fr"],
)
def test_a_mail_is_sent_by_keyboard_alone(visitors: Visitors, device: Device, language: Language, words: str) -> None:
    """Who uses no pointer reaches everything, in order, always sees where the focus is, and is brought to each step."""
    page = visitors.tab(language, f"/{language}/", device=device)
    page.wait_for_selector('[name="q"]')
    keys = Keyboard(page)
    keys.type_in("q", words)
    expect(page.locator("#page section .quiet")).to_be_visible()
    expect(page.locator('#page section[aria-busy="false"] [data-organism="anam"]')).to_be_visible()
    keys.tab_to('[data-organism="anam"]')
    keys.press("Enter")
    page.wait_for_selector('[name="subject"]')
    expect(page.locator("h1")).to_be_focused()
    _letter(keys)
    keys.tab_to('[data-action="next"]')
    keys.press("Enter")
    keys.at("contact")
    keys.tab_to('[name="sender_kind"]')
    keys.press("Space")
    for name in ("last_name", "email"):
        keys.type_in(name, SENDERS["citizen"][name])
    keys.press("Enter")  # in a field, as forms do
    keys.at("review")
    keys.tab_to('[data-action="back"]')
    keys.tab_to('[data-action="submit"]', back=True)
    keys.press("Space")
    page.wait_for_selector("#number")
    keys.at("receipt")
    expect(page.locator('[data-action="receipt"]')).to_be_visible(timeout=20_000)
    keys.tab_to('[data-action="receipt"]')
    keys.tab_to('[data-action="another"]')
    assert keys.faults == []


def _letter(keys: Keyboard) -> None:
    page = keys.page
    # Watched from the start: a chooser that opens before Playwright watches is none to it, and nothing shows it.
    choosers: list[FileChooser] = []
    page.on("filechooser", lambda chooser: choosers.append(chooser))  # noqa: PLW0108 - Playwright marks what it calls
    keys.tab_to('[name="kind"]')
    keys.press("Space")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    expect(page.locator('[name="kind"][value="request"]')).to_be_checked()
    keys.type_in("subject", LETTER["subject"])
    keys.type_in("body", LETTER["body"])
    keys.tab_to('[data-action="add-file"]')
    keys.press("Enter")
    until_opened = time.monotonic() + 30
    while not choosers and time.monotonic() < until_opened:
        page.wait_for_timeout(50)
    (chooser,) = choosers
    chooser.set_files([photograph()])
    expect(page.locator(".attach .file-state")).to_contain_text("✓")
    keys.type_in("dated.day", "2")
    keys.tab_to('[name="dated.month"]')
    keys.press("ArrowDown")
    expect(page.locator('[name="dated.month"]')).to_have_value("1")
    keys.type_in("dated.year", "2026")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_what_is_missing_takes_the_focus_and_leads_to_its_field(visitors: Visitors, language: Language) -> None:
    """A fault that only eyes find holds up whoever hears the page."""
    page = visitors.tab(language, f"/{language}/anam")
    page.wait_for_selector('[name="subject"]')
    keys = Keyboard(page)
    keys.tab_to('[data-action="next"]')
    keys.press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    for field_name in ("kind", "subject"):
        keys.tab_to(f'#errors a[href="#{field_name}"]')
        keys.press("Enter")
        expect(page.locator(f"#{field_name}")).to_be_focused()
        page.locator("#errors").focus()
    assert keys.faults == []
