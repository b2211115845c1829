"""The typefaces, read once in a process and kept ready."""

import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import uharfbuzz as hb  # type: ignore[import-untyped]

FONTS = Path(__file__).parents[2] / "fonts"
"""The fonts beside this package: `/opt/fonts` in Lambda, where the package lies in `/opt/python`."""
_OTHER_SCRIPTS = "other-scripts"
"""The folder of fonts for other scripts, below that of the main fonts."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One font file, ready to be shaped with and to be cut down to the glyphs a document uses.

    `advances` are in thousandths of the type size, the other measures in units of the font.
    """

    path: Path
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

    @property
    def name(self) -> str:
        """The font's name in documents."""
        return self.path.stem

    def has(self, text: str) -> bool:
        """Whether the face has a glyph for each character of the text."""
        return self.covered.issuperset(map(ord, text))


type Typeface = tuple[Face, ...]
"""Faces in the order in which they are tried for a character; the first one gives the look."""


@dataclass(frozen=True, slots=True, eq=False)
class Fonts:
    """The typefaces of a document."""

    regular: Typeface
    strong: Typeface
    mono: Typeface

    @property
    def faces(self) -> tuple[Face, ...]:
        """Every face once, always in the same order."""
        return tuple(dict.fromkeys((*self.regular, *self.strong, *self.mono)))


@cache
def load(folder: Path = FONTS) -> Fonts:
    """The fonts of a folder, read once. Raises OSError where one is missing."""
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


def face_of_other_script(letter: str, folder: Path) -> Face | None:
    """The first font, by file name, that has a letter which the main fonts in `folder` lack; None where none has it.

    These fonts are read when the first such letter comes, so that no other document waits for them.
    """
    for path, source in _other_scripts(folder / _OTHER_SCRIPTS):
        if ord(letter) in source.unicodes:
            return _face_at(path)
    return None


@cache
def _other_scripts(folder: Path) -> tuple[tuple[Path, hb.Face], ...]:
    return tuple((path, hb.Face(hb.Blob(path.read_bytes()))) for path in sorted(folder.glob("*.ttf")))


@cache
def _face_at(path: Path) -> Face:
    return _read(path, is_used_often=False)


def _read(path: Path, *, is_used_often: bool = True) -> Face:
    source = hb.Face(hb.Blob(path.read_bytes()))
    font = hb.Font(source)
    extents = font.get_font_extents("ltr")
    head = source.reference_table("head").data
    post = source.reference_table("post").data
    capital = font.get_glyph_extents(font.get_nominal_glyph(ord("H")) or 0)
    return Face(
        path=path,
        font=font,
        # Closures and cross-references are worked out here once instead of for each document.
        source=hb.subset_preprocess(source) if is_used_often else source,
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
