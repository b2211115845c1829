"""How a mail enters a register: its number, and the writes that go together in one transaction or not at all.

The counter of an organism's register moves from n to n + 1 only in the transaction that writes entry n + 1, so numbers
have no gap and no duplicate, whatever crashes and however many race. The price is a ceiling of submissions a second for
one organism, since all of them pass by one item; docs/decisions.md states it.

The counter also holds the digest of entry n, so that entry n + 1 is chained to it (`register_chain`) without a further
look.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from mailroom.domain import clock, sealed_record
from mailroom.domain.mail import SUBMITTED, Complete, Submission, Submitted
from mailroom.domain.organism import ACTIVE, SUSPENDED, Organism
from mailroom.domain.refusals import OrganismNotFound, OrganismSuspended
from mailroom.domain.register_chain import Link, beginning
from mailroom.domain.register_number import Number, parse_number
from mailroom.scanning.scans import awaited, scan_item
from mailroom.storage.item_keys import counter_key, entry_key, organism_key
from mailroom.storage.mail_items import event_item
from mailroom.storage.organism_items import organism_in
from mailroom.storage.register_items import entry_item, statement_item
from mailroom.storage.schema import Key, Waiting
from mailroom.storage.table import Table
from mailroom.storage.word_items import MOST_AT_ONCE, word_items

_SALT_BYTES = 16

PATIENCE_SECONDS = 20.0
"""How long a mail competes for its number before the caller gets "try again"; API Gateway waits for 30 seconds."""


def entry_of(mail: Submitted) -> Key:
    """Where the register entry of a submitted mail stands."""
    number = parse_number(mail.submission.number)
    if number is None:
        raise ValueError(f"mail {mail.mail_id} stands in no register")
    return entry_key(mail.organism.organism_id, number)


class Last(NamedTuple):
    """Where a register stands: its last number, and the digest of that entry, None in what was never chained."""

    rank: int
    head: str | None


class Registered(NamedTuple):
    """A mail under its number, the writes that make it so, and its organism as it stood then."""

    mail: Submitted
    writes: list[dict[str, Any]]
    organism: Organism


class Registrar:
    """Prepares entries of registers."""

    def __init__(self, table: Table, verification_code: Callable[[str], str]) -> None:
        self._table = table
        self._verification_code = verification_code

    def prepare(self, mail: Complete, at: datetime) -> Registered:
        """`mail` under the next number of its organism's register, and the writes that make it so.

        The write of the mail itself is left to the caller. The writes fail when somebody took the number meanwhile.

        Raises:
            OrganismNotFound, OrganismSuspended: the organism takes no mail.

        """
        organism, last = self._desk(mail.organism.organism_id, clock.register_year(at))
        registered, number = self._numbered(mail, organism, last.rank + 1, at)
        link = _link(registered, number, last)
        entry = entry_item(registered, number, link, is_test=organism.is_test)
        words = word_items(entry)
        later = {"waiting": Waiting.WORDS, "waiting_since": clock.iso(at)} if len(words) > MOST_AT_ONCE else {}
        writes = [
            self._counted(counter_key(organism.organism_id, number.year), last, link.digest),
            self._table.new(entry),
            self._table.new(statement_item(registered, link)),
            self._table.new(event_item(mail.mail_id, SUBMITTED, clock.iso(at), **later)),
            self._still_open(organism),
            *self._to_be_scanned(registered, clock.iso(at)),
            *(self._table.put_anyway(item) for item in words if not later),
        ]
        return Registered(registered, writes, organism)

    def _desk(self, organism_id: str, year: int) -> tuple[Organism, Last]:
        """The organism, and the end of its register, as they stand now."""
        organism_at, counter_at = organism_key(organism_id), counter_key(organism_id, year)
        found = self._table.get_many(organism_at, counter_at)
        if organism_at not in found:
            raise OrganismNotFound
        organism = organism_in(found[organism_at])
        if organism.status == SUSPENDED:
            raise OrganismSuspended
        counter = found.get(counter_at, {"last": 0})
        return organism, Last(int(counter["last"]), counter.get("head"))

    def _numbered(self, mail: Complete, organism: Organism, rank: int, at: datetime) -> tuple[Submitted, Number]:
        number = Number(organism.code, clock.register_year(at), rank)
        unsealed = Submission(
            str(number),
            clock.iso(at),
            self._verification_code(mail.mail_id),
            record_sha256="",
            salt=secrets.token_hex(_SALT_BYTES),
        )
        submitted = mail.submitted(organism.summary, unsealed)
        sha256 = sealed_record.digest(sealed_record.canonical(sealed_record.sealed(submitted)))
        return replace(submitted, submission=replace(unsealed, record_sha256=sha256)), number

    def _counted(self, counter: Key, last: Last, head: str) -> dict[str, Any]:
        # Each number is given once, so that of a rank there is one entry and one digest: `head` need not be asked for.
        return self._table.change(
            *counter,
            update="SET #last = :next, head = :head",
            condition="#last = :last" if last.rank else "attribute_not_exists(pk)",
            values={":next": last.rank + 1, ":head": head} | ({":last": last.rank} if last.rank else {}),
            names={"#last": "last"},
        )

    def _still_open(self, organism: Organism) -> dict[str, Any]:
        """Fails the transaction if the organism was suspended or its code changed since it was read."""
        return self._table.check(
            *organism_key(organism.organism_id),
            condition="#status = :active AND code = :code",
            values={":active": ACTIVE, ":code": organism.code},
            names={"#status": "status"},
        )

    def _to_be_scanned(self, mail: Submitted, at: str) -> list[dict[str, Any]]:
        waiting = awaited(mail, "attachments")
        return [self._table.put_anyway(scan_item(mail.mail_id, "attachments", waiting, at))] if waiting else []


def _link(mail: Submitted, number: Number, last: Last) -> Link:
    """The new entry as a link that holds on to the last one; a register that was never chained is from here on."""
    organism_id = mail.organism.organism_id
    previous = last.head or beginning(organism_id, number.year)
    return Link(organism_id, number.year, number.rank, mail.submission.record_sha256, previous)
