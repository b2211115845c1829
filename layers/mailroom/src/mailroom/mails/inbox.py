"""An organism's inbox: each mail in full. Every access is recorded. `inbox_search` has the list."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from mailroom.domain import clock
from mailroom.domain.file_refusals import (
    AnswerFileRefused,
    AttachmentNotFound,
    FileInfected,
    FileNotChecked,
    FileNotTrusted,
    FileUnchecked,
)
from mailroom.domain.letter import FOUND, Attachment
from mailroom.domain.mail import STARTED, Access, Action, Event, Submitted
from mailroom.domain.period import Period
from mailroom.domain.refusals import FieldError, FieldsWrong, NumberNotFound
from mailroom.domain.register_number import parse_number, typed_numbers
from mailroom.organisms.callers import Caller
from mailroom.scanning.scans import stored_file
from mailroom.storage.busy import TransactionBusyError
from mailroom.storage.item_keys import entry_key, is_mail, mail_partition
from mailroom.storage.mail_items import access_item, accesses_in, history_in, submitted_in
from mailroom.storage.mails import Store
from mailroom.storage.register_items import is_unread
from mailroom.storage.schema import DESK_INDEX
from mailroom.storage.table import ConditionFailedError, Item, Table

LONGEST_PERIOD = timedelta(days=366)
"""Of statistics: all mails of the period are read."""

_CLOCKS_CHANGE = timedelta(hours=2)
"""A year on Moroccan clocks may be this much longer than its days."""

_COUNTED = ("status", "kind", "submitted_at", "channel", "collected_at", "outcome_at")


@dataclass(frozen=True)
class Opened:
    """A mail with its history and the organism's accesses to it."""

    mail: Submitted
    history: list[Event]
    accesses: list[Access]


class Inbox:
    """The inbox of the caller's organism."""

    def __init__(self, table: Table, caller: Caller) -> None:
        self._table = table
        self._caller = caller

    def arrivals(self, period: Period) -> list[Item]:
        """The attributes of each entry of a period that statistics count.

        Raises:
            FieldsWrong: the period is longer than `LONGEST_PERIOD`.

        """
        longest = LONGEST_PERIOD + _CLOCKS_CHANGE
        if period.start is None or period.end is None or period.end - period.start > longest:
            raise FieldsWrong(FieldError("from", "period_too_long", {"most": LONGEST_PERIOD.days}))
        organism_id = self._caller.organism_id
        return list(self._table.arrived(DESK_INDEX, organism_id, between=period.bounds, attributes=_COUNTED))

    def entry(self, number: str) -> Item:
        """The entry under a typed number in the organism's own register.

        Raises:
            NumberNotFound: the organism's register has no such number.

        """
        for typed in typed_numbers(number):
            entry = self._table.get(*entry_key(self._caller.organism_id, typed))
            printed = parse_number(entry["number"]) if entry else None
            if entry and printed and typed.may_be(printed):
                return entry
        raise NumberNotFound

    def mail(self, number: str) -> Submitted:
        """The mail under a number. Raises NumberNotFound."""
        return Store(self._table).submitted(self.entry(number)["mail_id"])

    def open(self, number: str) -> Opened:
        """The mail in full, after the access is recorded. Raises NumberNotFound."""
        entry = self.entry(number)
        self._note(entry, "opened")
        return self._in_full(entry["mail_id"])

    def look_again(self, number: str) -> Opened:
        """The mail in full, with no access recorded: only for comparison with the state that the caller has already.

        Raises NumberNotFound.
        """
        return self._in_full(self.entry(number)["mail_id"])

    def _in_full(self, mail_id: str) -> Opened:
        items = list(self._table.query(mail_partition(mail_id)))
        mail = next(submitted_in(item) for item in items if is_mail(item))
        return Opened(
            self._with_scans(mail),
            [Event(STARTED, mail.started_at, mail.entered_by), *history_in(items)],
            accesses_in(items),
        )

    def file(self, number: str, attachment_id: str, *, accepts_unchecked: bool) -> tuple[str, Attachment]:
        """The mail's id and one file of the mail or of its answer, after the access is recorded.

        Raises:
            NumberNotFound, AttachmentNotFound: there is no such mail, or no such file.
            FileNotChecked: the scan for malware has no result yet.
            FileUnchecked: no scanner can look into the file, and the caller does not accept that.
            FileInfected, FileNotTrusted: the file holds malware, or its content is of no allowed type.
            AnswerFileRefused: the same for a file of the answer.

        """
        entry = self.entry(number)
        mail = self._with_scans(Store(self._table).submitted(entry["mail_id"]))
        found = next((one for one in (*mail.attachments, *mail.answers) if one.attachment_id == attachment_id), None)
        if found is None:
            raise AttachmentNotFound
        is_unchecked = found.check == "unchecked"
        if not (is_unchecked and accepts_unchecked):
            _require_clean(found, in_answer=found in mail.answers)
        self._note(entry, "downloaded", attachment_id, unchecked=is_unchecked or None)
        return mail.mail_id, found

    def _note(
        self, entry: Item, action: Action, attachment_id: str | None = None, *, unchecked: bool | None = None
    ) -> None:
        """Record an access, and the first one on the entry too: the mail is unread no more."""
        access = Access(action, self._caller.name, clock.iso(clock.now()), attachment_id, unchecked)
        self._table.put_new(access_item(entry["mail_id"], access))
        if is_unread(entry):
            opened = self._table.change(
                entry["pk"],
                entry["sk"],
                update="SET opened_at = :at",
                condition="attribute_not_exists(opened_at)",
                values={":at": access.at},
            )
            # Another agent was first, or collects the mail at this moment: either way it is unread no more.
            with suppress(ConditionFailedError, TransactionBusyError):
                self._table.apply(opened)

    def _with_scans(self, mail: Submitted) -> Submitted:
        """`mail` with the scan results of its files; those of a redirected mail are the first mail's."""
        first = next((file.mail_id for one in mail.attachments if one.key and (file := stored_file(one.key))), None)
        if first is None:
            return mail
        known = {one.attachment_id: one for one in Store(self._table).submitted(first).attachments}
        attachments = tuple(
            one.model_copy(update={name: getattr(known[one.attachment_id], name) for name in FOUND})
            for one in mail.attachments
        )
        return replace(mail, attachments=attachments)


def _require_clean(file: Attachment, *, in_answer: bool) -> None:
    match file.check:
        case "clean":
            return
        case "pending":
            raise FileNotChecked
        case "unchecked":
            raise FileUnchecked(file.reason or "unsupported")
        case "refused" if in_answer:
            raise AnswerFileRefused
        case "refused":
            raise FileInfected if file.reason == "infected" else FileNotTrusted
