"""Setting a text: its letters joined, in the order they are read, inside its width.

fpdf2's own layout puts digits on the wrong side of Arabic in left-to-right paragraphs and calls
HarfBuzz once for each character. Here a paragraph is ordered once by the Unicode bidirectional
algorithm (UAX #9), shaped once by HarfBuzz, and broken where a break costs no second shaping.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import uharfbuzz as hb  # type: ignore[import-untyped]

from render_receipt.direction import ISOLATES
from render_receipt.fonts import PLACEHOLDER, Face, Typeface
from render_receipt.number_runs import number_runs, units
from render_receipt.ordering import levels, visual

ELLIPSIS = "…"
_JOINERS = frozenset("\u200c\u200d")
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_BREAKS_AFTER = frozenset(" -_/")


class Glyph(NamedTuple):
    """One glyph and the text it stands for; distances in thousandths of the type size.

    It is drawn `x` further and `y` higher than the pen; the next one comes `advance` further.
    """

    gid: int
    text: str
    x: float
    y: float
    advance: float


class Cluster(NamedTuple):
    """The glyphs of a few characters that can't be parted, in the order they stand on the page."""

    text: str
    face: Face
    level: int
    glyphs: tuple[Glyph, ...]
    width: float
    run: int
    """Which number or code of the paragraph it is a part of, from 1; 0 for none."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its clusters from left to right; lengths in thousandths of the type size."""

    clusters: tuple[Cluster, ...]
    width: float
    top: float
    bottom: float


@lru_cache(maxsize=1024)
def shape(text: str, typeface: Typeface, *, right_to_left: bool) -> tuple[Cluster, ...]:
    """Shape one paragraph; the clusters are in the order of the text."""
    clusters: list[Cluster] = []
    pieces = _pieces(text, typeface, right_to_left=right_to_left)
    for _, run in groupby(pieces, key=lambda piece: (piece.face, piece.level)):
        clusters += _shape_run(tuple(run))
    return tuple(clusters)


def has_placeholder(text: str, typeface: Typeface) -> bool:
    """Tell whether something in a text is shown as `PLACEHOLDER`, for want of a glyph."""
    letters = (text[start] for start, _ in _letters(text))
    return any(letter not in ISOLATES and not any(face.has(letter) for face in typeface) for letter in letters)


class _Piece(NamedTuple):
    """A letter with its marks, the face that shows it, and what it is shown as."""

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
        shown, face = _choose(letter, typeface, face)
        yield _Piece(letter, shown, face, found[start], runs[start])


