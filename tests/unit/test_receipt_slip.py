"""The slip is a file of its own: one page, with what brings its sender back, and nothing that proves."""

import io
import re
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest

from render_receipt import printed_words
from render_receipt.printed import PrintedSlip
from render_receipt.slip import render_slip
from tests.support.samples.receipt_cases import FRENCH, SLIP, made_slip

LONGEST = replace(
    SLIP,
    organism_fr="Ministère de l'Aménagement du territoire national, de l'Urbanisme, de l'Habitat et de la Politique",
    organism_ar="وزارة الشؤون الخارجية والتعاون الإفريقي والمغاربة المقيمين بالخارج",
    number="MATNUHPV-2026-000001",
    language="ar",
    follow_up_url=f"https://{'bureau-ordre-digital.' * 4}ma/suivi",
)


def words(slip: PrintedSlip) -> str:
    """The only page as a reader of PDF copies it, white space made one."""
    (page,) = pypdfium2.PdfDocument(made_slip(slip))
    return re.sub(r"\s+", " ", page.get_textpage().get_text_range())


@pytest.mark.parametrize("slip", [SLIP, LONGEST], ids=["usual", "longest"])
def test_all_that_brings_a_sender_back_is_on_one_page(slip: PrintedSlip) -> None:
    text = words(slip)
    for part in (
        slip.number,
        slip.follow_up_code,
        *printed_words.SLIP,
        *printed_words.CONFIDENTIAL,
        *printed_words.NUMBER,
        *printed_words.FOLLOW_UP_CODE,
        "Gardez ce coupon pour vous",
    ):
        assert part in text
    assert re.sub(r"\W", "", slip.follow_up_url) in re.sub(r"\W", "", text)


def test_nothing_on_it_passes_for_a_proof() -> None:
    text = words(SLIP)
    with pikepdf.open(io.BytesIO(made_slip())) as pdf:
        assert not pdf.attachments
        assert "/AcroForm" not in pdf.Root
    assert FRENCH.verification_code not in text
    assert not any(part in text for part in (*printed_words.SEAL, *printed_words.KINGDOM, printed_words.TITLE.fr))


def test_the_same_slip_gives_the_same_bytes_and_another_code_others() -> None:
    assert render_slip(SLIP) == made_slip()
    assert render_slip(replace(SLIP, follow_up_code="0000-0000-0000-0000")) != made_slip()
