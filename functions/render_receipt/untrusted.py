"""What a stranger typed, made fit to print."""

import re
import unicodedata

from bidirectional.direction import is_right_to_left

MARKS_PER_LETTER = 3
"""What a letter of a living language carries at most: shadda, a vowel and a Koranic sign."""

EMPTY = "—"
_JOINERS = frozenset("\u200c\u200d")
_ARABIC_SIGNS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2")
_INVISIBLE_MARKS = re.compile("[\u034f\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9]")


def clean(text: str) -> str:
    """Make one printable line of what a stranger typed; `EMPTY` where nothing is left to see.

    Overrides, embeddings, isolates and the other invisible controls go, so that the text stands in
    its own order; runs of white space become one space; accents are composed; no more than
    `MARKS_PER_LETTER` marks are stacked on a letter.
    """
    composed = unicodedata.normalize("NFC", _INVISIBLE_MARKS.sub("", text))
    kept: list[str] = []
    marks = 0
    for index, char in enumerate(composed):
        category = unicodedata.category(char)
        if category[0] == "M":
            marks += 1
            if marks <= MARKS_PER_LETTER:
                kept.append(char)
            continue
        marks = 0
        if category[0] == "Z":
            kept.append("\xa0" if char == "\xa0" else " ")
        elif category == "Cc":
            kept.append(" ")
        elif category == "Cs":
            kept.append("\ufffd")
        elif category != "Cf" or char in _ARABIC_SIGNS or _joins(composed, index):
            kept.append(char)
    return re.sub(" +", " ", "".join(kept)).strip() or EMPTY


def _joins(text: str, index: int) -> bool:
    """Tell whether a joiner stands after an Arabic letter, the only place where it has a use."""
    return text[index] in _JOINERS and bool(index and _ARABIC_LETTER.match(text[index - 1]))


def quoted(text: str) -> str:
    """Mark a sender's own words as such, so that « DEMANDE ACCEPTÉE » is not read as the organism's."""
    line = clean(text)
    return f"«{line}»" if is_right_to_left(line) else f"«\xa0{line}\xa0»"
