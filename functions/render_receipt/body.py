"""What was received: the fields of the mail, and its attachments."""

from collections.abc import Iterator, Sequence

from bidirectional.direction import isolate
from render_receipt import printed_words
from render_receipt.printed import Origin, PrintedAttachment, PrintedReceipt
from render_receipt.printed_words import Words
from render_receipt.untrusted import clean, quoted
from typeset.document import Document
from typeset.paragraphs import (
    BREADTH,
    HAIRLINE,
    LEFT,
    RIGHT,
    TINT,
    Block,
    Paragraph,
    Placed,
    Styles,
    bottom,
    column,
    draw_all,
    fill,
    paragraph,
    rule,
)

_LABEL = 92
_GAP = 6
_VALUE_X = LEFT + _LABEL + _GAP
_VALUE = BREADTH - 2 * (_LABEL + _GAP)
_HALF = (_VALUE - 10) / 2
_THIRD = _VALUE / 3
_PADDING = 3.6
_UNIT = 21


def fields(record: PrintedReceipt, styles: Styles) -> Iterator[Block]:
    """Give the rows of the table: French label, value, Arabic label."""
    yield _number(record, styles)
    yield _row(printed_words.SUBMITTED_AT, _submitted_at(record, styles), styles)
    organism = Words(clean(record.organism_fr), clean(record.organism_ar))
    yield _row(printed_words.ORGANISM, _pair(organism, styles), styles)
    if record.redirected_from:
        yield _row(printed_words.REDIRECTED_FROM, _origin(record.redirected_from, styles), styles)
    yield _row(printed_words.SENDER, _sender(record, styles), styles)
    kind = printed_words.LETTER_KINDS[record.letter_kind]
    yield _row(printed_words.LETTER_KIND, _pair(kind, styles), styles)
    if record.reference or record.dated:
        yield _row(printed_words.REFERENCE, _reference(record, styles), styles)
    subject = paragraph(quoted(record.subject), styles.strong, _VALUE, at_most=14)
    yield _row(printed_words.SUBJECT, column([subject], _VALUE_X), styles)
    digest = paragraph(record.record_sha256, styles.digest, _VALUE, side="centre")
    yield _row(printed_words.RECORD, column([digest], _VALUE_X, 5), styles)


def attachments(items: Sequence[PrintedAttachment], styles: Styles) -> Iterator[Block]:
    """Give the heading of the attachments, then one row for each."""
    head = _attachments_head(len(items), styles)
    yield head
    again = head.head
    for number, item in enumerate(items, start=1):
        yield _attachment(number, item, styles, again)


def _number(record: PrintedReceipt, styles: Styles) -> Block:
    value = paragraph(record.number, styles.number, _VALUE, side="centre", at_most=2)
    fr, ar = printed_words.NUMBER
    placed = (
        Placed(paragraph(fr, styles.heading, _LABEL), LEFT + 6, 13.4),
        Placed(value, _VALUE_X, 4),
        Placed(paragraph(ar, styles.heading, _LABEL), RIGHT - 6 - _LABEL, 13.4),
    )
    height = bottom(placed) + 5

    def draw(document: Document, top: float) -> None:
        fill(document, (LEFT, top, BREADTH, height), TINT)
        _draw_cells(document, placed, top)

    return Block(height + 2, draw)


def _row(label: Words, value: tuple[Placed, ...], styles: Styles) -> Block:
    placed = (
        Placed(paragraph(label.fr, styles.label, _LABEL), LEFT, 1.5),
        *value,
        Placed(paragraph(label.ar, styles.label, _LABEL, side="right"), RIGHT - _LABEL, 1.5),
    )
    height = bottom(placed) + 2 * _PADDING

    def draw(document: Document, top: float) -> None:
        _draw_cells(document, placed, top + _PADDING)
        rule(document, top + height, colour=HAIRLINE, thickness=0.5)

    return Block(height, draw)


def _draw_cells(document: Document, placed: tuple[Placed, ...], top: float) -> None:
    """Draw one row of the table: a French heading, what it is of, and the Arabic heading."""
    within = document.structure.within
    with within("Table", goes_on=True), within("TR"):
        with within("TH"):
            draw_all(document, (placed[0], placed[-1]), top)
        with within("TD"):
            draw_all(document, placed[1:-1], top)


