"""PDF (ISO 32000): where it begins, and whether a password protects it."""

import re

from mailroom.content.reading import SAMPLE, Source

_HEADER = b"%PDF-"
_READERS_LOOK_AT = 1024
"""Bytes from the beginning in which programs look for the header (ISO 32000-1, annex H, note 13)."""

_OBJECT = b"obj"

_STARTXREF = re.compile(rb"startxref\s{1,8}(\d{1,12})\s")
_ENCRYPT = re.compile(
    rb"/(?:E|#45)(?:n|#6[eE])(?:c|#63)(?:r|#72)(?:y|#79)(?:p|#70)(?:t|#74)\s{0,64}(?:<<|\d{1,10}\s{1,8}\d)"
)
"""The entry that names how a document is encrypted (ISO 32000-1, 7.6.1); a name's letters may be written as codes."""


def beginning(source: Source) -> int | None:
    """Where the header stands; None where programs that open PDF find none, or no object after it."""
    at = source.head[: _READERS_LOOK_AT + len(_HEADER) - 1].find(_HEADER)
    return at if at >= 0 and (_OBJECT in source.head or _OBJECT in source.tail) else None


def is_protected(source: Source) -> bool:
    """Whether a document is encrypted.

    The trailer says so: it stands at the end, at the beginning of a document made to be shown page by page, or where
    the last line but one says.
    """
    parts = [source.head, source.tail]
    if found := _STARTXREF.findall(source.tail):
        parts.append(source.at(int(found[-1]), SAMPLE))
    return any(_ENCRYPT.search(part) for part in parts)
