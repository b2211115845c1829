"""Texts: the characters that are allowed, and the comparison of texts.

A letter is evidence: its text is kept as it was typed, or refused. Two things are no part of the text: names are
trimmed and composed, and a paragraph's vertical tabs and form feeds, which text processors write, are line breaks.
What has one right form (identifiers, codes, numbers) is read by `typed`.
"""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from mailroom.fields.typed import INVISIBLE_LETTERS, plain, trimmed

BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")
"""Embeddings and overrides: in a file name they make ``exe.pdf`` out of ``fdp.exe``."""

_LINE_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")
_ALLOWED_CONTROLS_IN_A_BODY = frozenset("\n\r\t")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_OLD_LINE_BREAKS = str.maketrans(dict.fromkeys("\v\f\x85", "\n"))
"""Vertical tab, form feed and the next line of older machines."""


def is_blank(text: str) -> bool:
    """Whether a text has no visible character: only spaces, format and control characters."""
    return all(
        character in INVISIBLE_LETTERS or unicodedata.category(character) in _INVISIBLE_CATEGORIES for character in text
    )


def without_surrogates(value: object) -> object:
    """Refuse half a character, which JSON can escape (a surrogate) and which can be neither stored nor shown."""
    if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
        raise PydanticCustomError("surrogate", "unpaired surrogate")
    return value


def one_line(value: str) -> str:
    """Refuse line breaks and control characters."""
    if any(character in _LINE_BREAKS for character in value):
        raise PydanticCustomError("line_break", "line break")
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise PydanticCustomError("control_character", "control character")
    return value


def with_line_breaks(value: str) -> str:
    """Turn old line breaks into new ones, and refuse other control characters."""
    text = value.translate(_OLD_LINE_BREAKS)
    if any(
        unicodedata.category(character) == "Cc" and character not in _ALLOWED_CONTROLS_IN_A_BODY for character in text
    ):
        raise PydanticCustomError("control_character", "control character")
    return text


def not_blank(value: str) -> str:
    """Refuse a text without any visible character."""
    if is_blank(value):
        raise PydanticCustomError("blank", "blank")
    return value


Line = Annotated[str, BeforeValidator(without_surrogates), AfterValidator(one_line)]
"""One line, which may be empty."""

Words = Annotated[str, BeforeValidator(without_surrogates), AfterValidator(one_line), AfterValidator(not_blank)]
"""One line that is not blank."""

Paragraphs = Annotated[str, BeforeValidator(without_surrogates), AfterValidator(with_line_breaks)]
"""Any number of lines, possibly none."""

Name = Annotated[Words, AfterValidator(trimmed), StringConstraints(max_length=200)]
"""A person's, a body's or a court's name, up to 200 characters, trimmed and composed."""

Typed = Annotated[Words, AfterValidator(plain), AfterValidator(not_blank)]
"""One line of a form that is understood however it was typed, such as a number of a register elsewhere."""


def plain_text(value: object) -> object:
    """A text in its plain form (`typed.plain`), and any other value as it is."""
    return plain(value) if isinstance(value, str) else value


Read = BeforeValidator(plain_text)
"""For texts of a form that is checked: read as they were meant (`typed.plain`) before they are."""


def is_arabic(text: str) -> bool:
    """Whether a text holds any Arabic letter."""
    return any("\u0600" <= character <= "\u06ff" for character in text)


def folded(text: str) -> str:
    """`text` as it is compared in searches: without case, accents, Arabic diacritics, tatweel and hamza forms.

    Letters of Morocco and Persia are taken for their nearest Arabic ones, and digits of all three for Western ones.
    """
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    return decomposed.translate(_WITHOUT_MARKS).casefold().translate(_ARABIC_VARIANTS).strip()


class _WithoutMarks(dict[int, int | None]):
    """A table for `str.translate` that leaves out accents, diacritics and format characters."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.category(chr(code)) in {"Mn", "Cf"} else code
        self[code] = kept
        return kept


_WITHOUT_MARKS = _WithoutMarks()
_ARABIC_VARIANTS = str.maketrans(
    dict.fromkeys("ـء")  # tatweel, and the hamza that stands by itself
    | {"ٱ": "ا", "ة": "ه", "’": "'"}
    | dict.fromkeys("ىیېے", "ي")
    | dict.fromkeys("کگڭݣ", "ك")  # Persian kaf and gaf, and the two letters that Morocco writes for g
    | dict.fromkeys("ەہھۃ", "ه")
    | {"ڤ": "ف", "پ": "ب", "چ": "ج", "ژ": "ز"}
    | {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}
)
