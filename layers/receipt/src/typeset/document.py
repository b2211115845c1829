"""A PDF by fpdf2 whose text is set by HarfBuzz and whose fonts are cut down by it.

fpdf2 keeps pages, drawing, metadata and file structure. The two parts that cost the time and the
right order of Arabic, layout and font subsetting, are done in `typeset.shaping` and `typeset.subset`.
Each (glyph, text) pair gets a code of its own, so that what is copied is what was typed.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import attrgetter

from typeset.archive import make_archivable
from typeset.fonts import Face, Fonts
from typeset.fpdf2_internals import Add, Canvas, WrittenObject
from typeset.lines import Line
from typeset.structure import Element, Structure, instead
from typeset.subset import Codes, add_font

type Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

_face = attrgetter("face")

BLACK: Colour = (0, 0, 0)


class Document(Canvas):
    """An A4 document measured in points, y downwards from the top of the page."""

    def __init__(self, fonts: Fonts, *, title: str, language: str, made_at: datetime) -> None:
        super().__init__()
        self.set_lang(language)
        make_archivable(self, title=title, made_at=made_at)
        self._numbers = {face: number for number, face in enumerate(fonts.faces, start=1)}
        self.codes: dict[Face, Codes] = {}
        self.structure = Structure(language)
        self._later: list[Callable[[], None]] = []
        self._is_repeating = False

    def number(self, face: Face) -> int:
        """Give the number by which the document's resources name a face; those of other scripts come last."""
        return self._numbers.setdefault(face, len(self._numbers) + 1)

    def later(self, draw: Callable[[], None]) -> None:
        """Draw something when all else on the page is drawn.

        Arabic comes after French: readers of PDF that find both on one line, one after the other,
        take the words of the second to stand the wrong way round.
        """
        self._later.append(draw)

    def end_page(self) -> None:
        """Draw what was left for later."""
        for draw in self._later:
            draw()
        self._later.clear()

    @contextmanager
    def repeating(self) -> Iterator[None]:
        """Draw what was said before or is known without it: it is seen, and not read aloud."""
        self._is_repeating = True
        yield
        self._is_repeating = False

    def part(self, role: str, language: str, said: str) -> Element | None:
        """Say what is to be drawn, in its place in the order of reading; None where it is not read.

        `said` is what is heard, where that is not what the glyphs say from left to right.
        """
        if self._is_repeating:
            return None
        return self.structure.add(role, language=language, more=instead(said) if said else "")

    def begin(self, element: Element | None) -> None:
        """Mark what is drawn up to `end` as a part of an element, or as decoration (ISO 32000-1, 14.8.2.2)."""
        if element is None:
            self.operate("/Artifact BMC")
        else:
            number = self.structure.mark(element, self.current_page)
            self.operate(f"/{element.role} <</MCID {number}>> BDC")

    def end(self) -> None:
        """End what `begin` began."""
        self.operate("EMC")

    def decorate(self, operators: str) -> None:
        """Draw lines and tints, which nobody need hear of."""
        self.operate(f"/Artifact BMC q {operators} Q EMC")

    def write_line(self, line: Line, *, x: float, y: float, size: float, colour: Colour = BLACK) -> None:
        """Draw a line whose left end is at `x` and whose base line is at `y`."""
        shown = "\n".join(self._shown(line, size))
        self.operate(f"q {shade(colour)} rg BT {x:.2f} {self.h - y:.2f} Td\n{shown}\nET Q")

    def _shown(self, line: Line, size: float) -> Iterator[str]:
        for face, clusters in groupby(line.clusters, key=_face):
            number = self.number(face)
            self.use_font(number)
            codes = self.codes.setdefault(face, {})
            advances, parts = face.advances, list[str]()
            for cluster in clusters:
                for glyph in cluster.glyphs:
                    gid, text, x, y, advance = glyph
                    code = codes.get((gid, text)) or codes.setdefault((gid, text), f"{len(codes) + 1:04x}")
                    if x or y or advance != advances[gid]:
                        code = _moved(code, x, y, x + advances[gid] - advance, size)
                    parts.append(code)
            yield f"/F{number} {size:g} Tf [<{''.join(parts)}>] TJ".replace("<>", " ")

    def fill_modules(self, runs: Iterable[tuple[int, int, int]], *, x: float, y: float, module: float) -> None:
        """Fill runs of squares, given as (column, row, length), from `x`, `y` rightwards and down.

        They are one path: viewers would let the paper shine through between several.
        """
        path = " ".join(f"{column} {row} {length} 1 re" for column, row, length in runs)
        size = f"{module:.4f} 0 0 {-module:.4f} {x:.2f} {self.h - y:.2f}"
        self.operate(f"q 0 g {size} cm {path} f Q")

    def finish(self) -> bytes:
        """Make the file; the document takes nothing more afterwards."""
        return self.file(add_fonts=self._add_fonts, add_structure=self.structure.add_to_file)

    def _add_fonts(self, add: Add) -> dict[int, WrittenObject]:
        used = sorted((self.number(face), face, codes) for face, codes in self.codes.items())
        return {number: add_font(face, codes, add) for number, face, codes in used}


@cache
def shade(colour: Colour) -> str:
    """Write a colour as PDF's operators take it."""
    return " ".join(f"{round(part / 255, 3):g}" for part in colour)


def _moved(code: str, x: float, y: float, back: float, size: float) -> str:
    """Show a glyph inside a TJ array, moved from where the pen is (ISO 32000, 9.4.3)."""
    raised = f">] TJ {y * size / 1000:.3f} Ts [<{code}>] TJ 0 Ts [<" if y else code
    return f">{-x:g}<{raised}>{back:g}<"
