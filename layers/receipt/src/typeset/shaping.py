"""Shaping a paragraph: its letters joined to glyphs, each with its level in the order of the line.

A paragraph is ordered once by the Unicode bidirectional algorithm (UAX #9), shaped once by HarfBuzz, and broken into
lines where a break costs no second shaping.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import uharfbuzz as hb  # type: ignore[import-untyped]

from bidirectional.direction import ISOLATES
from bidirectional.number_runs import number_runs, units
from typeset.fonts import Face, Typeface, face_of_other_script
from typeset.ordering import levels

_JOINERS = frozenset("\u200c\u200d")
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


class Glyph(NamedTuple):
    """One glyph and the text it stands for; distances in thousandths of the type size.

    It is drawn `x` to the right of the pen and `y` above it; the pen then moves by `advance`.
    """

    gid: int
    text: str
    x: float
    y: float
    advance: float


class Cluster(NamedTuple):
    """The glyphs of characters that cannot be parted, in their order on the page."""

    text: str
    face: Face
    level: int
    glyphs: tuple[Glyph, ...]
    width: float
    run: int
    """The number or code of the paragraph that it is a part of, counted from 1; 0 for none."""


@lru_cache(maxsize=1024)
def shape(text: str, typeface: Typeface, *, right_to_left: bool) -> tuple[Cluster, ...]:
    """The clusters of one paragraph, in the order of the text."""
    clusters: list[Cluster] = []
    pieces = _pieces(text, typeface, right_to_left=right_to_left)
    for _, run in groupby(pieces, key=lambda piece: (piece.face, piece.level)):
        clusters += _shape_run(tuple(run))
    return tuple(clusters)


def holds_unprintable(text: str, typeface: Typeface) -> bool:
    """Whether a character of a text has no glyph in any font, and is shown by its number."""
    letters = (text[start] for start, _ in _letters(text))
    return any(letter not in ISOLATES and _face_for(letter, typeface) is None for letter in letters)


class _Piece(NamedTuple):
    """A letter with its marks, the face that shows it, and the text that is shown for it."""

    text: str
    shown: str
    face: Face
    level: int
    run: int


def _pieces(text: str, typeface: Typeface, *, right_to_left: bool) -> Iterator[_Piece]:
    found = levels(text, right_to_left=right_to_left)
    runs = units(text, number_runs(text))
    face = typeface[0]
    for start, end in _letters(text):
        letter = text[start:end]
        if letter in ISOLATES:
            continue
        shown, chosen = _choose(letter, typeface, face)
        if chosen is None:
            # Its number is read from left to right and in one piece, whichever way the letter runs.
            level = found[start] + found[start] % 2
            yield from (_Piece(sign, sign, typeface[0], level, -start - 1) for sign in shown)
            continue
        face = chosen
        yield _Piece(letter, shown, face, found[start], runs[start])


def _letters(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for index, char in enumerate(text):
        follows = char in _JOINERS or unicodedata.category(char)[0] == "M"
        if index and not follows:
            yield start, index
            start = index
    yield start, len(text)


def _choose(letter: str, typeface: Typeface, last: Face) -> tuple[str, Face | None]:
    """The text and the face that show a letter: all of it, else its base, else its number in Unicode and no face."""
    if letter == " " and last in typeface and last.has(letter):
        return letter, last
    bare = "".join(char for char in letter if char not in _JOINERS)
    for face in typeface:
        if face.has(bare):
            return letter, face
    found = _face_for(letter[0], typeface)
    if found is None:
        return f"[U+{ord(letter[0]):04X}]", None
    return (letter if found.has(bare) else "".join(char for char in letter if found.has(char))), found


@lru_cache(maxsize=4096)
def _face_for(letter: str, typeface: Typeface) -> Face | None:
    own = next((face for face in typeface if face.has(letter)), None)
    return own or face_of_other_script(letter, typeface[0].path.parent)


def _shape_run(run: tuple[_Piece, ...]) -> list[Cluster]:
    face, level = run[0].face, run[0].level
    right_to_left = level % 2 == 1
    buffer = hb.Buffer()
    buffer.add_str("".join(piece.shown for piece in run))
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if right_to_left else "ltr"
    hb.shape(face.font, buffer)
    placed = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    if right_to_left:
        placed.reverse()
    stood_for = _stood_for(run, {info.cluster for info, _ in placed})
    clusters = []
    for start, group in groupby(placed, key=lambda pair: pair[0].cluster):
        text, number = stood_for[start]
        # PDF readers turn the groups of a number round at any other blank.
        copied = "\xa0" if text == " " and number and level else text
        glyphs = tuple(_glyphs(list(group), copied, 1000 / face.em))
        width = sum(glyph.advance for glyph in glyphs)
        if right_to_left:
            glyphs = tuple(part for glyph in reversed(glyphs) for part in _spelled(glyph, face))
        clusters.append(Cluster(text, face, level, glyphs, width, number))
    return clusters


def _stood_for(run: Sequence[_Piece], starts: set[int]) -> dict[int, tuple[str, int]]:
    """For each cluster, by its start, the text that it stands for and the number that the text is a part of."""
    found = dict.fromkeys(starts, ("", 0))
    index = current = 0
    for piece in run:
        current = index if index in found else current
        text, number = found[current]
        found[current] = (text + piece.text, number or piece.run)
        index += len(piece.shown)
    return found


def _glyphs(placed: Sequence[tuple[Any, Any]], text: str, scale: float) -> Iterator[Glyph]:
    """The glyphs of a cluster; its characters are shared among them, so that each is copied once."""
    last = len(placed) - 1
    for index, (info, position) in enumerate(placed):
        share = text[index:] if index == last else text[index : index + 1]
        yield Glyph(
            info.codepoint,
            share,
            position.x_offset * scale,
            position.y_offset * scale,
            position.x_advance * scale,
        )


def _spelled(glyph: Glyph, face: Face) -> Iterator[Glyph]:
    """The glyphs of a right-to-left ligature, spelled from left to right as PDF readers collect them.

    Readers turn the characters of a line round, one by one: brackets must be those that are seen, and the letters of لا
    must lie side by side, the first of them on an empty glyph.
    """
    text = glyph.text[::-1].translate(_MIRRORED)
    empty = face.advances[face.space]
    yield glyph._replace(text=text[:1], advance=glyph.advance - empty * len(text[1:]))
    for char in text[1:]:
        yield Glyph(face.space, char, 0, 0, empty)
