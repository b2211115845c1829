"""A PDF by fpdf2 whose text is set by HarfBuzz and whose fonts are cut down by it.

fpdf2 keeps pages, drawing, metadata and file structure. The two parts that cost the time and the
right order of Arabic, layout and font subsetting, are done in `render_receipt.text` and here.
Each (glyph, text) pair gets a code of its own, so that what is copied is what was typed.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from itertools import batched, groupby
from operator import attrgetter

import uharfbuzz as hb  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.enums import FontDescriptorFlags, PDFResourceType
from fpdf.fonts import PDFFontDescriptor
from fpdf.output import CIDSystemInfo, OutputProducer, PDFExtGState, PDFFont, PDFType3Font, PDFXObject
from fpdf.pattern import Pattern
from fpdf.prefs import ViewerPreferences
from fpdf.syntax import Name, PDFArray, PDFContentStream, PDFObject

from render_receipt.archive import make_archivable
from render_receipt.fonts import Face, Fonts
from render_receipt.structure import Element, Structure, instead
from render_receipt.text import Glyph, Line

type Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

type Codes = dict[tuple[int, str], str]
"""The code in the document, as hexadecimal, of each glyph id with the text it stands for."""

_face = attrgetter("face")

BLACK: Colour = (0, 0, 0)
_UNNEEDED_TABLES = (b"GSUB", b"GPOS", b"GDEF", b"BASE", b"DSIG", b"OS/2", b"name", b"post", b"cmap")


class Document(FPDF):
    """An A4 document measured in points, y downwards from the top of the page."""

    def __init__(self, fonts: Fonts, *, title: str, language: str, made_at: datetime) -> None:
        super().__init__(unit="pt", format="A4")
        self.set_auto_page_break(auto=False)
        self.set_lang(language)
        make_archivable(self, title=title, made_at=made_at)
        self._numbers = {face: number for number, face in enumerate(fonts.faces, start=1)}
        self.codes: dict[Face, Codes] = {}
        self.structure = Structure(language)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self._later: list[Callable[[], None]] = []
        self._is_repeating = False

    def number(self, face: Face) -> int:
        """Give the number by which the document's resources name a face."""
        return self._numbers[face]

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
            self._out("/Artifact BMC")
        else:
            number = self.structure.mark(element, self.pages[self.page])
            self._out(f"/{element.role} <</MCID {number}>> BDC")

    def end(self) -> None:
        """End what `begin` began."""
        self._out("EMC")

    def decorate(self, operators: str) -> None:
        """Draw lines and tints, which nobody need hear of."""
        self._out(f"/Artifact BMC q {operators} Q EMC")

    def write_line(self, line: Line, *, x: float, y: float, size: float, colour: Colour = BLACK) -> None:
        """Draw a line whose left end is at `x` and whose base line is at `y`."""
        shown = "\n".join(self._shown(line, size))
        self._out(f"q {shade(colour)} rg BT {x:.2f} {self.h - y:.2f} Td\n{shown}\nET Q")

    def _shown(self, line: Line, size: float) -> Iterator[str]:
        for face, clusters in groupby(line.clusters, key=_face):
            number = self._numbers[face]
            self._resource_catalog.add(PDFResourceType.FONT, number, self.page)
            codes = self.codes.setdefault(face, {})
            parts: list[str] = []
            for cluster in clusters:
                for glyph in cluster.glyphs:
                    parts += _drawn(glyph, face, codes, size)
            yield f"/F{number} {size:g} Tf [<{''.join(parts)}>] TJ".replace("<>", " ")

    def fill_modules(self, runs: Iterable[tuple[int, int, int]], *, x: float, y: float, module: float) -> None:
        """Fill runs of squares, given as (column, row, length), from `x`, `y` rightwards and down.

        They are one path: viewers would let the paper shine through between several.
        """
        path = " ".join(f"{column} {row} {length} 1 re" for column, row, length in runs)
        size = f"{module:.4f} 0 0 {-module:.4f} {x:.2f} {self.h - y:.2f}"
        self._out(f"q 0 g {size} cm {path} f Q")

    def finish(self) -> bytes:
        """Make the file; the document takes nothing more afterwards."""
        return bytes(self.output(output_producer_class=_Producer))


@cache
def shade(colour: Colour) -> str:
    """Write a colour as PDF's operators take it."""
    return " ".join(f"{round(part / 255, 3):g}" for part in colour)


def _drawn(glyph: Glyph, face: Face, codes: Codes, size: float) -> Sequence[str]:
    """Show a glyph inside a TJ array, moved from where the pen is if need be (ISO 32000, 9.4.3)."""
    gid, text, x, y, advance = glyph
    code = codes.setdefault((gid, text), f"{len(codes) + 1:04x}")
    back = x + face.advances[gid] - advance
    if not (x or y or back):
        return (code,)
    raised = f">] TJ {y * size / 1000:.3f} Ts [<{code}>] TJ 0 Ts [<" if y else code
    return (f">{-x:g}<", raised, f">{back:g}<")


