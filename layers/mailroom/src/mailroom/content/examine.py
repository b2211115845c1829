"""What a file is, by its content, whatever its sender declared.

`puremagic` knows the signatures of binary types; office documents are told by their main part, texts by what no text
holds. A file that is a second thing at the same time (a picture that also opens as an archive, a document that also
runs) is of no allowed type.
"""

import zipfile

import puremagic

from mailroom.content import compound, office, open_document, pdf, texts
from mailroom.content.archives import (
    UNREADABLE,
    Archive,
    ProtectedError,
    Refused,
    ends_as_archive,
    is_archive,
)
from mailroom.content.finding import Finding, Ranges
from mailroom.content.markup import is_page
from mailroom.content.reading import Source, TooMuchReadError
from mailroom.letter import MEDIA_TYPES

_PDF = MEDIA_TYPES["pdf"]
_PICTURES = frozenset(MEDIA_TYPES[ending] for ending in ("jpg", "png", "tiff"))
_OFFICE = frozenset(MEDIA_TYPES[ending] for ending in ("docx", "xlsx"))
_BIG_TIFF = (b"II+\0", b"MM\0+")

_PADDING = b"\0 \t\r\n\xef\xbb\xbf"
_PROGRAMS = ("MZ", "#!", "PK", "\x7fELF", "@echo")

_NOT_ALLOWED = Finding("refused", "not_allowed", None)


def examine(declared_media_type: str, size: int, read: Ranges) -> Finding:
    """Find out what the file of `size` bytes, declared as one of `letter.MEDIA_TYPES`, really is.

    Whatever the bytes, there is an answer; no more than `reading.MOST_READ` of them are fetched. Errors of `read` are
    the caller's.
    """
    source = Source(size, read)
    try:
        return _examined(declared_media_type, source)
    except TooMuchReadError:
        return _NOT_ALLOWED
    finally:
        if source.failure:
            raise source.failure


def _examined(declared: str, source: Source) -> Finding:
    head = source.head
    if is_archive(head):
        return _document(source)
    if compound.is_compound_file(head):
        return _compound_file(declared, source)
    begins_at = pdf.beginning(source)
    if picture := _picture(head):
        return _clean(picture) if begins_at is None and not ends_as_archive(source) else _NOT_ALLOWED
    if begins_at is not None:
        return _pdf(head[:begins_at], source)
    text = texts.media_type_of(declared, source)
    return _clean(text) if text else _NOT_ALLOWED


def _clean(media_type: str) -> Finding:
    return Finding("clean", None, media_type)


def _picture(head: bytes) -> str | None:
    if head.startswith(_BIG_TIFF):
        return MEDIA_TYPES["tiff"]
    return next(iter(sorted(_PICTURES & _signatures(head))), None)


def _signatures(head: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):  # the latter where there are no bytes at all
        return set()


def _pdf(before: bytes, source: Source) -> Finding:
    """A document with some bytes before its header, such as a printer's commands; a program there would run."""
    before = before.strip(_PADDING)
    text = before.decode("latin-1")
    if text.startswith(_PROGRAMS) or _signatures(before) or is_page(text) or ends_as_archive(source):
        return _NOT_ALLOWED
    return Finding("unchecked", "protected", _PDF) if pdf.is_protected(source) else _clean(_PDF)


def _compound_file(declared: str, source: Source) -> Finding:
    """A password hides which kind of document it is: what was declared is all that is known."""
    if not compound.is_protected_document(source):
        return _NOT_ALLOWED
    return Finding("unchecked", "protected", declared if declared in _OFFICE else None)


def _document(source: Source) -> Finding:
    try:
        with zipfile.ZipFile(source.opened()) as file:
            archive = Archive.of(file)
            media_type, is_protected = _document_type(archive)
    except ProtectedError:
        return Finding("unchecked", "protected", None)
    except (Refused, *UNREADABLE):
        return _NOT_ALLOWED
    if is_protected or archive.has_protected_parts:
        return Finding("unchecked", "protected", media_type)
    return _clean(media_type)


def _document_type(archive: Archive) -> tuple[str, bool]:
    """The media type of an office document, and whether it says that a password protects it."""
    is_office = office.CONTENT_TYPES in archive.parts
    is_open_document = open_document.MIMETYPE in archive.parts or open_document.MANIFEST in archive.parts
    if is_office == is_open_document:
        raise Refused
    return (office.media_type_of(archive), False) if is_office else open_document.media_type_of(archive)
