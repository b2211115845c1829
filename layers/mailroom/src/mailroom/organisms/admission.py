"""Enrolment in the table: an organism's code is unique, and fixed once its register has an entry.

Register numbers begin with the organism's code. So a code belongs to one organism (a separate item claims it), and
cannot change once a register has entries, nor can it be a test organism or not, since the entries of one wait for no
agent. All this holds under any race: one transaction writes the organism and checks
the conditions, and the submission's transaction checks the organism's code and status. A mark on the organism would
also hold, but every submission would have to write it; the check is cheaper.
"""

import hashlib
from typing import Any, Final, Literal

from mailroom.domain import clock
from mailroom.domain.organism import Organism
from mailroom.domain.refusals import CodeFixed, CodeTaken, OrganismChanged, OrganismExists, TestFixed, TryAgain
from mailroom.storage.busy import TransactionBusyError
from mailroom.storage.item_keys import code_key, counter_key, organism_key
from mailroom.storage.organism_items import organism_in
from mailroom.storage.schema import ORGANISMS, Key
from mailroom.storage.table import ConditionFailedError, Item, Table, pause

Saved = Literal["created", "changed", "unchanged"]

NONE_YET: Final = ""
"""The version that a caller saw who means a new organism."""

_FIRST_YEAR = 2025
"""The first year of any register."""

_ATTEMPTS = 5


def version_of(organism: Organism) -> str:
    """The version of an organism: a digest of its content, by which callers say which one they change."""
    return hashlib.sha256(organism.model_dump_json().encode()).hexdigest()[:32]


class Admission:
    """The enrolled organisms, and their changes."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def known(self) -> dict[str, Organism]:
        """All organisms, by id."""
        return {item["organism_id"]: organism_in(item) for item in self._table.query(ORGANISMS)}

    def has_entries(self, organism_id: str) -> bool:
        """Whether a register of the organism holds any entry."""
        return bool(self._table.get_many(*_counters(organism_id)))

    def admit(self, organism: Organism, *, seen: str | None = None) -> Saved:
        """Create or change an organism; write nothing if it is the same already.

        `seen` is the version that the caller has in view, or `NONE_YET`: a change that somebody else made meanwhile is
        not undone. Failures noted about its addresses stay for the addresses that stay.

        Raises:
            OrganismChanged, OrganismExists: it is not as the caller saw it.
            CodeFixed: its register has entries, under another code.
            CodeTaken: another organism has this code.
            TestFixed: its register has entries, and it becomes a test organism or is one no more.
            TryAgain: concurrent changes won every attempt; nothing was written.

        """
        for attempt in range(1, _ATTEMPTS + 1):
            item = self._table.get(*organism_key(organism.organism_id))
            if item is not None and organism_in(item) == organism:
                return "unchanged"
            _require_as_seen(item, seen)
            try:
                self._table.transact(*self._writes(organism, item, is_seen=seen is not None))
            except ConditionFailedError:
                self._say_why(organism, item)
            except TransactionBusyError:
                pass
            else:
                return "created" if item is None else "changed"
            pause(attempt)
        raise TryAgain

    def shows_secret(self, organism_id: str, version: int) -> bool:
        """Note that the webhook's secret of this version is shown; False if this or a later one was shown before.

        The note comes before the answer, so that no secret is shown twice: after a lost answer, take the next version.
        """
        shown = self._table.change(
            *organism_key(organism_id),
            update="SET webhook_secret_shown = :version",
            condition="attribute_exists(pk) AND NOT webhook_secret_shown >= :version",
            values={":version": version},
        )
        try:
            self._table.apply(shown)
        except ConditionFailedError:
            return False
        return True

    def _writes(self, organism: Organism, item: Item | None, *, is_seen: bool) -> list[dict[str, Any]]:
        if item is None:
            return [self._written(organism, {}, "attribute_not_exists(pk)"), self._claimed(organism)]
        condition, values = "#code = :was", {":was": item["code"]}
        if is_seen:
            fields = organism.model_dump()
            condition += "".join(
                f" AND #{name} = :was_{name}" if name in item else f" AND attribute_not_exists(#{name})"
                for name in fields
            )
            values |= {f":was_{name}": item[name] for name in fields if name in item}
        written = self._written(organism, item, condition, values)
        if item["code"] == organism.code and organism_in(item).is_test == organism.is_test:
            return [written]
        empty = "attribute_not_exists(pk)"
        checks = [self._table.check(*counter, condition=empty) for counter in _counters(organism.organism_id)]
        if item["code"] == organism.code:
            return [written, *checks]
        return [
            written,
            self._claimed(organism),
            self._table.gone(
                *code_key(item["code"]),
                condition="attribute_not_exists(pk) OR organism_id = :organism_id",
                values={":organism_id": organism.organism_id},
            ),
            *checks,
        ]

    def _written(
        self, organism: Organism, item: Item, condition: str, values: dict[str, object] | None = None
    ) -> dict[str, Any]:
        fields = organism.model_dump(mode="json")
        addresses = {*organism.alerts.emails, *organism.alerts.phones}
        left = [address for address in item.get("failing", {}) if address not in addresses]
        update = "SET " + ", ".join(f"#{name} = :{name}" for name in fields)
        if left:
            update += " REMOVE " + ", ".join(f"failing.#left{position}" for position in range(len(left)))
        return self._table.change(
            *organism_key(organism.organism_id),
            update=update,
            condition=condition,
            values={f":{name}": value for name, value in fields.items()} | (values or {}),
            names={f"#{name}": name for name in fields}
            | {f"#left{position}": address for position, address in enumerate(left)},
        )

    def _claimed(self, organism: Organism) -> dict[str, Any]:
        pk, sk = code_key(organism.code)
        return self._table.new({"pk": pk, "sk": sk, "organism_id": organism.organism_id})

    def _say_why(self, organism: Organism, item: Item | None) -> None:
        """Raise the refusal that no further attempt would change; return after a lost race."""
        claim = self._table.get(*code_key(organism.code))
        if claim is not None and claim["organism_id"] != organism.organism_id:
            raise CodeTaken
        if item is None or not self.has_entries(organism.organism_id):
            return
        if item["code"] != organism.code:
            raise CodeFixed
        if organism_in(item).is_test != organism.is_test:
            raise TestFixed


def _require_as_seen(item: Item | None, seen: str | None) -> None:
    if seen is None:
        return
    if seen == NONE_YET:
        if item is not None:
            raise OrganismExists
    elif item is None or version_of(organism_in(item)) != seen:
        raise OrganismChanged


def _counters(organism_id: str) -> list[Key]:
    # Next year's too: the clocks of two functions may differ at midnight.
    years = range(_FIRST_YEAR, clock.register_year(clock.now()) + 2)
    return [counter_key(organism_id, year) for year in years]
