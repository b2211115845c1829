"""An organism's inbox: the list of its mails, newest first, and each mail in full. Every access is recorded."""

import base64
import hashlib
import json
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
from mailroom.domain.mail import STARTED, Access, Action, Event, Submitted, SubmittedStatus
from mailroom.domain.period import Period
from mailroom.domain.refusals import FieldError, FieldsWrong, NumberNotFound
from mailroom.domain.register_number import parse_number, typed_numbers
from mailroom.organisms.callers import Caller
from mailroom.scanning.scans import stored_file
from mailroom.storage.item_keys import arrived, desk_status, entry_key, is_mail, mail_partition
from mailroom.storage.mail_items import access_item, accesses_in, history_in, submitted_in
from mailroom.storage.mails import Store
from mailroom.storage.schema import DESK_INDEX, DESK_STATUS_INDEX
from mailroom.storage.table import Item, Table

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

    def page(
        self, status: SubmittedStatus | None, period: Period, limit: int, cursor: str | None
    ) -> tuple[list[Item], str | None]:
        """Register entries, newest first, and the cursor of the page after.

        One entry more than the page holds is read, and nothing else: the cost does not grow with the register.

        Raises:
            FieldsWrong: the cursor is not one of this very list.

        """
        organism_id = self._caller.organism_id
        index, value = (DESK_STATUS_INDEX, desk_status(organism_id, status)) if status else (DESK_INDEX, organism_id)
        # The cursor is tied to its list. The tie need not be secret: the organism comes from the token anyway.
        bound = hashlib.sha256(json.dumps([value, *period.bounds]).encode()).hexdigest()[:16]
        after = {**self._position(cursor, bound, period), index: value} if cursor else None
        found = self._table.newest(index, value, between=period.bounds, limit=limit + 1, after=after)
        if len(found) <= limit:
            return found, None
        following = json.dumps([found[limit - 1]["arrived"], bound])
        return found[:limit], base64.urlsafe_b64encode(following.encode()).decode().rstrip("=")

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

    def mail_id(self, number: str) -> str:
        """The id of the mail under a typed number in the organism's own register.

        Raises:
            NumberNotFound: the organism's register has no such number.

        """
        for typed in typed_numbers(number):
            entry = self._table.get(*entry_key(self._caller.organism_id, typed))
            printed = parse_number(entry["number"]) if entry else None
            if entry and printed and typed.may_be(printed):
                found: str = entry["mail_id"]
                return found
        raise NumberNotFound

    def mail(self, number: str) -> Submitted:
        """The mail under a number. Raises NumberNotFound."""
        return Store(self._table).submitted(self.mail_id(number))

    def open(self, number: str) -> Opened:
        """The mail in full, after the access is recorded. Raises NumberNotFound."""
        mail_id = self.mail_id(number)
        self._note(mail_id, "opened")
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
        mail = self._with_scans(self.mail(number))
        found = next((one for one in (*mail.attachments, *mail.answers) if one.attachment_id == attachment_id), None)
        if found is None:
            raise AttachmentNotFound
        is_unchecked = found.check == "unchecked"
        if not (is_unchecked and accepts_unchecked):
            _require_clean(found, in_answer=found in mail.answers)
        self._note(mail.mail_id, "downloaded", attachment_id, unchecked=is_unchecked or None)
        return mail.mail_id, found

    def _note(
        self, mail_id: str, action: Action, attachment_id: str | None = None, *, unchecked: bool | None = None
    ) -> None:
        access = Access(action, self._caller.name, clock.iso(clock.now()), attachment_id, unchecked)
        self._table.put_new(access_item(mail_id, access))

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

    def _position(self, cursor: str, bound: str, period: Period) -> Item:
        """The key of the entry that a cursor stands for: one of the period, as DynamoDB takes no other."""
        try:
            place, binding = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            at, _, written = place.partition("#")
            number, at = parse_number(written), clock.iso(clock.parse(at))
        except (ValueError, TypeError, AttributeError):
            raise FieldsWrong(FieldError("cursor", "cursor")) from None
        first, last = period.bounds
        if binding != bound or number is None or place != arrived(at, str(number)) or not first <= place <= last:
            raise FieldsWrong(FieldError("cursor", "cursor"))
        pk, sk = entry_key(self._caller.organism_id, number)
        return {"pk": pk, "sk": sk, "arrived": place}


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
