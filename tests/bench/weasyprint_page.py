"""The receipt's page made by WeasyPrint, to compare with: the same words, fonts and QR code."""

import io
from functools import cache
from html import escape
from pathlib import Path

import segno
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from render_receipt import printed_words
from render_receipt.printed import PrintedAttachment, PrintedReceipt
from render_receipt.printed_words import Words
from render_receipt.untrusted import clean

_STYLE = """
@font-face { font-family: Plex; src: url("IBMPlexSansArabic-Regular.ttf") }
@font-face { font-family: Plex; font-weight: 600; src: url("IBMPlexSansArabic-SemiBold.ttf") }
@font-face { font-family: Mono; src: url("IBMPlexMono-Regular.ttf") }
@font-face { font-family: Tifinagh; src: url("NotoSansTifinagh-Regular.ttf") }
@font-face { font-family: Symbols; src: url("NotoSansSymbols2-Regular.ttf") }
@page { size: A4; margin: 11mm 15mm 8mm }
body { font: 9.5pt Plex, Tifinagh, Symbols; margin: 0 }
table { width: 100%; border-collapse: collapse } td { vertical-align: top; padding: 3pt 0 }
.ar { direction: rtl; text-align: right } .c { text-align: center } .s { font-size: 8pt }
.row { border-bottom: .5pt solid #c4cec8 } b { font-weight: 600 } .g { color: #005b38 }
h1 { font-size: 18.5pt; font-weight: 600; margin: 0 } .n { font-size: 14pt; background: #eef4f0 }
code { font: 7.8pt Mono } .seal { border: .7pt solid #005b38; width: 38mm; height: 30mm }
"""


def make(receipt: PrintedReceipt, fonts: Path) -> bytes:
    """Make the page."""
    style, configuration = _kept(fonts)
    page = HTML(string=_page(receipt))
    pdf: bytes = page.write_pdf(stylesheets=[style], font_config=configuration)
    return pdf


@cache
def _kept(fonts: Path) -> tuple[CSS, FontConfiguration]:
    """Read style and fonts once in a process, as the receipt's own maker does."""
    configuration = FontConfiguration()
    style = CSS(string=_STYLE, base_url=f"{fonts.as_uri()}/", font_config=configuration)
    return style, configuration


def _page(receipt: PrintedReceipt) -> str:
    return f"<html lang=fr><body>{_top(receipt)}{_table(receipt)}{_foot(receipt)}</body></html>"


def _top(receipt: PrintedReceipt) -> str:
    kingdom, title = printed_words.KINGDOM, printed_words.TITLE
    middle = f"{printed_words.KINGDOM_AMAZIGH}<br>{printed_words.OFFICE.ar}<br>{printed_words.OFFICE.fr}"
    return (
        f"<table><tr><td><b>{kingdom.fr}</b><br>{escape(receipt.organism_fr)}<br>{receipt.city}"
        f"<td class='c s'>{middle}"
        f"<td class=ar><b>{kingdom.ar}</b><br>{escape(receipt.organism_ar)}</table><hr>"
        f"<table><tr><td><h1 class=g>{title.fr}</h1><td class=ar><h1 class=g>{title.ar}</h1></table>"
    )


def _table(receipt: PrintedReceipt) -> str:
    date, clock = printed_words.moment(receipt.submitted_at)
    rows = [
        _row(printed_words.NUMBER, f"<b>{receipt.number}</b>", "n c"),
        _row(printed_words.SUBMITTED_AT, _pair(date) + _pair(clock)),
        _row(printed_words.ORGANISM, _pair(Words(receipt.organism_fr, receipt.organism_ar))),
        _row(printed_words.SENDER, _typed(receipt.sender_name) + _pair(_kind(receipt)) + (receipt.identity or "")),
        _row(printed_words.LETTER_KIND, _pair(printed_words.LETTER_KINDS[receipt.letter_kind])),
        _row(printed_words.REFERENCE, _typed(receipt.reference or "")),
        _row(printed_words.SUBJECT, _typed(receipt.subject)),
        _row(printed_words.RECORD, f"<code>{receipt.record_sha256}</code>"),
        _row(printed_words.ATTACHMENTS, str(len(receipt.attachments)), "n g"),
    ]
    files = "".join(_file(number, item) for number, item in enumerate(receipt.attachments, start=1))
    return f"<table>{''.join(rows)}</table><table>{files}</table>"


def _kind(receipt: PrintedReceipt) -> Words:
    return printed_words.SENDER_KINDS[receipt.sender_kind]


def _row(label: Words, value: str, classes: str = "row") -> str:
    return f"<tr class='{classes}'><td class=s>{label.fr}<td>{value}<td class='s ar'>{label.ar}"


def _pair(words: Words) -> str:
    return f"<table><tr><td>{escape(words.fr)}<td class=ar>{escape(words.ar)}</table>"


def _typed(text: str) -> str:
    return f"<b dir=auto>{escape(clean(text))}</b>"


def _file(number: int, item: PrintedAttachment) -> str:
    size = f"{printed_words.size(item.size)} <span class=s>{printed_words.BYTES.fr}</span>"
    name = f"{_typed(item.file_name)}<br><code>SHA-256 {item.sha256}</code>"
    return f"<tr class=row><td>{number}<td>{name}<td class=ar>{size}"


def _foot(receipt: PrintedReceipt) -> str:
    address = receipt.verification_url
    code = io.BytesIO()
    segno.make_qr(address, error="m").save(code, kind="svg", border=0, scale=2.5, xmldecl=False)
    texts = "".join(
        f"<td class='s {side}'><b class=g>{verify}</b><br>{how}<br><b class=g>{follow}</b><br>{to}"
        for side, verify, how, follow, to in zip(
            ("", "ar"),
            printed_words.VERIFY,
            printed_words.HOW_TO_VERIFY,
            printed_words.FOLLOW,
            printed_words.HOW_TO_FOLLOW,
            strict=True,
        )
    )
    return (
        f"<table><tr>{_both(printed_words.MEANING)}</table>"
        f"<table><tr><td>{code.getvalue().decode()}{texts}"
        f"<td><div class='seal s c'>{printed_words.SEAL.ar}<br>{printed_words.SEAL.fr}</div></table>"
        f"<p class=c><code>{receipt.verification_code}<br>{address}</code>"
    )


def _both(words: Words) -> str:
    return f"<td class=s>{words.fr}<td class='s ar'>{words.ar}"
