"""The list of an inbox: all of it, what filters leave, and what was sought by number or by words.

Every list here has one order, that of arrival, newest first: the inbox, the mails of a status, and the mails with a
word that begins in some way (`word_items`). A search by several words, or within a status, reads the list that reaches
back furthest, which is the shortest one, and compares the rest item by item. One request reads a bounded number of
items: a page may be short, or empty, although its cursor leads on. So no request's cost grows with the register, even
where two words are both in half of all mails, and never in the same.
"""

import base64
import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import NamedTuple

from mailroom.domain import clock
from mailroom.domain.mail import COLLECTED, SUBMITTED, SubmittedStatus
from mailroom.domain.organism import Organism
from mailroom.domain.period import Period
from mailroom.domain.refusals import FieldError, FieldsWrong
from mailroom.domain.register_number import numbers_in_register, parse_number
from mailroom.storage.item_keys import desk_status, entry_key, entry_that_arrived, word_key
from mailroom.storage.register_items import is_late, is_unread
from mailroom.storage.schema import DESK_INDEX, DESK_STATUS_INDEX, Key
from mailroom.storage.table import Item, Table
from mailroom.storage.word_items import beginning_of, begins_words, typed_words, words_in

MOST_READ = 1000
"""Items of a list that one request looks at: about 250 KB, some thirty read units."""

MOST_COUNTED = 1000

_READ_AT_ONCE = 100
_ENTRIES_AT_ONCE = 30
"""Items of a list, and register entries that are fetched for them, by one call of DynamoDB."""

_COMPARED = 20
"""Items of each list that are read to learn which list is the shortest."""

_MOST_COMPARED = 4
"""Words whose lists are compared: the longest ones, as they are the rarest."""

_YEARS = 10
"""Registers in which a rank without its year is looked for."""


@dataclass(frozen=True)
class Sought:
    """What is asked of an inbox; `late_before` asks for mails that wait for an agent since before an instant."""

    period: Period
    status: SubmittedStatus | None = None
    typed: str | None = None
    is_unread: bool = False
    late_before: str | None = None

    @property
    def bounds(self) -> tuple[str, str]:
        """The first and the last place in the order of arrival."""
        first, last = self.period.bounds
        return first, min(last, self.late_before or last)

    @property
    def statuses(self) -> set[SubmittedStatus] | None:
        """The statuses that mails may have, None for any: only a mail that is not collected is unread or late."""
        asked: set[SubmittedStatus] | None = {self.status} if self.status else None
        return (asked or {SUBMITTED}) & {SUBMITTED} if self.is_unread or self.late_before else asked

    def takes(self, entry: Item) -> bool:
        """Whether a register entry passes the filters, words apart."""
        first, last = self.bounds
        return (
            (self.statuses is None or entry["status"] in self.statuses)
            and first <= entry["arrived"] <= last
            and (is_unread(entry) or not self.is_unread)
            and (self.late_before is None or is_late(entry, self.late_before))
        )

    def bound(self, organism_id: str) -> str:
        """What ties a cursor to its list. It need not be secret: the organism comes from the token anyway."""
        asked = [organism_id, self.status, self.typed, self.is_unread, bool(self.late_before), *self.period.bounds]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


class OpenWork(NamedTuple):
    """How many mails wait for an agent, how many of them are unread and late, and how many wait for an outcome."""

    submitted: int
    unread: int
    late: int
    collected: int


class _List(NamedTuple):
    """A list in order of arrival: a partition of an index of register entries, or one of the table (index None)."""

    of: str | None
    partition: str


