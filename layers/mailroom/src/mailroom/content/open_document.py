"""OpenDocument (ISO/IEC 26300): the type stands in the part `mimetype` and in the manifest, wherever they lie."""

from dataclasses import dataclass, field

from mailroom.content.archives import Archive, Refused, normalised
from mailroom.content.office import TypeOf
from mailroom.content.xml_parts import elements
from mailroom.domain.letter import MEDIA_TYPES

MIMETYPE = "mimetype"
MANIFEST = "meta-inf/manifest.xml"
_CONTENT = "content.xml"

_TYPES = frozenset({MEDIA_TYPES["odt"], MEDIA_TYPES["ods"]})
"""Templates and the other kinds of documents have types of their own, and are not taken."""


@dataclass
class _Manifest:
    """What the manifest says of the document as a whole."""

    media_type: str | None = None
    is_encrypted: bool = False
    types: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, attributes: dict[str, str]) -> None:
        if name == "encryption-data":
            self.is_encrypted = True
        elif name == "file-entry":
            media_type = attributes.get("media-type", "").strip()
            self.types[normalised(attributes.get("full-path", ""))] = media_type
            if attributes.get("full-path") == "/":
                self.media_type = media_type


def media_type_of(archive: Archive) -> tuple[str, bool, TypeOf]:
    """The media type of an OpenDocument, whether a password protects it, and a function as `office` has it.

    The part `mimetype` should come first and plainly; some programs compress it, write it later or leave it out.
    Raises `archives.Refused` where the two places disagree or name another type.
    """
    manifest = _Manifest()
    if listed := archive.read(MANIFEST):
        elements(listed, manifest.take)
    named = (archive.read(MIMETYPE) or b"").decode("ascii", "replace").strip()
    kinds = {kind for kind in (named, manifest.media_type) if kind}
    is_whole = manifest.is_encrypted or _CONTENT in archive.parts
    if len(kinds) != 1 or not kinds <= _TYPES or not is_whole:
        raise Refused
    return kinds.pop(), manifest.is_encrypted, manifest.types.get
