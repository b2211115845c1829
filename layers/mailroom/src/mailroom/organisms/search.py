"""Search of organisms by typed words: in any order, in any spelling, best matches first.

A word that was typed is found at the beginning of a name or of a code, at the beginning of another word, or within
one. Only where that finds nothing is one typing error forgiven in each word of five letters or more.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

from jellyfish import damerau_levenshtein_distance as errors

from mailroom.fields.word_forms import forms_of, words_of

type Rank = tuple[int, int]
"""The rank of a text for a query, best first: the place of its worst word, and the sum of all places."""


class _Found(IntEnum):
    """The place where a typed word was found, best first."""

    WHOLE = 0
    """The whole code, or the whole name."""
    BEGINNING = 1
    """The beginning of a name or of a code."""
    WORD = 2
    """The beginning of any word."""
    WITHIN = 3
    MISTYPED = 4


_FILLERS = frozenset(
    word
    for line in (
        "d de des du l la le les et en au aux un une pour sur",  # in French
        "ال و في من علي الي عن",  # in Arabic, folded
        "of the and",
    )
    for word in line.split()
)
"""Words that people leave out or put in as they like."""

_CONJUNCTION = re.compile("[وف](.{3,})")
_PREPOSITION = re.compile("[وف]?[بكل](.{4,})")
"""What grows together with a word that has no article: وسياسة، لإدارة. Many words begin with these letters too."""

_SHORTEST_WITHIN = 3
"""Letters: shorter ones are within nearly everything."""

_SHORTEST_JOINED = 5
"""Letters of a word that may be several of a name, written together."""

_SHORTEST_MISTYPED = 5
"""Letters of a word of the directory in which one typing error is forgiven."""


def _meant(words: Sequence[str]) -> list[str]:
    """The words without fillers, unless there is nothing else."""
    return [word for word in words if word not in _FILLERS] or list(words)


def _loose_forms(word: str) -> list[str]:
    """A word without letters at its beginning that may be an Arabic conjunction or preposition."""
    if word.isascii():
        return []
    return [match[1] for pattern in (_CONJUNCTION, _PREPOSITION) if (match := pattern.fullmatch(word))]


@dataclass(frozen=True)
class _Typed:
    """A word that was typed; `near` are words of the directory that it may be meant for."""

    forms: tuple[str, ...]
    is_letter: bool
    """Whether it is a single letter with words behind it, and so not a word still being typed."""
    near: tuple[str, ...] = ()


@lru_cache(maxsize=16384)
def _every_form(word: str) -> tuple[str, ...]:
    return word, *forms_of(word)[1:], *_loose_forms(word)


class Searchable:
    """The names, the code and the city of one organism, made ready once for many searches."""

    def __init__(self, *, names: Iterable[str], code: str, city: str) -> None:
        texts = [words_of(text) for text in (*names, code, city)]
        *spelt_names, spelt_code, _ = texts
        self._code = "".join(spelt_code)
        self._names = [[forms_of(word) for word in _meant(name)] for name in spelt_names]
        every = [*(word for text in texts for word in text), self._code]
        self.forms = frozenset(form for word in every for form in _every_form(word))
        """Every word of it, in each of its forms."""
        # Blanks around each word: a beginning is then found by one look at one text.
        self._spaced = f" {' '.join(self.forms)} "
        self._firsts = f" {' '.join(form for name in self._names for form in name[0])} {self._code} "
        self._joined = " ".join("".join(text) for text in texts)

    def place_of(self, word: _Typed) -> _Found | None:
        """The best place where a typed word is found; None where it is in none."""
        if self._code in word.forms:
            return _Found.WHOLE
        end = " " if word.is_letter else ""
        starts = [f" {form}{end}" for form in word.forms]
        if any(start in self._firsts for start in starts):
            return _Found.BEGINNING
        if any(start in self._spaced for start in starts):
            return _Found.WORD
        if any(self._is_within(form) for form in word.forms):
            return _Found.WITHIN
        return _Found.MISTYPED if not self.forms.isdisjoint(word.near) else None

    def _is_within(self, form: str) -> bool:
        if len(form) < _SHORTEST_WITHIN:
            return False
        return form in self._spaced or (len(form) >= _SHORTEST_JOINED and form in self._joined)

    def place_of_all(self, words: Sequence[_Typed], together: str) -> _Found | None:
        """WHOLE or BEGINNING where all words, in their order, are or begin a name; or, written `together`, the code."""
        if together == self._code or any(
            len(words) == len(name)
            and all(not set(forms).isdisjoint(word.forms) for forms, word in zip(name, words, strict=True))
            for name in self._names
        ):
            return _Found.WHOLE
        if self._code.startswith(together) or any(
            len(words) <= len(name)
            and all(
                any(form.startswith(word.forms) for form in forms) for forms, word in zip(name, words, strict=False)
            )
            for name in self._names
        ):
            return _Found.BEGINNING
        return None


def ranks(query: str, texts: Sequence[Searchable]) -> list[Rank | None]:
    """The rank of each text for a query; None if the text does not match.

    Typing errors are forgiven only if nothing is found otherwise. A query without letters and digits matches nothing.
    """
    every = words_of(query)
    meant = _meant(every)
    last = len(meant) - 1
    words = [_Typed(forms_of(word), len(word) == 1 and place < last) for place, word in enumerate(meant)]
    if not words:
        return [None] * len(texts)
    together = "".join(every)
    found = [_rank(text, words, together) for text in texts]
    if any(found):
        return found
    known = {form for text in texts for form in text.forms if len(form) >= _SHORTEST_MISTYPED}
    near = {word: replace(word, near=_near(word, known)) for word in dict.fromkeys(words)}
    forgiven = [near[word] for word in words]
    return [_rank(text, forgiven, together) for text in texts]


def _rank(text: Searchable, words: Sequence[_Typed], together: str) -> Rank | None:
    place = text.place_of_all(words, together)
    if place is not None:
        return place, place * len(words)
    places = []
    for word in words:
        place = text.place_of(word)
        if place is None:
            return None
        places.append(place)
    return max(places), sum(places)


def _near(word: _Typed, known: Iterable[str]) -> tuple[str, ...]:
    loose = {each for form in word.forms for each in _loose_forms(form)}
    alike = {
        each for form in word.forms for each in known if abs(len(each) - len(form)) <= 1 and errors(form, each) == 1
    }
    return tuple(loose | alike)