class InboxSearch:
    """The inbox of one organism."""

    def __init__(self, table: Table, organism: Organism) -> None:
        self._table = table
        self._organism_id = organism.organism_id
        self._code = organism.code

    def page(self, sought: Sought, limit: int, cursor: str | None) -> tuple[list[Item], str | None]:
        """Register entries, newest first, and the cursor of the page after.

        Raises:
            FieldsWrong: the cursor is not one of this very list.

        """
        bound = sought.bound(self._organism_id)
        place = _place_of(cursor, bound, sought) if cursor else None
        if sought.statuses == set() or sought.bounds[0] > sought.bounds[1]:
            return [], None
        if sought.typed is None and not sought.is_unread and not sought.late_before:
            found, following = self._listed(sought, limit, place)
        else:
            found, following = self._found(sought, limit, place)
        if following is None:
            return found, None
        return found, base64.urlsafe_b64encode(json.dumps([following, bound]).encode()).decode().rstrip("=")

    def open_work(self, overdue_before: str) -> OpenWork:
        """How much there is to do, each number up to `MOST_COUNTED`."""
        submitted, collected = (
            self._table.newest(
                DESK_STATUS_INDEX,
                desk_status(self._organism_id, status),
                between=Period(None, None).bounds,
                limit=MOST_COUNTED,
                attributes=attributes,
            )
            for status, attributes in (
                (SUBMITTED, ("status", "opened_at", "submitted_at", "waiting")),
                (COLLECTED, ("status",)),
            )
        )
        return OpenWork(
            submitted=len(submitted),
            unread=sum(map(is_unread, submitted)),
            late=sum(is_late(entry, overdue_before) for entry in submitted),
            collected=len(collected),
        )

    def _listed(self, sought: Sought, limit: int, place: str | None) -> tuple[list[Item], str | None]:
        """A page of a whole list: one entry more than it holds is read, and nothing else."""
        index, value = self._entries(sought.statuses)
        after: Item | None = None
        if place is not None:
            pk, sk = entry_that_arrived(self._organism_id, place)
            after = {"pk": pk, "sk": sk, "arrived": place, index: value}
        found = self._table.newest(index, value, between=sought.bounds, limit=limit + 1, after=after)
        return found[:limit], found[limit - 1]["arrived"] if len(found) > limit else None

    def _found(self, sought: Sought, limit: int, place: str | None) -> tuple[list[Item], str | None]:
        """A page of what words or filters leave of a list."""
        words = typed_words(sought.typed or "")
        if sought.typed is not None:
            # A cursor is of a search by words: the number may have been given since its first page.
            numbered = self._numbered(sought.typed) if place is None else []
            if numbered or not words:
                return [entry for entry in numbered if sought.takes(entry)][:limit], None
        first, last = sought.bounds[0], place or sought.bounds[1]
        shortest = self._shortest(self._lists(sought, words), (first, last))
        found: list[Item] = []
        read, most = 0, limit + 2
        while read < MOST_READ:
            items = self._table.newest(*shortest, between=(first, last), limit=most)
            # Both bounds belong to the range: the mail at which the last look ended comes again.
            new = [item for item in items if _place_in(item, shortest) != place]
            for entry in self._matching(new, shortest, words, sought):
                found.append(entry)
                if len(found) > limit:
                    return found[:limit], found[limit - 1]["arrived"]
            if len(items) < most:
                return found, None
            place = last = _place_in(items[-1], shortest)
            read, most = read + len(items), _READ_AT_ONCE
        return found, place

    def _lists(self, sought: Sought, words: tuple[str, ...]) -> list[_List]:
        """The lists each of which holds all that is sought."""
        beginnings = dict.fromkeys(map(beginning_of, words[:_MOST_COMPARED]))
        lists = [_List(None, word_key(self._organism_id, beginning, "")[0]) for beginning in beginnings]
        return lists if lists and sought.statuses is None else [*lists, _List(*self._entries(sought.statuses))]

    def _entries(self, statuses: set[SubmittedStatus] | None) -> tuple[str, str]:
        """The index and the partition of the entries of a status, or of the whole inbox."""
        if statuses is None:
            return DESK_INDEX, self._organism_id
        (status,) = statuses
        return DESK_STATUS_INDEX, desk_status(self._organism_id, status)

    def _shortest(self, lists: list[_List], bounds: tuple[str, str]) -> _List:
        """The list that ends first, or whose newest mails reach back furthest."""
        if len(lists) == 1:
            return lists[0]

        def length(each: _List) -> tuple[bool, int, str]:
            items = self._table.newest(*each, between=bounds, limit=_COMPARED)
            goes_on = len(items) == _COMPARED
            return goes_on, len(items), _place_in(items[-1], each) if goes_on else ""

        return min(lists, key=length)

    def _matching(self, items: list[Item], read: _List, words: tuple[str, ...], sought: Sought) -> Iterator[Item]:
        """The register entries of some items of a list that have all words and pass the filters."""
        if read.of:
            yield from (entry for entry in items if begins_words(words, words_in(entry)) and sought.takes(entry))
            return
        keys = (
            entry_that_arrived(self._organism_id, item["sk"]) for item in items if begins_words(words, item["words"])
        )
        for some in batched(keys, _ENTRIES_AT_ONCE, strict=False):
            yield from (entry for entry in self._read(some) if sought.takes(entry))

    def _numbered(self, typed: str) -> list[Item]:
        """The entries of this register whose number, or whose rank in some year, was typed, newest first."""
        this_year = clock.register_year(clock.now())
        numbers = numbers_in_register(typed, self._code, range(this_year, this_year - _YEARS, -1))
        meant = {entry_key(self._organism_id, number): number for number in numbers}
        found = [
            entry
            for entry in self._read(meant)
            if (printed := parse_number(entry["number"])) and meant[entry["pk"], entry["sk"]].may_be(printed)
        ]
        return sorted(found, key=lambda entry: str(entry["arrived"]), reverse=True)

    def _read(self, keys: Collection[Key]) -> list[Item]:
        """The entries that exist under some keys, at most a hundred, in their order."""
        found = self._table.get_many(*keys) if keys else {}
        return [found[key] for key in keys if key in found]


def _place_in(item: Item, read: _List) -> str:
    return str(item["arrived" if read.of else "sk"])


def _place_of(cursor: str, bound: str, sought: Sought) -> str:
    """The place in the order of arrival that a cursor stands for: one of the period, as DynamoDB takes no other."""
    try:
        place, binding = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        entry_that_arrived("", place)
    except (ValueError, TypeError, AttributeError):
        raise FieldsWrong(FieldError("cursor", "cursor")) from None
    first, last = sought.period.bounds
    if binding != bound or not first <= place <= last:
        raise FieldsWrong(FieldError("cursor", "cursor"))
    return str(place)
