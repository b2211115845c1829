"""What stands at the top of each page."""

from datetime import datetime

from render_receipt import printed_words
from render_receipt.printed import PrintedReceipt
from render_receipt.untrusted import clean
from typeset.document import Document
from typeset.paragraphs import (
    BREADTH,
    GREEN,
    LEFT,
    RED,
    RIGHT,
    Block,
    Placed,
    Styles,
    bottom,
    column,
    draw_all,
    frame,
    paragraph,
    rule,
)

_SIDE = 190
_MIDDLE = BREADTH - 2 * _SIDE - 20


def first_heading(record: PrintedReceipt, styles: Styles) -> Block:
    """Say whose paper it is: the Kingdom and the organism, French left and Arabic right."""
    placed = (
        *_letterhead(record, styles),
        *_amazigh(styles),
    )
    line = bottom(placed) + 8
    title = _title(styles, line + 9)
    height = bottom(title) + 8

    def draw(document: Document, top: float) -> None:
        draw_all(document, placed, top)
        _double_rule(document, top + line)
        with document.structure.within("H1"):
            draw_all(document, title, top)

    return Block(height, draw)


def next_heading(record: PrintedReceipt, styles: Styles) -> Block:
    """Say on the following pages what they go on with."""
    fr, ar = printed_words.CONTINUED
    half = (BREADTH - 150) / 2
    placed = (
        Placed(paragraph(fr, styles.heading, half), LEFT, 0),
        Placed(paragraph(record.number, styles.strong, 150, side="centre"), LEFT + half, 0),
        Placed(paragraph(ar, styles.heading, half), RIGHT - half, 0),
        *_organism(record, styles, 15),
    )
    line = bottom(placed) + 6

    def draw(document: Document, top: float) -> None:
        with document.repeating():
            draw_all(document, placed, top)
        _double_rule(document, top + line)

    return Block(line + 12, draw)


def _letterhead(record: PrintedReceipt, styles: Styles) -> tuple[Placed, ...]:
    fr, ar = printed_words.KINGDOM
    kingdom = (
        Placed(paragraph(fr, styles.kingdom, _SIDE), LEFT, 0),
        Placed(paragraph(ar, styles.kingdom, _SIDE), RIGHT - _SIDE, 0),
    )
    return (*kingdom, *_organism(record, styles, 16))


def _organism(record: PrintedReceipt, styles: Styles, y: float) -> tuple[Placed, ...]:
    left = [paragraph(clean(record.organism_fr), styles.plain, _SIDE, at_most=5)]
    right = [paragraph(clean(record.organism_ar), styles.plain, _SIDE, side="right", at_most=5)]
    if record.city:
        left.append(paragraph(clean(record.city), styles.small, _SIDE, at_most=1))
    return (*column(left, LEFT, y), *column(right, RIGHT - _SIDE, y))


def _amazigh(styles: Styles) -> tuple[Placed, ...]:
    fr, ar = printed_words.OFFICE
    parts = (
        paragraph(printed_words.KINGDOM_AMAZIGH, styles.kingdom, _MIDDLE, side="centre", language="zgh"),
        paragraph(ar, styles.small, _MIDDLE, side="centre"),
        paragraph(fr, styles.small, _MIDDLE, side="centre"),
    )
    return column(parts, LEFT + _SIDE + 10)


def _title(styles: Styles, y: float) -> tuple[Placed, ...]:
    fr, ar = printed_words.TITLE
    half = BREADTH / 2
    return (
        Placed(paragraph(fr, styles.title, half, role="Span"), LEFT, y),
        Placed(paragraph(ar, styles.title, half, role="Span"), RIGHT - half, y),
    )


def copy_notice(copied_at: datetime, styles: Styles) -> Block:
    """Say that the paper is a copy, and when it was made."""
    half = BREADTH / 2 - 16
    fr, ar = printed_words.copied(copied_at)
    placed = (
        Placed(paragraph(fr, styles.notice, half), LEFT + 8, 5),
        Placed(paragraph(ar, styles.notice, half), RIGHT - 8 - half, 5),
    )
    height = bottom(placed) + 5

    def draw(document: Document, top: float) -> None:
        frame(document, (LEFT, top, BREADTH, height), RED)
        draw_all(document, placed, top)

    return Block(height + 8, draw)


def _double_rule(document: Document, y: float) -> None:
    rule(document, y, colour=GREEN, thickness=1.6)
    rule(document, y + 2.6, colour=GREEN, thickness=0.4)
