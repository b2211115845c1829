"""What a page is made of: paragraphs that know their height, and blocks that can be drawn."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal, NamedTuple

from bidirectional.direction import ISOLATES, holds_right_to_left, is_right_to_left
from typeset import qr
from typeset.document import BLACK, Colour, Document, shade
from typeset.fonts import Fonts, Typeface
from typeset.lines import Line, wrap
from typeset.structure import Element, alternative

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
MARGIN = 15 * MM
LEFT, RIGHT = MARGIN, WIDTH - MARGIN
BREADTH = RIGHT - LEFT

GREEN: Colour = (0, 91, 56)
RED: Colour = (150, 28, 38)
TINT: Colour = (238, 244, 240)
GREY: Colour = (84, 92, 88)
HAIRLINE: Colour = (196, 206, 200)

_WITHOUT_ISOLATES = dict.fromkeys(map(ord, ISOLATES))

type Box = tuple[float, float, float, float]
"""Left, top, width and height."""

type Side = Literal["left", "right", "centre"]


class Style(NamedTuple):
    """How a paragraph is set; `size` in points."""

    typeface: Typeface
    size: float
    colour: Colour = BLACK


class Styles(NamedTuple):
    """The few ways in which the receipt's texts are set."""

    title: Style
    kingdom: Style
    number: Style
    label: Style
    value: Style
    strong: Style
    plain: Style
    small: Style
    heading: Style
    code: Style
    large_code: Style
    digest: Style
    digest_small: Style
    notice: Style

    @classmethod
    def of(cls, fonts: Fonts) -> "Styles":
        """Make the styles of some fonts."""
        return cls(
            title=Style(fonts.strong, 18.5, GREEN),
            kingdom=Style(fonts.strong, 10),
            number=Style(fonts.strong, 21),
            label=Style(fonts.regular, 8, GREY),
            value=Style(fonts.regular, 9.5),
            strong=Style(fonts.strong, 9.5),
            plain=Style(fonts.regular, 8),
            small=Style(fonts.regular, 7.5, GREY),
            heading=Style(fonts.strong, 8.6, GREEN),
            code=Style(fonts.mono, 10.5),
            large_code=Style(fonts.mono, 15),
            digest=Style(fonts.mono, 7.8),
            digest_small=Style(fonts.mono, 7, GREY),
            notice=Style(fonts.strong, 8.6, RED),
        )


class Block(NamedTuple):
    """A part of a page, as high as it says; `draw` is given the document and the top of it.

    `head` is what is said again above it where it starts a page.
    """

    height: float
    draw: Callable[[Document, float], None]
    head: "Block | None" = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines in a box of `width` points; they are as far apart as what stands in them needs."""

    lines: tuple[Line, ...]
    style: Style
    width: float
    side: Side
    right_to_left: bool
    role: str
    """What it is to those who hear it: a role of `structure`."""
    language: str
    said: str
    """The text as it is heard, where the glyphs stand the other way round on the page; else empty."""

    @property
    def height(self) -> float:
        """The height of all lines, in points."""
        return sum(sum(self._reach(line)) for line in self.lines)

    def draw(self, document: Document, x: float, y: float, element: Element | None) -> None:
        """Draw the paragraph with the top left corner of its box at `x`, `y`."""
        document.begin(element)
        for line in self.lines:
            above, below = self._reach(line)
            left = x + self._indent(line)
            size, colour = self.style.size, self.style.colour
            document.write_line(line, x=left, y=y + above, size=size, colour=colour)
            y += above + below
        document.end()

    def _indent(self, line: Line) -> float:
        spare = self.width - line.width * self.style.size / 1000
        return {"left": 0.0, "centre": spare / 2, "right": spare}[self.side]

    def _reach(self, line: Line) -> tuple[float, float]:
        size = self.style.size
        return max(1.02 * size, line.top * size / 1000), max(0.4 * size, -line.bottom * size / 1000)


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
    """Set a text in a box: from the right where its first strong letter runs that way."""
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
    """A paragraph and where it goes, `y` below the top of its block."""

    part: Paragraph
    x: float
    y: float


def draw_all(document: Document, placed: Iterable[Placed], top: float) -> None:
    """Draw paragraphs of a block whose top is at `top`."""
    for part, x, y in placed:
        element = document.part(part.role, part.language, part.said)
        if part.right_to_left:
            document.later(partial(part.draw, document, x, top + y, element))
        else:
            part.draw(document, x, top + y, element)


def column(parts: Iterable[Paragraph], x: float, y: float = 0) -> tuple[Placed, ...]:
    """Put paragraphs on top of each other."""
    placed = []
    for part in parts:
        placed.append(Placed(part, x, y))
        y += part.height
    return tuple(placed)


def bottom(placed: Iterable[Placed]) -> float:
    """Say how far down the lowest of some paragraphs reaches."""
    return max(y + part.height for part, _, y in placed)


def rule(document: Document, y: float, *, colour: Colour, thickness: float) -> None:
    """Draw a line from margin to margin."""
    fill(document, (LEFT, y - thickness / 2, BREADTH, thickness), colour)


def fill(document: Document, box: Box, colour: Colour) -> None:
    """Fill a rectangle."""
    document.decorate(f"{shade(colour)} rg {_rectangle(box)} f")


def frame(document: Document, box: Box, colour: Colour = GREEN) -> None:
    """Draw the outline of a rectangle."""
    document.decorate(f"{shade(colour)} RG 0.7 w {_rectangle(box)} S")


def _rectangle(box: Box) -> str:
    left, top, width, height = box
    return f"{left:.2f} {HEIGHT - top:.2f} {width:.2f} {-height:.2f} re"


def draw_qr(document: Document, address: str, said: str, *, at: tuple[float, float], side: float) -> None:
    """Draw the QR code of an address; `side` is without the white around it, `said` is heard instead of it."""
    x, y = at
    count, runs = qr.runs(address)
    corners = (x, HEIGHT - y - side, x + side, HEIGHT - y)
    document.begin(document.structure.add("Figure", language="fr", more=alternative(said, corners)))
    document.fill_modules(runs, x=x, y=y, module=side / count)
    document.end()
