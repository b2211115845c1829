"""Office Open XML (ECMA-376): the type of a document is its main part's, wherever that part lies."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from mailroom.content.archives import Archive, Refused, normalised
from mailroom.content.xml_parts import elements
from mailroom.domain.letter import MEDIA_TYPES

type TypeOf = Callable[[str], str | None]
"""Says the content type of a part, in lower case."""

CONTENT_TYPES = "[content_types].xml"
_RELATIONSHIPS = "_rels/.rels"

_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": MEDIA_TYPES["docx"],
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": MEDIA_TYPES["xlsx"],
}
"""Content types of main parts. Templates, presentations and documents with macros have others, and are not taken."""

_USUAL_NAMES = {"word/document": MEDIA_TYPES["docx"], "xl/workbook": MEDIA_TYPES["xlsx"]}
_MAIN_RELATIONSHIP = "/relationships/officedocument"
"""How the relationship's type ends, in the transitional form (``schemas.openxmlformats.org``) and the strict one."""

_MACRO_TYPES = ("vbaproject", "vbadata", "macroenabled", "macrosheet")
"""What the content types of macros hold, whatever their parts are called."""
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")


def media_type_of(archive: Archive) -> tuple[str, TypeOf]:
    """The media type of an Office Open XML document, and a function that says the content type of each part.

    Raises `archives.Refused` for macros, templates, other kinds of documents, and one that is of both kinds.
    """
    types = _ContentTypes()
    elements(archive.read(CONTENT_TYPES) or b"", types.take)
    if any(_is_macro(part, types.of(part)) for part in archive.parts):
        raise Refused
    found = {types.of(part) for part in _main_parts(archive, types)}
    others = {kind for part in archive.parts for start, kind in _USUAL_NAMES.items() if part.startswith(start)}
    kinds = {_MAIN.get(content_type or "") for content_type in found}
    if len(kinds) != 1 or not others <= kinds or not (kind := kinds.pop()):
        raise Refused
    return kind, types.of


def _main_parts(archive: Archive, types: "_ContentTypes") -> set[str]:
    """The parts that the package calls its document, or without such a word those that have a document's type."""
    targets: set[str] = set()

    def take(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").casefold().endswith(_MAIN_RELATIONSHIP):
            targets.add(_part_name(attributes.get("Target", "")))

    if relationships := archive.read(_RELATIONSHIPS):
        elements(relationships, take)
    return targets & archive.parts.keys() or {part for part in archive.parts if types.of(part) in _MAIN}


def _part_name(reference: str) -> str:
    """The part that a reference from the package's root names (ECMA-376 part 2, 6.5)."""
    return normalised(posixpath.normpath("/" + unquote(reference).replace("\\", "/")))


def _is_macro(part: str, content_type: str | None) -> bool:
    return part.endswith(_MACRO_PARTS) or any(macro in (content_type or "") for macro in _MACRO_TYPES)


@dataclass
class _ContentTypes:
    """What ``[Content_Types].xml`` says of each part."""

    defaults: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, attributes: dict[str, str]) -> None:
        """Take one element of the part."""
        content_type = attributes.get("ContentType", "").strip().casefold()
        if name == "Default":
            self.defaults[attributes.get("Extension", "").casefold()] = content_type
        elif name == "Override":
            self.overrides[_part_name(attributes.get("PartName", ""))] = content_type

    def of(self, part: str) -> str | None:
        """The content type of a part."""
        return self.overrides.get(part) or self.defaults.get(part.rpartition(".")[2])
