"""DynamoDB's expressions on plain values, as far as this program writes them: conditions and updates.

The grammar is that of "Condition and filter expressions" and "Update expressions" in DynamoDB's guide.
"""

import copy
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

type Item = dict[str, Any]
type Names = Mapping[str, str]
type Value = Callable[[Item, Names, Item], Any]
"""Gives an operand's value in an item, by the names and values of a request; `NOWHERE` where it has none."""

NOWHERE = object()

_TOKEN = re.compile(r"\s*(<>|<=|>=|[()=<>,+]|:\w+|[#\w][#\w.]*)")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: one == other,
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}


class InvalidExpressionError(Exception):
    """DynamoDB would answer ValidationException."""


def holds(condition: str, item: Item | None, names: Names, values: Item) -> bool:
    """Whether a condition holds for an item; for none, None."""
    return bool(_condition(condition)(item or {}, names, values))


def changed(update: str, item: Item, names: Names, values: Item) -> Item:
    """A copy of an item after an update; operands are of the item before it."""
    after = copy.deepcopy(item)
    for act in _update(update):
        act(item, after, names, values)
    return after


@cache
def _condition(text: str) -> Value:
    reader = _Reader(text)
    found = reader.any_of()
    reader.must_be_at_the_end()
    return found


class _Reader:
    """Reads an expression from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _TOKEN.findall(text)
        if "".join(self._tokens) != re.sub(r"\s", "", text):
            raise InvalidExpressionError(text)

    def must_be_at_the_end(self) -> None:
        if self._tokens:
            raise InvalidExpressionError(f"{self._text}: {self._tokens[0]}")

    def next_is(self, *those: str) -> bool:
        return bool(self._tokens) and self._tokens[0] in those

    def take(self, expected: str = "") -> str:
        if not self._tokens or (expected and self._tokens[0] != expected):
            raise InvalidExpressionError(f"{self._text}: {expected or 'more'} is missing")
        return str(self._tokens.pop(0))

    def any_of(self) -> Value:
        parts = [self._all_of()]
        while self.next_is("OR"):
            self.take()
            parts.append(self._all_of())
        return lambda *given: any(part(*given) for part in parts)

    def _all_of(self) -> Value:
        parts = [self._one()]
        while self.next_is("AND"):
            self.take()
            parts.append(self._one())
        return lambda *given: all(part(*given) for part in parts)

    def _one(self) -> Value:
        if self.next_is("NOT"):
            self.take()
            negated = self._one()
            return lambda *given: not negated(*given)
        if self.next_is("("):
            self.take()
            inner = self.any_of()
            self.take(")")
            return inner
        if self.next_is("attribute_exists", "attribute_not_exists"):
            wants = self.take() == "attribute_exists"
            (path,) = self._arguments()
            return lambda *given: (path(*given) is not NOWHERE) == wants
        if self.next_is("contains"):
            self.take()
            whole, part = self._arguments()
            return lambda *given: _contains(whole(*given), part(*given))
        return self._comparison()

    def _comparison(self) -> Value:
        left = self.operand()
        if self.next_is("IN"):
            self.take()
            listed = self._arguments()
            return lambda *given: any(left(*given) == each(*given) for each in listed)
        sign, right = self.take(), self.operand()
        if sign == "<>":
            return lambda *given: not _compares("=", left(*given), right(*given))
        return lambda *given: _compares(sign, left(*given), right(*given))

    def operand(self) -> Value:
        if self.next_is("size"):
            self.take()
            (sized,) = self._arguments()
            return lambda *given: _size(sized(*given))
        if self.next_is("if_not_exists"):
            self.take()
            path, otherwise = self._arguments()
            return lambda *given: path(*given) if path(*given) is not NOWHERE else otherwise(*given)
        if self.next_is("list_append"):
            self.take()
            first, second = self._arguments()
            return lambda *given: [*first(*given), *second(*given)]
        return _path_or_value(self.take())

    def _arguments(self) -> list[Value]:
        self.take("(")
        found = [self.operand()]
        while self.next_is(","):
            self.take()
            found.append(self.operand())
        self.take(")")
        return found


def _path_or_value(token: str) -> Value:
    if token.startswith(":"):
        return lambda _item, _names, values: _defined(values, token)
    return lambda item, names, _values: _found(item, _way(token, names))


def _defined(given: Mapping[str, Any], token: str) -> Any:  # noqa: ANN401 - a value of any type
    if token not in given:
        raise InvalidExpressionError(f"{token} is not defined")
    return given[token]


def _way(path: str, names: Names) -> list[str]:
    return [str(_defined(names, part)) if part.startswith("#") else part for part in path.split(".")]


def _found(item: Any, way: list[str]) -> Any:  # noqa: ANN401 - a value of any type
    for name in way:
        if not isinstance(item, dict) or name not in item:
            return NOWHERE
        item = item[name]
    return item


def _compares(sign: str, one: object, other: object) -> bool:
    if NOWHERE in (one, other) or (sign != "=" and type(one) is not type(other)):
        return False
    return _COMPARISONS[sign](one, other)


def _contains(whole: object, part: object) -> bool:
    return part in whole if isinstance(whole, str | set | list) else False


def _size(value: object) -> Any:  # noqa: ANN401 - a number, or nowhere
    return Decimal(len(value)) if isinstance(value, str | bytes | set | list | dict) else NOWHERE


type _Act = Callable[[Item, Item, Names, Item], None]


@cache
def _update(text: str) -> tuple[_Act, ...]:
    parts = re.split(r"\b(SET|REMOVE|ADD) ", text)
    if parts[0].strip():
        raise InvalidExpressionError(text)
    acts = {"SET": _set, "REMOVE": _remove, "ADD": _add}
    return tuple(
        acts[action](clause.strip())
        for action, clauses in zip(parts[1::2], parts[2::2], strict=True)
        for clause in re.split(r",(?![^(]*\))", clauses)
    )


def _set(clause: str) -> _Act:
    path, _, operand = clause.partition(" = ")
    reader = _Reader(operand)
    value = reader.operand()
    reader.must_be_at_the_end()

    def act(item: Item, after: Item, names: Names, values: Item) -> None:
        found = value(item, names, values)
        if found is NOWHERE:
            raise InvalidExpressionError(f"{clause}: the operand has no value")
        place, name = _place(after, path, names)
        place[name] = copy.deepcopy(found)

    return act


def _remove(path: str) -> _Act:
    def act(_item: Item, after: Item, names: Names, _values: Item) -> None:
        place, name = _place(after, path, names)
        place.pop(name, None)

    return act


def _add(clause: str) -> _Act:
    path, _, token = clause.partition(" ")

    def act(_item: Item, after: Item, names: Names, values: Item) -> None:
        place, name = _place(after, path, names)
        more = _defined(values, token)
        if isinstance(more, set):
            place[name] = place.get(name, set()) | more
        else:
            place[name] = place.get(name, 0) + more

    return act


def _place(item: Item, path: str, names: Names) -> tuple[Item, str]:
    *way, last = _way(path, names)
    place = _found(item, way)
    if not isinstance(place, dict):
        raise InvalidExpressionError(f"{path}: there is nothing to put it in")
    return place, last
