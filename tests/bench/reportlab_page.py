"""The receipt's page made by ReportLab, to compare with: the same words, fonts and QR code.

Arabic is joined by arabic-reshaper and ordered by python-bidi, line by line, as is usual with it.
"""

import io
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import segno
from arabic_reshaper import reshape  # type: ignore[import-untyped]
from bidi import get_display  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bidirectional.direction import is_right_to_left
from render_receipt import printed_words
from render_receipt.printed import PrintedReceipt
from render_receipt.printed_words import Words
from render_receipt.untrusted import clean

_FONTS = {
    "regular": "IBMPlexSansArabic-Regular.ttf",
    "strong": "IBMPlexSansArabic-SemiBold.ttf",
    "mono": "IBMPlexMono-Regular.ttf",
    "tifinagh": "NotoSansTifinagh-Regular.ttf",
}
_LEFT, _RIGHT = 42.5, A4[0] - 42.5
_VALUE_LEFT, _VALUE_RIGHT = _LEFT + 98, _RIGHT - 98


def make(receipt: PrintedReceipt, fonts: Path) -> bytes:
    """Make the page."""
    _register(fonts)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    y = _fields(canvas, receipt, _top(canvas, receipt))
    y = _files(canvas, receipt, y)
    _foot(canvas, receipt, y - 10)
    canvas.save()
    return out.getvalue()


@cache
def _register(fonts: Path) -> None:
    for name, file in _FONTS.items():
        registerFont(TTFont(name, fonts / file))


def _write(canvas: Canvas, text: str, box: tuple[float, float], y: float, font: tuple[str, float]) -> float:
    """Write a text into the box between two abscissas; where the next line goes."""
    plain = "".join(char for char in text if unicodedata.category(char) != "Cf")
    canvas.setFont(*font)
    for line in simpleSplit(plain, *font, box[1] - box[0]) or [""]:
        if is_right_to_left(line):
            canvas.drawRightString(box[1], y, get_display(reshape(line), base_dir="R"))
        else:
            canvas.drawString(box[0], y, line)
        y -= font[1] * 1.42
    return y


def _both(canvas: Canvas, words: Words, y: float, font: tuple[str, float]) -> float:
    middle = A4[0] / 2
    left = _write(canvas, words.fr, (_LEFT, middle - 8), y, font)
    return min(left, _write(canvas, words.ar, (middle + 8, _RIGHT), y, font))


def _top(canvas: Canvas, receipt: PrintedReceipt) -> float:
    y = _both(canvas, printed_words.KINGDOM, 800, ("strong", 10))
    _write(canvas, printed_words.KINGDOM_AMAZIGH, (250, 400), 800, ("tifinagh", 10))
    y = _both(canvas, Words(receipt.organism_fr, receipt.organism_ar), y, ("regular", 8))
    y = _both(canvas, printed_words.OFFICE, y, ("regular", 8))
    canvas.line(_LEFT, y, _RIGHT, y)
    return _both(canvas, printed_words.TITLE, y - 24, ("strong", 18.5))


def _fields(canvas: Canvas, receipt: PrintedReceipt, y: float) -> float:
    kind = printed_words.SENDER_KINDS[receipt.sender_kind]
    rows: Iterable[tuple[Words, str, Iterable[str]]] = (
        (printed_words.NUMBER, "strong", [receipt.number]),
        (printed_words.SUBMITTED_AT, "regular", _flat(printed_words.moment(receipt.submitted_at))),
        (printed_words.ORGANISM, "regular", [receipt.organism_fr, receipt.organism_ar]),
        (printed_words.SENDER, "strong", [receipt.sender_name, *kind, receipt.identity or ""]),
        (printed_words.LETTER_KIND, "regular", printed_words.LETTER_KINDS[receipt.letter_kind]),
        (printed_words.REFERENCE, "regular", [receipt.reference or ""]),
        (printed_words.SUBJECT, "strong", [receipt.subject]),
        (printed_words.RECORD, "mono", [receipt.record_sha256]),
    )
    for label, font, values in rows:
        after = _both(canvas, label, y, ("regular", 8))
        size = 7.8 if font == "mono" else 9.5
        for value in values:
            y = _write(canvas, clean(value), (_VALUE_LEFT, _VALUE_RIGHT), y, (font, size))
        y = min(y, after)
        canvas.line(_LEFT, y + 7, _RIGHT, y + 7)
        y -= 5
    return y


def _flat(pairs: Iterable[Words]) -> list[str]:
    return [text for pair in pairs for text in pair]


def _files(canvas: Canvas, receipt: PrintedReceipt, y: float) -> float:
    y = _both(canvas, printed_words.ATTACHMENTS, y, ("strong", 8.6))
    for number, item in enumerate(receipt.attachments, start=1):
        _write(canvas, f"{number}", (_LEFT, _LEFT + 20), y, ("regular", 9.5))
        _write(canvas, printed_words.size(item.size), (_RIGHT - 60, _RIGHT), y, ("regular", 9.5))
        y = _write(canvas, clean(item.file_name), (_LEFT + 24, _RIGHT - 80), y, ("regular", 9.5))
        y = _write(canvas, f"SHA-256 {item.sha256}", (_LEFT + 24, _RIGHT), y, ("mono", 7)) - 4
    return y


def _foot(canvas: Canvas, receipt: PrintedReceipt, y: float) -> None:
    y = _both(canvas, printed_words.MEANING, y, ("regular", 8))
    code = segno.make_qr(receipt.verification_url, error="m")
    module = 85 / len(code.matrix)
    for row, modules in enumerate(code.matrix):
        for column, dark in enumerate(modules):
            if dark:
                x, top = _LEFT + column * module, y - (row + 1) * module
                canvas.rect(x, top, module, module, stroke=0, fill=1)
    canvas.rect(_RIGHT - 108, y - 85, 108, 85)
    for words in (printed_words.VERIFY, printed_words.HOW_TO_VERIFY, printed_words.FOLLOW, printed_words.HOW_TO_FOLLOW):
        left = _write(canvas, words.fr, (140, 280), y, ("regular", 8))
        y = min(left, _write(canvas, words.ar, (285, 430), y, ("regular", 8)))
    for text in (receipt.verification_code, receipt.verification_url):
        y = _write(canvas, text, (_LEFT, _RIGHT), y - 4, ("mono", 7.8))
