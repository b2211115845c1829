"""The direction of a text, by the Unicode bidirectional algorithm (UAX #9)."""

import unicodedata
from functools import lru_cache

_ISOLATE, _POP_ISOLATE = "\u2066", "\u2069"
ISOLATES = frozenset("\u2066\u2067\u2068\u2069")


def isolate(text: str) -> str:
    """The number, date or code in isolates: it stays in one piece, left to right, in any surroundings."""
    return f"{_ISOLATE}{text}{_POP_ISOLATE}"


@lru_cache(maxsize=1024)
def is_right_to_left(text: str) -> bool:
    """Whether a paragraph is laid out right to left: by its first strong letter (UAX #9, P2 and P3)."""
    depth = 0
    for char in text:
        if char in ISOLATES:
            depth = max(depth - 1, 0) if char == _POP_ISOLATE else depth + 1
        elif not depth and (direction := unicodedata.bidirectional(char)) in {"L", "R", "AL"}:
            return direction != "L"
    return False


def holds_right_to_left(text: str) -> bool:
    """Whether any part of a text runs right to left."""
    return any(unicodedata.bidirectional(char) in {"R", "AL"} for char in text)
