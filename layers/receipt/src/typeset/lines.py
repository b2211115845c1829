"""Breaking a shaped paragraph into lines, and ordering each line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from typeset.fonts import Face, Typeface
from typeset.ordering import visual
from typeset.shaping import Cluster, shape

ELLIPSIS = "…"
_BREAKS_AFTER = frozenset(" -_/")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its clusters from left to right; lengths in thousandths of the type size."""

    clusters: tuple[Cluster, ...]
    width: float
    top: float
    bottom: float


@lru_cache(maxsize=512)
def wrap(text: str, typeface: Typeface, width: float, *, right_to_left: bool, at_most: int) -> tuple[Line, ...]:
    """Break a paragraph into lines no wider than `width` thousandths of the type size.

    Lines end after a space, a hyphen, a slash or an underscore, and inside a word only where the word alone is too
    long. A number is broken only where it is longer than a line, and then after one of its groups. The text after line
    `at_most` is left out, and … says so.
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
    """The places where a line may end: between words, else before a number, else between groups of a long number."""

    def __init__(self) -> None:
        self.between_words = 0
        self.before_run = 0
        self.inside_run = 0

    def note(self, end: int, clusters: Sequence[Cluster]) -> None:
        """Note a place after a blank, a hyphen, a slash or an underscore."""
        if _is_inside_run(clusters, end - 1) or _is_beside_digit(clusters, end - 1):
            self.inside_run = end
        elif clusters[end - 1].text != "\xa0":
            self.between_words = end

    def best_after(self, start: int) -> int:
        """The best end of a line that begins at `start`; 0 where only the middle of a word is left."""
        places = (self.between_words, self.before_run, self.inside_run)
        return next((place for place in places if place > start), 0)


def _is_inside_run(clusters: Sequence[Cluster], index: int) -> bool:
    """Whether a line that ended after a cluster would break a number or a code."""
    if not 0 <= index < len(clusters) - 1:
        return False
    return clusters[index].run != 0 and clusters[index].run == clusters[index + 1].run


def _is_beside_digit(clusters: Sequence[Cluster], index: int) -> bool:
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
    """The line with its end replaced by …; a number is left out whole."""
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
    """How far a glyph reaches above and below the base line."""
    extents = face.font.get_glyph_extents(gid)
    if extents is None:
        return (0, 0)
    scale = 1000 / face.em
    top = extents.y_bearing * scale + raised
    return (top, top + extents.height * scale)
