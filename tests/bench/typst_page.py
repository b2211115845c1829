"""The receipt's page made by typst, to compare with: the same words, fonts and QR code."""

import io
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import segno
import typst

from render_receipt import wording
from render_receipt.direction import is_right_to_left
from render_receipt.receipt import Receipt
from render_receipt.untrusted import clean
from render_receipt.wording import Words

_PAGE = Path(__file__).with_name("receipt.typ")


def make(receipt: Receipt, fonts: Path) -> bytes:
    """Make the page."""
    pdf: bytes = _compiler(fonts).compile(format="pdf", sys_inputs={"receipt": json.dumps(_said(receipt))})
    return pdf


@cache
def _compiler(fonts: Path) -> typst.Compiler:
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    return typst.Compiler(_PAGE, font_paths=faces)


def _said(receipt: Receipt) -> dict[str, object]:
    code = io.BytesIO()
    segno.make_qr(receipt.verification_url, error="m").save(code, kind="svg", border=0, xmldecl=False)
    return {
        "kingdom": wording.KINGDOM,
        "amazigh": wording.KINGDOM_AMAZIGH,
        "office": wording.OFFICE,
        "organism": (receipt.organism_fr, receipt.organism_ar),
        "city": receipt.city,
        "title": wording.TITLE,
        "rows": list(_rows(receipt)),
        "files": list(_files(receipt)),
        "meaning": wording.MEANING,
        "qr": code.getvalue().decode(),
        "panel": (wording.VERIFY, wording.HOW_TO_VERIFY, wording.FOLLOW, wording.HOW_TO_FOLLOW),
        "seal": wording.SEAL,
        "code": receipt.verification_code,
        "url": receipt.verification_url,
    }


def _rows(receipt: Receipt) -> Iterable[dict[str, object]]:
    date, clock = wording.moment(receipt.submitted_at)
    kind = _pair(wording.SENDER_KINDS[receipt.sender_kind])
    rows: Iterable[tuple[Words, list[dict[str, object]]]] = (
        (wording.NUMBER, [_typed(receipt.number)]),
        (wording.SUBMITTED_AT, [_pair(date), _pair(clock)]),
        (wording.ORGANISM, [_pair(Words(receipt.organism_fr, receipt.organism_ar))]),
        (wording.SENDER, [_typed(receipt.sender_name), kind, _typed(receipt.identity or "")]),
        (wording.LETTER_KIND, [_pair(wording.LETTER_KINDS[receipt.letter_kind])]),
        (wording.REFERENCE, [_typed(receipt.reference or "")]),
        (wording.SUBJECT, [_typed(receipt.subject)]),
        (wording.RECORD, [{"kind": "code", "text": receipt.record_sha256}]),
        (wording.ATTACHMENTS, [_typed(str(len(receipt.attachments)))]),
    )
    return ({"label": label, "values": values} for label, values in rows)


def _files(receipt: Receipt) -> Iterable[dict[str, object]]:
    for number, item in enumerate(receipt.attachments, start=1):
        size = f"{wording.size(item.size)} {wording.BYTES.fr}"
        yield {"number": str(number), "name": _typed(item.file_name), "sha256": item.sha256, "size": size}


def _pair(words: Words) -> dict[str, object]:
    return {"kind": "pair", "fr": words.fr, "ar": words.ar}


def _typed(text: str) -> dict[str, object]:
    return {"kind": "typed", "text": clean(text), "rtl": is_right_to_left(text)}
