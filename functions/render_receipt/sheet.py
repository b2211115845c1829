"""The sheet of receipt and slip: margins, colours and styles, and the blocks that a page is made of."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from render_receipt.printed_words import CREATOR, Words
from typeset import MM, PAGE_WIDTH, Colour, Document, Fonts, Placed, Style, load, paragraph

MARGIN = 15 * MM
LEFT, RIGHT = MARGIN, PAGE_WIDTH - MARGIN
BREADTH = RIGHT - LEFT

GREEN: Colour = (0, 91, 56)
RED: Colour = (150, 28, 38)
TINT: Colour = (238, 244, 240)
GREY: Colour = (84, 92, 88)
HAIRLINE: Colour = (196, 206, 200)


class Styles(NamedTuple):
    """The styles of receipt and slip."""

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
        """The styles, in those fonts."""
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
    """A part of a page, `height` points high; `draw` takes the document and the block's top.

    `head` is the heading that is repeated above the block where a page begins with it.
    """

    height: float
    draw: Callable[[Document, float], None]
    head: "Block | None" = None


def opened(title: Words, number: str, *, language: str, made_at: datetime) -> tuple[Document, Styles]:
    """A document without pages, titled with the mail's number, and the styles it is set in."""
    fonts = load()
    document = Document(
        fonts,
        title=f"{title.fr} {number} — {title.ar}",
        creator=CREATOR,
        language="ar" if language == "ar" else "fr",
        made_at=made_at,
    )
    return document, Styles.of(fonts)


def height(blocks: Iterable[Block]) -> float:
    """The height of blocks that stand below each other, in points."""
    return sum(block.height for block in blocks)


def draw_blocks(document: Document, blocks: Iterable[Block], top: float) -> None:
    """Draw blocks below each other, the first at `top`."""
    for block in blocks:
        block.draw(document, top)
        top += block.height


def bilingual(  # noqa: PLR0913 - where two texts stand, all but three by keyword
    words: Words,
    style: Style,
    width: float,
    *,
    left: float = LEFT,
    right: float = RIGHT,
    y: float = 0,
    role: str = "P",
    at_most: int = 20,
) -> tuple[Placed, Placed]:
    """Set words side by side: French from `left`, Arabic up to `right`, each in a box of `width` points."""
    fr = paragraph(words.fr, style, width, role=role, at_most=at_most)
    ar = paragraph(words.ar, style, width, side="right", role=role, at_most=at_most)
    return Placed(fr, left, y), Placed(ar, right - width, y)


def rule(document: Document, y: float, *, colour: Colour, thickness: float) -> None:
    """Draw a line from margin to margin."""
    document.fill_box((LEFT, y - thickness / 2, BREADTH, thickness), colour)
