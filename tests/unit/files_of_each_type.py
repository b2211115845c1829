"""A small honest file of each type that is taken, made by the libraries that make such files."""

import io
import zipfile
from collections.abc import Mapping

from fpdf import FPDF
from PIL import Image

from mailroom.letter import MEDIA_TYPES

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner takes for malware, and nothing else does (EICAR, 2003)."""

PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\xb8" + b"\x00" * 200 + b"PE\x00\x00"
WEB_PAGE = b"<!DOCTYPE html>\n<html><script>location = 'https://elsewhere.example'</script></html>"


def archive(parts: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive; OpenDocument's `mimetype` is stored as it is."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in parts.items():
            made.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else compression)
    return file.getvalue()


def office(ending: str, **more: bytes) -> bytes:
    """An Office Open XML document as far as its parts are looked at."""
    main = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}[ending]
    return archive({"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<Relationships/>", main: b"<x/>"} | more)


def open_document(ending: str) -> bytes:
    """An OpenDocument as far as its parts are looked at."""
    return archive({"mimetype": MEDIA_TYPES[ending].encode(), "content.xml": b"<x/>", "META-INF/manifest.xml": b"<x/>"})


def picture(kind: str) -> bytes:
    """A picture of a few points."""
    file = io.BytesIO()
    Image.effect_noise((24, 16), 60).convert("RGB").save(file, kind)
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
    "docx": office("docx"),
    "xlsx": office("xlsx"),
    "odt": open_document("odt"),
    "ods": open_document("ods"),
    "jpg": picture("JPEG"),
    "jpeg": picture("JPEG"),
    "png": picture("PNG"),
    "tif": picture("TIFF"),
    "tiff": picture("TIFF"),
    "txt": "Bonjour,\r\n\r\nأطلب منكم تسليمي الشهادة.\n".encode(),
    "csv": "numéro;الاسم\r\n1;أمينة\r\n".encode("utf-8-sig"),
    "xml": '<?xml version="1.0" encoding="UTF-8"?>\n<facture numéro="1"/>'.encode(),
}
