"""The top of each page: whose paper it is."""

from datetime import datetime

from render_receipt import printed_words
from render_receipt.printed import PrintedReceipt
from render_receipt.printed_words import Words
from render_receipt.sheet import BREADTH, GREEN, LEFT, RED, RIGHT, Block, Styles, bilingual, rule
from render_receipt.untrusted import clean
from typeset import Document, Placed, bottom, column, draw_all, paragraph

_SIDE = 190
_MIDDLE = BREADTH - 2 * _SIDE - 20
_NUMBER = 150


class Heading:
    """The headings of one receipt: French on the left, Arabic on the right."""

    def __init__(self, receipt: PrintedReceipt, styles: Styles) -> None:
        self._receipt = receipt
        self._styles = styles

    def first(self) -> Block:
        """The heading of the first page: the Kingdom, the organism and the title."""
        placed = (
            *bilingual(printed_words.KINGDOM, self._styles.kingdom, _SIDE),
            *self.organism(16),
            *self.office(),
        )
        line = bottom(placed) + 8
        title = bilingual(printed_words.TITLE, self._styles.title, BREADTH / 2, y=line + 9, role="Span")

        def draw(document: Document, top: float) -> None:
            draw_all(document, placed, top)
            double_rule(document, top + line)
            with document.structure.within("H1"):
                draw_all(document, title, top)

        return Block(bottom(title) + 8, draw)

    def following(self) -> Block:
        """The heading of the other pages: which receipt they continue."""
        half = (BREADTH - _NUMBER) / 2
        fr, ar = bilingual(printed_words.CONTINUED, self._styles.heading, half)
        number = paragraph(self._receipt.number, self._styles.strong, _NUMBER, side="centre")
        placed = (fr, Placed(number, LEFT + half, 0), ar, *self.organism(15))
        line = bottom(placed) + 6

        def draw(document: Document, top: float) -> None:
            with document.repeating():
                draw_all(document, placed, top)
            double_rule(document, top + line)

        return Block(line + 12, draw)

    def organism(self, y: float) -> tuple[Placed, ...]:
        """The organism's names and its city."""
        names = Words(clean(self._receipt.organism_fr), clean(self._receipt.organism_ar))
        fr, ar = bilingual(names, self._styles.plain, _SIDE, y=y, at_most=5)
        if not self._receipt.city:
            return fr, ar
        city = paragraph(clean(self._receipt.city), self._styles.small, _SIDE, at_most=1)
        return fr, Placed(city, LEFT, y + fr.part.height), ar

    def office(self) -> tuple[Placed, ...]:
        """The Kingdom in Amazigh and the service's name, in the middle."""
        fr, ar = printed_words.OFFICE
        amazigh = printed_words.KINGDOM_AMAZIGH
        parts = (
            paragraph(amazigh, self._styles.kingdom, _MIDDLE, side="centre", language="zgh"),
            paragraph(ar, self._styles.small, _MIDDLE, side="centre"),
            paragraph(fr, self._styles.small, _MIDDLE, side="centre"),
        )
        return column(parts, LEFT + _SIDE + 10)


def copy_notice(copied_at: datetime, styles: Styles) -> Block:
    """The notice that the paper is a copy, and when it was made."""
    words = printed_words.copied(copied_at)
    placed = bilingual(words, styles.notice, BREADTH / 2 - 16, left=LEFT + 8, right=RIGHT - 8, y=5)
    height = bottom(placed) + 5

    def draw(document: Document, top: float) -> None:
        document.frame_box((LEFT, top, BREADTH, height), RED)
        draw_all(document, placed, top)

    return Block(height + 8, draw)


def double_rule(document: Document, y: float) -> None:
    """Draw the rule under a heading."""
    rule(document, y, colour=GREEN, thickness=1.6)
    rule(document, y + 2.6, colour=GREEN, thickness=0.4)
