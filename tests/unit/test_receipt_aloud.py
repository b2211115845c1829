"""The receipt can be read aloud: PDF/UA-1 (ISO 14289-1), each part in its language, in the order of sense."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import outloud  # type: ignore[import-untyped]
import pikepdf
import pytest
from outloud.model import Document  # type: ignore[import-untyped]
from outloud.viewer import reading_order  # type: ignore[import-untyped]

from render_receipt import printed_words
from tests.support.samples.receipt_cases import ARABIC, CASES, FRENCH, drawn, made

NOT_HELD = ("TAG-002", "TAG-032")
"""Two guesses of the checker's own, which PDF/UA does not make: that the organism, named again on the second page,
ought to be read again, and that what replaces Arabic should equal its glyphs from left to right."""


@pytest.mark.parametrize("name", [*CASES, "slip"])
def test_a_checker_finds_no_failure_of_pdf_ua_1(name: str, tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(drawn(name))
    result = outloud.check(str(file), skip=NOT_HELD)
    assert result.error is None
    assert [finding.message for finding in result.findings if finding.severity == "error"] == []
    assert result.stats["tagged"]


def test_the_page_is_heard_in_the_order_of_sense_and_arabic_from_its_first_letter(tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(made(ARABIC))
    document = Document(str(file))
    heard = [item["text"] for item in reading_order(document)[1] if item["type"] != "Artifact"]
    document.close()
    expected = [
        printed_words.KINGDOM.fr,
        printed_words.KINGDOM.ar,
        printed_words.KINGDOM_AMAZIGH,
        *printed_words.TITLE,
        *printed_words.NUMBER,
        ARABIC.number,
        *printed_words.SENDER,
        ARABIC.sender_name,
        *printed_words.SUBJECT,
        f"«{ARABIC.subject}»",
        ARABIC.attachments[0].file_name,
        f"SHA-256 {ARABIC.attachments[0].sha256}",
        *printed_words.SEAL,
    ]
    assert [text for text in heard if text in expected] == expected


def elements(item: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Give the elements of a structure tree in the order in which they are read."""
    for child in item.K if isinstance(item.K, pikepdf.Array) else [item.K]:
        if isinstance(child, pikepdf.Dictionary):
            yield child
            yield from elements(child)


def roles(pdf: pikepdf.Pdf) -> list[str]:
    return [str(element.S) for element in elements(pdf.Root.StructTreeRoot)]


def test_parts_are_what_they_look_like() -> None:
    with pikepdf.open(io.BytesIO(made(CASES["twenty"]))) as pdf:
        found = roles(pdf)
    assert found[0] == "/Document"
    assert found.count("/H1") == 1
    assert found.count("/Table") == found.count("/L") == found.count("/Figure") == 1, "they go on over the page"
    assert found.count("/LI") == 20
    assert found.index("/H1") < found.index("/Table") < found.index("/L") < found.index("/Figure")


def test_each_part_says_its_language() -> None:
    for record, own, other in ((FRENCH, "fr", "ar"), (ARABIC, "ar", "fr")):
        with pikepdf.open(io.BytesIO(made(record))) as pdf:
            assert pdf.Root.Lang == own
            languages = [str(element.Lang) for element in elements(pdf.Root.StructTreeRoot) if "/Lang" in element]
        assert languages.count("zgh") == 1
        assert set(languages) == {"zgh", other}


@pytest.mark.parametrize(
    ("subject", "language"),
    [
        ("Facture de la société النور SARL", None),
        ("طلب SARL ATLAS", "ar"),
        ("12 500 درهم", "ar"),
    ],
)
def test_a_subject_is_heard_as_it_was_typed_in_the_language_it_begins_with(subject: str, language: str | None) -> None:
    with pikepdf.open(io.BytesIO(made(replace(FRENCH, subject=subject)))) as pdf:
        tree = list(elements(pdf.Root.StructTreeRoot))
        (heard,) = [item for item in tree if subject in str(item.get("/ActualText", ""))]
        assert str(heard.get("/Lang", "None")) == str(language)


def test_those_who_cannot_see_the_qr_are_told_what_it_is_in_both_languages() -> None:
    with pikepdf.open(io.BytesIO(made(FRENCH))) as pdf:
        (figure,) = (element for element in elements(pdf.Root.StructTreeRoot) if element.S == "/Figure")
        said = str(figure.Alt)
    assert FRENCH.verification_url in said
    assert printed_words.QR.fr in said
    assert printed_words.QR.ar in said


def test_viewers_show_the_title_and_go_through_fields_in_the_order_of_reading() -> None:
    with pikepdf.open(io.BytesIO(made(CASES["twenty"]))) as pdf:
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.Root.MarkInfo.Marked
        assert [str(page.Tabs) for page in pdf.pages] == ["/S", "/S"]
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.Root.Metadata.read_bytes()
