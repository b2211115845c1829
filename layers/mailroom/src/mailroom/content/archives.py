"""Archives: office documents, recognised by their own list of types.

Nothing is unpacked but the few small parts that name the document's type, and of those no more than `_LONGEST_PART`.
"""

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Self

from mailroom.content.reading import Source

_BEGINNING = b"PK\x03\x04"
_END_OF_ARCHIVE = re.compile(rb"PK\x05\x06.{16}(?P<comment>..)", re.DOTALL)
_LONGEST_END_OF_ARCHIVE = 22 + 0xFFFF

_LONGEST_PART = 4 * 1024 * 1024
"""Bytes, unpacked; the list of types of ten thousand parts takes one megabyte."""

_ENCRYPTED = 0x1
"""Bit of a part's flags (APPNOTE 4.4.4)."""
_UNDERSTOOD = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How the parts of office documents are packed (ECMA-376 part 2, annex B; OpenDocument 1.3 part 2, 3.2)."""

_PROGRAMS = frozenset({"meta-inf/manifest.mf", "androidmanifest.xml", "classes.dex"})
"""Parts of a program for Java or Android."""

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OverflowError,
    IndexError,
)
"""Exceptions of the standard library for files that are no archives, are damaged, or lie about their sizes."""


class ProtectedError(Exception):
    """A part that names the document's type is encrypted."""


class Refused(Exception):  # noqa: N818 - the answer, and no error
    """The archive is no document of an allowed type."""


@dataclass(frozen=True)
class Archive:
    """An archive's parts by their normalised names."""

    parts: dict[str, zipfile.ZipInfo]
    repeated: frozenset[str]
    """Names that more than one part has: readers differ on which of them counts."""
    _file: zipfile.ZipFile

    @classmethod
    def of(cls, file: zipfile.ZipFile) -> Self:
        """The parts of an archive that begins with a part; raises `Refused` for one that a program stands before."""
        found = file.infolist()
        if not found or min(part.header_offset for part in found) != 0:
            raise Refused
        parts: dict[str, zipfile.ZipInfo] = {}
        repeated = set()
        for part in found:
            name = normalised(part.filename)
            if name in parts:
                repeated.add(name)
            parts[name] = part
        if not _PROGRAMS.isdisjoint(parts):
            raise Refused
        return cls(parts, frozenset(repeated), file)

    def read(self, name: str) -> bytes | None:
        """A part, unpacked; None where there is none. Raises `ProtectedError` or `Refused`."""
        part = self.parts.get(name)
        if part is None:
            return None
        if name in self.repeated:
            raise Refused
        if part.flag_bits & _ENCRYPTED:
            raise ProtectedError
        if part.compress_type not in _UNDERSTOOD or part.file_size > _LONGEST_PART:
            raise Refused
        with self._file.open(part) as opened:
            content = opened.read(_LONGEST_PART + 1)
        if len(content) > _LONGEST_PART:
            raise Refused
        return content

    def beginning(self, name: str, length: int) -> bytes:
        """The first bytes of a part, unpacked; none where it is encrypted or packed in an unusual way."""
        part = self.parts[name]
        if part.flag_bits & _ENCRYPTED or part.compress_type not in _UNDERSTOOD:
            return b""
        with self._file.open(part) as opened:
            return opened.read(length)

    @property
    def has_protected_parts(self) -> bool:
        """Whether a part is encrypted."""
        return any(part.flag_bits & _ENCRYPTED for part in self.parts.values())


def normalised(name: str) -> str:
    r"""A part's name as office programs compare it: ``\`` is ``/``, one at the beginning and case do not count."""
    return name.replace("\\", "/").lstrip("/").casefold()


def is_archive(head: bytes) -> bool:
    """Whether a file begins as an archive does."""
    return head.startswith(_BEGINNING)


def ends_as_archive(source: Source) -> bool:
    """Whether programs that look for an archive's list of parts at a file's end find one."""
    start = max(0, source.size - _LONGEST_END_OF_ARCHIVE)
    tail = source.at(start, _LONGEST_END_OF_ARCHIVE)
    return any(
        match.end() + struct.unpack("<H", match["comment"])[0] == len(tail) for match in _END_OF_ARCHIVE.finditer(tail)
    )
