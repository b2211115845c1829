"""Which way a text runs, by the Unicode bidirectional algorithm (UAX #9)."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from render_receipt.fpdf2 import BidiParagraph, TextDirection

_ISOLATE, _POP_ISOLATE = "\u2066", "\u2069"
ISOLATES = frozenset("\u2066\u2067\u2068\u2069")
_NEEDS_ORDERING = re.compile(
    "[\u0590-\u08ff\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def isolate(text: str) -> str:
    """Keep a number, date or code in one piece, left to right, whatever stands around it."""
    return f"{_ISOLATE}{text}{_POP_ISOLATE}"


@lru_cache(maxsize=1024)
def is_right_to_left(text: str) -> bool:
    """Tell whether a paragraph is laid out right to left: as soon as it holds one such letter."""
    return any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text)


def levels(text: str, *, right_to_left: bool) -> Sequence[int]:
    """Give each character its embedding level (UAX #9); odd ones run right to left."""
    if not right_to_left and not _NEEDS_ORDERING.search(text):
        return bytes(len(text))
    base = TextDirection.RTL if right_to_left else TextDirection.LTR
    found = [-1] * len(text)
    for char in BidiParagraph(text, base_direction=base).get_characters():
        found[char.character_index] = char.embedding_level
    for index, level in enumerate(found):
        if level < 0:
            found[index] = found[index - 1] if index else int(right_to_left)
    return found


def visual[T](row: Sequence[T], level_of: Callable[[T], int]) -> tuple[T, ...]:
    """Turn a line from reading order to the order on the page (UAX #9, rule L2)."""
    ordered = list(row)
    for level in range(max(map(level_of, row), default=0), 0, -1):
        regrouped: list[T] = []
        reached = [level_of(item) >= level for item in ordered]
        for is_turned, group in groupby(zip(reached, ordered, strict=True), key=itemgetter(0)):
            part = [item for _, item in group]
            regrouped += part[::-1] if is_turned else part
        ordered = regrouped
    return tuple(ordered)
