"""Office documents of every maker, and those with passwords, macros or another type."""

import io
import zipfile

import pytest

from mailroom.content.finding import Finding
from mailroom.domain.letter import MEDIA_TYPES
from tests.support.inspection.examined import found, kind
from tests.support.samples.files_of_each_type import (
    HONEST,
    MAIN_TYPES,
    PROGRAM,
    STRICT,
    TRANSITIONAL,
    archive,
    content_types,
    manifest,
    office,
    open_document,
    relationships,
    sample,
)

NOT_ALLOWED = Finding("refused", "not_allowed", None)
OFFICE = sorted(MAIN_TYPES)
OPEN_DOCUMENT = ["ods", "odt"]
_PREFIX = "application/vnd.openxmlformats-officedocument"


def renamed(content: bytes, name: "object") -> bytes:
    """The same archive, with each part's name changed by a function."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(name(part.filename), old.read(part))  # type: ignore[operator]
    return made.getvalue()


@pytest.mark.parametrize("ending", OFFICE)
@pytest.mark.parametrize("relationship", [TRANSITIONAL, STRICT])
@pytest.mark.parametrize(
    "main",
    ["word/document.xml", "word/document2.xml", "xl/workbook.xml", "document.xml", "Word/Document.XML", "doc/é.xml"],
)
def test_the_main_part_is_found_wherever_it_lies(ending: str, relationship: str, main: str) -> None:
    usual_of_the_other = {"docx": "xl/", "xlsx": "word/"}[ending]
    if not main.casefold().startswith(usual_of_the_other):
        assert kind(ending, office(ending, main=main, relationship=relationship)) == ending


@pytest.mark.parametrize(
    "change",
    [
        lambda name: name.replace("/", "\\"),
        lambda name: "/" + name,
        lambda name: "\\" + name.replace("/", "\\"),
        str.upper,
        str.lower,
        str.title,
    ],
    ids=["backslash", "slash-first", "both", "upper", "lower", "title"],
)
@pytest.mark.parametrize("ending", OFFICE)
def test_the_names_of_parts_are_normalised(ending: str, change: object) -> None:
    assert kind(ending, renamed(HONEST[ending], change)) == ending


@pytest.mark.parametrize("ending", OFFICE)
def test_a_package_may_name_its_main_part_in_other_ways(ending: str) -> None:
    main_type = MAIN_TYPES[ending]
    for target in ("/main.xml", "./main.xml", "x/../main.xml", "\\main.xml", "MAIN.xml", "m%61in.xml"):
        parts = {"_rels/.rels": relationships((TRANSITIONAL, target))}
        assert kind(ending, office(ending, parts, main="main.xml")) == ending, target
    by_default = (
        content_types()
        .replace(b'Extension="xml" ContentType="application/xml"', b"")
        .replace(b"<Default />", f'<Default Extension="xml" ContentType="{main_type}"/>'.encode())
    )
    assert kind(ending, office(ending, {"[Content_Types].xml": by_default}, main="main.xml")) == ending
    nothing_else = {"[Content_Types].xml": content_types(**{"/main.xml": main_type}), "main.xml": b"<x/>"}
    assert kind(ending, archive(nothing_else)) == ending, "no relationships: the list of types says it"
    capitals = content_types(**{"/main.xml": main_type.upper()})
    assert kind(ending, office(ending, {"[Content_Types].xml": capitals}, main="main.xml")) == ending


@pytest.mark.parametrize(
    "content_type",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        f"{_PREFIX}.wordprocessingml.template.main+xml",
        f"{_PREFIX}.spreadsheetml.template.main+xml",
        f"{_PREFIX}.presentationml.presentation.main+xml",
        "application/vnd.ms-visio.drawing.main+xml",
        "application/xml",
        "",
    ],
)
@pytest.mark.parametrize("ending", OFFICE)
def test_macros_templates_and_other_kinds_of_documents_are_refused(ending: str, content_type: str) -> None:
    types = content_types(**{"/main.xml": content_type})
    assert found(ending, office(ending, {"[Content_Types].xml": types}, main="main.xml")) == NOT_ALLOWED


@pytest.mark.parametrize(
    "more",
    [
        {"word/vbaProject.bin": b"x"},
        {"xl/vbaProject.bin": b"x"},
        {"word\\VBAPROJECT.BIN": b"x"},
        {"META-INF/MANIFEST.MF": b"Main-Class: x"},
        {"classes.dex": b"dex\n035"},
        {"mimetype": MEDIA_TYPES["odt"].encode(), "content.xml": b"<x/>"},
        {"[content_types].xml": b"<Types/>"},
    ],
    ids=["word", "excel", "disguised", "java", "android", "open-document-too", "two-lists-of-types"],
)
@pytest.mark.parametrize("ending", OFFICE)
def test_macros_programs_and_a_second_kind_are_refused(ending: str, more: dict[str, bytes]) -> None:
    assert found(ending, office(ending, more)) == NOT_ALLOWED


@pytest.mark.parametrize(
    "content_type", ["application/vnd.ms-office.vbaProject", "application/vnd.ms-excel.macrosheet+xml"]
)
def test_macros_are_told_by_their_type_whatever_their_name(content_type: str) -> None:
    main = MAIN_TYPES["xlsx"]
    types = content_types(**{"/xl/workbook.xml": main, "/xl/picture.png": content_type})
    assert found("xlsx", office("xlsx", {"[Content_Types].xml": types, "xl/picture.png": b"x"})) == NOT_ALLOWED
    assert kind("xlsx", office("xlsx", {"[Content_Types].xml": types})) == "xlsx", "a type that no part has"


def test_one_document_of_both_kinds_is_refused() -> None:
    both = content_types(**{"/word/document.xml": MAIN_TYPES["docx"], "/xl/workbook.xml": MAIN_TYPES["xlsx"]})
    two = relationships((TRANSITIONAL, "word/document.xml"), (TRANSITIONAL, "xl/workbook.xml"))
    assert found("docx", office("docx", {"xl/workbook.xml": b"<x/>"})) == NOT_ALLOWED
    parts = {"[Content_Types].xml": both, "xl/workbook.xml": b"<x/>", "_rels/.rels": two}
    assert found("docx", office("docx", parts)) == NOT_ALLOWED


def test_a_table_within_a_letter_is_taken() -> None:
    assert kind("docx", office("docx", {"word/embeddings/table.xlsx": HONEST["xlsx"]})) == "docx"


@pytest.mark.parametrize(
    "types", [b"", b"<Types", b"no XML", b'<!DOCTYPE x [<!ENTITY a "b">]><Types/>', b"\x00" * 50], ids=range(5)
)
def test_a_list_of_types_that_is_none_is_refused(types: bytes) -> None:
    assert found("docx", office("docx", {"[Content_Types].xml": types})) == NOT_ALLOWED


def test_an_open_document_says_its_type_in_either_place() -> None:
    mimetype, content = MEDIA_TYPES["odt"].encode(), {"content.xml": b"<x/>"}
    assert kind("odt", open_document("odt")) == "odt"
    assert kind("odt", archive(content | {"mimetype": mimetype})) == "odt", "last"
    assert kind("odt", archive(content | {"META-INF/manifest.xml": manifest("odt")})) == "odt", "in the manifest alone"
    assert kind("odt", archive(content | {"mimetype": mimetype + b"\r\n"})) == "odt", "with the end of a line"
    deflated = io.BytesIO()
    with zipfile.ZipFile(deflated, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("content.xml", b"<x/>")
        made.writestr("mimetype", mimetype)
    assert kind("odt", deflated.getvalue()) == "odt", "compressed"


@pytest.mark.parametrize("ending", OPEN_DOCUMENT)
def test_an_open_document_of_another_kind_or_of_two_is_refused(ending: str) -> None:
    other = {"ods": "odt", "odt": "ods"}[ending]
    mimetype, content = MEDIA_TYPES[ending].encode(), {"content.xml": b"<x/>"}
    assert found(ending, open_document(ending, {"META-INF/manifest.xml": manifest(other)})) == NOT_ALLOWED
    assert found(ending, archive(content | {"mimetype": mimetype + b"-template"})) == NOT_ALLOWED
    presentation = b"application/vnd.oasis.opendocument.presentation"
    assert found(ending, archive(content | {"mimetype": presentation})) == NOT_ALLOWED
    assert found(ending, archive({"mimetype": mimetype, "payload.exe": PROGRAM})) == NOT_ALLOWED, "no content"


@pytest.mark.parametrize("ending", OPEN_DOCUMENT)
def test_an_open_document_with_a_password_is_unchecked(ending: str) -> None:
    entry = (
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml" manifest:size="9">'
        '<manifest:encryption-data manifest:checksum-type="SHA256/1K" manifest:checksum="x"/></manifest:file-entry>'
    )
    protected = open_document(ending, {"META-INF/manifest.xml": manifest(ending, entry), "content.xml": b"\x8f" * 99})
    assert found(ending, protected) == Finding("unchecked", "protected", MEDIA_TYPES[ending])


def encrypted(content: bytes, *parts: str) -> bytes:
    """The archive with some parts marked as encrypted, in both places where that is said."""
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        at = file.start_dir
        for part in file.infolist():
            if part.filename in parts:
                changed[part.header_offset + 6] |= 1
                changed[at + 8] |= 1
            at += 46 + len(part.filename.encode()) + len(part.extra) + len(part.comment)
    return bytes(changed)


def test_parts_that_are_encrypted_are_unchecked() -> None:
    content = office("docx")
    assert found("docx", encrypted(content, "word/document.xml")) == Finding(
        "unchecked", "protected", MEDIA_TYPES["docx"]
    )
    assert found("docx", encrypted(content, "[Content_Types].xml")) == Finding("unchecked", "protected", None)
    locked = archive({"payload.exe": PROGRAM})
    assert found("docx", encrypted(locked, "payload.exe")) == NOT_ALLOWED, "an archive, and no document"


@pytest.mark.parametrize("declared", MEDIA_TYPES)
def test_an_office_document_with_a_password_is_unchecked_whatever_its_name(declared: str) -> None:
    media_type = MEDIA_TYPES[declared] if declared in OFFICE else None
    assert found(declared, sample("protected.docx")) == Finding("unchecked", "protected", media_type)


def test_a_document_of_office_97_is_refused_whatever_stands_beside_its_text() -> None:
    """An attacker adds the two names of an encrypted document; its text and its macros keep theirs."""
    protected = sample("protected.docx")
    names = [name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptionInfo", "\x06DataSpaces")]
    old_word = protected.replace(names[0], "WordDocumentHere".encode("utf-16-le"))
    both = protected.replace(names[2], "\x06Macros1234"[:11].encode("utf-16-le"))
    assert old_word != protected != both
    assert found("docx", old_word) == NOT_ALLOWED
    assert found("docx", both) == NOT_ALLOWED
    assert found("docx", protected[:600]) == NOT_ALLOWED
