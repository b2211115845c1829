"""Sets Arabic and French on the pages of a PDF that is archived, copied, searched and read aloud as it was typed.

This is the package's public door: what it does not name is internal. `README.md` beside it says why it exists.
"""

from typeset.document import BLACK, Box, Colour, Document
from typeset.fonts import Fonts, Typeface, load
from typeset.paragraphs import Paragraph, Placed, Style, bottom, column, draw_all, paragraph
from typeset.shaping import holds_unprintable

MM = 72 / 25.4
"""A millimetre in points."""
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
"""An A4 page, in points."""

__all__ = [
    "BLACK",
    "MM",
    "PAGE_HEIGHT",
    "PAGE_WIDTH",
    "Box",
    "Colour",
    "Document",
    "Fonts",
    "Paragraph",
    "Placed",
    "Style",
    "Typeface",
    "bottom",
    "column",
    "draw_all",
    "holds_unprintable",
    "load",
    "paragraph",
]
