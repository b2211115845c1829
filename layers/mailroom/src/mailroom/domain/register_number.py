"""The register: each organism's yearly book, its entries numbered 1, 2, 3 … with no gap."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mailroom.fields.typed import SIGNS_AROUND, as_digits, joined, plain

_CODE = r"[A-Z0-9](?:[A-Z0-9-]{0,30}[A-Z0-9])?"
_NUMBER = re.compile(rf"(?P<code>{_CODE})-(?P<year>\d{{4}})-(?P<rank>\d{{6,9}})", re.ASCII)

_SEPARATORS = re.compile(rf"[\s{re.escape(SIGNS_AROUND)}]+")
_LONGEST_TYPED = 200
"""Characters: a number has 46 at most, and invisible marks may stand beside each."""

_DIGIT = "[0-9OIL]"
_SOME_YEAR = rf"(?P<year>{_DIGIT}{{4}})"
_THIS_CENTURY = rf"(?P<year>2[0O]{_DIGIT}{{2}})"
_TYPED = [
    re.compile(rf"(?P<code>{_CODE})-{_SOME_YEAR}-(?P<rank>{_DIGIT}{{1,20}})"),
    re.compile(rf"(?P<code>{_CODE}){_THIS_CENTURY}-(?P<rank>{_DIGIT}{{1,20}})"),
    # Without a separator between year and rank: only with the six digits or more of a printed rank.
    re.compile(rf"(?P<code>{_CODE})-?{_THIS_CENTURY}(?P<rank>{_DIGIT}{{6}})"),
    re.compile(rf"(?P<code>{_CODE})-?{_THIS_CENTURY}(?P<rank>{_DIGIT}{{7}})"),
    re.compile(rf"(?P<code>{_CODE})-?{_THIS_CENTURY}(?P<rank>{_DIGIT}{{8}})"),
    re.compile(rf"(?P<code>{_CODE})-?{_THIS_CENTURY}(?P<rank>{_DIGIT}{{9}})"),
    # The rank in groups of three.
    re.compile(rf"(?P<code>{_CODE})-?{_THIS_CENTURY}-?(?P<rank>{_DIGIT}{{3}}(?:-{_DIGIT}{{3}}){{1,2}})"),
]
"""Ways to write a number, the usual one first. A code may hold hyphens, digits and the letters O, I and L itself."""

_PART = re.compile(
    r"(?:(?:N[°ºO]?|№|NUM[EÉ]RO|رقم)-?)?"
    rf"(?:(?P<year>2[0O]{_DIGIT}{{2}})-)?"
    rf"(?P<rank>[0-9]{_DIGIT}{{0,8}}|[0-9]{{1,3}}(?:-[0-9]{{3}}){{1,2}})"
)
"""A rank, with or without its year, and perhaps the sign of a number before it."""

_MOST_RANK = 999_999_999


class Number(NamedTuple):
    """A register number: the organism's code, the year in Casablanca, and the rank in that year's register."""

    code: str
    year: int
    rank: int

    def __str__(self) -> str:
        """``ANAM-2026-000001``, as it is printed."""
        return f"{self.code}-{self.year}-{self.rank:06d}"

    def may_be(self, printed: "Number") -> bool:
        """Whether this typed number is `printed`: hyphens in the code, and O for 0, make no difference."""
        return self[1:] == printed[1:] and same_code(self.code, printed.code)


def parse_number(text: str) -> Number | None:
    """The number that was printed so; None when none was. What people type is read by `typed_numbers`."""
    match = _NUMBER.fullmatch(text)
    if match is None or int(match["rank"]) == 0:
        return None
    number = Number(match["code"], int(match["year"]), int(match["rank"]))
    return number if str(number) == text else None


def typed_numbers(text: str) -> tuple[Number, ...]:
    """The numbers that somebody may mean, the likeliest first; none when it is no number.

    Any case and separators, or none before six digits of the rank; leading zeros may be left out, and O, I and L
    stand for digits in the year and the rank: ``anam 2O26 1``. The code is as it was typed: see `same_code`.
    """
    if len(text) > _LONGEST_TYPED:
        return ()
    return tuple(dict.fromkeys(_readings(plain(text).upper())))


def numbers_in_register(text: str, code: str, years: Sequence[int]) -> tuple[Number, ...]:
    """The numbers of one organism's register that somebody may mean, who may leave out code and year.

    `years` are those that a rank without its year may stand for.
    """
    found = [number for number in typed_numbers(text) if same_code(number.code, code)]
    separated = _SEPARATORS.sub("-", plain(text[:_LONGEST_TYPED]).upper()).strip("-")
    behind_code = (separated[cut:].strip("-") for cut in range(1, len(separated)) if same_code(separated[:cut], code))
    for part in (separated, *behind_code):
        if (match := _PART.fullmatch(part)) and (rank := int(as_digits(joined(match["rank"])))) <= _MOST_RANK:
            meant = [int(as_digits(match["year"]))] if match["year"] else years
            found += [Number(code, year, rank) for year in meant if rank]
    return tuple(dict.fromkeys(found))


def _readings(typed: str) -> Iterator[Number]:
    if exact := parse_number(typed):
        yield exact
    separated = _SEPARATORS.sub("-", typed).strip("-")
    for form in _TYPED:
        if match := form.fullmatch(separated):
            rank = int(as_digits(joined(match["rank"])))
            if 0 < rank <= _MOST_RANK:
                yield Number(match["code"], int(as_digits(match["year"])), rank)


def same_code(typed: str, code: str) -> bool:
    """Whether an organism's code was typed, with or without its hyphens, O for 0 and I or L for 1."""
    return as_digits(joined(typed)) == as_digits(joined(code))
