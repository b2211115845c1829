"""Setting a line of text: what a stranger typed, in reading order, inside its width.

fpdf2's own layout puts digits on the wrong side of Arabic in left-to-right paragraphs and calls
HarfBuzz once for each character. Here a paragraph is ordered once by the Unicode bidirectional
algorithm (UAX #9), shaped once by HarfBuzz, and broken where a break costs no second shaping.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import uharfbuzz as hb
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

from render_receipt.fonts import PLACEHOLDER, Face, Typeface

MARKS_PER_LETTER = 3
"""What a letter of a living language carries at most: shadda, a vowel and a Koranic sign."""

ELLIPSIS = "…"
EMPTY = "—"
ISOLATE, POP_ISOLATE = "\u2066", "\u2069"
_ISOLATES = frozenset("\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")
_ARABIC_SIGNS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2")
_INVISIBLE_MARKS = re.compile("[\u034f\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9]")
_NEEDS_ORDERING = re.compile(
    "[\u0590-\u08ff\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_CODE = re.compile(
    # a code, a date or an address: 55-19, 03/11/2025, plan-2.pdf
    r"[+]?[0-9A-Za-z]+(?:[-‐–.:/,_@][0-9A-Za-z]+)+"
    # a telephone number, or any number, in groups; or with its sign
    r"|[+]?\d{1,4}(?:[ \xa0]\d{2,4}){2,}|[+]\d+"
)
_BREAKS_AFTER = frozenset(" -_/")


class Glyph(NamedTuple):
    """One glyph, where HarfBuzz wants it; distances in thousandths of the type size."""

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


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its clusters from left to right; lengths in thousandths of the type size."""

    clusters: tuple[Cluster, ...]
    width: float
    top: float
    bottom: float


def isolate(text: str) -> str:
    """Keep a number, date or code in one piece, left to right, whatever stands around it."""
    return f"{ISOLATE}{text}{POP_ISOLATE}"


def clean(text: str) -> str:
    """Make one printable line of what a stranger typed; `EMPTY` where nothing is left to see.

    Overrides, embeddings, isolates and the other invisible controls go, so that the text stands in
    its own order; runs of white space become one space; accents are composed; no more than
    `MARKS_PER_LETTER` marks are stacked on a letter.
    """
    composed = unicodedata.normalize("NFC", _INVISIBLE_MARKS.sub("", text))
    kept: list[str] = []
    marks = 0
    for index, char in enumerate(composed):
        category = unicodedata.category(char)
        if category[0] == "M":
            marks += 1
            if marks <= MARKS_PER_LETTER:
                kept.append(char)
            continue
        marks = 0
        if category[0] == "Z":
            kept.append("\xa0" if char == "\xa0" else " ")
        elif category == "Cc":
            kept.append(" ")
        elif category == "Cs":
            kept.append("\ufffd")
        elif category != "Cf" or char in _ARABIC_SIGNS or _joins(composed, index):
            kept.append(char)
    return re.sub(" +", " ", "".join(kept)).strip() or EMPTY


def _joins(text: str, index: int) -> bool:
    """Tell whether a joiner stands after an Arabic letter, the only place where it has a use."""
    return text[index] in _JOINERS and bool(index and _ARABIC_LETTER.match(text[index - 1]))


def typed(text: str) -> str:
    """Prepare what a stranger typed: clean, its dates and telephone numbers kept in one piece."""
    line = clean(text)
    return _CODE.sub(_isolated, line) if is_right_to_left(line) else line


def _isolated(found: re.Match[str]) -> str:
    """Isolate a code, unless it follows Latin letters, where it keeps its order by itself."""
    before = found.string[: found.start()]
    last = next((char for char in reversed(before) if char.isalpha()), "")
    is_latin = bool(last) and unicodedata.bidirectional(last) == "L"
    return found[0] if is_latin else isolate(found[0])


def is_right_to_left(text: str) -> bool:
    """Tell whether a paragraph is laid out right to left: as soon as it holds one such letter."""
    return any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text)


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
    return any(
        letter not in _ISOLATES and not any(face.has(letter) for face in typeface)
        for letter in letters
    )


class _Piece(NamedTuple):
    """A letter with its marks, the face that shows it, and what it is shown as."""

    text: str
    shown: str
    face: Face
    level: int


def _pieces(text: str, typeface: Typeface, *, right_to_left: bool) -> Iterator[_Piece]:
    levels = _levels(text, right_to_left=right_to_left)
    face = typeface[0]
    for start, end in _letters(text):
        letter = text[start:end]
        if letter in _ISOLATES:
            continue
        shown, face = _choose(letter, typeface, face)
        yield _Piece(letter, shown, face, levels[start])


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


