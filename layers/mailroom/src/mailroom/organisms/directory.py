"""The directory of organisms in the table: one partition, about two thousand entries at most."""

import time
from collections.abc import Callable

from mailroom.domain.organism import Organism, Webhook
from mailroom.domain.refusals import OrganismNotFound
from mailroom.domain.register_number import same_code
from mailroom.storage.item_keys import organism_key
from mailroom.storage.organism_items import organism_in
from mailroom.storage.schema import ORGANISMS
from mailroom.storage.table import Table

_KEPT_SECONDS = 60.0
_LOOKED_FOR_AGAIN_SECONDS = 2.0
"""An unknown code reads the table again at most this often: wrong codes come in numbers."""


class Directory:
    """The enrolled organisms."""

    def __init__(self, table: Table, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._table = table
        self._ticks = ticks
        self._kept: tuple[float, list[Organism]] | None = None

    def organism(self, organism_id: str) -> Organism:
        """One organism.

        Raises:
            OrganismNotFound: no organism has this id.

        """
        item = self._table.get(*organism_key(organism_id))
        if item is None:
            raise OrganismNotFound
        return organism_in(item)

    def webhook_of(self, organism_id: str) -> Webhook | None:
        """The webhook of an organism; None if it has none, or is not enrolled."""
        try:
            return self.organism(organism_id).webhook
        except OrganismNotFound:
            return None

    def organisms(self, *, kept_seconds: float = _KEPT_SECONDS) -> list[Organism]:
        """All organisms, suspended ones too, by id; no older than `kept_seconds`."""
        if self._kept is None or self._ticks() - self._kept[0] > kept_seconds:
            items = self._table.query(ORGANISMS, consistent=False)
            self._kept = self._ticks(), [organism_in(item) for item in items]
        return self._kept[1]

    def by_code(self, code: str) -> list[Organism]:
        """The organisms whose code may be meant by a typed code, newly enrolled ones too.

        There is at most one, unless codes differ by easily misread signs (``A0`` and ``AO``): the exact one is first.
        """
        found: list[Organism] = []
        for kept_seconds in (_KEPT_SECONDS, _LOOKED_FOR_AGAIN_SECONDS):
            organisms = self.organisms(kept_seconds=kept_seconds)
            found = [organism for organism in organisms if same_code(code, organism.code)]
            found.sort(key=lambda organism: organism.code != code)
            if found and found[0].code == code:
                break
        return found
