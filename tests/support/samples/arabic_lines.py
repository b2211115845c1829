"""Lines of Arabic that engines get wrong, and each engine's way to set one: for a test and for the bench."""

from datetime import UTC, datetime
from pathlib import Path

import fpdf

import typeset

FONTS = Path(__file__).parents[3] / "layers/receipt/fonts"

NUMBERS = {
    "Suite à ma demande طلب رخصة رقم 45/2025, merci": "demande45/2025مقر",
    "أداء مبلغ 12 500 درهم": "مهرد12500غلبم",
    "الهاتف 06 12 34 56 78 غدا": "ادغ0612345678فتاهلا",
    "قانون 55-19 جديد": "ديدج55-19نوناق",
}
"""Lines, and how the number stands between its neighbours, from the left to the right."""
COPIES = ("لا إله", "الملف (2) من 3", "قانون 55-19 جديد")
"""Lines that are to be copied as they were typed."""


def by_fpdf2(text: str) -> bytes:
    """The line as fpdf2 sets it, with its text shaping on."""
    document = fpdf.FPDF(unit="pt", format="A4")
    document.add_page()
    document.add_font("plex", fname=FONTS / "IBMPlexSansArabic-Regular.ttf")
    document.set_font("plex", size=10)
    document.set_text_shaping(use_shaping_engine=True)
    document.cell(text=text)
    return bytes(document.output())


def by_typeset(text: str) -> bytes:
    """The line as this project's engine sets it."""
    fonts = typeset.load()
    made_at = datetime(2026, 1, 1, tzinfo=UTC)
    document = typeset.Document(fonts, title="line", creator="test", language="fr", made_at=made_at)
    document.add_page()
    line = typeset.paragraph(text, typeset.Style(fonts.regular, 10), 500)
    typeset.draw_all(document, [typeset.Placed(line, 40, 40)], 0)
    document.end_page()
    return document.finish()
