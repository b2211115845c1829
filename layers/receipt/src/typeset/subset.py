"""The fonts in the file, cut down to the glyphs of the document, with the text that each code stands for."""

import zlib
from collections.abc import Mapping
from itertools import batched

import uharfbuzz as hb  # type: ignore[import-untyped]

from typeset.fonts import Face
from typeset.fpdf2_internals import Add, WrittenObject

type Codes = dict[tuple[int, str], str]
"""The code in the document, as hexadecimal, of each glyph id with the text it stands for."""

_UNNEEDED_TABLES = (b"GSUB", b"GPOS", b"GDEF", b"BASE", b"DSIG", b"OS/2", b"name", b"post", b"cmap")


class _Part(WrittenObject):
    """A part of a font: its dictionary's entries, and its stream if it has one."""

    def __init__(self, entries: str, stream: bytes | None = None) -> None:
        super().__init__()
        self._entries = entries
        self._stream = stream

    def body(self) -> str:
        """The dictionary, and the stream compressed."""
        if self._stream is None:
            return f"<<{self._entries}>>"
        packed = zlib.compress(self._stream)
        start = f"<<{self._entries}/Filter/FlateDecode/Length {len(packed)}>>\nstream\n"
        return f"{start}{packed.decode('latin-1')}\nendstream"


def add_font(face: Face, codes: Codes, add: Add) -> WrittenObject:
    """Add a font with its parts to the file (ISO 32000-1, 9.7)."""

    def added(entries: str, stream: bytes | None = None) -> _Part:
        item = _Part(entries, stream)
        add(item)
        return item

    program, places = _cut(face, codes)
    name = f"{_tag(codes)}+{face.name}"
    file = added(f"/Length1 {len(program)}", program)
    descriptor = added(f"{_descriptor(face, name)}/FontFile2 {file.ref}")
    widths = " ".join(f"{face.advances[gid]:g}" for gid, _ in codes)
    inner = added(
        f"/Type/Font/Subtype/CIDFontType2/BaseFont/{name}/DW 1000/W[1[{widths}]]"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {descriptor.ref}/CIDToGIDMap {added('', places).ref}"
    )
    return added(
        f"/Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{inner.ref}]"
        f"/ToUnicode {added('', _to_unicode(codes)).ref}"
    )


def _cut(face: Face, codes: Codes) -> tuple[bytes, bytes]:
    """The font cut down to the glyphs used, and the map from code to glyph (ISO 32000-1, 9.7.4)."""
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
    """The six letters that name the subset, derived from its content (ISO 32000-1, 9.6.4)."""
    rest = zlib.crc32(repr(list(codes)).encode("utf-8", "surrogatepass"))
    letters = ""
    for _ in range(6):
        rest, letter = divmod(rest, 26)
        letters += chr(ord("A") + letter)
    return letters


def _descriptor(face: Face, name: str) -> str:
    scale = 1000 / face.em
    flags = 5 if face.is_fixed_pitch else 4  # symbolic; the lowest bit: of fixed pitch (table 123)
    box = " ".join(str(round(side * scale)) for side in face.box)
    return (
        f"/Type/FontDescriptor/FontName/{name}/Flags {flags}/FontBBox[{box}]/ItalicAngle 0/StemV 80"
        f"/Ascent {face.ascent * scale:.0f}/Descent {face.descent * scale:.0f}/CapHeight {face.cap_height * scale:.0f}"
    )


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
    """The map from code to text, a hundred in a block (Adobe Technical Note 5014)."""
    rows = [f"<{code}> <{text.encode('utf-16-be').hex()}>\n" for (_, text), code in codes.items() if text]
    blocks = [f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in batched(rows, 100, strict=False)]
    return (_CMAP_START + "".join(blocks) + _CMAP_END).encode()
