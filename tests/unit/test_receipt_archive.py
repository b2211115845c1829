"""The file can be kept for good: PDF/A-3U (ISO 19005-3), requirement by requirement, with the record inside."""

import io
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from render_receipt import printed_words
from render_receipt.printed import PrintedReceipt
from tests.support.samples.receipt_cases import CASES, FRENCH, SEALED, made

NAMESPACES = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


def opened(record: PrintedReceipt = FRENCH) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(made(record)))


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Give every object of the file that has entries."""
    return (item for item in pdf.objects if isinstance(item, pikepdf.Dictionary | pikepdf.Stream))


def metadata(pdf: pikepdf.Pdf) -> ET.Element:
    return ET.fromstring(pdf.Root.Metadata.read_bytes())  # noqa: S314 - made here


def said(root: ET.Element, name: str) -> str:
    (found,) = root.iterfind(f".//{name}", NAMESPACES)
    return "".join(found.itertext()).strip()


def test_the_record_comes_out_of_the_file_as_it_went_in() -> None:
    pdf = opened()
    (specification,) = pdf.Root.AF
    assert str(specification.AFRelationship) == "/Data"
    assert specification.F == specification.UF == "record.json"
    stream = specification.EF.F
    assert stream.read_bytes() == SEALED
    assert str(stream.Subtype) == "/application/json"
    assert stream.Params.Size == len(SEALED)
    assert stream.Params.ModDate == stream.Params.CreationDate == "D:20260522130509Z"


def test_readers_list_the_record_among_the_attached_files() -> None:
    pdf = opened()
    assert list(pdf.attachments) == ["record.json"]
    assert pdf.attachments["record.json"].get_file().read_bytes() == SEALED


def test_the_file_calls_itself_pdf_a_3u_and_both_accounts_of_it_agree() -> None:
    pdf = opened()
    root = metadata(pdf)
    assert said(root, "pdfaid:part") == "3"
    assert said(root, "pdfaid:conformance") == "U"
    about = pdf.docinfo
    assert (
        said(root, "dc:title") == about.Title == f"{printed_words.TITLE.fr} {FRENCH.number} — {printed_words.TITLE.ar}"
    )
    assert said(root, "pdf:Producer") == about.Producer
    assert said(root, "xmp:CreatorTool") == about.Creator
    assert said(root, "xmp:CreateDate") == said(root, "xmp:ModifyDate") == "2026-05-22T13:05:09+00:00"
    assert about.CreationDate == "D:20260522130509Z"
    assert "/Filter" not in pdf.Root.Metadata


def test_colours_have_a_profile() -> None:
    pdf = opened()
    (intent,) = pdf.Root.OutputIntents
    assert str(intent.S) == "/GTS_PDFA1"
    assert intent.DestOutputProfile.N == 3
    assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"


@pytest.mark.parametrize("record", CASES.values(), ids=CASES)
def test_nothing_is_in_the_file_that_an_archive_refuses(record: PrintedReceipt) -> None:
    pdf = opened(record)
    assert pdf.pdf_version == "1.7"
    assert len(pdf.trailer.ID) == 2
    assert not pdf.is_encrypted
    for item in dictionaries(pdf):
        assert not {"/JS", "/AA", "/SMask", "/Group", "/Ref", "/OPI", "/FFilter"} & set(item.keys())
        assert str(item.get("/Filter")) != "/LZWDecode"
        assert str(item.get("/S")) not in {"/JavaScript", "/Launch", "/Movie", "/Sound", "/Transparency"}


@pytest.mark.parametrize("record", CASES.values(), ids=CASES)
def test_each_font_is_in_the_file_and_each_code_of_it_is_a_letter(record: PrintedReceipt) -> None:
    pdf = opened(record)
    fonts = [item for item in dictionaries(pdf) if str(item.get("/Subtype")) == "/Type0"]
    assert fonts
    for font in fonts:
        (inner,) = font.DescendantFonts
        assert len(inner.FontDescriptor.FontFile2.read_bytes()) == inner.FontDescriptor.FontFile2.Length1
        first, widths = inner.W
        codes = range(int(first), int(first) + len(widths))
        places = inner.CIDToGIDMap.read_bytes()
        assert len(places) == 2 * (len(codes) + 1)
        letters = _letters(font.ToUnicode.read_bytes().decode())
        assert sorted(letters) == list(codes)
        for text in letters.values():
            assert text
            assert not set(text) & {"\0", "\ufeff", "\ufffe"}
        assert all(places[2 * code : 2 * code + 2] != b"\0\0" for code in codes), "shows .notdef"


def _letters(cmap: str) -> dict[int, str]:
    rows = (line.split() for line in cmap.splitlines() if line.startswith("<") and line.count("<") == 2)
    return {
        int(code[1:-1], 16): bytes.fromhex(text[1:-1]).decode("utf-16-be")
        for code, text in rows
        if (code, text) != ("<0000>", "<FFFF>")
    }
