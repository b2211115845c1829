"""The receipt's typefaces, read once in a process and kept ready."""

import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import uharfbuzz as hb  # type: ignore[import-untyped]

PLACEHOLDER = "□"
"""Stands for a character that no face has: it is seen, and it does not pass for another."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One font file, ready to be shaped with and to be cut down to the glyphs a document uses.

    `advances` are in thousandths of the type size, the other measures in units of the font.
    """

    name: str
    font: hb.Font
    source: hb.Face
    covered: frozenset[int]
    advances: tuple[float, ...]
    space: int
    em: int
    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]
    is_fixed_pitch: bool

    def has(self, text: str) -> bool:
        """Tell whether the face has a glyph for each character of the text."""
        return self.covered.issuperset(map(ord, text))


type Typeface = tuple[Face, ...]
"""Faces in the order in which they are asked for a character; the first one is the look."""


@dataclass(frozen=True, slots=True, eq=False)
class Fonts:
    """The typefaces a receipt is set in."""

    regular: Typeface
    strong: Typeface
    mono: Typeface

    @property
    def faces(self) -> tuple[Face, ...]:
        """Every face once, always in the same order."""
        return tuple(dict.fromkeys((*self.regular, *self.strong, *self.mono)))


@cache
def load(folder: Path) -> Fonts:
    """Read the fonts of a folder; `OSError` when one is not there."""
    regular = _read(folder / "IBMPlexSansArabic-Regular.ttf")
    fallbacks = (
        _read(folder / "NotoSansTifinagh-Regular.ttf"),
        _read(folder / "NotoSans-Regular.ttf"),
        _read(folder / "NotoSansSymbols2-Regular.ttf"),
    )
    return Fonts(
        regular=(regular, *fallbacks),
        strong=(_read(folder / "IBMPlexSansArabic-SemiBold.ttf"), *fallbacks),
        mono=(_read(folder / "IBMPlexMono-Regular.ttf"), regular, *fallbacks),
    )


def _read(path: Path) -> Face:
    source = hb.Face(hb.Blob(path.read_bytes()))
    font = hb.Font(source)
    extents = font.get_font_extents("ltr")
    head = source.reference_table("head").data
    post = source.reference_table("post").data
    capital = font.get_glyph_extents(font.get_nominal_glyph(ord("H")) or 0)
    return Face(
        name=path.stem,
        font=font,
        # Closures and cross-references are worked out here once instead of for each document.
        source=hb.subset_preprocess(source),
        covered=frozenset(source.unicodes),
        advances=tuple(font.get_glyph_h_advance(gid) * 1000 / source.upem for gid in range(source.glyph_count)),
        space=font.get_nominal_glyph(ord(" ")) or 0,
        em=source.upem,
        ascent=extents.ascender,
        descent=extents.descender,
        cap_height=capital.y_bearing if capital else extents.ascender,
        box=struct.unpack_from(">4h", head, 36),
        is_fixed_pitch=struct.unpack_from(">L", post, 12)[0] != 0,
    )
