"""The preview of a sender's file: kind files are shown, hostile ones do nothing, and the desk outlives all of them."""

import time
from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Dialog, Error, Frame, Page, expect

from infra.paths import ROOT
from tests.support.browsing.desk import COOKIES, sign_in
from tests.support.browsing.followed import Followed, asked, sent
from tests.support.browsing.visitors import DESKTOP, Visitors
from tests.support.house.house import House
from tests.support.samples import previewed_files as files

pytestmark = pytest.mark.desk

COLOUR: Final = """canvas => {
    const copy = document.createElement("canvas");
    Object.assign(copy, {width: canvas.width, height: canvas.height});
    const drawn = copy.getContext("2d");
    drawn.drawImage(canvas, 0, 0);
    return [...drawn.getImageData(copy.width / 2, copy.height / 2, 1, 1).data].slice(0, 3);
}"""
"""The colour in the middle of what is drawn."""
TOO_LARGE: Final = "trop grand"
SAMPLES: Final = ROOT / "tests" / "files"
UNREADABLE: Final = "ne peut pas être montré"
DIED: Final = "s’est arrêté"


@pytest.fixture
def desk(visitors: Visitors) -> Page:
    """A desktop in French."""
    visitors.expect_complaint(COOKIES)
    return visitors.tab("fr", device=DESKTOP)


def opened(desk: Page, house: House, name: str, content: bytes) -> Followed:
    """A mail with this file, whose preview was pressed."""
    followed = sent(house, file_name=name, content=content)
    sign_in(desk, path=followed.number)
    desk.click('[data-action="preview"]')
    return followed


def frame_of(desk: Page) -> Frame:
    """The preview's frame."""
    handle = desk.wait_for_selector(".preview iframe")
    assert handle is not None
    frame = handle.content_frame()
    assert frame is not None
    return frame


def shown(desk: Page, page: str) -> None:
    """Wait until a page is shown."""
    expect(desk.locator("#preview-page")).to_contain_text(page)


def drawn(desk: Page, wanted: tuple[int, int, int]) -> None:
    """Wait until the middle of the drawing has about this colour: JPEG and colour spaces round."""
    found: list[int] = []
    for _ in range(100):
        found = frame_of(desk).locator("canvas").evaluate(COLOUR)
        if all(abs(one - other) <= 6 for one, other in zip(found, wanted, strict=True)):
            return
        desk.wait_for_timeout(50)
    raise AssertionError(found)


def lives(desk: Page) -> None:
    """The desk answers a press at once."""
    began = time.monotonic()
    desk.click('[data-action="answer"]')
    expect(desk.locator("#message")).to_be_focused()
    assert time.monotonic() - began < 5


def test_a_pdf_is_shown_page_by_page_and_enlarged(desk: Page, house: House) -> None:
    opened(desk, house, "plan.pdf", files.TWO_PAGES)
    shown(desk, "Page 1 sur 2")
    drawn(desk, files.RED)
    desk.click('[data-action="preview-next"]')
    shown(desk, "Page 2 sur 2")
    expect(desk.locator('[data-action="preview-next"]')).to_have_attribute("aria-disabled", "true")
    drawn(desk, files.GREEN)
    before = frame_of(desk).locator("canvas").evaluate("canvas => canvas.width")
    desk.click('[data-action="preview-larger"]')
    shown(desk, "150")
    frame_of(desk).wait_for_function("before => document.querySelector('canvas').width > before", arg=before)
    desk.click('[data-action="preview-previous"]')
    shown(desk, "Page 1 sur 2")
    drawn(desk, files.RED)


@pytest.mark.parametrize(("name", "form"), [("photo.jpg", "JPEG"), ("plan.png", "PNG")])
def test_a_picture_is_shown(desk: Page, house: House, name: str, form: str) -> None:
    opened(desk, house, name, files.photograph(form=form))
    shown(desk, "Page 1 sur 1")
    drawn(desk, files.GREEN)
    expect(desk.locator('[data-action="preview-next"]')).to_have_count(0)


