"""Attachments at the wizard, as their sender sees and hears them."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.support.house.faults import STORAGE
from tests.support.pages.writer import CSV, Writer

EMPTY: FilePayload = {"name": "vide.pdf", "mimeType": "application/pdf", "buffer": b""}
PROGRAM: FilePayload = {"name": "outil.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ\x90\x00"}
RENAMED: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7 no photograph \xff\xfe"}
LARGE: FilePayload = {"name": "grand.csv", "mimeType": "text/csv", "buffer": b"a,b\n" * 60_000}

LISTEN = """() => {
  window.heard = [];
  const note = (node) => node.textContent && window.heard.push(node.textContent);
  new MutationObserver((changes) => changes.forEach((each) => {
    if (each.target.id === "live") each.addedNodes.forEach(note);
  })).observe(document.body, { childList: true, subtree: true });
}"""


def choose(writer: Writer, *files: FilePayload | Path) -> None:
    writer.page.wait_for_selector("input#files", state="attached")
    writer.page.set_input_files("input#files", list(files))  # type: ignore[arg-type]


def row(writer: Writer, name: str) -> str:
    line = writer.page.locator(".files li", has_text=name)
    expect(line).to_be_visible()
    return line.inner_text()


@pytest.mark.complaint(5)
@pytest.mark.complaint(17)
def test_one_files_fault_touches_neither_the_other_files_nor_the_text(writer: Writer) -> None:
    """One press chooses and sends; "sent" is said after storage's answer alone."""
    writer.letter(body="Tout ce qui est écrit")
    choose(writer, EMPTY, CSV)
    expect(writer.page.locator(".files li", has_text="plan é (1).csv")).to_contain_text("Envoyé ✓")
    assert "est vide" in row(writer, "vide.pdf")
    assert writer.value("body") == "Tout ce qui est écrit"
    assert writer.asked("POST /v1/mails/*/attachments") == 1
    assert writer.page.get_by_role("button", name="Envoyer").count() == 0


@pytest.mark.complaint(17)
def test_a_file_is_not_said_to_be_sent_before_storage_has_it(writer: Writer) -> None:
    writer.letter()
    writer.house.fail_next(STORAGE, status=503, times=2)
    choose(writer, CSV)
    expect(writer.page.locator(".files li")).to_contain_text("L’envoi reprendra tout seul.")
    assert "Envoyé ✓" not in row(writer, "plan")


@pytest.mark.complaint(7)
@pytest.mark.parametrize(
    ("file", "said"),
    [
        (LARGE, "fait 234 Ko, et la taille maximale est de 195 Ko"),
        (EMPTY, "est vide"),
        (PROGRAM, "est un programme"),
        (RENAMED, "ne correspond pas à son nom"),
    ],
)
def test_a_file_is_looked_at_before_a_byte_leaves(writer: Writer, file: FilePayload, said: str) -> None:
    writer.go("/fr/small")
    choose(writer, file)
    expect(writer.page.locator(".files li")).to_contain_text(said)
    assert writer.asked("POST /v1/mails/*/attachments") == 0


@pytest.mark.complaint(7)
def test_a_file_too_many_is_named_with_the_limit(writer: Writer) -> None:
    writer.go("/fr/small")
    files = [FilePayload(name=f"{n}.csv", mimeType="text/csv", buffer=f"a,{n}\n".encode()) for n in range(3)]
    choose(writer, *files)
    expect(writer.page.locator(".files li", has_text="2.csv")).to_contain_text("Nombre maximal de pièces jointes : 2")


@pytest.mark.complaint(8)
def test_a_files_fault_stands_in_the_summary_and_leads_to_the_file(writer: Writer) -> None:
    writer.letter()
    choose(writer, EMPTY)
    writer.press("next").at("contact").contact().press("next").at("review").press("submit")
    line = writer.page.locator("#errors a", has_text="vide.pdf")
    expect(line).to_be_visible()
    expect(writer.page.locator("#errors")).to_be_focused()
    assert writer.page.title().startswith("Erreur")
    line.click()
    assert "vide.pdf" in writer.page.evaluate("() => document.activeElement.textContent")
    assert writer.asked("POST /v1/mails/*/submission") == 0


@pytest.mark.complaint(9)
def test_a_draft_comes_back_with_its_files(writer: Writer) -> None:
    writer.letter()
    choose(writer, CSV)
    expect(writer.page.locator(".files li")).to_contain_text("Envoyé ✓")
    writer.house.fail_next(STORAGE, status=503, times=50)
    choose(writer, {**CSV, "name": "reste.csv", "buffer": b"c,d\n"})
    expect(writer.page.locator(".files li", has_text="reste.csv")).to_contain_text("tout seul")
    writer.saved()
    writer.page.reload()
    expect(writer.page.locator(".files li", has_text="plan")).to_contain_text("Envoyé ✓")
    expect(writer.page.locator(".files li", has_text="reste.csv")).to_contain_text("choisissez-le de nouveau")
    writer.house.faults.forget()
    choose(writer, {**CSV, "name": "reste.csv", "buffer": b"c,d\n"})
    expect(writer.page.locator(".files li", has_text="Envoyé ✓")).to_have_count(2)
    expect(writer.page.locator(".files li")).to_have_count(2)


@pytest.mark.complaint(13)
def test_a_file_that_cannot_be_read_is_said_in_words(writer: Writer, tmp_path: Path) -> None:
    """An application hands over a file, and takes it back before it was read."""
    file = tmp_path / "nuage.csv"
    file.write_bytes(b"a,b\n" * 1000)
    writer.letter()
    writer.page.evaluate(
        """() => { document.querySelector("input#files").addEventListener("change", () => {
          const refused = () => Promise.reject(new DOMException("", "NotReadableError"));
          File.prototype.slice = () => ({ arrayBuffer: refused });
        }, { capture: true, once: true }); }"""
    )
    choose(writer, file)
    expect(writer.page.locator(".files li")).to_contain_text("n’a pas pu être lu en entier")


@pytest.mark.complaint(18)
def test_what_is_announced_of_an_upload_is_this_script(writer: Writer) -> None:
    writer.letter().saved()
    writer.page.evaluate(LISTEN)
    choose(writer, CSV, EMPTY)
    expect(writer.page.locator(".files li", has_text="plan")).to_contain_text("Envoyé ✓")
    writer.page.wait_for_timeout(500)
    lines = (line.replace("\u00a0", " ") for line in writer.page.evaluate("() => window.heard"))
    advice = "S’il vient d’un espace en ligne, enregistrez-le d’abord sur cet appareil, puis choisissez-le de nouveau."
    assert sorted(line for line in lines if "plan" in line or "vide" in line) == [
        "« plan é (1).csv » : envoi commencé.",
        "« plan é (1).csv » : envoyé.",
        f"« vide.pdf » est vide. {advice}",
    ]


@pytest.mark.complaint(23)
def test_no_third_party_stands_between_a_sender_and_the_desk(writer: Writer) -> None:
    hosts: set[str] = set()
    writer.page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    writer.go("/fr/anam")
    writer.ready().press("submit")
    writer.page.wait_for_selector("#number")
    assert hosts <= {writer.house.url.split("/")[2], writer.house.storage_url.split("/")[2]}
    assert writer.page.locator("iframe").count() == 0
