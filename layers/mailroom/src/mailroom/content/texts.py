"""Texts: plain text, tables (CSV) and XML, in the encodings used in Morocco.

A text has no signature: it is recognised by the absence of bytes that no text holds.
"""

import codecs
import re
from dataclasses import dataclass

from mailroom.content import active_text, markup
from mailroom.content.archives import ends_as_archive
from mailroom.content.finding import ActiveContent
from mailroom.content.reading import SAMPLE, Source
from mailroom.domain.letter import MEDIA_TYPES

_PLAIN, _TABLE, _XML = (MEDIA_TYPES[ending] for ending in ("txt", "csv", "xml"))
_KINDS = frozenset({_PLAIN, _TABLE, _XML})
_SPREADSHEETS = frozenset({MEDIA_TYPES["xlsx"], MEDIA_TYPES["ods"]})

_NO_TEXT_HOLDS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_DOS_END_OF_FILE = "\x1a"
_DECLARED_ENCODING = re.compile(
    rb"""\s{0,64}<\?xml\s[^>]{0,100}?encoding\s{0,8}=\s{0,8}["'](windows-125[0-8]|iso-8859-(?:[1-9]|1[013-6]))["']""",
    re.IGNORECASE,
)
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_OTHER_FORMATS = ("{\\rtf",)
"""Beginnings of formats that are made of letters and are none of the three types."""

_USUAL_LETTERS = re.compile(
    "[\t\r\n -\u024f\u0590-\u06ff\u2000-\u206f\u20a0-\u20bf\u2d30-\u2d7f\ufb50-\ufdff\ufe70-\ufefc]"
)
_MOSTLY = 0.9


@dataclass(frozen=True)
class Text:
    """The beginning of a text, and the encoding of all of it."""

    beginning: str
    encoding: str


def media_type_of(declared: str, text: Text, source: Source) -> str | None:
    """The media type of a text: the declared one if it fits; None if the text is also a file of another format.

    A table is a text that its sender calls a table; so a text declared to be a spreadsheet is one, if it looks so.
    """
    beginning = text.beginning
    if beginning.lstrip().startswith(_OTHER_FORMATS) or ends_as_archive(source) or markup.is_page(beginning):
        return None
    is_xml = markup.root_of(beginning) is not None
    if declared in _KINDS and (declared != _XML or is_xml):
        return declared
    if is_xml:
        return _XML
    first_line = beginning.strip().partition("\n")[0]
    has_columns = any(separator in first_line for separator in ";,\t")
    return _TABLE if declared in _SPREADSHEETS and has_columns else _PLAIN


def active_content(media_type: str, text: Text, source: Source) -> set[ActiveContent]:
    """The kinds of active content of a text of one of the three types."""
    if media_type == _XML:
        return active_text.in_xml(source, text.encoding)
    found = active_text.in_text(text.beginning)
    return found | active_text.in_table(source, text.encoding) if media_type == _TABLE else found


def text_of(source: Source) -> Text | None:
    """Read the beginning of a text and its encoding; None if the first or last bytes are not text."""
    head = source.head
    tail = source.at(max(SAMPLE, source.size - SAMPLE), SAMPLE)
    encoding = _utf_16(head, source.size) or "utf-8"
    try:
        beginning = codecs.getincrementaldecoder(encoding)().decode(head).removeprefix("\ufeff")
    except UnicodeDecodeError:
        if encoding != "utf-8":
            return None
        # Not Unicode: the encoding that XML declares, or Latin-1, which has a letter for every byte.
        declared = _DECLARED_ENCODING.match(head)
        encoding = declared[1].decode().lower() if declared else "latin-1"
        beginning = head.decode(encoding, "replace")
    # Below 80 (hex) all encodings but UTF-16 agree, and control characters stand there.
    letters = beginning + tail.decode(encoding, "replace")
    return None if _NO_TEXT_HOLDS.search(letters.rstrip(_DOS_END_OF_FILE)) else Text(beginning, encoding)


def _utf_16(head: bytes, size: int) -> str | None:
    """The variant of UTF-16, by the byte order mark, or by the letters if there is no mark."""
    for mark, encoding in _UTF_16.items():
        if head.startswith(mark):
            return encoding
    if size % 2 or 0 not in head:
        return None
    return next((encoding for encoding in _UTF_16.values() if _is_usual(head.decode(encoding, "replace"))), None)


def _is_usual(text: str) -> bool:
    return len(_USUAL_LETTERS.findall(text)) >= _MOSTLY * len(text)