def _letters(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for index, char in enumerate(text):
        follows = char in _JOINERS or unicodedata.category(char)[0] == "M"
        if index and not follows:
            yield start, index
            start = index
    yield start, len(text)


def _choose(letter: str, typeface: Typeface, last: Face) -> tuple[str, Face]:
    """Find what shows a letter: a face with all of it, else with its base, else a placeholder."""
    if letter == " " and last.has(letter):
        return letter, last
    bare = "".join(char for char in letter if char not in _JOINERS)
    for face in typeface:
        if face.has(bare):
            return letter, face
    for face in typeface:
        if face.has(letter[0]):
            return "".join(char for char in letter if face.has(char)), face
    return PLACEHOLDER, typeface[-1]


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
        glyphs = tuple(_glyphs(list(group), _copied(text, level, number), 1000 / face.em))
        width = sum(glyph.advance for glyph in glyphs)
        if right_to_left:
            glyphs = tuple(part for glyph in reversed(glyphs) for part in _spelled(glyph, face))
        clusters.append(Cluster(text, face, level, glyphs, width, number))
    return clusters


def _stood_for(run: Sequence[_Piece], starts: set[int]) -> dict[int, tuple[str, int]]:
    """Give each cluster, known by where it starts, the text it stands for and the number that this is a part of."""
    found = dict.fromkeys(starts, ("", 0))
    index = current = 0
    for piece in run:
        current = index if index in found else current
        text, number = found[current]
        found[current] = (text + piece.text, number or piece.run)
        index += len(piece.shown)
    return found


def _copied(text: str, level: int, run: int) -> str:
    """Say what is copied for a text: readers of PDF turn the groups of a number round at any other blank."""
    return "\xa0" if text == " " and run and level else text


def _glyphs(placed: Sequence[tuple[Any, Any]], text: str, scale: float) -> Iterator[Glyph]:
    """Share a cluster's characters among its glyphs, so that each can be copied as text once."""
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
    """Spell a right-to-left ligature from left to right, as readers of PDF take it to stand.

    They turn what they find on a line round, character by character: brackets must be the ones
    seen, and the letters of لا must lie side by side, the first of them on an empty glyph.
    """
    text = glyph.text[::-1].translate(_MIRRORED)
    empty = face.advances[face.space]
    yield glyph._replace(text=text[:1], advance=glyph.advance - empty * len(text[1:]))
    for char in text[1:]:
        yield Glyph(face.space, char, 0, 0, empty)


@lru_cache(maxsize=512)
def wrap(text: str, typeface: Typeface, width: float, *, right_to_left: bool, at_most: int) -> tuple[Line, ...]:
    """Break a paragraph into lines no wider than `width` thousandths of the type size.

    Lines end after a space, a hyphen, a slash or an underscore, and inside a word only where the
    word alone is too long. A number is not broken unless it is longer than a line, and then after one
    of its own groups. What would stand after line `at_most` is left out, and … says so.
    """
    clusters = shape(text, typeface, right_to_left=right_to_left)
    rows = list(_break(clusters, width))
    if len(rows) > at_most:
        dots = shape(ELLIPSIS, typeface, right_to_left=right_to_left)
        rows[at_most - 1 :] = [_shorten(rows[at_most - 1], dots, width)]
    return tuple(_line(row) for row in rows)


def _break(clusters: Sequence[Cluster], width: float) -> Iterator[Sequence[Cluster]]:
    start = 0
    ends = _Ends()
    used = 0.0
    for index, cluster in enumerate(clusters):
        used += cluster.width
        if not _is_inside_run(clusters, index - 1):
            ends.before_run = index
        while used > width and cluster.text != " " and index > start:
            end = ends.best_after(start) or index
            yield _trim(clusters[start:end])
            start = end
            used = sum(cluster.width for cluster in clusters[start : index + 1])
        if cluster.text in _BREAKS_AFTER or cluster.text == "\xa0":
            ends.note(index + 1, clusters)
    yield _trim(clusters[start:])


class _Ends:
    """Where a line may end: best between words, else before a number, else between the groups of a long number."""

    def __init__(self) -> None:
        self.between_words = 0
        self.before_run = 0
        self.inside_run = 0

    def note(self, end: int, clusters: Sequence[Cluster]) -> None:
        """Take note of a place behind a blank, a hyphen, a slash or an underscore."""
        if _is_inside_run(clusters, end - 1):
            self.inside_run = end
        elif clusters[end - 1].text != "\xa0":
            self.between_words = end

    def best_after(self, start: int) -> int:
        """Give the best end of a line that begins at `start`; 0 where there is none but in the middle of a word."""
        places = (self.between_words, self.before_run, self.inside_run)
        return next((place for place in places if place > start), 0)


def _is_inside_run(clusters: Sequence[Cluster], index: int) -> bool:
    """Tell whether a line that ended behind a cluster would tear a number, or a code beside one of its digits."""
    if not 0 <= index < len(clusters) - 1:
        return False
    here, following = clusters[index], clusters[index + 1]
    is_one_run = here.run != 0 and here.run == following.run
    beside = clusters[max(index - 1, 0) : index + 2]
    return is_one_run or (here.text != " " and any(cluster.text[:1].isdigit() for cluster in beside))


def _trim(row: Sequence[Cluster]) -> Sequence[Cluster]:
    start, end = 0, len(row)
    while end > 1 and row[end - 1].text == " ":
        end -= 1
    while start < end - 1 and row[start].text == " ":
        start += 1
    return row[start:end]


def _shorten(row: Sequence[Cluster], dots: Sequence[Cluster], width: float) -> Sequence[Cluster]:
    """Leave out the end of a line, and no part of a number without the whole."""
    room = width - sum(cluster.width for cluster in dots)
    kept = list(row)
    torn = 0
    while kept and (sum(cluster.width for cluster in kept) > room or kept[-1].run == torn != 0):
        torn = kept.pop().run
    return [*kept, *dots]


def _line(row: Sequence[Cluster]) -> Line:
    drawn = visual(row, attrgetter("level"))
    inks = [_ink(cluster.face, glyph.gid, glyph.y) for cluster in drawn for glyph in cluster.glyphs]
    return Line(
        clusters=drawn,
        width=sum(cluster.width for cluster in drawn),
        top=max((top for top, _ in inks), default=0),
        bottom=min((bottom for _, bottom in inks), default=0),
    )


@lru_cache(maxsize=8192)
def _ink(face: Face, gid: int, raised: float) -> tuple[float, float]:
    """Say how far a glyph's ink reaches above and below the line."""
    extents = face.font.get_glyph_extents(gid)
    if extents is None:
        return (0, 0)
    scale = 1000 / face.em
    top = extents.y_bearing * scale + raised
    return (top, top + extents.height * scale)
