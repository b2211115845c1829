"""A file is what its content says, whatever its name says; what is of no allowed type, or of two, is refused."""

import io
import struct
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.content.examine import examine
from mailroom.content.finding import Finding
from mailroom.content.reading import MOST_READ
from mailroom.domain.letter import MEDIA_TYPES
from tests.support.inspection.examined import ENDINGS, Reads, found, kind
from tests.support.samples.files_of_each_type import HONEST, PROGRAM, WEB_PAGE, archive, office, pdf, picture, sample

NOT_ALLOWED = Finding("refused", "not_allowed", None)
TEXTS = {"txt", "csv", "xml"}


@pytest.mark.parametrize(
    ("name", "verdict", "reason", "ending"),
    [
        ("ok.docx", "clean", None, "docx"),
        ("ok.xlsx", "clean", None, "xlsx"),
        ("ok.odt", "clean", None, "odt"),
        ("ok.ods", "clean", None, "ods"),
        ("backslash.docx", "clean", None, "docx"),
        ("deflated.ods", "clean", None, "ods"),
        ("pjl_before.pdf", "clean", None, "pdf"),
        ("png_named.jpg", "clean", None, "png"),
        ("Body.xml", "clean", None, "xml"),
        ("a_record.xml", "clean", None, "xml"),
        ("arabic_root.xml", "clean", None, "xml"),
        ("protected.docx", "unchecked", "protected", "docx"),
        ("protected.pdf", "unchecked", "protected", "pdf"),
        ("heic_named.jpg", "refused", "not_allowed", None),
    ],
)
def test_the_files_of_other_services_reports(name: str, verdict: str, reason: str | None, ending: str | None) -> None:
    finding = found(name.rpartition(".")[2], sample(name))
    assert (finding.verdict, finding.reason) == (verdict, reason)
    assert finding.media_type == (MEDIA_TYPES[ending] if ending else None)


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_an_honest_file_of_each_type_is_what_it_declares(ending: str) -> None:
    assert found(ending, HONEST[ending]) == Finding("clean", None, MEDIA_TYPES[ending])


@pytest.mark.parametrize("declared", MEDIA_TYPES)
@pytest.mark.parametrize("real", sorted(set(MEDIA_TYPES) - TEXTS))
def test_a_file_of_another_allowed_type_is_taken_as_that_type(declared: str, real: str) -> None:
    assert found(declared, HONEST[real]) == Finding("clean", None, MEDIA_TYPES[real])


@pytest.mark.parametrize("declared", sorted(set(MEDIA_TYPES) - TEXTS - {"xlsx", "ods"}))
@pytest.mark.parametrize(("real", "taken_as"), [("txt", "txt"), ("csv", "txt"), ("xml", "xml")])
def test_a_text_with_another_types_name_is_a_text(declared: str, real: str, taken_as: str) -> None:
    assert kind(declared, HONEST[real]) == taken_as


@pytest.mark.parametrize("declared", ["xlsx", "ods"])
def test_a_table_of_separated_values_named_as_a_spreadsheet_is_a_table(declared: str) -> None:
    """Programs export such files, and people who rename them want a spreadsheet."""
    assert kind(declared, HONEST["csv"]) == "csv"
    assert kind(declared, b"Bonjour.\n") == "txt"


@pytest.mark.parametrize(
    ("declared", "content", "taken_as"),
    [
        ("txt", HONEST["xml"], "txt"),
        ("txt", HONEST["csv"], "txt"),
        ("csv", HONEST["xml"], "csv"),
        ("csv", b"Bonjour.", "csv"),
        ("xml", HONEST["csv"], "txt"),
        ("xml", b"Bonjour.", "txt"),
    ],
)
def test_a_text_is_the_kind_of_text_that_was_declared_if_it_can_be(
    declared: str, content: bytes, taken_as: str
) -> None:
    assert kind(declared, content) == taken_as


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
        b"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00" + b"\x00" * 24,
        b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1" + b"\x00" * 40,
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 40,
        b"Rar!\x1a\x07\x01\x00" + b"\x00" * 20,
        b"7z\xbc\xaf\x27\x1c\x00\x04" + b"\x00" * 24,
        b"\x1f\x8b\x08\x00" + b"\x00" * 20,
        rb"{\rtf1\ansi{\object\objocx}}",
        b"\x00",
    ],
    ids=[
        "exe",
        "elf",
        "class",
        "doc",
        "html",
        "html-marked",
        "svg",
        "zip",
        "cut",
        "empty-zip",
        "gif",
        "webp",
        "avif",
        "mp4",
        "rar",
        "7z",
        "gzip",
        "rtf",
        "nul",
    ],
)
def test_a_program_a_page_or_an_archive_is_none_of_the_types(ending: str, disguised: bytes) -> None:
    assert found(ending, disguised) == NOT_ALLOWED


@pytest.mark.parametrize("ending", ["pdf", "jpg", "png", "tiff", "txt", "csv", "xml"])
def test_a_file_that_opens_as_an_archive_too_is_refused(ending: str) -> None:
    """What starts as a picture and ends as a list of parts is run by Java as a program."""
    hidden = archive({"META-INF/MANIFEST.MF": b"Main-Class: x", "x.class": b"\xca\xfe\xba\xbe"})
    assert found(ending, HONEST[ending] + hidden) == NOT_ALLOWED
    commented = io.BytesIO(HONEST[ending] + hidden)
    with zipfile.ZipFile(commented, "a") as opened:
        opened.comment = b"%%EOF" * 12_000
    assert found(ending, commented.getvalue()) == NOT_ALLOWED


