"""PDF of every version and maker; with a password it is unchecked."""

import io
from typing import Any, Literal

import pikepdf
import pytest

from mailroom.content.finding import Finding
from mailroom.domain.letter import MEDIA_TYPES
from tests.support.inspection.examined import found, kind
from tests.support.samples.files_of_each_type import HONEST, PROGRAM, archive, pdf

NOT_ALLOWED = Finding("refused", "not_allowed", None)
PROTECTED = Finding("unchecked", "protected", MEDIA_TYPES["pdf"])


def saved(*, pages: int = 1, content: bytes = b"", **options: Any) -> bytes:  # noqa: ANN401 - as pikepdf has them
    """A document as qpdf writes it."""
    document = pikepdf.new()
    for _ in range(pages):
        page = document.add_blank_page()
        page.Contents = document.make_stream(b"BT ET " + content)
    file = io.BytesIO()
    document.save(file, **options)
    return file.getvalue()


@pytest.mark.parametrize("version", ["1.3", "1.4", "1.5", "1.6", "1.7", "2.0"])
@pytest.mark.parametrize("linearize", [False, True])
@pytest.mark.parametrize("streams", list(pikepdf.ObjectStreamMode.__members__.values()), ids=str)
def test_documents_of_every_version_are_taken(version: str, linearize: bool, streams: pikepdf.ObjectStreamMode) -> None:
    made = saved(force_version=version, linearize=linearize, object_stream_mode=streams)
    assert kind("pdf", made) == "pdf"


@pytest.mark.parametrize(
    "before",
    [
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\x00" * 128,
        b"\xef\xbb\xbf \r\n",
        b"\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PDF\r\n",
        b"@PJL ENTER LANGUAGE=PDF\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n",
        b"x" * 1018 + b"\n",
    ],
)
def test_bytes_before_the_header_do_not_count(before: bytes) -> None:
    assert kind("pdf", before + pdf()) == "pdf"


@pytest.mark.parametrize("after", [b"\r\n" * 50, b"\x00" * 5000, b"<!-- a portal's remark -->", pdf()])
def test_bytes_after_the_end_do_not_count(after: bytes) -> None:
    assert kind("pdf", pdf() + after) == "pdf"


@pytest.mark.parametrize(
    "before",
    [
        b"MZ",
        PROGRAM[:200],
        b"#!/bin/sh\nexit\n",
        b"\x7fELF\x02\x01\x01",
        b"@echo off\r\n",
        b"<html><script>x()</script>",
        b"GIF89a",
        HONEST["png"][:40],
        archive({"a.txt": b"x"}),
    ],
)
def test_a_program_a_page_or_a_picture_before_the_header_is_refused(before: bytes) -> None:
    assert found("pdf", before + pdf()) == NOT_ALLOWED


def test_without_a_header_in_its_first_bytes_it_is_no_pdf() -> None:
    assert found("pdf", b"\x00" * 1100 + pdf()) == NOT_ALLOWED


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
@pytest.mark.parametrize("linearize", [False, True])
@pytest.mark.parametrize("pages", [1, 3000], ids=["small", "large"])
def test_a_document_with_a_password_is_unchecked(revision: Literal[2, 3, 4, 6], linearize: bool, pages: int) -> None:
    options = pikepdf.Encryption(owner="maître", user="secret", R=revision, aes=revision > 3, metadata=revision > 3)
    made = saved(pages=pages, content=bytes(range(256)) * 2, encryption=options, linearize=linearize)
    assert found("pdf", made) == PROTECTED
    assert found("jpg", b"\r\n" + made) == PROTECTED


def test_the_word_is_no_password() -> None:
    """A text about encryption, an entry of another name, and the trailer's own names."""
    for text in (b"(/Encryption) Tj", b"(Encrypt) Tj", b"(/EncryptMetadata true) Tj", b"(/Encrypt is a name) Tj"):
        assert kind("pdf", saved(content=text, compress_streams=False)) == "pdf", text


def test_a_password_is_seen_however_its_entry_is_written() -> None:
    options = pikepdf.Encryption(owner="maître", user="secret", R=4)
    made = saved(encryption=options, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert made.count(b"/Encrypt ") == 1
    for written in (b"/Encrypt\r\n", b"/#45ncrypt ", b"/Encr#79pt\t"):
        assert found("pdf", made.replace(b"/Encrypt ", written)) == PROTECTED, written