def _pair(words: Words, styles: Styles, y: float = 0) -> tuple[Placed, ...]:
    return (
        Placed(paragraph(words.fr, styles.value, _HALF, at_most=8), _VALUE_X, y),
        Placed(
            paragraph(words.ar, styles.value, _HALF, side="right", at_most=8),
            _VALUE_X + _VALUE - _HALF,
            y,
        ),
    )


def _submitted_at(record: PrintedReceipt, styles: Styles) -> tuple[Placed, ...]:
    date, clock = printed_words.moment(record.submitted_at)
    placed = _pair(date, styles)
    return (*placed, *_pair(clock, styles, bottom(placed)))


def _sender(record: PrintedReceipt, styles: Styles) -> tuple[Placed, ...]:
    name = paragraph(clean(record.sender_name), styles.strong, _VALUE, at_most=6)
    kind = _pair(printed_words.SENDER_KINDS[record.sender_kind], styles, name.height)
    placed = (Placed(name, _VALUE_X, 0), *kind)
    if not record.identity:
        return placed
    identity = paragraph(clean(record.identity), styles.plain, _THIRD, side="centre", at_most=3)
    return (*placed, Placed(identity, _VALUE_X + _THIRD, name.height + 1.5))


def _origin(origin: Origin, styles: Styles) -> tuple[Placed, ...]:
    placed = _pair(Words(clean(origin.organism_fr), clean(origin.organism_ar)), styles)
    return (*placed, *_pair(printed_words.numbered(origin.number), styles, bottom(placed)))


def _reference(record: PrintedReceipt, styles: Styles) -> tuple[Placed, ...]:
    placed: tuple[Placed, ...] = ()
    if record.reference:
        reference = paragraph(quoted(record.reference), styles.value, _VALUE, at_most=6)
        placed = column([reference], _VALUE_X)
    if record.dated:
        below = bottom(placed) if placed else 0
        placed = (*placed, *_pair(printed_words.dated(record.dated), styles, below))
    return placed


def _attachments_head(count: int, styles: Styles) -> Block:
    fr, ar = printed_words.ATTACHMENTS
    half = BREADTH / 2 - 6
    placed = (
        Placed(paragraph(f"{fr}\xa0: {count}", styles.heading, half, role="Span"), LEFT + 6, 3),
        Placed(paragraph(f"{ar}: {isolate(str(count))}", styles.heading, half, role="Span"), RIGHT - 6 - half, 3),
    )
    height = bottom(placed) + 3

    def draw(document: Document, top: float) -> None:
        fill(document, (LEFT, top + 6, BREADTH, height), TINT)
        with document.structure.within("H2"):
            draw_all(document, placed, top + 6)

    def draw_again(document: Document, top: float) -> None:
        fill(document, (LEFT, top + 6, BREADTH, height), TINT)
        with document.repeating():
            draw_all(document, placed, top + 6)

    return Block(height + 6, draw, Block(height + 6, draw_again))


def _attachment(number: int, item: PrintedAttachment, styles: Styles, head: Block | None) -> Block:
    left, aside = LEFT + 24, 84
    breadth = BREADTH - 24 - aside - 8
    name = paragraph(clean(item.file_name), styles.value, breadth, at_most=6)
    digest = paragraph(f"SHA-256 {item.sha256}", styles.digest_small, breadth)
    label = Placed(_figures(str(number), styles, 18, role="Lbl"), LEFT, 0)
    size = _figures(printed_words.size(item.size), styles, aside)
    unit_fr = paragraph(printed_words.BYTES.fr, styles.small, aside - _UNIT, side="right")
    body = (
        Placed(name, left, 0),
        Placed(digest, left, name.height),
        Placed(size, RIGHT - aside, 0),
        Placed(unit_fr, RIGHT - aside, size.height),
        Placed(paragraph(printed_words.BYTES.ar, styles.small, _UNIT), RIGHT - _UNIT, size.height),
    )
    height = bottom(body) + 4

    def draw(document: Document, top: float) -> None:
        within = document.structure.within
        with within("L", goes_on=True), within("LI"):
            draw_all(document, (label,), top + 2)
            with within("LBody"):
                draw_all(document, body, top + 2)
        rule(document, top + height, colour=HAIRLINE, thickness=0.5)

    return Block(height, draw, head)


def _figures(text: str, styles: Styles, width: float, role: str = "P") -> Paragraph:
    return paragraph(text, styles.value, width, side="right", role=role)
