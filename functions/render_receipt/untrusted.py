"""Text typed by strangers, made printable."""

import re
import unicodedata

from bidirectional.direction import is_right_to_left

MARKS_PER_LETTER = 3
"""The most marks that a letter of a living language carries: shadda, a vowel and a Koranic sign."""

EMPTY = "—"
_JOINERS = frozenset("\u200c\u200d")
_ARABIC_SIGNS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2")
_INVISIBLE_MARKS = re.compile("[\u034f\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9]")


def clean(text: str) -> str:
    """One printable line of the text; `EMPTY` where nothing visible is left.

    Overrides, embeddings, isolates and other invisible controls are removed, so that they cannot change the order of
    the text. A run of white space becomes one space, accents are composed, and a letter keeps at most
    `MARKS_PER_LETTER` marks.
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
        elif (
            category != "Cf"
            or char in _ARABIC_SIGNS
            # A joiner has a use only after an Arabic letter.
            or (char in _JOINERS and index and _ARABIC_LETTER.match(composed[index - 1]))
        ):
            kept.append(char)
    return re.sub(" +", " ", "".join(kept)).strip() or EMPTY


def quoted(text: str) -> str:
    """The text in quotation marks: « DEMANDE ACCEPTÉE » typed by a sender must not read as the organism's words."""
    line = clean(text)
    return f"«{line}»" if is_right_to_left(line) else f"«\xa0{line}\xa0»"
