"""The body of the receipt: the fields of the mail, and its attachments."""

from collections.abc import Iterator

from bidirectional.direction import isolate
from render_receipt import printed_words
from render_receipt.printed import PrintedAttachment, PrintedReceipt
from render_receipt.printed_words import Words
from render_receipt.sheet import BREADTH, HAIRLINE, LEFT, RIGHT, TINT, Block, Styles, bilingual, rule
from render_receipt.untrusted import clean, quoted
from typeset import Document, Placed, bottom, draw_all, paragraph

_LABEL = 92
_GAP = 6
_VALUE_X = LEFT + _LABEL + _GAP
_VALUE = BREADTH - 2 * (_LABEL + _GAP)
_HALF = (_VALUE - 10) / 2
_THIRD = _VALUE / 3
_PADDING = 3.6
_ASIDE = 84
_UNIT = 21


class Body:
    """The rows of one receipt's table, each a French label, a value and an Arabic label; and the list of its files."""

    def __init__(self, receipt: PrintedReceipt, styles: Styles) -> None:
        self._receipt = receipt
        self._styles = styles

    def fields(self) -> Iterator[Block]:
        """The rows of the table."""
        receipt, styles = self._receipt, self._styles
        yield self.number()
        date, clock = printed_words.moment(receipt.submitted_at)
        yield self.row(printed_words.SUBMITTED_AT, self.stacked(date, clock))
        organism = Words(clean(receipt.organism_fr), clean(receipt.organism_ar))
        yield self.row(printed_words.ORGANISM, self.stacked(organism))
        if origin := receipt.redirected_from:
            names = Words(clean(origin.organism_fr), clean(origin.organism_ar))
            yield self.row(printed_words.REDIRECTED_FROM, self.stacked(names, printed_words.numbered(origin.number)))
        if receipt.channel == "counter":
            handed_in = printed_words.AT_FIRST_COUNTER if receipt.redirected_from else printed_words.AT_COUNTER
            yield self.row(printed_words.CHANNEL, self.stacked(handed_in))
        yield self.row(printed_words.SENDER, self.sender())
        yield self.row(printed_words.LETTER_KIND, self.stacked(printed_words.LETTER_KINDS[receipt.letter_kind]))
        if receipt.reference or receipt.dated:
            yield self.row(printed_words.REFERENCE, self.reference())
        subject = paragraph(quoted(receipt.subject), styles.strong, _VALUE, at_most=14)
        yield self.row(printed_words.SUBJECT, (Placed(subject, _VALUE_X, 0),))
        digest = paragraph(receipt.record_sha256, styles.digest, _VALUE, side="centre")
        yield self.row(printed_words.RECORD, (Placed(digest, _VALUE_X, 5),))

    def attachments(self) -> Iterator[Block]:
        """The heading of the attachments, then a row for each; the heading is repeated at the top of a page."""
        head = self.attachments_head()
        yield head
        for number, item in enumerate(self._receipt.attachments, start=1):
            yield self.attachment(number, item, head.head)

    def number(self) -> Block:
        """The row of the mail's number, tinted."""
        value = paragraph(self._receipt.number, self._styles.number, _VALUE, side="centre", at_most=2)
        label = printed_words.NUMBER
        fr, ar = bilingual(label, self._styles.heading, _LABEL, left=LEFT + 6, right=RIGHT - 6, y=13.4)
        placed = (fr, Placed(value, _VALUE_X, 4), ar)
        height = bottom(placed) + 5

        def draw(document: Document, top: float) -> None:
            document.fill_box((LEFT, top, BREADTH, height), TINT)
            draw_cells(document, placed, top)

        return Block(height + 2, draw)

    def row(self, label: Words, value: tuple[Placed, ...]) -> Block:
        """A row of the table, with the rule below it."""
        fr, ar = bilingual(label, self._styles.label, _LABEL, y=1.5)
        placed = (fr, *value, ar)
        height = bottom(placed) + 2 * _PADDING

        def draw(document: Document, top: float) -> None:
            draw_cells(document, placed, top + _PADDING)
            rule(document, top + height, colour=HAIRLINE, thickness=0.5)

        return Block(height, draw)

    def stacked(self, *lines: Words, y: float = 0) -> tuple[Placed, ...]:
        """Values in both languages, below each other, the first at `y`."""
        placed: tuple[Placed, ...] = ()
        for words in lines:
            right = _VALUE_X + _VALUE
            placed += bilingual(words, self._styles.value, _HALF, left=_VALUE_X, right=right, y=y, at_most=8)
            y = bottom(placed)
        return placed

    def sender(self) -> tuple[Placed, ...]:
        """The sender's name, kind and masked identity number."""
        receipt, styles = self._receipt, self._styles
        name = paragraph(clean(receipt.sender_name), styles.strong, _VALUE, at_most=6)
        kind = self.stacked(printed_words.SENDER_KINDS[receipt.sender_kind], y=name.height)
        placed = (Placed(name, _VALUE_X, 0), *kind)
        if not receipt.identity:
            return placed
        identity = paragraph(clean(receipt.identity), styles.plain, _THIRD, side="centre", at_most=3)
        return (*placed, Placed(identity, _VALUE_X + _THIRD, name.height + 1.5))

    def reference(self) -> tuple[Placed, ...]:
        """The sender's own reference, and the date that the letter bears."""
        placed: tuple[Placed, ...] = ()
        if self._receipt.reference:
            reference = paragraph(quoted(self._receipt.reference), self._styles.value, _VALUE, at_most=6)
            placed = (Placed(reference, _VALUE_X, 0),)
        if self._receipt.dated:
            below = bottom(placed) if placed else 0
            placed += self.stacked(printed_words.dated(self._receipt.dated), y=below)
        return placed

    def attachments_head(self) -> Block:
        """The heading of the attachments with their count."""
        count = len(self._receipt.attachments)
        fr, ar = printed_words.ATTACHMENTS
        words = Words(f"{fr}\xa0: {count}", f"{ar}: {isolate(str(count))}")
        half = BREADTH / 2 - 6
        placed = bilingual(words, self._styles.heading, half, left=LEFT + 6, right=RIGHT - 6, y=3, role="Span")
        height = bottom(placed) + 3

        def draw(document: Document, top: float) -> None:
            document.fill_box((LEFT, top + 6, BREADTH, height), TINT)
            with document.structure.within("H2"):
                draw_all(document, placed, top + 6)

        def draw_again(document: Document, top: float) -> None:
            document.fill_box((LEFT, top + 6, BREADTH, height), TINT)
            with document.repeating():
                draw_all(document, placed, top + 6)

        return Block(height + 6, draw, Block(height + 6, draw_again))

    def attachment(self, number: int, item: PrintedAttachment, head: Block | None) -> Block:
        """The row of one file: its number, name and digest, and its size."""
        styles = self._styles
        left = LEFT + 24
        breadth = BREADTH - 24 - _ASIDE - 8
        label = Placed(paragraph(str(number), styles.value, 18, side="right", role="Lbl"), LEFT, 0)
        name = paragraph(clean(item.file_name), styles.value, breadth, at_most=6)
        digest = paragraph(f"SHA-256 {item.sha256}", styles.digest_small, breadth)
        size = paragraph(printed_words.size(item.size), styles.value, _ASIDE, side="right")
        unit_fr = paragraph(printed_words.BYTES.fr, styles.small, _ASIDE - _UNIT, side="right")
        body = (
            Placed(name, left, 0),
            Placed(digest, left, name.height),
            Placed(size, RIGHT - _ASIDE, 0),
            Placed(unit_fr, RIGHT - _ASIDE, size.height),
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


def draw_cells(document: Document, placed: tuple[Placed, ...], top: float) -> None:
    """Draw a row of the table: both labels are its heading when it is read aloud."""
    within = document.structure.within
    with within("Table", goes_on=True), within("TR"):
        with within("TH"):
            draw_all(document, (placed[0], placed[-1]), top)
        with within("TD"):
            draw_all(document, placed[1:-1], top)
