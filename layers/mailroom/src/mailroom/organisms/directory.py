"""The directory of organisms in the table: one partition, about two thousand entries at most."""

import time
from collections.abc import Callable, Iterable
from functools import lru_cache

from mailroom.domain.organism import Organism
from mailroom.domain.refusals import OrganismNotFound
from mailroom.domain.register_number import same_code
from mailroom.fields.text import folded
from mailroom.organisms.search import Rank, Searchable, ranks
from mailroom.storage.item_keys import organism_key
from mailroom.storage.organism_items import organism_in
from mailroom.storage.schema import ORGANISMS
from mailroom.storage.table import Table

_KEPT_SECONDS = 60.0
_LOOKED_FOR_AGAIN_SECONDS = 2.0
"""What the directory kept lacks is looked for in the table so often and no oftener: wrong codes come in numbers."""

type Place = tuple[int, int, str, str]
"""Where an organism stands in a list: its rank among what a search finds, then its French name as it sorts, its id."""

_NOT_RANKED: Rank | None = (0, 0)


class Entry:
    """An organism as searches and sorting see it."""

    def __init__(self, organism: Organism) -> None:
        self.organism = organism
        self.sorts_as = (folded(organism.name.fr), organism.organism_id)

    @property
    def searchable(self) -> Searchable:
        """What searches look at, made when the first one comes, and again only when it changed."""
        organism = self.organism
        return _searchable((organism.name.fr, organism.name.ar), organism.code, organism.city or "")


@lru_cache(maxsize=4096)
def _searchable(names: tuple[str, ...], code: str, city: str) -> Searchable:
    return Searchable(names=names, code=code, city=city)


def listed(entries: Iterable[Entry], words: str | None) -> list[tuple[Place, Organism]]:
    """The entries in which all `words` are, the likeliest first and equal ones by French name; else all by name."""
    asked = list(entries)
    found = [_NOT_RANKED] * len(asked) if words is None else ranks(words, [entry.searchable for entry in asked])
    answers = [
        ((*rank, *entry.sorts_as), entry.organism) for rank, entry in zip(found, asked, strict=True) if rank is not None
    ]
    return sorted(answers, key=lambda answer: answer[0])


class Directory:
    """The organisms that joined."""

    def __init__(self, table: Table, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._table = table
        self._ticks = ticks
        self._kept: tuple[float, list[Entry]] | None = None

    def organism(self, organism_id: str) -> Organism:
        """One organism as it stands now.

        Raises:
            OrganismNotFound: no organism has this id.

        """
        item = self._table.get(*organism_key(organism_id))
        if item is None:
            raise OrganismNotFound
        return organism_in(item)

    def entries(self, *, kept_seconds: float = _KEPT_SECONDS) -> list[Entry]:
        """All organisms, suspended ones too, sorted by French name; no older than `kept_seconds`."""
        if self._kept is None or self._ticks() - self._kept[0] > kept_seconds:
            items = self._table.query(ORGANISMS, consistent=False)
            entries = [Entry(organism_in(item)) for item in items]
            self._kept = self._ticks(), sorted(entries, key=lambda entry: entry.sorts_as)
        return self._kept[1]

    def by_code(self, code: str) -> list[Organism]:
        """The organisms whose register numbers may begin with a code as it was typed, newly enrolled ones too.

        There is one or none, unless codes differ by what is misread (``A0`` and ``AO``): then what was typed is first.
        """
        found: list[Organism] = []
        for kept_seconds in (_KEPT_SECONDS, _LOOKED_FOR_AGAIN_SECONDS):
            entries = self.entries(kept_seconds=kept_seconds)
            found = [entry.organism for entry in entries if same_code(code, entry.organism.code)]
            found.sort(key=lambda organism: organism.code != code)
            if found and found[0].code == code:
                break
        return found
