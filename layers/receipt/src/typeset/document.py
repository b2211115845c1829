"""A PDF whose text is set by HarfBuzz, whose fonts HarfBuzz cuts down, and which is read aloud in the order of sense.

fpdf2 keeps pages, metadata and the structure of the file. Each pair of a glyph and the text it stands for has its own
code in the file, so that the text that is copied is the text that was typed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import attrgetter

from typeset.archive import make_archivable
from typeset.fonts import Face, Fonts
from typeset.fpdf2_internals import Add, Canvas, WrittenObject
from typeset.lines import Line
from typeset.qr import runs
from typeset.structure import Element, Structure, actual_text, alternative
from typeset.subset import Codes, add_font

type Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

type Box = tuple[float, float, float, float]
"""Left, top, width and height."""

BLACK: Colour = (0, 0, 0)

_face = attrgetter("face")


class Document(Canvas):
    """An A4 document measured in points, y downwards from the top of the page."""

    def __init__(self, fonts: Fonts, *, title: str, creator: str, language: str, made_at: datetime) -> None:
        super().__init__()
        self.set_lang(language)
        make_archivable(self, title=title, creator=creator, made_at=made_at)
        self._numbers = {face: number for number, face in enumerate(fonts.faces, start=1)}
        self._codes: dict[Face, Codes] = {}
        self.structure = Structure(language)
        self._postponed: list[Callable[[], None]] = []
        self._is_repeating = False

    def attach(self, content: bytes, *, name: str, media_type: str, description: str, made_at: datetime) -> None:
        """Put the data that the document was made from into the file (PDF/A-3, associated file)."""
        self.embed_file(
            bytes=content,
            basename=name,
            mime_type=media_type,
            desc=description,
            associated_file_relationship="Data",
            creation_date=made_at,
            modification_date=made_at,
            compress=True,
        )

    def postpone(self, draw: Callable[[], None]) -> None:
        """Draw at the end of the page.

        Arabic is drawn after French: PDF readers that find both on one line, one after the other, take the words of
        the second in the wrong order.
        """
        self._postponed.append(draw)

    def end_page(self) -> None:
        """Draw what was postponed."""
        for draw in self._postponed:
            draw()
        self._postponed.clear()

    @contextmanager
    def repeating(self) -> Iterator[None]:
        """Draw what the reader has heard before, or knows without it: it is shown and not read aloud."""
        self._is_repeating = True
        yield
        self._is_repeating = False

    def part(self, role: str, language: str, said: str) -> Element | None:
        """Add a part at this place in the order of reading; None where it is not read aloud.

        `said` is the text that is heard, where the glyphs from left to right give another; else it is empty.
        """
        if self._is_repeating:
            return None
        return self.structure.add(role, language=language, more=actual_text(said) if said else "")

    @contextmanager
    def drawing(self, element: Element | None) -> Iterator[None]:
        """Mark what is drawn as a part of an element, or as decoration where that is None (ISO 32000-1, 14.8.2.2)."""
        if element is None:
            self.operate("/Artifact BMC")
        else:
            number = self.structure.mark(element, self.current_page)
            self.operate(f"/{element.role} <</MCID {number}>> BDC")
        yield
        self.operate("EMC")

    def draw_line(self, line: Line, *, x: float, y: float, size: float, colour: Colour = BLACK) -> None:
        """Draw a line of text whose left end is at `x` and whose base line is at `y`."""
        shown = "\n".join(self._shown(line, size))
        self.operate(f"q {shade(colour)} rg BT {x:.2f} {self.h - y:.2f} Td\n{shown}\nET Q")

    def _shown(self, line: Line, size: float) -> Iterator[str]:
        for face, clusters in groupby(line.clusters, key=_face):
            number = self.number(face)
            self.use_font(number)
            codes = self._codes.setdefault(face, {})
            advances, parts = face.advances, list[str]()
            for cluster in clusters:
                for glyph in cluster.glyphs:
                    gid, text, x, y, advance = glyph
                    code = codes.get((gid, text)) or codes.setdefault((gid, text), f"{len(codes) + 1:04x}")
                    if x or y or advance != advances[gid]:
                        # The glyph is moved from the pen inside the TJ array (ISO 32000-1, 9.4.3), and the pen back.
                        raised = f">] TJ {y * size / 1000:.3f} Ts [<{code}>] TJ 0 Ts [<" if y else code
                        code = f">{-x:g}<{raised}>{x + advances[gid] - advance:g}<"
                    parts.append(code)
            yield f"/F{number} {size:g} Tf [<{''.join(parts)}>] TJ".replace("<>", " ")

    def number(self, face: Face) -> int:
        """The number by which the document's resources name a face; faces of other scripts come last."""
        return self._numbers.setdefault(face, len(self._numbers) + 1)

    def fill_box(self, box: Box, colour: Colour) -> None:
        """Fill a rectangle, as decoration."""
        self.operate(f"/Artifact BMC q {shade(colour)} rg {self.rectangle(box)} f Q EMC")

    def frame_box(self, box: Box, colour: Colour) -> None:
        """Draw the outline of a rectangle, as decoration."""
        self.operate(f"/Artifact BMC q {shade(colour)} RG 0.7 w {self.rectangle(box)} S Q EMC")

    def rectangle(self, box: Box) -> str:
        """A rectangle as an operator takes it."""
        left, top, width, height = box
        return f"{left:.2f} {self.h - top:.2f} {width:.2f} {-height:.2f} re"

    def draw_qr(self, text: str, *, said: str, language: str, at: tuple[float, float], side: float) -> None:
        """Draw the QR code of a text; `side` is without the white around it, `said` is read aloud instead of it.

        Its dark squares are one path: viewers let the paper shine through between several.
        """
        x, y = at
        count, dark = runs(text)
        path = " ".join(f"{column} {row} {length} 1 re" for column, row, length in dark)
        module = side / count
        corners = (x, self.h - y - side, x + side, self.h - y)
        with self.drawing(self.structure.add("Figure", language=language, more=alternative(said, corners))):
            self.operate(f"q 0 g {module:.4f} 0 0 {-module:.4f} {x:.2f} {self.h - y:.2f} cm {path} f Q")

    def finish(self) -> bytes:
        """The file; the document takes nothing more afterwards."""
        return self.file(add_fonts=self.add_fonts, add_structure=self.structure.add_to_file)

    def add_fonts(self, add: Add) -> dict[int, WrittenObject]:
        """Add to the file each font that was drawn with, cut down to its glyphs; by its number."""
        used = sorted((self.number(face), face, codes) for face, codes in self._codes.items())
        return {number: add_font(face, codes, add) for number, face, codes in used}


@cache
def shade(colour: Colour) -> str:
    """A colour as PDF's operators take it."""
    return " ".join(f"{round(part / 255, 3):g}" for part in colour)
