"""Texts, tables and XML, in the encodings and shapes that people and programs make; web pages are none of them."""

import pytest

from tests.support.inspection.examined import found, kind
from tests.support.samples.files_of_each_type import EICAR, HONEST

HTML = 'xmlns="http://www.w3.org/1999/xhtml"'
SVG = 'xmlns="http://www.w3.org/2000/svg"'


@pytest.mark.parametrize(
    "content",
    [
        "Arabe de Windows : شهادة السكنى".replace("é", "e").encode("cp1256", "replace"),
        "Demande déposée à Salé".encode("cp1252"),
        "Excel « texte Unicode »\r\nشهادة\t1".encode("utf-16"),
        "\ufeffشهادة".encode("utf-16-be"),
        "nom;الاسم\r\nAmina;أمينة\r\n".encode("utf-16-le"),
        "nom;الاسم\r\nAmina;أمينة\r\n".encode("utf-16-be"),
        ("é" * 40_000).encode(),  # a letter lies across the end of what is looked at
        ("é" * 80_000).encode("utf-16"),
        ("شهادة;" * 30_000).encode("utf-16-le"),
        "\ufeffa;b\r\n".encode(),
        b"an old program's mark at the end\r\n\x1a",
        b"and many of them" + b"\x1a" * 112,
        b"one page\x0canother\x0b",
        b" \r\n",
        b"x",
        b"MZ is how some words begin",
        b"I have 3 < 5 & 5 > 3, <a> and <b> are two",
        b"<< Bonjour >>",
        b"-- a rule --\n",
        EICAR,  # for the scanner to find: it is a text
        b"x" * 200_000,
    ],
)
def test_texts_are_taken_in_the_encodings_that_people_here_use(content: bytes) -> None:
    assert kind("txt", content) == "txt"
    assert kind("csv", content) == "csv"


@pytest.mark.parametrize(
    "content",
    [
        b"abc\x00def",
        b"abc\x00",
        b"abc\x1b[2J",
        b"x" * 200_000 + b"\x00",
        b"\xff\xfe\x00\xd8a\x00",
        "a\x00b\x07".encode("utf-16"),
        ("a" * 80_000 + "\x02").encode("utf-16"),
        b"\x01\x00\x02\x00\x03\x00\x04\x00",
    ],
)
def test_what_no_text_holds_is_seen_at_both_ends(content: bytes) -> None:
    assert found("txt", content).verdict == "refused"


XML = [
    "<Body/>",
    "<A>1</A>",
    "<a>1</a>",
    "<a_record/>",
    "<État/>",
    "<فاتورة رقم='1'/>",
    "<Html/>".replace("Html", "Htmlish"),
    "<Head><Script/></Head>",
    "<Svg/>",
    "<IMG/>",
    "<body-part/>",
    "<html.report/>",
    '<body xmlns="urn:example:letter"/>',
    '<x:svg xmlns:x="urn:example:svg"/>',
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<facture/>',
    '<?xml version="1.1"?><facture/>'.replace("1.1", "1.0"),
    '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="facture.xsl"?><facture/>',
    "<!-- une note -->\n<!-- et <html> une autre --><facture/>",
    "\n \n<facture/>",
    "<!DOCTYPE facture SYSTEM 'facture.dtd'><facture/>",
    "<!DOCTYPE facture [<!ELEMENT facture (#PCDATA)>]><facture/>",
    '<ubl:Invoice xmlns:ubl="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
    "<facture>" + "é" * 200_000 + "</facture>",
]


@pytest.mark.parametrize("text", XML)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_names_of_xml_are_case_sensitive_and_of_any_script(text: str, encoding: str) -> None:
    assert kind("xml", text.encode(encoding)) == "xml"
    assert kind("pdf", text.encode(encoding)) == "xml"
    assert kind("txt", text.encode(encoding)) == "txt"


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0" encoding="windows-1256"?><فاتورة/>'.encode("cp1256"),
        '<?xml version="1.0" encoding="ISO-8859-1"?><État/>'.encode("latin-1"),
        b"<?xml version='1.0' encoding='utf-16'?><facture/>",  # as .NET writes into a text in memory
        "<?xml version='1.0' encoding='utf-8'?><فاتورة/>".encode("utf-16-le"),
    ],
)
def test_xml_is_read_in_its_encoding_whatever_it_declares(content: bytes) -> None:
    assert kind("xml", content) == "xml"


PAGES = [
    "<html>",
    "<HTML><BODY>",
    "<Html>",
    "<!doctype html>",
    "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'x'><html/>",
    "<!DOCTYPE svg><x/>",
    f'<?xml version="1.0"?><!DOCTYPE html><html {HTML}/>',
    f"<x:html {HTML.replace('xmlns', 'xmlns:x')}/>",
    f"<x:svg {SVG.replace('xmlns', 'xmlns:x')} onload='x'/>",
    f"<anything {SVG}/>",
    f"<div {HTML}/>",
    "<svg onload=alert(1)>",
    "<body onload=alert(1)>",
    "<body><Ligne/></body>",
    "<script>alert(1)</script>",
    "<SCRIPT src=//x.example></SCRIPT>",
    "<iframe src='//x.example'>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">Ouvrir</a>',
    "<a onclick=alert(1)>Ouvrir</a>",
    "<!-- a --><!-- b -->\n<html>",
    "<!--><script>alert(1)</script>",
    "<!---><script>alert(1)</script>",
    "<!-- --!><script>alert(1)</script>",
    "<?php echo 1 ?><html>",
    "<!---->" * 40 + "<html>",
]


@pytest.mark.parametrize("text", PAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["txt", "csv", "xml", "pdf"])
def test_a_page_that_a_browser_would_run_is_refused(ending: str, encoding: str, text: str) -> None:
    assert found(ending, text.encode(encoding)).verdict == "refused"


@pytest.mark.parametrize(
    "text",
    [
        "facture;1",
        "<?xml",
        "<",
        "<1/>",
        "< facture/>",
        "<!-- never ends",
        "<!---->" * 25 + "x",
        "<!DOCTYPE",
        '<!DOCTYPE a [<!ENTITY x "y">',
    ],
)
def test_what_only_begins_as_xml_is_a_text(text: str) -> None:
    assert kind("xml", text.encode()) == "txt"


def test_entities_that_multiply_are_not_expanded() -> None:
    """A billion laughs, in the one place where the beginning of a document would expand them."""
    entities = "".join(f'<!ENTITY e{rank} "{f"&e{rank - 1};" * 10}">' for rank in range(1, 12))
    text = f'<!DOCTYPE a [<!ENTITY e0 "ha">{entities}]><a x="&e11;"/>'
    assert found("xml", text.encode()).verdict in {"clean", "refused"}


@pytest.mark.parametrize("name", ["txt", "csv", "xml"])
def test_a_text_that_opens_as_a_pdf_too_is_a_pdf(name: str) -> None:
    """Programs that open PDF look for its header in the first 1,024 bytes, and so does the examination."""
    assert kind(name, b"Bonjour\n" + HONEST["pdf"]) == "pdf"


@pytest.mark.parametrize("content", [b"%PDF-1.4 is how PDF begins", b"-" * 1500 + b"\n" + HONEST["pdf"][:9]])
def test_a_text_about_pdf_is_a_text(content: bytes) -> None:
    assert kind("txt", content) == "txt"
