"""A file is what it declares, or it is flagged: by its first bytes, its list of parts, and never by unpacking it."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.content.examine import MOST_READ, examine
from mailroom.letter import MEDIA_TYPES
from tests.unit.files_of_each_type import EICAR, HONEST, PROGRAM, WEB_PAGE, archive, office, open_document, pdf


class Reads:
    """A file that counts how much of it was fetched."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.fetched = 0

    def __call__(self, start: int, length: int) -> bytes:
        assert length > 0, "a range of no bytes: S3 refuses it"
        part = self.content[start : start + length]
        self.fetched += len(part)
        return part


def honest(ending: str, content: bytes) -> bool:
    return examine(MEDIA_TYPES[ending], len(content), Reads(content)).verdict == "clean"


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_an_honest_file_of_each_type_is_what_it_declares(ending: str) -> None:
    assert honest(ending, HONEST[ending])


@pytest.mark.parametrize("ending", MEDIA_TYPES)
@pytest.mark.parametrize("other", MEDIA_TYPES)
def test_a_file_of_one_type_is_not_taken_for_another(ending: str, other: str) -> None:
    """Texts apart: a table is a text, and so is XML."""
    texts = {"txt", "csv", "xml"}
    alike = MEDIA_TYPES[ending] == MEDIA_TYPES[other] or (other in texts and ending in {"txt", "csv"})
    assert honest(ending, HONEST[other]) == alike


@pytest.mark.parametrize("ending", MEDIA_TYPES)
@pytest.mark.parametrize(
    "disguised",
    [
        PROGRAM,
        b"\x7fELF\x02\x01\x01" + b"\x00" * 64,
        b"\xca\xfe\xba\xbe\x00\x00\x00\x41",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512,
        WEB_PAGE,
        b"\xef\xbb\xbf \n<!-- x --><HTML><body>",
        b'<?xml version="1.0"?><svg onload="alert(1)"/>',
        archive({"payload.exe": PROGRAM}),
        b"PK\x03\x04" + b"\x00" * 60,
        b"PK\x05\x06" + b"\x00" * 18,
        b"GIF89a\x01\x00\x01\x00",
        b"\x00",
    ],
    ids=["exe", "elf", "class", "doc", "html", "html-marked", "svg", "zip", "cut", "empty-zip", "gif", "nul"],
)
def test_a_program_a_page_or_an_archive_is_none_of_the_types(ending: str, disguised: bytes) -> None:
    assert not honest(ending, disguised)


@pytest.mark.parametrize("ending", ["pdf", "jpg", "png", "tiff", "txt", "csv", "xml"])
def test_a_file_that_opens_as_an_archive_too_is_not_what_it_declares(ending: str) -> None:
    """What starts as a picture and ends as a list of parts is run by Java as a program."""
    hidden = archive({"META-INF/MANIFEST.MF": b"Main-Class: x", "x.class": b"\xca\xfe\xba\xbe"})
    assert not honest(ending, HONEST[ending] + hidden)
    commented = io.BytesIO(HONEST[ending] + hidden)
    with zipfile.ZipFile(commented, "a") as opened:
        opened.comment = b"%%EOF" * 12_000
    assert not honest(ending, commented.getvalue())


@pytest.mark.parametrize("ending", ["jpg", "png", "tiff", "txt", "csv", "xml"])
def test_a_file_that_opens_as_a_pdf_too_is_not_what_it_declares(ending: str) -> None:
    head = HONEST[ending][:20]
    assert not honest(ending, head + b"\n" + pdf())


@pytest.mark.parametrize("ending", ["docx", "xlsx", "odt", "ods"])
def test_a_program_in_front_of_a_document_is_seen(ending: str) -> None:
    assert not honest(ending, PROGRAM + HONEST[ending])
    assert not honest(ending, b"PK\x03\x04" + PROGRAM + HONEST[ending])


