"""Active content in office documents: found by the types of their parts, their references and embedded objects."""

import io
from collections.abc import Callable, Iterable

import olefile

from mailroom.content.archives import UNREADABLE, Archive, ProtectedError, Refused
from mailroom.content.finding import ActiveContent
from mailroom.content.xml_parts import elements

_TYPES: dict[str, ActiveContent] = {
    "oleobject": "embedded_object",
    "activex": "activex",
    "externallink": "external_content",
    "vnd.sun.star.oleobject": "embedded_object",
}
"""Fragments of the content types of active parts."""

_RELATIONSHIPS: dict[str, ActiveContent] = {
    "/oleobject": "embedded_object",
    "/control": "activex",
    "/afchunk": "embedded_object",
}
"""Endings of the types of relationships, for parts within the document."""
_HARMLESS_OUTSIDE = ("/hyperlink",)
"""References that are followed only after a click."""
_TEMPLATE = "/attachedtemplate"

_MACRO_FOLDERS = ("basic/", "scripts/")
"""Where OpenDocument keeps macros (LibreOffice's Basic, and scripts in other languages)."""
_NO_MACRO = (".xlc", "script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")
"""Lists of macros, present without any macro too."""

_PLAIN_ENDINGS = frozenset(
    "xml rels png jpg jpeg jpe gif bmp tif tiff emf wmf svg wdp ttf odttf fntdata txt rdf dtd vml".split()  # noqa: SIM905
)
_EMBEDDED_SEEN = 50
"""Most embedded parts examined."""
_LONGEST_OBJECT = 4 * 1024 * 1024

_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"L\0\0\0\x01\x14\x02\0")
_PROGRAM_ENDINGS = tuple(
    f".{ending}\0".encode()
    for ending in "bat cmd com cpl dll exe hta jar js jse lnk msi pif ps1 reg scr url vbe vbs wsf wsh".split()  # noqa: SIM905
)
_PACKAGED_FILE = "\x01Ole10Native"
"""The stream that holds a file put into a document by "insert object", after its name (MS-OLEDS, 2.3.6)."""


def active_content(archive: Archive, type_of: Callable[[str], str | None]) -> set[ActiveContent]:
    """The kinds of active content of a document whose parts have the types that `type_of` says."""
    found: set[ActiveContent] = set()
    try:
        for part in archive.parts:
            content_type = type_of(part) or ""
            found.update(kind for holds, kind in _TYPES.items() if holds in content_type)
            if part.startswith(_MACRO_FOLDERS) and not part.endswith(("/", *_NO_MACRO)):
                found.add("macro")
            if part.endswith(".rels"):
                elements(archive.read(part) or b"", lambda name, attributes: _note(name, attributes, found))
        _look_into(archive, found)
    except (Refused, ProtectedError, *UNREADABLE):
        found.add("unexamined")
    return found


def _note(name: str, attributes: dict[str, str], found: set[ActiveContent]) -> None:
    """Note what one reference to another part, or to something outside, may do."""
    if name != "Relationship":
        return
    kind = attributes.get("Type", "").casefold()
    if attributes.get("TargetMode", "").strip().casefold() != "external":
        found.update(active for ending, active in _RELATIONSHIPS.items() if kind.endswith(ending))
    elif kind.endswith(_TEMPLATE):
        found.add("external_template")
    elif not kind.endswith(_HARMLESS_OUTSIDE):
        found.add("external_content")


def _look_into(archive: Archive, found: set[ActiveContent]) -> None:
    """Look for programs among the parts that are neither text nor picture."""
    others = [part for part in archive.parts if part.rpartition(".")[2] not in _PLAIN_ENDINGS and part[-1:] != "/"]
    if len(others) > _EMBEDDED_SEEN:
        found.add("unexamined")
    for part in others[:_EMBEDDED_SEEN]:
        content = archive.beginning(part, _LONGEST_OBJECT)
        if content.startswith(_PROGRAM_STARTS):
            found.add("embedded_program")
        elif content.startswith(olefile.MAGIC):
            found.add("embedded_object")
            if any(ending in name for name in _packaged_files(content) for ending in _PROGRAM_ENDINGS):
                found.add("embedded_program")


def _packaged_files(content: bytes) -> Iterable[bytes]:
    """The beginnings of files packed into an embedded object; their names stand there."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            streams = [path for path in file.listdir() if path[-1] == _PACKAGED_FILE]
            return [file.openstream(path).read()[:2048].lower() for path in streams]
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return []
