"""Detection of the type of a file from its content, independent of the declared type.

`puremagic` knows the signatures of binary types; office documents are recognised by their main part, texts by the
absence of bytes that no text holds. A file that is a second thing at the same time (a picture that also opens as an
archive, a document that also runs) is of no allowed type.
"""

import zipfile
from collections.abc import Iterable

import puremagic

from mailroom.content import active_office, active_pdf, compound, office, open_document, pdf, texts
from mailroom.content.archives import (
    UNREADABLE,
    Archive,
    ProtectedError,
    Refused,
    ends_as_archive,
    is_archive,
)
from mailroom.content.finding import ActiveContent, Finding, Ranges
from mailroom.content.markup import is_page
from mailroom.content.reading import Source, TooMuchReadError
from mailroom.domain.letter import MEDIA_TYPES

_PDF = MEDIA_TYPES["pdf"]
_PICTURES = frozenset(MEDIA_TYPES[ending] for ending in ("jpg", "png", "tiff"))
_OFFICE = frozenset(MEDIA_TYPES[ending] for ending in ("docx", "xlsx"))
_BIG_TIFF = (b"II+\0", b"MM\0+")

_PADDING = b"\0 \t\r\n\xef\xbb\xbf"
_PROGRAMS = ("MZ", "#!", "PK", "\x7fELF", "@echo")

_NOT_ALLOWED = Finding("refused", "not_allowed", None)


def examine(declared_media_type: str, size: int, read: Ranges) -> Finding:
    """Detect the type of a file of `size` bytes that was declared as one of `letter.MEDIA_TYPES`.

    Every input gives a finding. The search for active content reads each byte once, in files of up to
    `reading.MOST_SCANNED` bytes; everything else reads at most `reading.MOST_READ` bytes. Errors of `read` reach the
    caller. Nothing in the file is run, fetched or expanded.
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
        # A password hides the kind of document: the declared type is the only one known.
        is_protected = compound.is_protected_document(source)
        return _protected(declared if declared in _OFFICE else None) if is_protected else _NOT_ALLOWED
    begins_at = pdf.beginning(source)
    picture = MEDIA_TYPES["tiff"] if head.startswith(_BIG_TIFF) else min(_PICTURES & _signatures(head), default=None)
    if picture:
        return _clean(picture) if begins_at is None and not ends_as_archive(source) else _NOT_ALLOWED
    if begins_at is not None:
        return _pdf(head[:begins_at], source)
    text = texts.text_of(source)
    media_type = texts.media_type_of(declared, text, source) if text else None
    if text is None or media_type is None:
        return _NOT_ALLOWED
    return _clean(media_type, texts.active_content(media_type, text, source))


def _clean(media_type: str, warnings: Iterable[ActiveContent] = ()) -> Finding:
    return Finding("clean", None, media_type, tuple(sorted(warnings)))


def _protected(media_type: str | None) -> Finding:
    return Finding("unchecked", "protected", media_type)


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
    return _protected(_PDF) if pdf.is_protected(source) else _clean(_PDF, active_pdf.active_content(source))


def _document(source: Source) -> Finding:
    try:
        with zipfile.ZipFile(source.opened()) as file:
            archive = Archive.of(file)
            media_type, is_protected, type_of = _document_type(archive)
            if is_protected or archive.has_protected_parts:
                return _protected(media_type)
            return _clean(media_type, active_office.active_content(archive, type_of))
    except ProtectedError:
        return _protected(None)
    except (Refused, *UNREADABLE):
        return _NOT_ALLOWED


def _document_type(archive: Archive) -> tuple[str, bool, office.TypeOf]:
    """The media type of an office document, whether a password protects it, and the types of its parts."""
    is_office = office.CONTENT_TYPES in archive.parts
    is_open_document = open_document.MIMETYPE in archive.parts or open_document.MANIFEST in archive.parts
    if is_office == is_open_document:
        raise Refused
    if is_open_document:
        return open_document.media_type_of(archive)
    media_type, type_of = office.media_type_of(archive)
    return media_type, False, type_of
