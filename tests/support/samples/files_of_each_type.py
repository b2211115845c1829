"""A small honest file of each type that is taken, made by the libraries that make such files."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fpdf import FPDF
from PIL import Image

from mailroom.domain.letter import MEDIA_TYPES

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner takes for malware, and nothing else does (EICAR, 2003)."""

PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\xb8" + b"\x00" * 200 + b"PE\x00\x00"
WEB_PAGE = b"<!DOCTYPE html>\n<html><script>location = 'https://elsewhere.example'</script></html>"


_SAMPLES = Path(__file__).parents[2] / "files"
"""Small files as programs make them, after reports of files that other services refused."""


def sample(name: str) -> bytes:
    """One of the files of `tests/files`."""
    return (_SAMPLES / name).read_bytes()


def archive(parts: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive; OpenDocument's `mimetype` is stored as it is."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in parts.items():
            made.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else compression)
    return file.getvalue()


MAIN_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"


def content_types(**types: str) -> bytes:
    """The list of types of an Office document: a default for XML, and types of parts."""
    overrides = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in types.items())
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    ).encode()


def relationships(*found: tuple[str, str], mode: str = "Internal") -> bytes:
    """A part that names other parts: types and targets."""
    listed = "".join(
        f'<Relationship Id="rId{rank}" Type="{kind}" Target="{target}" TargetMode="{mode}"/>'
        for rank, (kind, target) in enumerate(found)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{listed}</Relationships>'
    ).encode()


def office(
    ending: str, more: Mapping[str, bytes] | None = None, *, main: str | None = None, relationship: str = TRANSITIONAL
) -> bytes:
    """An Office Open XML document as far as its parts are looked at, with its main part where it is wanted."""
    part = main or MAIN_PARTS[ending]
    parts = {
        "[Content_Types].xml": content_types(**{f"/{part}": MAIN_TYPES[ending]}),
        "_rels/.rels": relationships((relationship, part)),
        part: b"<x/>",
    }
    return archive(parts | dict(more or {}))


def manifest(ending: str, more: str = "") -> bytes:
    """The manifest of an OpenDocument."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MEDIA_TYPES[ending]}"/>{more}'
        "</manifest:manifest>"
    ).encode()


def open_document(ending: str, more: Mapping[str, bytes] | None = None) -> bytes:
    """An OpenDocument as far as its parts are looked at."""
    parts = {
        "mimetype": MEDIA_TYPES[ending].encode(),
        "content.xml": b"<x/>",
        "META-INF/manifest.xml": manifest(ending),
    }
    return archive(parts | dict(more or {}))


def picture(kind: str, mode: str = "RGB", **options: Any) -> bytes:  # noqa: ANN401 - whatever the format knows
    """A picture of a few points."""
    file = io.BytesIO()
    Image.effect_noise((24, 16), 60).convert("RGB").convert(mode).save(file, kind, **options)
    return file.getvalue()


def pdf() -> bytes:
    """A page."""
    page = FPDF()
    page.add_page()
    page.set_font("Helvetica")
    page.cell(text="Plan")
    return bytes(page.output())


HONEST: dict[str, bytes] = {
    "pdf": pdf(),
    "docx": sample("ok.docx"),
    "xlsx": sample("ok.xlsx"),
    "odt": sample("ok.odt"),
    "ods": sample("ok.ods"),
    "jpg": picture("JPEG"),
    "jpeg": picture("JPEG"),
    "jfif": picture("JPEG"),
    "jpe": picture("JPEG"),
    "png": picture("PNG"),
    "tif": picture("TIFF"),
    "tiff": picture("TIFF"),
    "txt": "Bonjour,\r\n\r\nأطلب منكم تسليمي الشهادة.\n".encode(),
    "csv": "numéro;الاسم\r\n1;أمينة\r\n".encode("utf-8-sig"),
    "xml": '<?xml version="1.0" encoding="UTF-8"?>\n<facture numéro="1"/>'.encode(),
}
