"""Numbers, codes and addresses within a text: each one stays whole and reads from left to right.

By the letter of UAX #9 the groups of `12 500` or `+212 6 12 34` change places after an Arabic word, which
makes them another amount and another telephone. UAX #9 lets programs order such a sequence by rules of
their own (4.3, HL3 and HL4). Here a run is laid out from left to right, and what stands around it is
ordered as if the run were a single digit, or a single letter where it holds one.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

MOST_SIGNS = 4
"""How many signs and blanks may part two groups, as in `+212 (0) 6`: a blank, two brackets, a blank."""

_DIGIT, _LETTER, _TURNED, _BLANK, _OTHER = "dlrs!"
_SIGNS = frozenset("-+().,/:*#%$@_&=?~°")
_JOINTS = _SIGNS - {"°"}
_JOINTS_BESIDE_A_BLANK = frozenset("-+().,/")
_SAME_SIGN = str.maketrans({"\u2212": "-", "\u066b": ".", "\u066c": ",", "×": "*", "÷": "/", "‰": "%", "\\": "/"})
_AT_THE_FRONT = frozenset("-+#@/._~*$(")
_ALWAYS_AT_THE_FRONT = frozenset("+$(")
"""These belong to what follows them even right behind an Arabic letter."""
_CLOSING = frozenset({"Pe", "Pf"})
_AT_THE_END = frozenset("+#*%$°)")
_AFTER_A_BLANK = frozenset("%$°")
_GROUPS = re.compile(f"[{_DIGIT}{_LETTER}]+")
_IN_BRACKETS = re.compile(rf"\(([^()\{_OTHER}{_TURNED}]*)\)")


class Run(NamedTuple):
    """Where a run stands in its text, and the character that takes its place while the text is ordered."""

    start: int
    end: int
    stand_in: str


@lru_cache(maxsize=1024)
def number_runs(text: str) -> tuple[Run, ...]:
    """Find the runs of a text, in their order."""
    kinds = _kinds(text)
    return tuple(_runs(text, kinds)) if _DIGIT in kinds or _LETTER in kinds else ()


def _kinds(text: str) -> str:
    """Say of each character what it is to a run: a digit, a letter, a blank, a sign, or its end."""
    kinds: list[str] = []
    for char in text:
        category = unicodedata.category(char)
        is_mark = category[0] == "M" or char in "\u200c\u200d"
        if is_mark and kinds and kinds[-1] in "()":
            kinds[-1] = _OTHER  # a bracket that bears a mark encloses no number
        kinds.append(kinds[-1] if is_mark and kinds else _kind(char, category))
    for place in _stray_brackets(text, "".join(kinds)):
        kinds[place] = _OTHER
    return "".join(kinds)


_KINDS = {"Nd": _DIGIT, "Zs": _BLANK, "Pd": "-", "Sc": "$"}


@lru_cache(maxsize=4096)
def _kind(char: str, category: str) -> str:
    direction = unicodedata.bidirectional(char)
    if direction in {"R", "AL"}:
        return _TURNED
    if category[0] == "L" and direction == "L":
        return _LETTER
    plain = unicodedata.normalize("NFKC", char.translate(_SAME_SIGN))
    return _KINDS.get(category) or (plain if plain in _SIGNS else _OTHER)


def _stray_brackets(text: str, kinds: str) -> set[int]:
    """Find the brackets that do not enclose one number or code: they belong to the sentence."""
    stray = {place for place, kind in enumerate(kinds) if kind in "()"}
    for found in _IN_BRACKETS.finditer(kinds):
        if _is_whole(text, kinds, *found.span(1)):
            stray -= {found.start(), found.end() - 1}
    return stray


def _is_whole(text: str, kinds: str, start: int, end: int) -> bool:
    """Tell whether all between two brackets is one run, which takes both into it."""
    groups = [found.span() for found in _GROUPS.finditer(kinds, start, end)]
    joins = all(_joins(kinds, former, latter) for (_, former), (latter, _) in pairwise(groups))
    if _DIGIT not in kinds[start:end] or not joins:
        return False
    (first, _), (_, last) = groups[0], groups[-1]
    return _AT_THE_FRONT.issuperset(kinds[start:first]) and _end(text, kinds, first, last) > end


def _runs(text: str, kinds: str) -> Iterator[Run]:
    groups = [found.span() for found in _GROUPS.finditer(kinds)]
    first = 0
    least = 0
    for index, (_, end) in enumerate(groups):
        if index + 1 < len(groups) and _joins(kinds, end, groups[index + 1][0]):
            continue
        start = _front(text, kinds, groups[first][0], least)
        least = _end(text, kinds, start, end)
        first = index + 1
        run = kinds[start:least]
        if _DIGIT in run or run[0] in _SIGNS or run[-1] in _SIGNS:
            yield Run(start, least, "a" if _LETTER in run else text[start + run.index(_DIGIT)])


def _joins(kinds: str, end: int, start: int) -> bool:
    """Tell whether two groups are parts of one run, by what stands between them."""
    between = kinds[end:start]
    signs = between.replace(_BLANK, "")
    if len(between) > MOST_SIGNS or not _JOINTS.issuperset(signs):
        return False
    if _BLANK not in between:
        return True
    are_digits = kinds[end - 1] == kinds[start] == _DIGIT
    return are_digits and _BLANK * 2 not in between and _JOINTS_BESIDE_A_BLANK.issuperset(signs)


def _front(text: str, kinds: str, start: int, least: int) -> int:
    """Take the signs in front of a run into it, unless a word or a bracket ends right before them."""
    first = start
    while first > least and kinds[first - 1] in _AT_THE_FRONT:
        first -= 1
    follows_word = first > 0 and (
        kinds[first - 1] in {_TURNED, _LETTER, _DIGIT} or unicodedata.category(text[first - 1]) in _CLOSING
    )
    while follows_word and first < start and kinds[first] not in _ALWAYS_AT_THE_FRONT:
        first += 1
    return first


def _end(text: str, kinds: str, start: int, end: int) -> int:
    """Take the signs behind a run into it; the percent sign of Arabic digits stands on their left."""
    last = end
    if "://" in text[start:end]:
        last += kinds[end : end + 1] == "/"
    is_arabic = unicodedata.bidirectional(text[end - 1]) == "AN"
    signs = _AT_THE_END - {"%"} if is_arabic else _AT_THE_END
    while last < len(kinds) and kinds[last] in signs:
        last += 1
    is_parted = kinds[last : last + 1] == _BLANK and kinds[last + 1 : last + 2] in _AFTER_A_BLANK & signs
    if is_parted and kinds[end - 1] == _DIGIT:
        last += 2
        last += kinds[last : last + 1] == ")"
    return last


def units(text: str, runs: Sequence[Run]) -> list[int]:
    """Number the run each character stands in, from 1; 0 where it stands in none."""
    found = [0] * len(text)
    for number, run in enumerate(runs, start=1):
        found[run.start : run.end] = [number] * (run.end - run.start)
    return found
