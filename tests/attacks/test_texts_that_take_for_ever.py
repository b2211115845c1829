"""A text made to be slow: the growth of the work is bounded, not its time, for every pattern and every look."""

import time
from collections.abc import Callable
from math import log
from statistics import median
from typing import Any

import pytest

from mailroom.content.examine import examine
from mailroom.domain.letter import MEDIA_TYPES
from tests.support.inspection.examined import Reads
from tests.support.inspection.patterns_of_the_product import NOT_OF_STRANGERS, Pattern, patterns, pumps
from tests.support.samples.files_of_each_type import HONEST

FOUND, UNKNOWN = patterns()

PIECES = (8, 12, 18, 27, 40, 4_000)
"""Few more each time at first: work that doubles with each piece is seen before it takes for ever."""
SOON = 0.005
"""Seconds of work that are too few to be measured."""
SPAN = 8
"""How many times longer one text is than the other. A machine that measures a quarter too much or too little moves the
power between two lengths by a third where one is twice the other, and by a tenth at this span."""
LINEAR = 1.6
"""The greatest power of a text's length that counts as linear: what is measured is never exact, and 2 is far."""


def seconds(look: Callable[[], object], rounds: int) -> float:
    """Processor time of one look, the best of some."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        look()
        best = min(best, time.process_time() - started)
    return best


def power(look: Callable[[Any], object], text: Callable[[int], Any]) -> float:
    """With which power of a text's length the work grows at most; 0 where there is too little to be measured."""
    greatest = 0.0
    for pieces in PIECES:
        long, short = text(pieces), text(pieces // SPAN)
        if seconds(lambda: look(long), 1) < SOON:  # noqa: B023 - called at once
            continue
        found = growth(look, long, short)
        if found > LINEAR:  # a busy machine disturbs a single measure
            found = median([found, *(growth(look, long, short) for _ in range(4))])
        if found > LINEAR:
            return found
        greatest = max(greatest, found)
    return greatest


def growth(look: Callable[[Any], object], long: Any, short: Any) -> float:  # noqa: ANN401 - a text or bytes
    """With which power the work grows from a text to one of SPAN times its length."""
    return log(seconds(lambda: look(long), 2) / max(seconds(lambda: look(short), 3), 1e-6), SPAN)


@pytest.mark.parametrize("pattern", FOUND, ids=str)
def test_no_pattern_takes_for_ever(pattern: Pattern) -> None:
    """To hold a function for minutes by a few bytes that a pattern tries again and again."""
    on_text = pattern.on_text()
    for beginning, piece, end in pumps(pattern.source):
        found = power(on_text, lambda pieces: beginning + piece * pieces + end)  # noqa: B023
        assert found <= LINEAR, (beginning, piece, end)


def test_every_pattern_is_known() -> None:
    """To find a pattern that nobody has tried: one that is put together while the program runs."""
    assert set(NOT_OF_STRANGERS) == UNKNOWN
    assert len(FOUND) > 30


def test_the_measure_finds_what_it_looks_for() -> None:
    """To rely on a test that cannot fail: the pattern that was broken, and one that is quadratic."""
    broken = Pattern("x", 1, r"(<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(html|svg)", 16, "match")
    quadratic = Pattern("x", 1, r"a+b", 0, "search")
    for pattern, piece in ((broken, "<!---->"), (quadratic, "a")):
        assert power(pattern.on_text(), lambda pieces: piece * pieces + "x") > LINEAR  # noqa: B023


PUMPED = [
    (b"", b"<!---->", b"x"),
    (b"", b"<!---->", b""),
    (b"", b"<!-- -->\n", b"<facture>"),
    (b"", b"<!--", b""),
    (b"", b"<!-", b">"),
    (b"", b"<?x ?>", b"x"),
    (b"", b"<?", b""),
    (b"", b"<", b""),
    (b"", b" ", b"<"),
    (b"<a ", b"on", b"="),
    (b"<a ", b'x="" ', b">"),
    (b"<!DOCTYPE a [", b"<!ENTITY a 'b'>", b"]><a/>"),
    (b"<!DOCTYPE ", b" ", b"html"),
    (b"<?xml ", b" encoding", b"="),
    (b"%PDF-1.7 obj ", b"/Encrypt ", b""),
    (b"%PDF-1.7 obj ", b"startxref ", b"0 "),
    (b"%PDF-1.7 obj ", b"stream\n", b"endstream"),
    (b"%PDF-1.7 obj ", b"<</Type/ObjStm>>stream\n", b""),
    (b"%PDF-1.7 obj ", b"<<", b""),
    (b"", b"%PDF-", b""),
    (b"", b"PK\x05\x06", b"\0" * 18),
    (b"", b"PK\x03\x04", b""),
    (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06" + b"\0" * 18),
    (HONEST["docx"][:2000], b"PK\x01\x02", HONEST["docx"][2000:]),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\0" * 64, b""),
    (HONEST["jpg"], b"\xff\xd8\xff\xe0", b""),
    (b"\xff\xfe", b"<\0!\0-\0-\0-\0-\0>\0", b"x\0"),
    (b"", b"=1+1;", b"\n"),
    (b"", b'"', b""),
]


@pytest.mark.parametrize("declared", ["txt", "csv", "xml", "pdf", "docx"])
@pytest.mark.parametrize("pumped", PUMPED, ids=lambda pumped: repr(pumped[1])[:20])
def test_no_file_takes_for_ever_to_look_at(declared: str, pumped: tuple[bytes, bytes, bytes]) -> None:
    """To stop the sweep that looks at everybody's files by one file that it never finishes."""
    beginning, piece, end = pumped

    def look(content: bytes) -> object:
        return examine(MEDIA_TYPES[declared], len(content), Reads(content))

    assert power(look, lambda pieces: beginning + piece * pieces * 5 + end) <= LINEAR
