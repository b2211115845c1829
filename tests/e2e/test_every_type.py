"""One real file of every allowed type, sent over HTTP, scanned, and downloaded by the organism's agent."""

import os

import httpx
import pytest

from infra.local.inbox import Inbox
from infra.local.job import Desk, File, Sent
from infra.local.stack import Stack
from mailroom.letter import MEDIA_TYPES
from tests.unit.files_of_each_type import HONEST, MAIN_PARTS, office, sample

LARGE = office("docx", {"word/media/photo.jpg": os.urandom(3_000_000)})
"""Too large to be fetched at once: its list of parts, and then its parts, are fetched by ranges."""

CLEAN = {
    **{f"document.{ending}": HONEST[ending] for ending in MEDIA_TYPES},
    "grand.docx": LARGE,
    **{name: sample(name) for name in ("backslash.docx", "deflated.ods", "pjl_before.pdf", "Body.xml", "a_record.xml")},
    "رسم.xml": sample("arabic_root.xml"),
    "png_named.jpg": sample("png_named.jpg"),
}
NOT_CLEAN = {name: sample(name) for name in ("protected.docx", "protected.pdf", "heic_named.jpg")}


@pytest.fixture(scope="module")
def anam(stack: Stack, desk: Desk, storage: httpx.Client) -> Inbox:
    """The inbox of ANAM, opened by its agent."""
    return Inbox(desk, storage, stack.sign_in(stack.people.agents["anam"]).id_token)


def send(desk: Desk, files: dict[str, bytes]) -> Sent:
    """Send a mail with these files at once, so that their scans come after it."""
    started = desk.start("anam")
    desk.write(started)
    desk.identify(started)
    for name, content in files.items():
        desk.attach(started, File(name=name, media_type=MEDIA_TYPES[name.rpartition(".")[2]], content=content))
    return desk.submit(started)


def in_twenties(files: dict[str, bytes]) -> list[dict[str, bytes]]:
    """As many files as one mail takes."""
    names = list(files)
    return [{name: files[name] for name in names[at : at + 20]} for at in range(0, len(names), 20)]


def test_a_file_of_every_type_reaches_the_agent_byte_for_byte(desk: Desk, anam: Inbox) -> None:
    assert len(LARGE) > 1024 * 1024
    assert MAIN_PARTS["docx"].encode() in LARGE
    for files in in_twenties(CLEAN):
        sent = send(desk, files)
        opened = anam.open(sent)
        assert {file["file_name"]: file["scan"] for file in opened["attachments"]} == dict.fromkeys(files, "clean")
        downloaded = {file["file_name"]: anam.download(sent.number, file) for file in opened["attachments"]}
        assert downloaded == files


def test_a_file_with_a_password_or_of_no_allowed_type_is_not_handed_over_like_the_others(
    desk: Desk, anam: Inbox
) -> None:
    """Sent in a mail of their own: the rest of a mail is not held up by them."""
    sent = send(desk, NOT_CLEAN)
    opened = anam.open(sent)
    assert "clean" not in {file["scan"] for file in opened["attachments"]}
    for file in opened["attachments"]:
        anam.ask("GET", f"/{sent.number}/attachments/{file['attachment_id']}", expect=REFUSED[file["file_name"]])


REFUSED = {"protected.docx": 409, "protected.pdf": 409, "heic_named.jpg": 410}
"""How the download is answered: ``unchecked`` files wait for the agent's explicit wish, refused ones are gone."""
