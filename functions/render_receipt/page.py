"""The acknowledgement of receipt as a PDF: what stands on which page."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from render_receipt import printed_words
from render_receipt.body import attachments, fields
from render_receipt.closing import closing
from render_receipt.heading import copy_notice, first_heading, next_heading
from render_receipt.printed import PrintedReceipt
from render_receipt.untrusted import clean
from typeset.archive import embed_record
from typeset.document import Document
from typeset.fonts import Typeface, load
from typeset.paragraphs import BREADTH, HEIGHT, LEFT, MM, Block, Placed, Styles, draw_all, paragraph
from typeset.shaping import holds_unprintable

_TOP = 11 * MM
_FOOT = 8 * MM
"""Left white at the foot of a page."""
_NUMBERING = 15
"""The strip in which the number of the page stands, in points."""


def render(record: PrintedReceipt, *, sealed_record: bytes, copied_at: datetime | None = None) -> bytes:
    """The PDF of a receipt; the same receipt gives the same bytes.

    `sealed_record` is the record that the receipt was made from; the file contains it byte for byte. `copied_at` is
    the time at which a lost receipt is made again: the page then says that it is a copy.
    """
    faces = load()
    styles = Styles.of(faces)
    document = Document(
        faces,
        title=f"{printed_words.TITLE.fr} {record.number} — {printed_words.TITLE.ar}",
        language="ar" if record.language == "ar" else "fr",
        made_at=copied_at or record.submitted_at,
    )
    embed_record(document, sealed_record, made_at=record.submitted_at)
    with_numbers = _holds_unprintable(record, styles.value.typeface)
    end = closing(record, styles, with_numbers=with_numbers)
    first, following = first_heading(record, styles), next_heading(record, styles)
    notice = (copy_notice(copied_at, styles),) if copied_at else ()
    body = (*notice, *fields(record, styles), *attachments(record.attachments, styles))
    foot = end.height + _NUMBERING + _FOOT
    pages = _share(body, first=first, following=following, foot=foot)
    for number, blocks in enumerate(pages, start=1):
        document.add_page()
        _draw_from(_TOP, blocks, document)
        if number == len(pages):
            _draw_from(HEIGHT - foot, (end,), document)
        _draw_numbering(document, HEIGHT - _FOOT - _NUMBERING, printed_words.page(number, len(pages)), styles)
        document.end_page()
    return document.finish()


def _share(body: Sequence[Block], *, first: Block, following: Block, foot: float) -> list[list[Block]]:
    """Share blocks among pages; the last page keeps `foot` points free."""
    pages = [[first]]
    for block in body:
        if _height(pages[-1]) + block.height > HEIGHT - _TOP - _FOOT - _NUMBERING:
            pages.append(_opened(following, block))
        pages[-1].append(block)
    if _height(pages[-1]) > HEIGHT - _TOP - foot:
        block = pages[-1].pop()
        pages.append([*_opened(following, block), block])
    return pages


def _opened(following: Block, block: Block) -> list[Block]:
    return [following, block.head] if block.head else [following]


def _height(blocks: Iterable[Block]) -> float:
    return sum(block.height for block in blocks)


def _draw_from(top: float, blocks: Iterable[Block], document: Document) -> None:
    for block in blocks:
        block.draw(document, top)
        top += block.height


def _draw_numbering(document: Document, top: float, words: printed_words.Words, styles: Styles) -> None:
    placed = (Placed(paragraph(text, styles.small, BREADTH), LEFT, 0) for text in words)
    with document.repeating():
        draw_all(document, placed, top)


def _holds_unprintable(record: PrintedReceipt, typeface: Typeface) -> bool:
    texts = (
        record.subject,
        record.sender_name,
        record.reference or "",
        record.organism_fr,
        record.organism_ar,
        *(item.file_name for item in record.attachments),
    )
    return any(holds_unprintable(clean(text), typeface) for text in texts)
