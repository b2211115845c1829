"""The order of a line on the page, by the Unicode bidirectional algorithm (UAX #9)."""

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter

from bidirectional.number_runs import number_runs
from typeset.fpdf2_internals import embedding_levels

_NEEDS_ORDERING = re.compile(
    "[\u0590-\u08ff\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def levels(text: str, *, right_to_left: bool) -> Sequence[int]:
    """The embedding level of each character (UAX #9); odd levels run right to left.

    Each number or code counts as one character, as `number_runs` says.
    """
    if not right_to_left and not _NEEDS_ORDERING.search(text):
        return bytes(len(text))
    shortened, places = _shortened(text)
    found: list[int] = []
    for level in embedding_levels(shortened, base="rtl" if right_to_left else "ltr"):
        before = found[-1] if found else int(right_to_left)
        found.append(before if level is None else level)
    return [found[place] for place in places]


def _shortened(text: str) -> tuple[str, list[int]]:
    """The text with one character for each number or code, and the place of each character of the text in it."""
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for run in number_runs(text):
        parts += text[done : run.start]
        places += range(len(places) and places[-1] + 1, len(parts))
        places += [len(parts)] * (run.end - run.start)
        parts.append(run.stand_in)
        done = run.end
    parts += text[done:]
    places += range(len(places) and places[-1] + 1, len(parts))
    return "".join(parts), places


def visual[T](row: Sequence[T], level_of: Callable[[T], int]) -> tuple[T, ...]:
    """A line in its order on the page, from the order of reading (UAX #9, rule L2)."""
    ordered = list(row)
    for level in range(max(map(level_of, row), default=0), 0, -1):
        regrouped: list[T] = []
        reached = [level_of(item) >= level for item in ordered]
        for is_turned, group in groupby(zip(reached, ordered, strict=True), key=itemgetter(0)):
            part = [item for _, item in group]
            regrouped += part[::-1] if is_turned else part
        ordered = regrouped
    return tuple(ordered)
