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
"""The most signs and blanks between two groups, as in `+212 (0) 6`: a blank, two brackets, a blank."""

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
    """The place of a run in its text, and the character that stands for it while the text is ordered."""

    start: int
    end: int
    stand_in: str


@lru_cache(maxsize=1024)
def number_runs(text: str) -> tuple[Run, ...]:
    """The runs of a text, in their order."""
    signs = Signs(text)
    return tuple(signs.runs()) if _DIGIT in signs.kinds or _LETTER in signs.kinds else ()


_KINDS = {"Nd": _DIGIT, "Zs": _BLANK, "Pd": "-", "Sc": "$"}


@lru_cache(maxsize=4096)
def kind_of(char: str, category: str) -> str:
    """The part that a character of that category (Unicode) plays in a run."""
    direction = unicodedata.bidirectional(char)
    if direction in {"R", "AL"}:
        return _TURNED
    if category[0] == "L" and direction == "L":
        return _LETTER
    plain = unicodedata.normalize("NFKC", char.translate(_SAME_SIGN))
    return _KINDS.get(category) or (plain if plain in _SIGNS else _OTHER)


class Signs:
    """A text, and `kinds`: of each character whether it is a digit, a letter, a blank, a sign, or ends a run."""

    def __init__(self, text: str) -> None:
        self.text = text
        kinds: list[str] = []
        for char in text:
            category = unicodedata.category(char)
            is_mark = category[0] == "M" or char in "\u200c\u200d"
            if is_mark and kinds and kinds[-1] in "()":
                kinds[-1] = _OTHER  # a bracket that bears a mark encloses no number
            kinds.append(kinds[-1] if is_mark and kinds else kind_of(char, category))
        self.kinds = "".join(kinds)
        for place in self.stray_brackets():
            kinds[place] = _OTHER
        self.kinds = "".join(kinds)

    def stray_brackets(self) -> set[int]:
        """The brackets that do not enclose one number or code: they belong to the sentence."""
        stray = {place for place, kind in enumerate(self.kinds) if kind in "()"}
        for found in _IN_BRACKETS.finditer(self.kinds):
            if self.is_whole(*found.span(1)):
                stray -= {found.start(), found.end() - 1}
        return stray

    def is_whole(self, start: int, end: int) -> bool:
        """Whether all between two brackets is one run, which takes both into it."""
        groups = [found.span() for found in _GROUPS.finditer(self.kinds, start, end)]
        are_joined = all(self.joins(former, latter) for (_, former), (latter, _) in pairwise(groups))
        if _DIGIT not in self.kinds[start:end] or not are_joined:
            return False
        (first, _), (_, last) = groups[0], groups[-1]
        return _AT_THE_FRONT.issuperset(self.kinds[start:first]) and self.end_of(first, last) > end

    def runs(self) -> Iterator[Run]:
        """The runs, in their order."""
        groups = [found.span() for found in _GROUPS.finditer(self.kinds)]
        first = 0
        least = 0
        for index, (_, end) in enumerate(groups):
            if index + 1 < len(groups) and self.joins(end, groups[index + 1][0]):
                continue
            start = self.start_of(groups[first][0], least)
            least = self.end_of(start, end)
            first = index + 1
            run = self.kinds[start:least]
            if _DIGIT in run or run[0] in _SIGNS or run[-1] in _SIGNS:
                yield Run(start, least, "a" if _LETTER in run else self.text[start + run.index(_DIGIT)])

    def joins(self, end: int, start: int) -> bool:
        """Whether the groups that end and start there are parts of one run, by the signs between them."""
        between = self.kinds[end:start]
        signs = between.replace(_BLANK, "")
        if len(between) > MOST_SIGNS or not _JOINTS.issuperset(signs):
            return False
        if _BLANK not in between:
            return True
        are_digits = self.kinds[end - 1] == self.kinds[start] == _DIGIT
        return are_digits and _BLANK * 2 not in between and _JOINTS_BESIDE_A_BLANK.issuperset(signs)

    def start_of(self, start: int, least: int) -> int:
        """The start of a run with the signs before its first group, unless a word or a bracket ends right there."""
        first = start
        while first > least and self.kinds[first - 1] in _AT_THE_FRONT:
            first -= 1
        follows_word = first > 0 and (
            self.kinds[first - 1] in {_TURNED, _LETTER, _DIGIT}
            or unicodedata.category(self.text[first - 1]) in _CLOSING
        )
        while follows_word and first < start and self.kinds[first] not in _ALWAYS_AT_THE_FRONT:
            first += 1
        return first

    def end_of(self, start: int, end: int) -> int:
        """The end of a run with the signs behind its last group; the percent sign of Arabic digits is on their left."""
        kinds, last = self.kinds, end
        if "://" in self.text[start:end]:
            last += kinds[end : end + 1] == "/"
        is_arabic = unicodedata.bidirectional(self.text[end - 1]) == "AN"
        signs = _AT_THE_END - {"%"} if is_arabic else _AT_THE_END
        while last < len(kinds) and kinds[last] in signs:
            last += 1
        is_parted = kinds[last : last + 1] == _BLANK and kinds[last + 1 : last + 2] in _AFTER_A_BLANK & signs
        if is_parted and kinds[end - 1] == _DIGIT:
            last += 2
            last += kinds[last : last + 1] == ")"
        return last


def units(text: str, runs: Sequence[Run]) -> list[int]:
    """For each character the run that it stands in, counted from 1; 0 where it stands in none."""
    found = [0] * len(text)
    for number, run in enumerate(runs, start=1):
        found[run.start : run.end] = [number] * (run.end - run.start)
    return found
