"""Text typed or pasted into a field that has one right form: identifiers, codes, numbers, addresses, dates.

A telephone's keyboard writes the digits of its language, a messenger wraps copied text in invisible marks, a text
processor turns a hyphen into another dash. None of it changes the meaning. Every field of this kind is read
through `plain`, so that none is stricter than another; a field's further rules stand in its own module, in
`register_number` and in `tokens`. A letter's text is evidence and never passes here.
"""

import re
import unicodedata
from functools import lru_cache

INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Characters that Unicode calls letters although they are blank: Hangul fillers, Braille blank."""

_OTHER_DASHES = frozenset("\u2212\u2043\u02d7")
"""The minus sign, the hyphen bullet and the modifier minus: Unicode counts them among other signs than dashes."""

_ARABIC_LETTER = "[\u0620-\u063f\u0641-\u064a\u066e-\u06d3]"
_TATWEEL_AS_DASH = re.compile(f"(?<!{_ARABIC_LETTER})\u0640(?!{_ARABIC_LETTER})")
"""The stretch of an Arabic keyboard stands for a dash, unless it stretches a letter."""

SIGNS_AROUND = "-./_,;:()«»\"'#<>"
"""What groups a number or a code, and what a sentence puts around it; none of it is part of any."""

_MISREAD = str.maketrans("OoIiLl", "001111")


def plain(text: str) -> str:
    """`text` without invisible marks and blanks at its ends, in Western digits, plain hyphens and single spaces.

    Full-width letters and signs become the usual ones, and letters are composed (NFC). Case is kept.
    """
    # Composed last: marks may have stood between letters and their accents.
    composed = unicodedata.normalize("NFC", "".join(map(_plain, text)))
    return re.sub(" +", " ", _TATWEEL_AS_DASH.sub("-", composed)).strip(" ")


@lru_cache(maxsize=1024)
def _plain(character: str) -> str:
    if is_mark(character):
        return ""
    category = unicodedata.category(character)
    if category == "Pd" or character in _OTHER_DASHES:
        return "-"
    if category == "Zs":
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(character))
    form, _, usual = unicodedata.decomposition(character).partition(" ")
    return chr(int(usual, 16)) if form == "<wide>" else character


def is_mark(character: str) -> bool:
    """Whether a character only steers how others are shown: direction, joining, breaking, variants of a glyph."""
    return (
        unicodedata.category(character) == "Cf"
        or character in INVISIBLE_LETTERS
        or character == "\u034f"  # the combining grapheme joiner
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def trimmed(text: str) -> str:
    """A name as it is kept: composed (NFC), without blanks or marks at its ends; between letters they may be meant."""
    composed = unicodedata.normalize("NFC", text)
    start, end = 0, len(composed)
    while start < end and _is_blank(composed[start]):
        start += 1
    while end > start and _is_blank(composed[end - 1]):
        end -= 1
    return composed[start:end]


def _is_blank(character: str) -> bool:
    return character.isspace() or character in INVISIBLE_LETTERS or unicodedata.category(character) == "Cf"


def as_digits(text: str) -> str:
    """`text` where digits alone are meant: O is read as 0, I and L as 1, in either case."""
    return text.translate(_MISREAD)


def joined(text: str, separators: str = " -") -> str:
    """`text` without what groups its characters."""
    return "".join(character for character in text if character not in separators)
