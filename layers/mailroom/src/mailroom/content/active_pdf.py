"""Active content in PDF: names of actions, wherever they stand, also in the compressed streams of objects.

The whole file is scanned, once, in linear time, and no reference is followed: a reader that walks the document can be
led in circles, and misses what a repair would find. Names may be written with codes (ISO 32000-1, 7.3.5).
"""

import re
import zlib
from collections.abc import Iterator

from mailroom.content.finding import ActiveContent
from mailroom.content.reading import MOST_SCANNED, Source

_CHUNK = 8 * 1024 * 1024
_OVERLAP = 1024 * 1024
"""Bytes that two chunks share, so that nothing is missed between them; the longest stream of objects examined."""

_MOST_INFLATED = 64 * 1024 * 1024
_LONGEST_STREAM = 4 * 1024 * 1024
"""Bytes of one stream of objects, inflated; programs put some hundred objects into one."""
_MOST_STREAMS = 20_000
_STEP = 16 * 1024
_DICTIONARY = 4096
"""Bytes around a stream's type within which its dictionary stands."""


def _pattern_of(*names: str) -> re.Pattern[bytes]:
    """A pattern for one of these names, each letter plain or as a code."""
    written = ("".join(f"(?:{letter}|#{ord(letter):02x})" for letter in name) for name in names)
    pattern = f"/(?:{'|'.join(written)})(?=[\\s/<>\\[\\](){{}}%]|$)".encode()
    # The hexadecimal digits of a code may have either case.
    return re.compile(pattern, re.IGNORECASE)


_ACTIONS: dict[ActiveContent, re.Pattern[bytes]] = {
    "javascript": _pattern_of("JavaScript"),
    "launch": _pattern_of("Launch"),
    "embedded_file": _pattern_of("EmbeddedFile", "EmbeddedFiles", "GoToE"),
    "form_script": _pattern_of("XFA"),
    "rich_media": _pattern_of("RichMedia", "RichMediaContent", "Rendition"),
    "sends_data": _pattern_of("SubmitForm", "ImportData"),
}
_OBJECT_STREAM = _pattern_of("ObjStm")
_ANY = re.compile(b"|".join(pattern.pattern for pattern in (*_ACTIONS.values(), _OBJECT_STREAM)), re.IGNORECASE)
_PLAINLY_PACKED = re.compile(rb"/Filter\s{0,8}(?:\[\s{0,8}/FlateDecode\s{0,8}\]|/FlateDecode\b)")
"""The filter of a stream of objects as programs write it: one filter, nothing around it."""
_STREAM = re.compile(rb"stream\r?\n?")


def active_content(source: Source) -> set[ActiveContent]:
    """Return the kinds of active content of a document."""
    found: set[ActiveContent] = set() if source.size <= MOST_SCANNED else {"unexamined"}
    inflated = streams = 0
    for chunk in source.chunks(_CHUNK, _OVERLAP):
        _note_actions(chunk, found)
        for objects in _object_streams(chunk) if inflated < _MOST_INFLATED and streams < _MOST_STREAMS else ():
            streams += 1
            inflated += len(objects or b"")
            if objects is None or inflated > _MOST_INFLATED or streams >= _MOST_STREAMS:
                found.add("unexamined")
            if inflated > _MOST_INFLATED or streams >= _MOST_STREAMS:
                break
            _note_actions(objects or b"", found)
    return found


def _note_actions(content: bytes, found: set[ActiveContent]) -> None:
    for match in _ANY.finditer(content):
        found.update(kind for kind, pattern in _ACTIONS.items() if pattern.match(content, match.start()))
        if found >= _ACTIONS.keys():
            return


def _object_streams(chunk: bytes) -> Iterator[bytes | None]:
    """The streams of objects in a chunk, inflated; None for one that can't be."""
    seen: set[int] = set()
    for named in _OBJECT_STREAM.finditer(chunk):
        begun = _STREAM.search(chunk, named.end(), named.end() + _DICTIONARY)
        if begun is None or begun.end() in seen:
            continue
        seen.add(begun.end())
        earliest = max(0, named.start() - _DICTIONARY)  # never the whole chunk before it, again for each name
        begins_at = max(earliest, chunk.rfind(b"obj", earliest, named.start()))
        dictionary = chunk[begins_at : begun.start()]
        if b"/Filter" not in dictionary and b"#" not in dictionary:
            continue  # plain: looked at with the rest
        if not _PLAINLY_PACKED.search(dictionary) or b"Predictor" in dictionary:
            yield None
        else:
            yield _inflated(memoryview(chunk)[begun.end() : begun.end() + _OVERLAP])


def _inflated(packed: memoryview) -> bytes | None:
    """Inflate a stream of objects; None if it is damaged or too long. Its own bytes bound the cost."""
    inflater = zlib.decompressobj()
    content = b""
    for at in range(0, len(packed), _STEP):
        try:
            content += inflater.decompress(packed[at : at + _STEP], _LONGEST_STREAM - len(content))
        except zlib.error:
            return None
        if inflater.eof:
            return content
        if len(content) >= _LONGEST_STREAM or inflater.unconsumed_tail:
            return None
    return content
