"""One real file of every allowed type, sent over HTTP, scanned, and downloaded by the organism's agent."""

import os

import httpx
import pytest

from infra.local.agent_client import AgentClient
from infra.local.local_stack import LocalStack
from infra.local.samples import SampleFile
from infra.local.sender_client import SenderClient, Sent, until
from mailroom.domain.letter import MEDIA_TYPES
from tests.support.samples.files_of_each_type import HONEST, MAIN_PARTS, office, sample

LARGE = office("docx", {"word/media/photo.jpg": os.urandom(3_000_000)})
"""Too large to be fetched at once: its list of parts, and then its parts, are fetched by ranges."""

CLEAN = {
    **{f"document.{ending}": HONEST[ending] for ending in MEDIA_TYPES},
    "grand.docx": LARGE,
    **{name: sample(name) for name in ("backslash.docx", "deflated.ods", "pjl_before.pdf", "Body.xml", "a_record.xml")},
    "رسم.xml": sample("arabic_root.xml"),
    "png_named.jpg": sample("png_named.jpg"),
}
PROTECTED = {name: sample(name) for name in ("protected.docx", "protected.pdf")}


@pytest.fixture(scope="module")
def anam(stack: LocalStack, sender: SenderClient, storage: httpx.Client) -> AgentClient:
    """The inbox of ANAM, opened by its agent."""
    return AgentClient(sender, storage, stack.sign_in(stack.people.agents["anam"]).id_token)


def file(name: str, content: bytes) -> SampleFile:
    """A file of the type that its name says."""
    return SampleFile(name=name, media_type=MEDIA_TYPES[name.rpartition(".")[2]], content=content)


def send(sender: SenderClient, files: dict[str, bytes]) -> Sent:
    """Send a mail with these files at once, so that most of their scans come after it."""
    started = sender.start("anam")
    sender.write(started)
    sender.identify(started)
    for name, content in files.items():
        sender.attach(started, file(name, content))
    return sender.submit(started)


def in_twenties(files: dict[str, bytes]) -> list[dict[str, bytes]]:
    """As many files as one mail takes."""
    names = list(files)
    return [{name: files[name] for name in names[at : at + 20]} for at in range(0, len(names), 20)]


def test_a_file_of_every_type_reaches_the_agent_byte_for_byte(sender: SenderClient, anam: AgentClient) -> None:
    assert len(LARGE) > 1024 * 1024
    assert MAIN_PARTS["docx"].encode() in LARGE
    for files in in_twenties(CLEAN):
        sent = send(sender, files)
        opened = anam.open(sent)
        assert {one["file_name"]: one["scan"] for one in opened["attachments"]} == dict.fromkeys(files, "clean")
        downloaded = {one["file_name"]: anam.download(sent.number, one) for one in opened["attachments"]}
        assert downloaded == files


def test_a_picture_with_another_types_name_is_handed_over_as_what_it_is(
    sender: SenderClient, anam: AgentClient
) -> None:
    sent = send(sender, {"png_named.jpg": sample("png_named.jpg")})
    (opened,) = anam.open(sent)["attachments"]
    assert (opened["media_type"], opened["detected_media_type"]) == ("image/jpeg", "image/png")
    answer = anam.ask("GET", f"/{sent.number}/attachments/{opened['attachment_id']}")
    assert (answer["file_name"], answer["media_type"]) == ("png_named.png", "image/png")


def test_a_file_with_a_password_reaches_the_agent_who_asks_for_it_all_the_same(
    sender: SenderClient, anam: AgentClient, storage: httpx.Client
) -> None:
    sent = send(sender, PROTECTED)
    opened = anam.open(sent)["attachments"]
    assert {one["file_name"]: one["check"] for one in opened} == dict.fromkeys(PROTECTED, "unchecked")
    for found in opened:
        address = f"/{sent.number}/attachments/{found['attachment_id']}"
        anam.ask("GET", address, expect=409)
        answer = anam.ask("GET", f"{address}?accept_unchecked=true")
        assert storage.get(answer["url"]).content == PROTECTED[found["file_name"]]


def test_a_file_of_no_allowed_type_is_told_before_the_mail_is_sent(sender: SenderClient) -> None:
    started = sender.start("anam")
    sender.write(started)
    sender.identify(started)
    attachment_id = sender.attach(started, file("heic_named.jpg", sample("heic_named.jpg")))

    def refused() -> bool | None:
        mail = sender.ask("GET", f"/mails/{started['mail_id']}", token=started["access_token"])
        return True if mail["attachments"][0]["check"] == "refused" else None

    until(refused, "the file to be refused")
    answer = sender.ask("POST", f"/mails/{started['mail_id']}/submission", token=started["access_token"], expect=409)
    assert answer["refused"] == [f"attachments/{attachment_id}"]
