"""The receipt as a PDF: what stands on which page."""

from collections.abc import Sequence
from datetime import datetime

from render_receipt import printed_words
from render_receipt.body import Body
from render_receipt.closing import ClosingPart
from render_receipt.heading import Heading, copy_notice
from render_receipt.printed import PrintedReceipt
from render_receipt.sheet import BREADTH, LEFT, Block, draw_blocks, height, opened
from render_receipt.untrusted import clean
from typeset import MM, PAGE_HEIGHT, Placed, draw_all, holds_unprintable, paragraph

RECORD_NAME = "record.json"
"""The record's file name inside the PDF."""

_TOP = 11 * MM
_FOOT = 8 * MM
"""Left white at the foot of a page."""
_NUMBERING = 15
"""The strip in which the number of the page stands, in points."""
_ROOM = PAGE_HEIGHT - _TOP - _FOOT - _NUMBERING


def render(receipt: PrintedReceipt, *, sealed_record: bytes, copied_at: datetime | None = None) -> bytes:
    """The PDF of a receipt; the same receipt gives the same bytes.

    `sealed_record` is the record that the receipt was made from; the file contains it byte for byte. `copied_at` is
    the time at which a lost receipt is made again: the page then says that it is a copy.
    """
    made_at = copied_at or receipt.submitted_at
    document, styles = opened(printed_words.TITLE, receipt.number, language=receipt.language, made_at=made_at)
    document.attach(
        sealed_record,
        name=RECORD_NAME,
        media_type="application/json",
        description="Relevé de dépôt scellé (RFC 8785) · بيان الإيداع المختوم",
        made_at=receipt.submitted_at,
    )
    typed = (receipt.subject, receipt.sender_name, receipt.reference or "", receipt.organism_fr, receipt.organism_ar)
    names = (item.file_name for item in receipt.attachments)
    with_numbers = any(holds_unprintable(clean(text), styles.value.typeface) for text in (*typed, *names))
    heading, body = Heading(receipt, styles), Body(receipt, styles)
    closing = ClosingPart(receipt, styles).block(with_numbers=with_numbers)
    notice = (copy_notice(copied_at, styles),) if copied_at else ()
    blocks = (*notice, *body.fields(), *body.attachments())
    pages = share(blocks, first=heading.first(), following=heading.following(), closing=closing)
    for number, on_page in enumerate(pages, start=1):
        document.add_page()
        draw_blocks(document, on_page, _TOP)
        if number == len(pages):
            closing.draw(document, PAGE_HEIGHT - _FOOT - _NUMBERING - closing.height)
        numbering = (
            Placed(paragraph(text, styles.small, BREADTH), LEFT, 0) for text in printed_words.page(number, len(pages))
        )
        with document.repeating():
            draw_all(document, numbering, PAGE_HEIGHT - _FOOT - _NUMBERING)
        document.end_page()
    return document.finish()


def share(body: Sequence[Block], *, first: Block, following: Block, closing: Block) -> list[list[Block]]:
    """Share blocks among pages, so that the last page has room for the closing."""

    def begun_for(block: Block) -> list[Block]:
        return [following, block.head] if block.head else [following]

    pages = [[first]]
    for block in body:
        if height(pages[-1]) + block.height > _ROOM:
            pages.append(begun_for(block))
        pages[-1].append(block)
    if height(pages[-1]) > _ROOM - closing.height:
        block = pages[-1].pop()
        pages.append([*begun_for(block), block])
    return pages
