"""A sender at the wizard: drives it by the hooks that `site.md` fixes, so that it does so in every language."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

SENDERS: Final[dict[str, dict[str, str]]] = {
    "citizen": {
        "first_name": "Fatima-Zahra",
        "last_name": "Aït Ben Haddou",
        "email": "fatima@exemple.ma",
        "phone": "٠٦ ١٢ ٣٤ ٥٦ ٧٨",
        "address": "12, rue des Orangers\nRabat",
    },
    "enterprise": {
        "legal_name": "شركة الأطلس Atlas SARL",
        "ice": "001531097000035",
        "trade_register.number": "12345",
        "trade_register.court": "Casablanca",
        "contact_name": "Driss El Fassi",
        "email": "driss@atlas.ma",
    },
    "administration": {
        "name": "جماعة إفران",
        "service": "État civil",
        "contact_name": "Salma Idrissi",
        "email": "salma@ifrane.ma",
    },
    "association": {
        "name": "Association Amal أمل",
        "declaration_number": "12/2020",
        "contact_name": "Youssef Naciri",
        "email": "youssef@amal.ma",
    },
}
"""What each kind of sender gives, by the field's name."""
LETTER: Final = {
    "kind": "request",
    "subject": "Demande d’attestation رقم 45/2026",
    "body": "Bonjour,\nأرجو موافاتي بالشهادة.\nMerci.",
}


@dataclass(frozen=True)
class Codes:
    """What a sender keeps of a sent mail."""

    number: str
    follow_up_code: str
    verification_code: str


def photograph(name: str = "صورة é (1).jpg", side: int = 200) -> FilePayload:
    """A picture such as a camera takes."""
    held = BytesIO()
    Image.radial_gradient("L").resize((side, side)).convert("RGB").save(held, "JPEG", quality=85)
    return {"name": name, "mimeType": "image/jpeg", "buffer": held.getvalue()}


def fill(page: Page, fields: Mapping[str, str]) -> None:
    """Fill in fields by their names, whatever they are: texts, choices, lists and ticks."""
    for name, value in fields.items():
        control = page.locator(f'[name="{name}"]')
        match control.first.evaluate("control => control.type"):
            case "radio":
                page.locator(f'[name="{name}"][value="{value}"]').check()
            case "checkbox":
                control.set_checked(value == "true")
            case "select-one":
                control.select_option(value)
            case _:
                control.fill(value)


@dataclass(frozen=True)
class Wizard:
    """The wizard in one tab."""

    page: Page

    def open(self, path: str = "/fr/anam") -> "Wizard":
        """Open an organism's desk, and wait for the letter's first field."""
        self.page.goto(path)
        self.page.wait_for_selector('[name="subject"]')
        return self

    def choose(self, language: str, words: str, organism_id: str) -> "Wizard":
        """Search for a desk, and press its link among what was found."""
        self.page.goto(f"/{language}/")
        self.page.wait_for_selector('[name="q"]')
        self.page.locator('[name="q"]').fill(words)
        self.page.locator(f'#page [data-organism="{organism_id}"]').first.click()
        self.page.wait_for_selector('[name="subject"]')
        return self

    def write(self, letter: Mapping[str, str] = LETTER) -> "Wizard":
        """Fill in the letter."""
        fill(self.page, letter)
        return self

    def attach(self, *files: FilePayload) -> "Wizard":
        """Choose files, which are sent at once."""
        self.page.set_input_files("#files", files)
        return self

    def identify(self, kind: str = "citizen", fields: Mapping[str, str] | None = None) -> "Wizard":
        """Say who sends; without fields, those of `SENDERS`."""
        fill(self.page, {"sender_kind": kind} | dict(SENDERS[kind] if fields is None else fields))
        return self

    def press(self, action: str) -> "Wizard":
        """Press a step's own action."""
        self.page.locator(f'[data-action="{action}"]').click()
        return self

    def at(self, step: str) -> "Wizard":
        """Wait until a step is shown."""
        self.page.wait_for_url(f"**#{step}")
        return self

    def saved(self) -> "Wizard":
        """Wait until the server has all that was typed."""
        expect(self.page.locator('#saving[data-state="saved"]')).to_be_visible()
        return self

    def to_review(self, kind: str = "citizen") -> "Wizard":
        """From the letter, which is written, to the last look."""
        self.press("next").at("contact").identify(kind).press("next").at("review")
        self.page.wait_for_selector('[data-action="submit"]')
        return self

    def submit(self, milliseconds: float = 30_000) -> Codes:
        """Send, and read what is shown."""
        self.press("submit")
        return self.codes(milliseconds)

    def codes(self, milliseconds: float = 30_000) -> Codes:
        """The codes, once they are shown."""
        self.page.wait_for_selector("#number", timeout=milliseconds)
        return Codes(
            *(self.page.locator(f"#{each}").inner_text() for each in ("number", "follow_up_code", "verification_code"))
        )

    def receipt(self) -> bytes:
        """The PDF, once its link is there."""
        with self.page.expect_download() as downloading:
            self.press("receipt")
        return downloading.value.path().read_bytes()