def test_macros_and_programs_among_the_parts_are_seen() -> None:
    assert not honest("docx", office("docx", **{"word/vbaProject.bin": b"x"}))
    assert not honest("xlsx", office("xlsx", **{"xl/vbaProject.bin": b"x"}))
    assert not honest("docx", office("docx", **{"META-INF/MANIFEST.MF": b"Main-Class: x"}))
    assert not honest("docx", office("docx", **{"xl/workbook.xml": b"<x/>"}))
    assert honest("docx", office("docx", **{"word/embeddings/table.xlsx": HONEST["xlsx"]}))


def test_an_open_document_names_its_type_first_and_plainly() -> None:
    mimetype = MEDIA_TYPES["odt"].encode()
    assert honest("odt", open_document("odt"))
    assert not honest("odt", archive({"content.xml": b"<x/>", "mimetype": mimetype}))
    assert not honest("odt", archive({"mimetype": mimetype + b"-template"}))
    deflated = io.BytesIO()
    with zipfile.ZipFile(deflated, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", mimetype)
    assert not honest("odt", deflated.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        "Arabe de Windows : شهادة السكنى".replace("é", "e").encode("cp1256", "replace"),
        "Demande déposée à Salé".encode("cp1252"),
        "Excel « texte Unicode »\r\nشهادة\t1".encode("utf-16"),
        "\ufeffشهادة".encode("utf-16-be"),
        ("é" * 40_000).encode(),  # a letter lies across the end of what is looked at
        b"an old program's mark at the end\r\n\x1a",
        EICAR,  # for the scanner to find: it is a text
        b"x" * 200_000,
    ],
)
def test_texts_are_taken_in_the_encodings_that_people_here_use(content: bytes) -> None:
    assert honest("txt", content)
    assert honest("csv", content)


@pytest.mark.parametrize("content", [b"abc\x00def", b"abc\x1b[2J", b"x" * 200_000 + b"\x00", b"\xff\xfe\x00\xd8a\x00"])
def test_what_no_text_holds_is_seen_at_both_ends(content: bytes) -> None:
    assert not honest("txt", content)


def test_xml_begins_with_markup() -> None:
    assert not honest("xml", b"facture;1")
    assert honest("xml", b"\n<!-- facture --><facture/>")
    assert not honest("xml", b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"/>')


def test_a_pdf_may_begin_with_an_empty_line_and_not_with_something_else() -> None:
    assert honest("pdf", b"\xef\xbb\xbf\r\n" + pdf())
    assert not honest("pdf", b"MZ" + pdf())


@pytest.mark.parametrize("start", [b"II+\x00\x08\x00\x00\x00", b"MM\x00+\x00\x08\x00\x00"])
def test_large_tiff_is_tiff(start: bytes) -> None:
    assert honest("tiff", start + b"\x00" * 64)


def test_a_bomb_is_not_unpacked() -> None:
    """Two hundred megabytes in one: told by its parts alone, for no more than any file of its size costs."""
    bomb = office("docx", **{f"word/media/{each}.xml": b"\x00" * 10_000_000 for each in range(20)})
    reads = Reads(bomb)
    assert examine(MEDIA_TYPES["docx"], len(bomb), reads).verdict == "clean"
    assert reads.fetched < 200_000
    stored = Reads(archive({"mimetype": b"\x00" * 50_000_000}, compression=zipfile.ZIP_STORED))
    assert examine(MEDIA_TYPES["odt"], len(stored.content), stored).verdict == "refused"
    assert stored.fetched < 200_000


def test_an_endless_list_of_parts_is_not_read_to_its_end() -> None:
    size = 64 * 1024 * 1024
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 65_535, 65_535, size - 100, 40, 0)
    reads = Reads(b"PK\x03\x04" + b"\x00" * (size - 4 - len(end)) + end)
    assert examine(MEDIA_TYPES["docx"], size, reads).verdict == "refused"
    assert reads.fetched <= MOST_READ


@given(st.sampled_from(sorted(MEDIA_TYPES)), st.data())
def test_a_damaged_file_is_judged_without_a_fall(ending: str, data: st.DataObject) -> None:
    """Whatever is cut or overwritten, there is an answer."""
    content = bytearray(HONEST[ending])
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(1, len(content)))])
    assert honest(ending, cut) in {True, False}