@pytest.mark.parametrize("ending", ["jpg", "png", "tiff"])
def test_a_picture_that_opens_as_a_pdf_too_is_refused(ending: str) -> None:
    assert found(ending, HONEST[ending][:20] + b"\n" + pdf()) == NOT_ALLOWED


@pytest.mark.parametrize("ending", ["docx", "xlsx", "odt", "ods"])
def test_a_program_in_front_of_a_document_is_refused(ending: str) -> None:
    assert found(ending, PROGRAM + HONEST[ending]) == NOT_ALLOWED
    assert found(ending, b"PK\x03\x04" + PROGRAM + HONEST[ending]) == NOT_ALLOWED


@pytest.mark.parametrize("start", [b"II+\x00\x08\x00\x00\x00", b"MM\x00+\x00\x08\x00\x00"])
def test_large_tiff_is_tiff(start: bytes) -> None:
    assert kind("tiff", start + b"\x00" * 64) == "tiff"


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"quality": 5}, {"exif": b"Exif\x00\x00II*\x00" + b"\0" * 90}]
)
def test_photographs_of_all_kinds_are_taken(options: dict[str, Any]) -> None:
    assert kind("jpg", picture("JPEG", **options)) == "jpg"
    assert kind("jpg", picture("JPEG", mode="CMYK", **options)) == "jpg"
    assert kind("jpg", picture("JPEG", mode="L", **options)) == "jpg"


@pytest.mark.parametrize(
    "trailing",
    [
        b"\x00" * 1000,
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 4000,
        b"SEFT",
        b"PK\x05\x06 in a note",
    ],
    ids=["padding", "motion-photo", "samsung", "letters"],
)
@pytest.mark.parametrize("ending", ["jpg", "png", "tiff"])
def test_a_picture_with_something_after_its_end_is_taken(ending: str, trailing: bytes) -> None:
    """Telephones put a short film there."""
    assert kind(ending, HONEST[ending] + trailing) == ending


def test_a_bomb_is_not_unpacked() -> None:
    """Two hundred megabytes in one: told by its parts alone, for no more than any file of its size costs."""
    bomb = office("docx", {f"word/media/{each}.xml": b"\x00" * 10_000_000 for each in range(20)})
    reads = Reads(bomb)
    assert examine(MEDIA_TYPES["docx"], len(bomb), reads).verdict == "clean"
    assert reads.fetched < 300_000
    stored = Reads(archive({"mimetype": b"\x00" * 50_000_000}, compression=zipfile.ZIP_STORED))
    assert examine(MEDIA_TYPES["odt"], len(stored.content), stored) == NOT_ALLOWED
    assert stored.fetched < 300_000


@pytest.mark.parametrize("part", ["[Content_Types].xml", "_rels/.rels"])
def test_a_part_that_unpacks_to_gigabytes_is_not_unpacked(part: str) -> None:
    bomb = office("docx", {part: b"<Types>" + b" " * 60_000_000})
    reads = Reads(bomb)
    assert examine(MEDIA_TYPES["docx"], len(bomb), reads) == NOT_ALLOWED
    assert reads.fetched <= len(bomb)


def test_an_endless_list_of_parts_is_not_read_to_its_end() -> None:
    size = 64 * 1024 * 1024
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 65_535, 65_535, size - 100, 40, 0)
    reads = Reads(b"PK\x03\x04" + b"\x00" * (size - 4 - len(end)) + end)
    assert examine(MEDIA_TYPES["docx"], size, reads) == NOT_ALLOWED
    assert reads.fetched <= MOST_READ


def test_a_failure_of_the_storage_is_no_fault_of_the_file() -> None:
    """Whatever a library makes of it on the way: a file is never refused because it could not be fetched."""

    def fails(start: int, length: int) -> bytes:
        if start == 0 and length <= 64 * 1024:
            return HONEST["docx"][:length]
        raise ValueError("connection lost")

    with pytest.raises(ValueError, match="connection lost"):
        examine(MEDIA_TYPES["docx"], 3_000_000, fails)


@given(st.sampled_from(sorted(MEDIA_TYPES)), st.sampled_from(sorted(MEDIA_TYPES)), st.data())
def test_a_damaged_file_is_judged_without_a_fall(ending: str, declared: str, data: st.DataObject) -> None:
    """Whatever is cut or overwritten, there is an answer, and it is the same one every time."""
    content = bytearray(HONEST[ending])
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(1, len(content)))])
    assert_judged(declared, cut)


STARTS = [
    *(HONEST[ending][:12] for ending in ("pdf", "jpg", "png", "tiff", "docx", "xml")),
    *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"),
    *(b"<!--", b"<!DOCTYPE ", b"startxref\n0\n", b"/Encrypt 1 0 R"),
]


@given(st.sampled_from(sorted(MEDIA_TYPES)), st.lists(st.sampled_from(STARTS) | st.binary(max_size=200), max_size=8))
def test_any_bytes_are_judged_without_a_fall(declared: str, pieces: list[bytes]) -> None:
    assert_judged(declared, b"".join(pieces) or b"x")


def assert_judged(declared: str, content: bytes) -> None:
    """Hold what every examination must hold."""
    first, second = Reads(content), Reads(content)
    finding = examine(MEDIA_TYPES[declared], len(content), first)
    assert finding == examine(MEDIA_TYPES[declared], len(content), second)
    assert first.fetched <= MOST_READ + len(content)
    assert (finding.reason is None) == (finding.verdict == "clean")
    assert finding.media_type in ENDINGS if finding.verdict == "clean" else finding.media_type in {None, *ENDINGS}
