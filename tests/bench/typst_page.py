"""The receipt's page made by typst, to compare with: the same words, fonts and QR code."""

import io
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import segno
import typst

from bidirectional.direction import is_right_to_left
from render_receipt import printed_words
from render_receipt.printed import PrintedReceipt
from render_receipt.printed_words import Words
from render_receipt.untrusted import clean

_PAGE = Path(__file__).with_name("receipt.typ")


def make(receipt: PrintedReceipt, fonts: Path) -> bytes:
    """Make the page."""
    pdf: bytes = _compiler(fonts).compile(format="pdf", sys_inputs={"receipt": json.dumps(_said(receipt))})
    return pdf


@cache
def _compiler(fonts: Path) -> typst.Compiler:
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    return typst.Compiler(_PAGE, font_paths=faces)


def _said(receipt: PrintedReceipt) -> dict[str, object]:
    code = io.BytesIO()
    segno.make_qr(receipt.verification_url, error="m").save(code, kind="svg", border=0, xmldecl=False)
    return {
        "kingdom": printed_words.KINGDOM,
        "amazigh": printed_words.KINGDOM_AMAZIGH,
        "office": printed_words.OFFICE,
        "organism": (receipt.organism_fr, receipt.organism_ar),
        "city": receipt.city,
        "title": printed_words.TITLE,
        "rows": list(_rows(receipt)),
        "files": list(_files(receipt)),
        "meaning": printed_words.MEANING,
        "qr": code.getvalue().decode(),
        "panel": (printed_words.VERIFY, printed_words.HOW_TO_VERIFY, printed_words.FOLLOW, printed_words.HOW_TO_FOLLOW),
        "seal": printed_words.SEAL,
        "code": receipt.verification_code,
        "url": receipt.verification_url,
    }


def _rows(receipt: PrintedReceipt) -> Iterable[dict[str, object]]:
    date, clock = printed_words.moment(receipt.submitted_at)
    kind = _pair(printed_words.SENDER_KINDS[receipt.sender_kind])
    rows: Iterable[tuple[Words, list[dict[str, object]]]] = (
        (printed_words.NUMBER, [_typed(receipt.number)]),
        (printed_words.SUBMITTED_AT, [_pair(date), _pair(clock)]),
        (printed_words.ORGANISM, [_pair(Words(receipt.organism_fr, receipt.organism_ar))]),
        (printed_words.SENDER, [_typed(receipt.sender_name), kind, _typed(receipt.identity or "")]),
        (printed_words.LETTER_KIND, [_pair(printed_words.LETTER_KINDS[receipt.letter_kind])]),
        (printed_words.REFERENCE, [_typed(receipt.reference or "")]),
        (printed_words.SUBJECT, [_typed(receipt.subject)]),
        (printed_words.RECORD, [{"kind": "code", "text": receipt.record_sha256}]),
        (printed_words.ATTACHMENTS, [_typed(str(len(receipt.attachments)))]),
    )
    return ({"label": label, "values": values} for label, values in rows)


def _files(receipt: PrintedReceipt) -> Iterable[dict[str, object]]:
    for number, item in enumerate(receipt.attachments, start=1):
        size = f"{printed_words.size(item.size)} {printed_words.BYTES.fr}"
        yield {"number": str(number), "name": _typed(item.file_name), "sha256": item.sha256, "size": size}


def _pair(words: Words) -> dict[str, object]:
    return {"kind": "pair", "fr": words.fr, "ar": words.ar}


def _typed(text: str) -> dict[str, object]:
    return {"kind": "typed", "text": clean(text), "rtl": is_right_to_left(text)}