class _Producer(OutputProducer):
    fpdf: Document

    def _add_fonts(
        self,
        image_objects_per_index: dict[int, PDFXObject],  # noqa: ARG002 - for fonts made of drawings
        gfxstate_objs_per_name: dict[str, PDFExtGState],  # noqa: ARG002
        pattern_objs_per_name: dict[str, Pattern],  # noqa: ARG002
    ) -> dict[int, PDFFont | PDFType3Font]:
        used = sorted(self.fpdf.codes.items(), key=lambda item: self.fpdf.number(item[0]))
        return {self.fpdf.number(face): self._add_font(face, codes) for face, codes in used}

    def _add_structure_tree(self) -> PDFObject:
        for item in self.fpdf.structure.finish():
            self._add_pdf_obj(item)
        return self.fpdf.structure

    def _add_font(self, face: Face, codes: Codes) -> PDFFont:
        program, places = _cut(face, codes)
        name = f"{_tag(codes)}+{face.name}"
        whole = PDFFont(subtype="Type0", base_font=name, encoding="Identity-H")
        inner = PDFFont(subtype="CIDFontType2", base_font=name, d_w=1000, w=_widths(face, codes))
        inner.c_i_d_system_info = self._added(_identity())
        inner.font_descriptor = self._added(_descriptor(face, name))
        inner.font_descriptor.font_file2 = self._added(_FontProgram(program))  # type: ignore[attr-defined]
        inner.c_i_d_to_g_i_d_map = self._added(_stream(places))
        whole.descendant_fonts = PDFArray([self._added(inner)])
        whole.to_unicode = self._added(_stream(_to_unicode(codes)))
        return self._added(whole)

    def _added[T: PDFObject](self, item: T) -> T:
        self._add_pdf_obj(item, "fonts")
        return item


class _FontProgram(PDFContentStream):
    def __init__(self, program: bytes) -> None:
        super().__init__(contents=program, compress=True)
        self.length1 = len(program)


def _stream(contents: bytes) -> PDFContentStream:
    return PDFContentStream(contents=contents, compress=True)


def _cut(face: Face, codes: Codes) -> tuple[bytes, bytes]:
    """Cut a font down to the glyphs used; with it, the map from code to glyph (ISO 32000 9.7.4)."""
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(gid for gid, _ in codes)
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    wanted.drop_table_tag_set.update(map(int.from_bytes, _UNNEEDED_TABLES))
    plan = hb.SubsetPlan(face.source, wanted)
    moved: Mapping[int, int] = plan.old_to_new_glyph_mapping
    places = bytearray(2)
    for gid, _ in codes:
        places += moved[gid].to_bytes(2)
    return plan.execute().blob.data, bytes(places)


def _tag(codes: Codes) -> str:
    """Name the subset by six letters that follow from what is in it (ISO 32000, 9.9.2)."""
    rest = zlib.crc32(repr(list(codes)).encode("utf-8", "surrogatepass"))
    letters = ""
    for _ in range(6):
        rest, letter = divmod(rest, 26)
        letters += chr(ord("A") + letter)
    return letters


def _widths(face: Face, codes: Codes) -> str:
    widths = " ".join(f"{face.advances[gid]:g}" for gid, _ in codes)
    return f"[1 [{widths}]]"


def _identity() -> CIDSystemInfo:
    info = CIDSystemInfo()
    info.ordering = type(info.ordering)("Identity")
    return info


def _descriptor(face: Face, name: str) -> PDFFontDescriptor:
    scale = 1000 / face.em
    flags = FontDescriptorFlags.SYMBOLIC
    if face.is_fixed_pitch:
        flags |= FontDescriptorFlags.FIXED_PITCH
    descriptor = PDFFontDescriptor(
        ascent=round(face.ascent * scale),
        descent=round(face.descent * scale),
        cap_height=round(face.cap_height * scale),
        flags=flags,
        font_b_box=f"[{' '.join(str(round(side * scale)) for side in face.box)}]",
        italic_angle=0,
        stem_v=80,
        missing_width=1000,
    )
    descriptor.font_name = Name(name)
    return descriptor


_CMAP_START = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_CMAP_END = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"


def _to_unicode(codes: Codes) -> bytes:
    """Say which text each code stands for, a hundred in a block (Adobe Technical Note 5014)."""
    rows = [f"<{code}> <{text.encode('utf-16-be').hex()}>\n" for (_, text), code in codes.items() if text]
    blocks = [f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in batched(rows, 100, strict=False)]
    return (_CMAP_START + "".join(blocks) + _CMAP_END).encode()
