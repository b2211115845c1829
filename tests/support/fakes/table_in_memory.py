"""The table without AWS: the same reads, conditions and transactions on a dictionary, quick enough for properties."""

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from mailroom.storage.schema import Key
from mailroom.storage.table import ConditionFailedError, Item, Table, plain

_CLAUSE = re.compile(r"(?P<function>attribute_exists|attribute_not_exists)\((?P<path>[^)]+)\)")
_LISTED = re.compile(r"(?P<path>\S+) IN \((?P<values>[^)]+)\)")
_OR_ELSE = re.compile(r"if_not_exists\((?P<path>[^,]+), (?P<value>[^)]+)\)")
_SIZED = re.compile(r"size\(([^)]+)\)")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: one == other,
    "<>": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}
_NOWHERE = object()


class TableInMemory(Table):
    """What `mailroom.storage.table.Table` does, for the expressions that this program writes."""

    def __init__(self) -> None:
        self.name = "table"
        self.items: dict[Key, Item] = {}
        self.before_transaction: Callable[[], None] = lambda: None
        """What somebody else does just before the next transaction."""

    def get(
        self,
        pk: str,
        sk: str,
        *,
        consistent: bool = True,  # noqa: ARG002 - there is one copy
        attributes: Iterable[str] = (),
    ) -> Item | None:
        wanted = set(attributes)
        item = copy.deepcopy(self.items.get((pk, sk)))
        return {name: value for name, value in item.items() if name in wanted} if wanted and item else item

    def get_many(self, *keys: Key) -> dict[Key, Item]:
        return {key: copy.deepcopy(self.items[key]) for key in keys if key in self.items}

    def query(
        self,
        pk: str,
        *,
        prefix: str = "",
        attributes: Iterable[str] = (),
        consistent: bool = True,  # noqa: ARG002 - there is one copy
    ) -> Iterator[Item]:
        wanted = set(attributes)
        for key in sorted(key for key in self.items if key[0] == pk and key[1].startswith(prefix)):
            item = copy.deepcopy(self.items[key])
            yield {name: value for name, value in item.items() if name in wanted} if wanted else item

    def waiting(self, value: str, *, until: str) -> Iterator[Item]:
        found = [item for item in self.items.values() if item.get("waiting") == value]
        for item in sorted(found, key=lambda item: item["waiting_since"]):
            if item["waiting_since"] <= until:
                yield {name: item[name] for name in ("pk", "sk", "waiting", "waiting_since")}

    def put_new(self, item: Item) -> None:
        self._write([self.new(item)])

    def put(self, item: Item) -> None:
        self.items[item["pk"], item["sk"]] = copy.deepcopy(item)

    def update(self, write: Mapping[str, Any]) -> Item:
        self._write([write])
        key = plain(write["Update"]["Key"])
        return copy.deepcopy(self.items[key["pk"], key["sk"]])

    def apply(self, write: Mapping[str, Any]) -> None:
        self._write([write])

    def transact(self, *writes: Mapping[str, Any], attempts: int = 5) -> None:  # noqa: ARG002 - never busy
        self.before_transaction()
        self._write(writes)

    def _write(self, writes: Iterable[Mapping[str, Any]]) -> None:
        kept = copy.deepcopy(self.items)
        failed = [not self._carried_out(write) for write in writes]
        if any(failed):
            old = [kept.get(_key(write)) if "Update" in write else None for write in writes]
            self.items = kept
            raise ConditionFailedError([item if bad else None for item, bad in zip(old, failed, strict=True)])

    def _carried_out(self, write: Mapping[str, Any]) -> bool:
        request = next(iter(write.values()))
        names = request.get("ExpressionAttributeNames", {})
        values = plain(request.get("ExpressionAttributeValues", {}))
        item = self.items.get(_key(write))
        if not _holds(item, request.get("ConditionExpression", ""), names, values):
            return False
        if "Put" in write:
            self.items[_key(write)] = plain(request["Item"])
        elif "Delete" in write:
            self.items.pop(_key(write), None)
        elif "Update" in write:
            changed = self.items.setdefault(_key(write), plain(request["Key"]))
            _change(changed, request["UpdateExpression"], names, values)
        return True


def _key(write: Mapping[str, Any]) -> Key:
    request = next(iter(write.values()))
    found = plain(request["Item"] if "Put" in write else request["Key"])
    return found["pk"], found["sk"]


def _holds(item: Item | None, condition: str, names: Mapping[str, str], values: Item) -> bool:
    """Whether a condition holds: clauses joined by AND, each a test or, in brackets, tests joined by OR."""
    return all(
        any(
            _clause_holds(item, one.strip(), names, values)
            for one in (clause[1:-1].split(" OR ") if clause.startswith("(") else [clause])
        )
        for clause in map(str.strip, condition.split(" AND "))
        if clause
    )


def _clause_holds(item: Item | None, clause: str, names: Mapping[str, str], values: Item) -> bool:
    if clause.startswith("NOT "):
        return not _clause_holds(item, clause.removeprefix("NOT "), names, values)
    if match := _CLAUSE.fullmatch(clause):
        there = _value(item, match["path"], names, values) is not _NOWHERE
        return there == (match["function"] == "attribute_exists")
    if match := _LISTED.fullmatch(clause):
        found = _value(item, match["path"], names, values)
        return any(found == values[each] for each in match["values"].split(", "))
    left, comparison, right = clause.split()
    one, other = _value(item, left, names, values), _value(item, right, names, values)
    return _NOWHERE not in (one, other) and _COMPARISONS[comparison](one, other)


def _value(item: Item | None, operand: str, names: Mapping[str, str], values: Item) -> Any:  # noqa: ANN401 - any attribute
    if operand.startswith(":"):
        return values[operand]
    if sized := _SIZED.fullmatch(operand):
        return len(_value(item, sized[1], names, values))
    found: object = item
    for part in operand.split("."):
        name = names.get(part, part)
        if not isinstance(found, dict) or name not in found:
            return _NOWHERE
        found = found[name]
    return found


def _change(item: Item, update: str, names: Mapping[str, str], values: Item) -> None:
    parts = re.split(r"\b(SET|REMOVE|ADD) ", update)
    for action, clauses in zip(parts[1::2], parts[2::2], strict=True):
        for clause in re.split(r",(?![^(]*\))", clauses):
            _act(item, action, clause.strip(), names, values)


def _act(item: Item, action: str, clause: str, names: Mapping[str, str], values: Item) -> None:
    path, _, operand = clause.partition(" = " if action == "SET" else " ")
    *way, last = (names.get(part, part) for part in path.split("."))
    place = item
    for name in way:
        place = cast("Item", place[name])
    if action == "SET" and (match := _OR_ELSE.fullmatch(operand.strip())):
        if _value(item, match["path"], names, values) is _NOWHERE:
            place[last] = copy.deepcopy(values[match["value"]])
    elif action == "SET":
        place[last] = copy.deepcopy(values[operand.strip()])
    elif action == "ADD":
        place[last] = place.get(last, 0) + values[operand.strip()]
    else:
        place.pop(last, None)
