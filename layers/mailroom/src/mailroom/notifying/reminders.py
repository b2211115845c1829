"""Uncollected mail: the organism is reminded repeatedly, operators are alerted once.

An uncollected mail's register entry is in the sparse index `waiting`. The keys alone give organism and time, so that
only due entries are read. A reminder is noted on the entry after it is queued: the next run completes one that died,
and its messages have the same ids, so that each is sent once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched

from mailroom.domain import clock
from mailroom.domain.mail import REMINDED
from mailroom.domain.organism import Reminders
from mailroom.domain.working_days import have_passed
from mailroom.notifying.notifications import Overdue
from mailroom.storage.busy import TransactionBusyError
from mailroom.storage.item_keys import organism_of_entry
from mailroom.storage.mail_items import event_item
from mailroom.storage.schema import Key, Waiting
from mailroom.storage.table import ConditionFailedError, Item, Table

_READ_AT_ONCE = 100
"""Items that DynamoDB reads in one call."""

_NAMED = 5
"""Most register numbers in one message."""


@dataclass(frozen=True)
class UncollectedMail:
    """The register entry of an uncollected mail."""

    key: Key
    mail_id: str
    number: str
    submitted_at: str
    reminded_at: str | None
    escalated_at: str | None


@dataclass(frozen=True)
class Backlog:
    """An organism's uncollected mails, as far as they came before today: keys and since when, the oldest first."""

    organism_id: str
    waiting: list[tuple[Key, str]]


def local_day(instant: str) -> date:
    """The date in Casablanca."""
    return clock.in_casablanca(clock.parse(instant)).date()


def is_to_be_reminded(mail: UncollectedMail, patience: Reminders, today: date) -> bool:
    """Whether so many working days passed since it came, or since the last reminder."""
    since = local_day(mail.reminded_at or mail.submitted_at)
    return have_passed(patience.after_working_days, since=since, by=today)


def is_to_be_escalated(mail: UncollectedMail, patience: Reminders, today: date) -> bool:
    """Whether the mail is old enough to alert operators, and they were not alerted."""
    return mail.escalated_at is None and is_too_late(mail.submitted_at, patience, today)


def is_too_late(submitted_at: str, patience: Reminders, today: date) -> bool:
    """Whether a mail is old enough to alert operators."""
    return (today - local_day(submitted_at)).days >= patience.escalate_after_days


def overdue(mails: list[UncollectedMail]) -> Overdue:
    """The content of a reminder for mails, given oldest first."""
    return Overdue(count=len(mails), numbers=tuple(mail.number for mail in mails[:_NAMED]))


class UncollectedMails:
    """The registers' entries that wait to be collected."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def desks(self, now: datetime) -> list[Backlog]:
        """The desks at which mail waits since yesterday or longer; that of the oldest mail first."""
        found: dict[str, list[tuple[Key, str]]] = {}
        midnight = clock.in_casablanca(now).replace(hour=0, minute=0, second=0, microsecond=0)
        for item in self._table.waiting(Waiting.COLLECTION, until=clock.iso(midnight)):
            found.setdefault(organism_of_entry(item), []).append(((item["pk"], item["sk"]), item["waiting_since"]))
        return [Backlog(organism_id, waiting) for organism_id, waiting in found.items()]

    def overdue(self, desk: Backlog, patience: Reminders, today: date) -> list[UncollectedMail]:
        """The mails of a desk that waited longer than they should, the oldest first."""
        due = [
            key
            for key, since in desk.waiting
            if have_passed(patience.after_working_days, since=local_day(since), by=today)
            or is_too_late(since, patience, today)
        ]
        return list(self._read(due))

    def _read(self, keys: list[Key]) -> Iterator[UncollectedMail]:
        for some in batched(keys, _READ_AT_ONCE, strict=False):
            found = self._table.get_many(*some)
            for key in some:
                # The index may still hold what was collected a moment ago.
                if "waiting" in found.get(key, {}):
                    yield _uncollected(key, found[key])

    def reminded(self, mail: UncollectedMail, at: datetime) -> bool:
        """Note on entry and history that the organism was reminded; False where it was noted, or the mail collected."""
        noted = self._noted(mail, "reminded_at", mail.reminded_at, at)
        event = self._table.new(event_item(mail.mail_id, REMINDED, clock.iso(at)))
        return self._written(noted, event)

    def escalated(self, mail: UncollectedMail, at: datetime) -> bool:
        """Note that operators were alerted; False as above."""
        return self._written(self._noted(mail, "escalated_at", mail.escalated_at, at))

    def _written(self, *writes: Item) -> bool:
        try:
            self._table.transact(*writes)
        except (ConditionFailedError, TransactionBusyError):
            # An agent is at work on it. Should it still wait after that, the next run notes it.
            return False
        return True

    def _noted(self, mail: UncollectedMail, what: str, before: str | None, at: datetime) -> Item:
        return self._table.change(
            *mail.key,
            update="SET #what = :at",
            condition="attribute_exists(waiting) AND "
            + ("#what = :before" if before else "attribute_not_exists(#what)"),
            values={":at": clock.iso(at)} | ({":before": before} if before else {}),
            names={"#what": what},
        )


def _uncollected(key: Key, item: Item) -> UncollectedMail:
    return UncollectedMail(
        key=key,
        mail_id=item["mail_id"],
        number=item["number"],
        submitted_at=item["submitted_at"],
        reminded_at=item.get("reminded_at"),
        escalated_at=item.get("escalated_at"),
    )
