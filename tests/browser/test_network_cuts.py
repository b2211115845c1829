"""The network is cut at each point of the wizard: nothing is lost, nothing doubled, and it is said in words."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.support.browsing.sending import LETTER, Codes, Wizard, photograph
from tests.support.browsing.visitors import Visitors
from tests.support.house.faults import STORAGE
from tests.support.house.house import House

START = "POST /v1/mails"
LETTER_PUT, SENDER_PUT = "PUT /v1/mails/{id}/letter", "PUT /v1/mails/{id}/sender"
ANNOUNCEMENT = "POST /v1/mails/{id}/attachments"
SUBMISSION = "POST /v1/mails/{id}/submission"
LONG: Final = 50
"""So many tries that the network is gone until a test brings it back."""
NETWORK_IS_GONE: Final = r"ERR_INTERNET_DISCONNECTED|ServiceWorker|net::ERR|fetching the script"
"""What Chromium itself says of a network that a test took away."""


@dataclass(frozen=True)
class Scene:
    """A sender with a letter of their own, and the service behind the pages."""

    page: Page
    house: House
    subject: str = field(default_factory=lambda: f"Demande {uuid.uuid4().hex}")
    photo: FilePayload = field(default_factory=photograph)

    @property
    def wizard(self) -> Wizard:
        return Wizard(self.page)

    def begin(self) -> Wizard:
        """The letter is written and the photograph chosen."""
        return self.wizard.open().write(LETTER | {"subject": self.subject}).attach(self.photo)

    def cut(self) -> None:
        """The device has no network."""
        self.page.context.set_offline(True)

    def join(self, *, reloads: bool) -> None:
        """The network is there again; the page hears of it by itself, or is loaded again."""
        self.page.context.set_offline(False)
        self.house.faults.forget()
        if reloads:
            self.page.reload()
            self.page.wait_for_selector("#page h1")

    def says(self, where: str, words: str) -> None:
        """The page says so, in a sentence."""
        expect(self.page.locator(where)).to_contain_text(words)

    def registered(self) -> list[dict[str, Any]]:
        """The mails of this letter that the organism received."""
        items = self.house.agent().list("?limit=100").json["items"]
        return [item for item in items if item["subject"] == self.subject]


def finish(scene: Scene) -> Codes:
    """Go on from wherever the page stands, until the number is shown."""
    wizard = scene.wizard
    step = scene.page.evaluate("location.hash") or "#write"
    if step == "#write":
        expect(scene.page.locator('[name="subject"]')).to_have_value(scene.subject)
        expect(scene.page.locator('[name="body"]')).to_have_value(LETTER["body"])
        wizard.press("next").at("contact")
    if step in {"#write", "#contact"}:
        wizard.identify().press("next").at("review")
    return wizard.codes() if step == "#receipt" else wizard.submit()


def before_the_first_letter(scene: Scene) -> None:
    scene.wizard.open()
    scene.cut()
    scene.wizard.write(LETTER | {"subject": scene.subject})
    scene.says('#saving[data-state="device-only"]', "gardé sur cet appareil")


def while_typing(scene: Scene) -> None:
    scene.begin().saved()
    body = scene.page.locator('[name="body"]')
    body.fill(LETTER["body"][:7])
    scene.wizard.saved()
    scene.cut()
    body.press("Control+End")
    body.press_sequentially(LETTER["body"][7:])
    scene.says('#saving[data-state="device-only"]', "gardé sur cet appareil")


def at_the_drafts_start(scene: Scene) -> None:
    """The server began a mail of which the page never heard: it stays empty, and ends by itself."""
    scene.house.fail_next(START, after=True, dropped=True, times=LONG)
    scene.begin()
    scene.says('#saving[data-state="device-only"]', "Nouvel essai automatique")


def in_the_letters_request(scene: Scene) -> None:
    scene.house.fail_next(LETTER_PUT, after=True, dropped=True, times=LONG)
    scene.begin()
    scene.says('#saving[data-state="device-only"]', "Nouvel essai automatique")


def in_the_announcement(scene: Scene) -> None:
    scene.house.fail_next(ANNOUNCEMENT, after=True, dropped=True, times=3)
    scene.begin()
    scene.says(".attach", "tout seul")


def in_the_upload(scene: Scene) -> None:
    scene.house.fail_next(STORAGE, dropped=True, times=3)
    scene.begin()
    scene.says(".attach", "tout seul")


def after_the_upload(scene: Scene) -> None:
    """Storage has the file, and the page does not know it."""
    scene.house.fail_next(STORAGE, after=True, dropped=True, times=3)
    scene.begin()
    scene.says(".attach", "tout seul")


def in_the_senders_request(scene: Scene) -> None:
    scene.begin().saved().press("next").at("contact")
    scene.house.fail_next(SENDER_PUT, after=True, dropped=True, times=LONG)
    scene.wizard.identify()
    scene.says('#saving[data-state="device-only"]', "Nouvel essai automatique")


def before_sending(scene: Scene) -> None:
    uploaded(scene).to_review()
    scene.cut()
    scene.wizard.press("submit")
    scene.says("#sending", "une seule fois")


def in_the_answer_to_sending(scene: Scene) -> None:
    uploaded(scene).to_review()
    scene.house.fail_next(SUBMISSION, after=True, dropped=True, times=LONG)
    scene.wizard.press("submit")
    scene.says("#sending", "une seule fois")


def while_the_receipt_is_made(scene: Scene) -> None:
    uploaded(scene).to_review()
    scene.house.chain.hold_receipts()
    scene.wizard.submit()
    scene.says("#receipt-making", "se prépare")
    scene.cut()
    scene.house.chain.let_receipts_go()
    scene.house.settle()


def at_the_receipts_link(scene: Scene) -> None:
    uploaded(scene).to_review().submit()
    expect(scene.page.locator('[data-action="receipt"]')).to_be_visible(timeout=20_000)
    scene.cut()
    scene.wizard.press("receipt")
    scene.says("main [role=alert]", "connexion")
    expect(scene.page.locator("#number")).to_be_visible()


def uploaded(scene: Scene) -> Wizard:
    """The letter is written, and the photograph is there."""
    wizard = scene.begin()
    expect(scene.page.locator(".attach .file-state")).to_contain_text("✓")
    return wizard.saved()


RETURN, RELOAD = False, True
CASES: Final[tuple[tuple[Callable[[Scene], None], bool], ...]] = (
    (before_the_first_letter, RETURN),
    (while_typing, RELOAD),
    (at_the_drafts_start, RELOAD),
    (in_the_letters_request, RETURN),
    (in_the_announcement, RELOAD),
    (in_the_upload, RETURN),
    (after_the_upload, RETURN),
    (after_the_upload, RELOAD),
    (in_the_senders_request, RELOAD),
    (before_sending, RETURN),
    (in_the_answer_to_sending, RETURN),
    (in_the_answer_to_sending, RELOAD),
    (while_the_receipt_is_made, RELOAD),
    (at_the_receipts_link, RETURN),
)
"""Twelve points, and what follows: the network's return alone, or the page loaded again with it."""
BEFORE_THE_FILE: Final = {before_the_first_letter}
WHILE_SENDING: Final = {before_sending, in_the_answer_to_sending}