def test_a_pdf_that_holds_scripts_is_shown_and_they_do_nothing(desk: Page, house: House) -> None:
    """A dialog, a request or a new window would be seen: the fixture `visitors` fails for a foreign request."""
    seen: list[object] = []

    def note(opened_by_script: Dialog | Page) -> None:
        seen.append(opened_by_script)

    desk.on("dialog", note)
    desk.on("popup", note)
    opened(desk, house, "plan.pdf", files.WITH_SCRIPT)
    shown(desk, "Page 1 sur 1")
    drawn(desk, files.RED)
    desk.click('[data-action="preview-close"]')
    desk.wait_for_timeout(300)
    assert seen == []


def test_ten_thousand_pages_are_open_at_once_and_drawn_one_by_one(desk: Page, house: House) -> None:
    opened(desk, house, "plan.pdf", files.many_pages())
    shown(desk, f"Page 1 sur {files.MANY_PAGES}")
    drawn(desk, files.RED)
    assert frame_of(desk).locator("canvas").count() == 1
    desk.click('[data-action="preview-next"]')
    shown(desk, f"Page 2 sur {files.MANY_PAGES}")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        pytest.param("plan.png", files.huge_png, TOO_LARGE, id="picture"),
        pytest.param("plan.pdf", lambda: files.TWO_PAGES[:300].replace(b"/Pages", b"/Wages"), UNREADABLE, id="broken"),
        pytest.param("plan.pdf", lambda: SAMPLES.joinpath("protected.pdf").read_bytes(), UNREADABLE, id="protected"),
        pytest.param("photo.jpg", lambda: files.photograph()[:40], UNREADABLE, id="torn"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(
    desk: Page, house: House, name: str, content: Callable[[], bytes], words: str
) -> None:
    opened(desk, house, name, content())
    expect(desk.locator("#preview-ended")).to_contain_text(words)
    expect(desk.locator(".preview iframe")).to_have_count(0)
    lives(desk)


@pytest.mark.parametrize("content", [files.swollen, files.huge_picture_in_pdf], ids=["swollen", "picture"])
def test_a_bomb_that_can_be_taken_apart_is_shown_without_it(
    desk: Page, house: House, content: Callable[[], bytes]
) -> None:
    opened(desk, house, "plan.pdf", content())
    shown(desk, "Page 1 sur 1")
    drawn(desk, files.RED)
    lives(desk)


def test_a_bomb_that_never_ends_loses_its_frame_and_the_desk_lives(desk: Page, house: House) -> None:
    desk.clock.install()
    opened(desk, house, "plan.pdf", files.endless())
    desk.wait_for_event("worker")
    expect(frame_of(desk).locator("canvas[aria-label*='page 1']")).to_have_count(1)
    desk.clock.run_for(10_000)
    expect(desk.locator(".preview iframe")).to_have_count(1)
    lives(desk)
    for _ in range(12):  # as seconds pass: the frame answers pings, since its engine works apart
        desk.clock.run_for(1_000)
    expect(desk.locator("#preview-ended")).to_contain_text(DIED)
    expect(desk.locator(".preview iframe")).to_have_count(0)
    assert desk.frames == [desk.main_frame]


def test_a_frame_that_hangs_is_removed_although_nothing_is_due(desk: Page, house: House) -> None:
    desk.clock.install()
    opened(desk, house, "plan.pdf", files.TWO_PAGES)
    shown(desk, "Page 1 sur 2")
    with pytest.raises(Error):
        frame_of(desk).evaluate("() => { MessagePort.prototype.postMessage = () => undefined; throw new Error(); }")
    for _ in range(7):
        desk.clock.run_for(1_000)
    expect(desk.locator("#preview-ended")).to_contain_text(DIED)


REACHES: Final = """async () => {
    const tries = {
        cookie: () => document.cookie,
        localStorage: () => localStorage.length,
        indexedDB: () => new Promise((done, fail) => {
            const asked = indexedDB.open("x");
            asked.onsuccess = done;
            asked.onerror = fail;
        }),
        parent: () => parent.document.title,
        address: () => parent.location.href,
        top: () => { top.location.href = "/fr/"; },
        api: () => fetch("/v1/session"),
        elsewhere: () => fetch("https://evil.example/"),
        popup: () => { if (!open("https://evil.example/")) throw new Error("no window"); },
        inline: () => { const made = document.createElement("script"); made.textContent = "globalThis.ran = 1";
            document.body.append(made); if (!globalThis.ran) throw new Error("did not run"); },
    };
    const reached = [];
    for (const [name, attempt] of Object.entries(tries)) {
        try { await attempt(); reached.push(name); } catch { /* as it should be */ }
    }
    return [window.origin, reached];
}"""
"""What a file that took the frame over would try."""


def test_what_takes_the_frame_over_reaches_nothing(desk: Page, visitors: Visitors, house: House) -> None:
    for refusal in ("policy", "Policy", "sandboxed", "Unsafe attempt", "TrustedScript", "trusted", "Trusted"):
        visitors.expect_complaint(refusal)
    followed = opened(desk, house, "plan.pdf", files.TWO_PAGES)
    shown(desk, "Page 1 sur 2")
    house.requests.clear()
    assert frame_of(desk).evaluate(REACHES) == ["null", []]
    assert [asked.place for asked in house.requests if followed.number not in asked.place] == []
    assert desk.url.endswith(followed.number)


def test_messages_from_elsewhere_are_not_heard(desk: Page, house: House) -> None:
    """Before the file comes, and after: the frame hears the desk alone, and the desk its port alone."""
    followed = sent(house, file_name="plan.pdf", content=files.TWO_PAGES)
    sign_in(desk, path=followed.number)
    house.delay_next(f"GET /v1/inbox/{followed.number}/attachments/{followed.attached[0]}", 2)
    desk.click('[data-action="preview"]')
    frame = frame_of(desk)
    frame.wait_for_selector("canvas", state="attached")
    frame.wait_for_load_state()
    forged = """() => {
        const {port2} = new MessageChannel();
        const held = {kind: "open", engine: "postMessage({kind: 'opened', pages: 99})", bytes: new ArrayBuffer(1)};
        postMessage(held, "*", [port2]);
        parent.postMessage({kind: "opened", pages: 99}, "*");
        parent.postMessage({kind: "refused", reason: "unreadable"}, "*");
    }"""
    frame.evaluate(forged)
    shown(desk, "Page 1 sur 2")
    frame.evaluate(forged)
    desk.wait_for_timeout(200)
    shown(desk, "Page 1 sur 2")
    drawn(desk, files.RED)


def test_a_file_that_nobody_could_check_is_shown_after_the_warning(desk: Page, house: House) -> None:
    followed = sent(house, file_name="plan.pdf", content=files.TWO_PAGES, check="unreadable")
    sign_in(desk, path=followed.number)
    place = f"GET /v1/inbox/{followed.number}/attachments/{followed.attached[0]}"
    desk.click('[data-action="preview"]')
    expect(desk.locator('[data-action="preview-anyway"]')).to_be_focused()
    expect(desk.locator(".preview iframe")).to_have_count(0)
    assert asked(house, place) == 0
    desk.keyboard.press("Enter")
    shown(desk, "Page 1 sur 2")
    assert asked(house, place) == 1


@pytest.mark.parametrize(("name", "check"), [("plan.pdf", "infected"), ("plan.pdf", None), ("plan.txt", "clean")])
def test_a_blocked_file_and_one_of_another_type_have_no_preview(
    desk: Page, house: House, name: str, check: str | None
) -> None:
    followed = sent(house, file_name=name, content=b"plain text" if name == "plan.txt" else None, check=check)
    sign_in(desk, path=followed.number)
    expect(desk.locator(f'[data-file="{followed.attached[0]}"]')).to_be_visible()
    expect(desk.locator('[data-action="preview"]')).to_have_count(0)


def test_it_is_opened_and_closed_by_keyboard(desk: Page, house: House) -> None:
    followed = sent(house, file_name="plan.pdf", content=files.TWO_PAGES)
    sign_in(desk, path=followed.number)
    button = desk.locator('[data-action="preview"]')
    button.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#preview-title")).to_be_focused()
    shown(desk, "Page 1 sur 2")
    desk.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(desk.locator(".preview")).to_have_count(0)
    desk.keyboard.press("Enter")
    shown(desk, "Page 1 sur 2")
    frame_of(desk).locator("main").focus()
    desk.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_storage_that_does_not_answer_is_said(desk: Page, house: House) -> None:
    desk.route(f"{house.storage_url}/**", lambda route: route.abort())
    opened(desk, house, "plan.pdf", files.TWO_PAGES)
    expect(desk.locator("#preview-ended")).to_be_visible()
    lives(desk)
