"""A register as operators export it, one line of JSON for each entry, and the check of its chain."""

from collections.abc import Iterable
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from mailroom.domain.register_chain import Link, beginning
from mailroom.domain.register_number import parse_number

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class RegisterFault(NamedTuple):
    """Something that is wrong or worth knowing: a key of the words, and where it is."""

    what: str
    where: dict[str, str]


class Exported(BaseModel):
    """A line of the export."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    version: Literal[1]
    organism_id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]
    year: int
    rank: Annotated[int, Field(ge=1)]
    number: str
    record_sha256: Digest
    previous: Digest
    digest: Digest

    @property
    def link(self) -> Link:
        """The entry as the chain sees it."""
        return Link(self.organism_id, self.year, self.rank, self.record_sha256, self.previous)


class Register:
    """An exported register, and the faults of its chain."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.faults: list[RegisterFault] = []
        self.entries: dict[int, Exported] = {}
        """By rank; of two with one rank, the first."""
        self.name: tuple[str, int] | None = None
        """The organism and the year of the first entry."""
        code: str | None = None
        for position, line in enumerate(lines, start=1):
            try:
                entry = Exported.model_validate_json(line)
            except ValidationError:
                self._found("line_unreadable", line=position)
                continue
            number = parse_number(entry.number)
            code = code or (number.code if number else None)
            if number is None or number != (code, entry.year, entry.rank):
                self._found("number_wrong", rank=entry.rank)
            self._take(entry)
        self.last = max(self.entries, default=0)

    def _take(self, entry: Exported) -> None:
        self.name = self.name or (entry.organism_id, entry.year)
        if (entry.organism_id, entry.year) != self.name:
            self._found("other_register", rank=entry.rank)
            return
        expected = max(self.entries, default=0) + 1
        if entry.rank in self.entries:
            self._found("rank_twice", rank=entry.rank)
            return
        if entry.rank < expected:
            self._found("out_of_order", rank=entry.rank)
        elif entry.rank > expected:
            self._found("entries_missing", first=expected, last=entry.rank - 1)
        if entry.link.digest != entry.digest:
            self._found("entry_altered", rank=entry.rank)
        if entry.rank == 1:
            is_linked = entry.previous == beginning(entry.organism_id, entry.year)
        else:
            # A missing predecessor was reported already.
            before = self.entries.get(entry.rank - 1)
            is_linked = before is None or entry.previous == before.digest
        if not is_linked:
            self._found("link_broken", rank=entry.rank)
        self.entries[entry.rank] = entry

    def _found(self, what: str, **where: object) -> None:
        self.faults.append(RegisterFault(what, {name: str(value) for name, value in where.items()}))
