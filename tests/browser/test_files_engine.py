"""The files engine where only a browser shows it: worker, policy, real requests to storage, pictures.

A harness puts the engine into a page of the site, without a view; worker, policy, API and storage are the house's.
"""

import base64
import hashlib
import io
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page

from infra.paths import ROOT
from infra.site.bundles import BROWSERS
from tests.support.browsing.lending import Lent
from tests.support.house.faults import STORAGE
from tests.support.house.house import House
from tests.support.inspection.examined import kind
from tests.support.samples.files_of_each_type import HONEST, sample

SOURCE: Final = "site/tests/files-harness.ts"
ANNOUNCEMENT: Final = "POST /v1/mails/{id}/attachments"
PDF: Final = HONEST["pdf"]


START_ENGINE: Final = """async () => {
    await import("/assets/harness.js");
    const page = await (await fetch("/fr/")).text();
    engine.usePageData(JSON.parse(/id="page-data">(.*?)<\\/script>/s.exec(page)[1]));
    await engine.laterWords();
}"""


@pytest.fixture(scope="session")
def harness(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script that puts the engine into a page."""
    made = tmp_path_factory.mktemp("harness") / "harness.js"
    arguments = [SOURCE, "--bundle", "--format=esm", f"--target={BROWSERS}", f"--outfile={made}", "--log-level=warning"]
    subprocess.run(["node_modules/.bin/esbuild", *arguments], cwd=ROOT, check=True)
    return made.read_text(encoding="utf-8")


@pytest.fixture
def engine(phone: Lent, house: House, harness: str) -> Iterator[Page]:
    """A page of the site that has no script, and `engine` in it, with the words and the worker of the first page."""
    script = {"Content-Type": "text/javascript"}
    page = phone.new_page()
    page.route(f"{house.url}/assets/harness.js", lambda route: route.fulfill(headers=script, body=harness))
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"{house.url}/fr/about")
    page.evaluate(START_ENGINE)
    yield page
    assert page.evaluate("engine.violations") == []
    assert failures == []


OPEN: Final = """async ({ limits, hold }) => {
    const asked = await fetch("/v1/mails", { method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ organism_id: "anam", language: "fr" }) });
    globalThis.mail = await asked.json();
    let release;
    const held = hold ? new Promise((resolve) => { release = resolve; }) : Promise.resolve();
    globalThis.release = () => release();
    globalThis.log = [];
    let heard = engine.announcements(null, []).heard;
    globalThis.queue = engine.openQueue({
        mail: () => held.then(() => mail),
        limits: () => limits,
        changed: () => {
            const next = engine.announcements(heard, queue.files);
            heard = next.heard;
            log.push(...next.said.map(engine.announcementInWords));
        },
    });
    const input = document.createElement("input");
    Object.assign(input, { type: "file", multiple: true, id: "chosen" });
    document.body.append(input);
    input.addEventListener("change", () => queue.add(Array.from(input.files)));
}"""


def opened(page: Page, *, hold: bool = False) -> None:
    """Start a draft and its queue; with `hold`, nothing is sent before `release()`."""
    limits = {"max_attachments": 20, "max_attachment_bytes": 104_857_600}
    page.evaluate(OPEN, {"limits": limits, "hold": hold})


def choose(page: Page, *files: tuple[str, bytes]) -> None:
    chosen: list[FilePayload] = [{"name": name, "mimeType": "", "buffer": content} for name, content in files]
    page.locator("#chosen").set_input_files(chosen)


def until(page: Page, condition: str) -> None:
    """Wait for an expression to be true. `wait_for_function` evaluates it in the page, whose policy forbids that."""
    end = time.monotonic() + 20
    while not page.evaluate(condition):
        assert time.monotonic() < end, page.evaluate("globalThis.queue?.files")
        page.wait_for_timeout(20)


def wait(page: Page, condition: str) -> None:
    until(page, f"queue.files.length > 0 && ({condition})")


def all_sent(page: Page) -> None:
    wait(page, "queue.files.every(({ state }) => state === 'sent')")


def attachments(page: Page) -> list[dict[str, Any]]:
    """What the service holds."""
    asked = """async () => (await (await fetch(`/v1/mails/${mail.mail_id}`,
        { headers: { Authorization: `Bearer ${mail.access_token}` } })).json()).attachments"""
    found: list[dict[str, Any]] = page.evaluate(asked)
    return found


def test_a_worker_hashes_under_the_policy_of_the_pages(engine: Page, tmp_path: Path) -> None:
    """Eight slices, read from the disk; one worker for both files."""
    contents = [b"ligne\n" * 1_400_000, b"x"]
    for rank, content in enumerate(contents):
        (tmp_path / f"{rank}.txt").write_bytes(content)
    opened(engine, hold=True)
    engine.locator("#chosen").set_input_files([tmp_path / "0.txt", tmp_path / "1.txt"])
    wait(engine, "queue.files.every(({ sha256 }) => sha256)")
    assert [worker.url.rpartition("/")[2].partition("-")[0] for worker in engine.workers] == ["hash"]
    digests = [row["sha256"] for row in engine.evaluate("queue.files")]
    assert digests == [hashlib.sha256(each).hexdigest() for each in contents]


START: Final = """address => {
    try { new Worker(%s); return "started"; } catch (error) { return error.name; }
}"""


NOT_OURS: Final = (
    "https://elsewhere.example/a.js",
    "//elsewhere.example/a.js",
    "/v1/openapi.json",
    "blob:x",
    "data:text/javascript,0",
)


def test_no_other_script_can_start_as_a_worker(engine: Page) -> None:
    """The policy `site` lets addresses of our own scripts pass; a text alone is refused by the browser."""
    for address in NOT_OURS:
        assert engine.evaluate(START % "engine.trustedScript(address)", address) == "TypeError"
        assert engine.evaluate(START % "address", address) == "TypeError"
    assert engine.evaluate("() => engine.violations.splice(0)") == ["require-trusted-types-for"] * len(NOT_OURS)


@pytest.mark.complaint(11)
def test_every_name_that_the_api_takes_arrives_whole(engine: Page) -> None:
    names = ["file (1).pdf", 'l\'été "x" & <b>.pdf', "🙂 شهادة السكنى.pdf", "é" * 146 + ".pdf", "e\u0301te\u0301.pdf"]
    opened(engine)
    choose(engine, *((name, PDF + b"%" + str(rank).encode()) for rank, name in enumerate(names)))
    all_sent(engine)
    kept = [*names[:-1], "été.pdf"]
    assert [row["name"] for row in engine.evaluate("queue.files")] == kept
    assert sorted(each["file_name"] for each in attachments(engine)) == sorted(kept)
    assert all(each["uploaded"] for each in attachments(engine))


def test_progress_is_shown_and_announced_and_the_check_follows(engine: Page, house: House) -> None:
    opened(engine)
    choose(engine, ("plan.pdf", PDF + b"\n%" + b"x" * 300_000))
    all_sent(engine)
    house.settle()
    engine.evaluate("queue.refresh()")
    wait(engine, "queue.files[0].check === 'clean'")
    assert engine.evaluate("queue.total") == {"files": 1, "sentFiles": 1} | {
        part: len(PDF) + 300_002 for part in ("bytes", "sentBytes")
    }
    assert engine.evaluate("engine.waitsFor(queue.files)") == []
    log = engine.evaluate("log")
    assert log[0] == "«\u00a0plan.pdf\u00a0»\u00a0: envoi commencé."
    assert log[-1] == "«\u00a0plan.pdf\u00a0»\u00a0: envoyé."


@pytest.mark.complaint(15)
@pytest.mark.parametrize(
    ("place", "fault"),
    [
        (ANNOUNCEMENT, {"status": 503, "retry_after": 1}),
        (ANNOUNCEMENT, {"dropped": True, "after": True}),
        (ANNOUNCEMENT, {"status": 404, "foreign": True}),
        (STORAGE, {"status": 503}),
        (STORAGE, {"status": 403}),
        (STORAGE, {"dropped": True}),
        (STORAGE, {"dropped": True, "after": True}),
    ],
    ids=["busy", "announcement-lost", "proxy", "storage-busy", "expired", "broken", "answer-lost"],
)
def test_a_failure_that_passes_neither_loses_nor_doubles(
    engine: Page, house: House, place: str, fault: dict[str, Any]
) -> None:
    opened(engine)
    house.fail_next(place, **fault)
    choose(engine, ("plan.pdf", PDF), ("other.pdf", PDF + b"%"))
    all_sent(engine)
    held = attachments(engine)
    assert sorted(each["file_name"] for each in held) == ["other.pdf", "plan.pdf"]
    assert all(each["uploaded"] for each in held)


IMPATIENT: Final = """async (sha256) => {
    const asked = await fetch(`/v1/mails/${mail.mail_id}/attachments`, { method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${mail.access_token}` },
        body: JSON.stringify({ file_name: "a.csv", media_type: "text/csv", size: 3, sha256 }) });
    const { upload } = await asked.json();
    const put = engine.createPut(() => new XMLHttpRequest(), engine.SYSTEM_CLOCK.after);
    const step = { signal: new AbortController().signal, progress() {}, patience: 300 };
    return put(upload, new Blob(["a,b"]), step);
}"""


@pytest.mark.complaint(14)
def test_a_request_without_progress_is_ended(engine: Page, house: House) -> None:
    opened(engine)
    house.delay_next(STORAGE, 1.5)
    answer = engine.evaluate(IMPATIENT, hashlib.sha256(b"a,b").hexdigest())
    assert answer == {"status": 0, "retryAfter": None, "stalled": True}


@pytest.mark.complaint(10)
def test_a_file_that_changes_before_it_is_sent(engine: Page, tmp_path: Path) -> None:
    file = tmp_path / "plan.pdf"
    file.write_bytes(PDF)
    opened(engine, hold=True)
    engine.locator("#chosen").set_input_files(file)
    wait(engine, "queue.files[0].sha256")
    file.write_bytes(PDF + b"% later")
    engine.evaluate("release()")
    wait(engine, "queue.files[0].state === 'failed'")
    said = engine.evaluate("engine.stateInWords(queue.files[0])")
    assert "Ce fichier a changé pendant son envoi. Choisissez-le de nouveau." in said
    assert attachments(engine) == []


@pytest.mark.complaint(16)
def test_what_cannot_be_sent_is_said_before_a_byte_leaves(engine: Page, house: House) -> None:
    opened(engine)
    asked = len(house.requests)
    choose(engine, ("photo.jpg", sample("heic_named.jpg")), ("empty.pdf", b""), ("run.pdf", b"MZ\x90\x00\x03"))
    wait(engine, "queue.files.every(({ state }) => state === 'failed')")
    assert [row["problem"]["code"] for row in engine.evaluate("queue.files")] == ["heic", "empty", "program"]
    assert len(house.requests) == asked


RED, BLUE = (230, 20, 20), (20, 20, 230)


def photograph(*, orientation: int = 1, size: tuple[int, int] = (2400, 1600)) -> bytes:
    """A red picture whose upper quarter is blue once it is held as the camera was; its data name a place."""
    turned = size[::-1] if orientation in {6, 8} else size
    upright = Image.new("RGB", turned, RED)
    upright.paste(BLUE, (0, 0, turned[0], turned[1] // 4))
    stored = upright.rotate({1: 0, 3: 180, 6: 90, 8: 270}[orientation], expand=True)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Telephone"
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 1.0, 14.0), 3: "W", 4: (6.0, 49.0, 51.0)})
    file = io.BytesIO()
    stored.save(file, "JPEG", quality=100, exif=exif.tobytes())
    return file.getvalue()


MADE: Final = """async ([making, ...photos]) => {
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const files = photos.map((photo, rank) => new File([bytes(photo)], `IMG_${rank}.jpeg`, { type: "image/jpeg" }));
    const made = making === "pdf" ? await engine.pagesAsPdf(files, "pages.pdf") : await engine.smaller(files[0]);
    if (!made) return null;
    const read = new Uint8Array(await made.file.arrayBuffer());
    let text = "";
    for (const byte of read) text += String.fromCharCode(byte);
    return { name: made.file.name, type: made.file.type, content: btoa(text), words: engine.noteInWords(made.note) };
}"""


def made(page: Page, making: str, *photos: bytes) -> dict[str, Any] | None:
    given = [making, *(base64.b64encode(photo).decode() for photo in photos)]
    answer: dict[str, Any] | None = page.evaluate(MADE, given)
    return answer and answer | {"content": base64.b64decode(answer["content"])}


def is_like(picture: Image.Image, at: tuple[float, float], colour: tuple[int, int, int]) -> bool:
    found = picture.convert("RGB").getpixel((int(at[0] * picture.width), int(at[1] * picture.height)))
    assert isinstance(found, tuple)
    return all(abs(one - other) < 40 for one, other in zip(found, colour, strict=True))


def test_a_photograph_becomes_smaller_and_upright_and_loses_its_place(engine: Page) -> None:
    """However the camera was held (Exif orientation)."""
    for orientation in (1, 3, 6, 8):
        photo = photograph(orientation=orientation)
        answer = made(engine, "smaller", photo)
        assert answer
        assert (answer["name"], answer["type"]) == ("IMG_0.jpg", "image/jpeg")
        assert b"Exif" not in answer["content"]
        assert "Le lieu et les données de l’appareil photo ont été retirés." in answer["words"]
        picture = Image.open(io.BytesIO(answer["content"]))
        assert max(picture.size) == 2000
        assert (picture.width > picture.height) == (orientation in {1, 3})
        assert is_like(picture, (0.5, 0.1), BLUE)
        assert is_like(picture, (0.5, 0.6), RED)
        assert len(answer["content"]) < len(photo)


def test_what_is_no_picture_or_small_already_stays_as_it_is(engine: Page) -> None:
    assert made(engine, "smaller", sample("heic_named.jpg")) is None
    assert made(engine, "smaller", HONEST["jpg"]) is None


def test_photographed_pages_become_one_pdf(engine: Page) -> None:
    photos = [photograph(), photograph(orientation=6), photograph(size=(500, 700))]
    answer = made(engine, "pdf", *photos)
    assert answer
    assert answer["words"] == "3 pages réunies dans un PDF."
    assert answer == made(engine, "pdf", *photos), "the same pages make the same bytes"
    assert kind("pdf", answer["content"]) == "pdf", "the API takes it"
    assert b"Exif" not in answer["content"]
    with pikepdf.open(io.BytesIO(answer["content"])) as document:
        assert document.check_pdf_syntax() == []
        assert [[round(float(edge)) for edge in page.mediabox] for page in document.pages] == [
            [0, 0, 842, 595],
            [0, 0, 595, 842],
            [0, 0, 595, 842],
        ]
    for page in pypdfium2.PdfDocument(answer["content"]):
        drawn = page.render().to_pil()
        assert is_like(drawn, (0.5, 0.15), BLUE)
        assert is_like(drawn, (0.5, 0.6), RED)
