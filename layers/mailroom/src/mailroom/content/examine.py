"""Whether a file is what its sender declared it to be.

`puremagic` knows the signatures of binary types. It guesses where a type has none, so texts are told by
what no text holds, and office documents by the list of their parts. Nothing is unpacked, and no more than
`MOST_READ` bytes are fetched: a zip bomb costs what any file costs. A file that is a second thing at the
same time (a picture that also opens as an archive, a document that also runs) is not what it declares.
"""

import codecs
import io
import re
import struct
import zipfile

import puremagic

from mailroom.content.finding import Finding, Ranges
from mailroom.letter import MEDIA_TYPES

MOST_READ = 4 * 1024 * 1024
"""Bytes fetched of one file at most; the list of parts of ten thousand parts takes one megabyte."""

_SAMPLE = 64 * 1024

_BINARY = {MEDIA_TYPES[ending] for ending in ("pdf", "jpg", "png", "tiff")}
_OFFICE = {MEDIA_TYPES["docx"]: "word/document", MEDIA_TYPES["xlsx"]: "xl/workbook"}
"""Where the main part of an Office Open XML document begins (ECMA-376, part 2 leaves its name free, but for this)."""
_OPEN_DOCUMENT = {MEDIA_TYPES[ending] for ending in ("odt", "ods")}
_TEXT = {MEDIA_TYPES[ending] for ending in ("txt", "csv", "xml")}

_BIG_TIFF = (b"II+\0", b"MM\0+")
_PDF_READERS_LOOK_AT = 1024
_NO_TEXT_HOLDS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_DOS_END_OF_FILE = b"\x1a"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_END_OF_ARCHIVE = re.compile(rb"PK\x05\x06.{16}(?P<comment>..)", re.DOTALL)
_LONGEST_END_OF_ARCHIVE = 22 + 0xFFFF

_XML = re.compile(r"<(\?xml|!--|!doctype|[a-z_:])")
_WEB_PAGE = re.compile(
    r"(<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(!doctype\s+(html|svg)|(html|head|body|script|iframe|svg|a|img)[\s/>])",
    re.DOTALL,
)

_PROGRAMS = ("meta-inf/manifest.mf", "androidmanifest.xml", "classes.dex")
_MACROS = "vbaproject.bin"


def examine(declared_media_type: str, size: int, read: Ranges) -> Finding:
    """Find out what the file of `size` bytes, declared as one of `letter.MEDIA_TYPES`, really is."""
    if _is_what_it_declares(declared_media_type, size, read):
        return Finding("clean", None, declared_media_type)
    return Finding("refused", "not_allowed", None)


def _is_what_it_declares(media_type: str, size: int, read: Ranges) -> bool:
    """Whether the file of `size` bytes is of `media_type`, one of `letter.MEDIA_TYPES`, and of no other besides."""
    if media_type in _TEXT:
        return _is_text(media_type, size, read)
    if media_type in _BINARY:
        return _is_binary(media_type, size, read)
    return _is_archive_of(media_type, size, read)


def _is_binary(media_type: str, size: int, read: Ranges) -> bool:
    head = read(0, _SAMPLE)
    if media_type == MEDIA_TYPES["pdf"]:
        # Some programs put an empty line or a byte-order mark first.
        head = head.removeprefix(codecs.BOM_UTF8).lstrip()
    elif b"%PDF-" in head[:_PDF_READERS_LOOK_AT]:
        return False
    is_big_tiff = media_type == MEDIA_TYPES["tiff"] and head.startswith(_BIG_TIFF)
    return (is_big_tiff or media_type in _signatures(head)) and not _ends_as_archive(size, read)


def _signatures(head: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):  # the latter where there are no bytes at all
        return set()


def _ends_as_archive(size: int, read: Ranges) -> bool:
    """Whether programs that look for an archive's list of parts at a file's end find one."""
    tail = read(max(0, size - _LONGEST_END_OF_ARCHIVE), _LONGEST_END_OF_ARCHIVE)
    return any(
        match.end() + struct.unpack("<H", match["comment"])[0] == len(tail) for match in _END_OF_ARCHIVE.finditer(tail)
    )


def _is_text(media_type: str, size: int, read: Ranges) -> bool:
    head = read(0, _SAMPLE)
    tail = read(max(_SAMPLE, size - _SAMPLE), _SAMPLE) if size > _SAMPLE else b""
    text = _decoded(head, tail)
    if text is None or b"%PDF-" in head[:_PDF_READERS_LOOK_AT] or _ends_as_archive(size, read):
        return False
    start = text.lstrip().casefold()
    if _WEB_PAGE.match(start):
        return False
    return media_type != MEDIA_TYPES["xml"] or _XML.match(start) is not None


def _decoded(head: bytes, tail: bytes) -> str | None:
    """The beginning of a text, None where the bytes are no text: UTF-8, UTF-16 with its mark, or one byte a letter.

    Windows' code pages for Arabic and French give a letter to every byte from 80 on: what is left to look at is
    what stands below.
    """
    if head.startswith(_UTF_16):
        try:
            text = codecs.getincrementaldecoder("utf-16")().decode(head)
        except UnicodeDecodeError:
            return None
        return None if _NO_TEXT_HOLDS.search(text.encode("utf-8", "replace")) else text
    if _NO_TEXT_HOLDS.search((head + tail).removesuffix(_DOS_END_OF_FILE)):
        return None
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return head.decode("latin-1")


class _TooMuchError(ValueError):
    """The file wants more to be read than any honest one does."""


class _File(io.RawIOBase):
    """A file somewhere else, of which only the asked ranges are read."""

    def __init__(self, size: int, read: Ranges) -> None:
        self._size = size
        self._ranges = read
        self._at = 0
        self._left = MOST_READ

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if self._at < 0:
            raise ValueError("before the beginning")
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # typeshed's buffer
        length = min(len(buffer), max(0, self._size - self._at))
        self._left -= length
        if self._left < 0:
            raise _TooMuchError
        content = self._ranges(self._at, length) if length else b""
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)


_UNREADABLE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OverflowError, struct.error)
"""What the standard library says of archives that are none, are damaged, encrypted or lie about their sizes."""


def _is_archive_of(media_type: str, size: int, read: Ranges) -> bool:
    if not read(0, 4).startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BufferedReader(_File(size, read), _SAMPLE)) as archive:
            parts = archive.infolist()
            names = [part.filename.lower() for part in parts]
            return (
                min(part.header_offset for part in parts) == 0
                and not any(name.endswith(_MACROS) or name in _PROGRAMS for name in names)
                and (
                    _is_open_document(media_type, archive)
                    if media_type in _OPEN_DOCUMENT
                    else _is_office(media_type, names)
                )
            )
    except _UNREADABLE:
        return False


def _is_office(media_type: str, names: list[str]) -> bool:
    main = {declared for declared, start in _OFFICE.items() if any(name.startswith(start) for name in names)}
    return "[content_types].xml" in names and main == {media_type}


def _is_open_document(media_type: str, archive: zipfile.ZipFile) -> bool:
    """Whether the first part, stored as it is, names the type (OpenDocument 1.3, part 2, 3.3)."""
    first = archive.infolist()[0]
    is_told = first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED
    return is_told and first.file_size == len(media_type) and archive.read(first) == media_type.encode()
