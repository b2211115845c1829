"""Paragraphs: texts set in boxes, which know their height, and where they go on a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal, NamedTuple

from bidirectional.direction import ISOLATES, holds_right_to_left, is_right_to_left
from typeset.document import BLACK, Colour, Document
from typeset.fonts import Typeface
from typeset.lines import Line, wrap
from typeset.structure import Element

_WITHOUT_ISOLATES = dict.fromkeys(map(ord, ISOLATES))

type Side = Literal["left", "right", "centre"]


class Style(NamedTuple):
    """How a paragraph is set; `size` in points."""

    typeface: Typeface
    size: float
    colour: Colour = BLACK


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines in a box of `width` points, each as far from the next as its glyphs need."""

    lines: tuple[Line, ...]
    style: Style
    width: float
    side: Side
    right_to_left: bool
    role: str
    """Its role in the structure tree, by which it is read aloud."""
    language: str
    said: str
    """The text as it is read aloud, where the glyphs stand in another order on the page; else empty."""

    @property
    def height(self) -> float:
        """The height of all lines, in points."""
        return sum(sum(self.reach(line)) for line in self.lines)

    def reach(self, line: Line) -> tuple[float, float]:
        """How far a line reaches above and below its base line, in points."""
        size = self.style.size
        return max(1.02 * size, line.top * size / 1000), max(0.4 * size, -line.bottom * size / 1000)

    def draw(self, document: Document, x: float, y: float, element: Element | None) -> None:
        """Draw the paragraph with the top left corner of its box at `x`, `y`."""
        size, colour = self.style.size, self.style.colour
        with document.drawing(element):
            for line in self.lines:
                above, below = self.reach(line)
                spare = self.width - line.width * size / 1000
                indent = {"left": 0.0, "centre": spare / 2, "right": spare}[self.side]
                document.draw_line(line, x=x + indent, y=y + above, size=size, colour=colour)
                y += above + below


@lru_cache(maxsize=1024)
def paragraph(  # noqa: PLR0913 - what can be said of a paragraph, all but three by keyword
    text: str,
    style: Style,
    width: float,
    *,
    side: Side | None = None,
    at_most: int = 20,
    role: str = "P",
    language: str | None = None,
) -> Paragraph:
    """Set a text in a box `width` points wide: right to left where its first strong letter runs so.

    `side` is where lines stand in the box: by default at the side at which they begin. Of more than `at_most` lines the
    rest is left out, and … says so. `role` and `language` are for reading aloud: by default a paragraph, in Arabic or
    in French.
    """
    right_to_left = is_right_to_left(text)
    lines = wrap(
        text,
        style.typeface,
        width / style.size * 1000,
        right_to_left=right_to_left,
        at_most=at_most,
    )
    chosen = side or ("right" if right_to_left else "left")
    spoken = language or ("ar" if right_to_left else "fr")
    said = text.translate(_WITHOUT_ISOLATES) if holds_right_to_left(text) else ""
    return Paragraph(lines, style, width, chosen, right_to_left, role, spoken, said)


class Placed(NamedTuple):
    """A paragraph and its place: `x` from the left of the page, `y` from the top of its block."""

    part: Paragraph
    x: float
    y: float


def draw_all(document: Document, placed: Iterable[Placed], top: float) -> None:
    """Draw the paragraphs of a block whose top is at `top`, to be read aloud in this order."""
    for part, x, y in placed:
        element = document.part(part.role, part.language, part.said)
        draw = partial(part.draw, document, x, top + y, element)
        if part.right_to_left:
            document.postpone(draw)
        else:
            draw()


def column(parts: Iterable[Paragraph], x: float, y: float = 0) -> tuple[Placed, ...]:
    """Place paragraphs below each other."""
    placed = []
    for part in parts:
        placed.append(Placed(part, x, y))
        y += part.height
    return tuple(placed)


def bottom(placed: Iterable[Placed]) -> float:
    """How far the lowest of some paragraphs reaches below the top of their block, in points."""
    return max(y + part.height for part, _, y in placed)
