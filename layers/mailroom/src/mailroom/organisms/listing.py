"""The list of organisms that a sender chooses from, in the order of a search or of their names."""

from collections.abc import Iterable
from functools import lru_cache

from mailroom.domain.organism import Organism
from mailroom.fields.text import folded
from mailroom.organisms.search import Rank, Searchable, ranks

type Position = tuple[int, int, str, str]
"""The sort key of an organism: its rank in a search, then its folded French name, then its id."""

_NOT_RANKED: Rank | None = (0, 0)

_CACHED = 4096
"""Organisms whose names are prepared once in a process, and again when they change; there are about two thousand."""


def listed(organisms: Iterable[Organism], words: str | None) -> list[tuple[Position, Organism]]:
    """The organisms that match all `words`, best first and equal ones by French name; without `words` all by name."""
    asked = list(organisms)
    if words is None:
        found = [_NOT_RANKED] * len(asked)
    else:
        found = ranks(words, [_searchable((each.name.fr, each.name.ar), each.code, each.city or "") for each in asked])
    answers = [
        ((*rank, _sorts_as(organism.name.fr), organism.organism_id), organism)
        for rank, organism in zip(found, asked, strict=True)
        if rank is not None
    ]
    return sorted(answers, key=lambda answer: answer[0])


@lru_cache(maxsize=_CACHED)
def _searchable(names: tuple[str, ...], code: str, city: str) -> Searchable:
    return Searchable(names=names, code=code, city=city)


_sorts_as = lru_cache(maxsize=_CACHED)(folded)
