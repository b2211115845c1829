"""Examining bytes as a stored file."""

from mailroom.content.examine import examine
from mailroom.content.finding import Finding
from mailroom.domain.letter import MEDIA_TYPES


class Reads:
    """A file that counts how much of it was fetched."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.fetched = 0

    def __call__(self, start: int, length: int) -> bytes:
        assert length > 0, "a range of no bytes: S3 refuses it"
        assert start + length <= len(self.content), "a range past the end"
        part = self.content[start : start + length]
        self.fetched += len(part)
        return part


def found(ending: str, content: bytes) -> Finding:
    """What an examination of a file of that ending finds."""
    return examine(MEDIA_TYPES[ending], len(content), Reads(content))


def kind(ending: str, content: bytes) -> str | None:
    """The ending that a clean file's type is known by; None for a file that is not clean."""
    finding = found(ending, content)
    return ENDINGS[finding.media_type] if finding.verdict == "clean" and finding.media_type else None


_ENDINGS = ("pdf", "docx", "xlsx", "odt", "ods", "jpg", "png", "tiff", "txt", "csv", "xml")
ENDINGS = {MEDIA_TYPES[ending]: ending for ending in _ENDINGS}
"""The usual ending of each type."""