def _levels(text: str, *, right_to_left: bool) -> Sequence[int]:
    """Give each character its embedding level (UAX #9); odd ones run right to left."""
    if not right_to_left and not _NEEDS_ORDERING.search(text):
        return bytes(len(text))
    base = TextDirection.RTL if right_to_left else TextDirection.LTR
    levels = [-1] * len(text)
    for char in BidiParagraph(text, base_direction=base).get_characters():
        levels[char.character_index] = char.embedding_level
    for index, level in enumerate(levels):
        if level < 0:
            levels[index] = levels[index - 1] if index else int(right_to_left)
    return levels


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
    texts = _texts(run, {info.cluster for info, _ in placed})
    clusters = []
    for start, group in groupby(placed, key=lambda pair: pair[0].cluster):
        glyphs = tuple(_glyphs(list(group), texts[start], 1000 / face.em))
        width = sum(glyph.advance for glyph in glyphs)
        if right_to_left:
            glyphs = tuple(part for glyph in reversed(glyphs) for part in _spelled(glyph, face))
        clusters.append(Cluster(texts[start], face, level, glyphs, width))
    return clusters


def _texts(run: Sequence[_Piece], starts: set[int]) -> dict[int, str]:
    """Give each cluster, known by where it starts, the text it stands for."""
    texts = dict.fromkeys(starts, "")
    index = current = 0
    for piece in run:
        current = index if index in texts else current
        texts[current] += piece.text
        index += len(piece.shown)
    return texts


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
    share = glyph.advance / max(len(glyph.text), 1)
    text = glyph.text[::-1].translate(_MIRRORED)
    yield glyph._replace(text=text[:1], advance=share)
    for char in text[1:]:
        yield Glyph(face.space, char, 0, 0, share)


def wrap(
    text: str, typeface: Typeface, width: float, *, right_to_left: bool, at_most: int
) -> tuple[Line, ...]:
    """Break a paragraph into lines no wider than `width` thousandths of the type size.

    Lines end after a space, a hyphen, a slash or an underscore, and inside a word only where the
    word alone is too long. What would stand after line `at_most` is left out, and … says so.
    """
    clusters = shape(text, typeface, right_to_left=right_to_left)
    rows = list(_break(clusters, width))
    if len(rows) > at_most:
        dots = shape(ELLIPSIS, typeface, right_to_left=right_to_left)
        rows[at_most - 1 :] = [_shorten(rows[at_most - 1], dots, width)]
    return tuple(_line(row) for row in rows)


def _break(clusters: Sequence[Cluster], width: float) -> Iterator[Sequence[Cluster]]:
    start = best = 0
    used = 0.0
    for index, cluster in enumerate(clusters):
        used += cluster.width
        if used > width and cluster.text != " " and index > start:
            end = best if best > start else index
            yield _trim(clusters[start:end])
            start = end
            used = sum(cluster.width for cluster in clusters[start : index + 1])
        if cluster.text in _BREAKS_AFTER and not _is_in_code(clusters, index):
            best = index + 1
    yield _trim(clusters[start:])


def _is_in_code(clusters: Sequence[Cluster], index: int) -> bool:
    """Tell whether a digit stands beside, as in 45/2025 or SHA-256, which are not broken."""
    beside = clusters[max(index - 1, 0) : index + 2]
    return clusters[index].text != " " and any(cluster.text[:1].isdigit() for cluster in beside)


def _trim(row: Sequence[Cluster]) -> Sequence[Cluster]:
    start, end = 0, len(row)
    while end > 1 and row[end - 1].text == " ":
        end -= 1
    while start < end - 1 and row[start].text == " ":
        start += 1
    return row[start:end]


def _shorten(row: Sequence[Cluster], dots: Sequence[Cluster], width: float) -> Sequence[Cluster]:
    room = width - sum(cluster.width for cluster in dots)
    kept = list(row)
    while kept and sum(cluster.width for cluster in kept) > room:
        kept.pop()
    return [*kept, *dots]


def _line(row: Sequence[Cluster]) -> Line:
    drawn = _visual(row)
    inks = [_ink(cluster.face, glyph.gid, glyph.y) for cluster in drawn for glyph in cluster.glyphs]
    return Line(
        clusters=drawn,
        width=sum(cluster.width for cluster in drawn),
        top=max((top for top, _ in inks), default=0),
        bottom=min((bottom for _, bottom in inks), default=0),
    )


def _visual(row: Sequence[Cluster]) -> tuple[Cluster, ...]:
    """Turn a line from reading order to the order on the page (UAX #9, rule L2)."""
    levels = {cluster.level for cluster in row}
    if levels <= {0}:
        return tuple(row)
    ordered = list(row)
    for level in range(max(levels), 0, -1):
        regrouped: list[Cluster] = []
        for turned, group in groupby(ordered, key=lambda cluster: cluster.level >= level):
            part = list(group)
            regrouped += part[::-1] if turned else part
        ordered = regrouped
    return tuple(ordered)


@lru_cache(maxsize=8192)
def _ink(face: Face, gid: int, raised: float) -> tuple[float, float]:
    """Say how far a glyph's ink reaches above and below the line."""
    extents = face.font.get_glyph_extents(gid)
    if extents is None:
        return (0, 0)
    scale = 1000 / face.em
    top = extents.y_bearing * scale + raised
    return (top, top + extents.height * scale)