@pytest.mark.complaint(3)
@pytest.mark.complaint(4)
@pytest.mark.complaint(15)
@pytest.mark.parametrize(
    ("point", "reloads"), CASES, ids=lambda case: getattr(case, "__name__", "reload" if case else "return")
)
def test_a_cut_loses_nothing_and_doubles_nothing(
    visitors: Visitors, house: House, point: Callable[[Scene], None], *, reloads: bool
) -> None:
    """What becomes of a letter must not hang on the second in which a train enters a tunnel."""
    visitors.expect_complaint(NETWORK_IS_GONE)
    scene = Scene(visitors.tab("fr"), house)
    point(scene)
    scene.join(reloads=reloads)
    if point in BEFORE_THE_FILE:
        scene.wizard.attach(scene.photo)
    elif reloads and "#write" in (scene.page.evaluate("location.hash") or "#write"):
        choose_again_where_asked(scene)
    sends_by_itself = point in WHILE_SENDING and not reloads
    codes = scene.wizard.codes() if sends_by_itself else finish(scene)
    assert scene.wizard.receipt().startswith(b"%PDF-")
    house.settle()
    (entry,) = scene.registered()
    assert entry["number"] == codes.number
    mail = house.agent().open(codes.number).json
    assert [each["file_name"] for each in mail["attachments"]] == [scene.photo["name"]]
    assert mail["letter"]["body"] == LETTER["body"]


def choose_again_where_asked(scene: Scene) -> None:
    """A file that had not arrived when the page was loaded again is named, and chosen again."""
    row = scene.page.locator(".attach .files li")
    expect(row).to_have_count(1)
    expect(row.locator("p").nth(1)).not_to_be_empty()
    if "choisissez" in row.inner_text().lower():
        scene.wizard.attach(scene.photo)
        expect(row).to_have_count(1)
