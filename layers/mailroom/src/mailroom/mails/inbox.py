"""An organism's inbox: its mails newest first, and each of them whole, with the trace that every look leaves."""

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

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
"""What a year of days on Moroccan clocks may be longer than its days."""

_COUNTED = ("status", "kind", "submitted_at", "collected_at", "outcome_at")


@dataclass(frozen=True)
class Opened:
    """A mail with all that happened to it, and who of the organism looked at it."""

    mail: Submitted
    history: list[Event]
    accesses: list[Access]


class Inbox:
    """The inbox of the organism that a caller acts for, and no other's."""

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
        bound = _binding(value, *period.bounds)
        after = {**self._position(cursor, bound, period), index: value} if cursor else None
        found = self._table.newest(index, value, between=period.bounds, limit=limit + 1, after=after)
        following = _cursor(found[limit - 1]["arrived"], bound) if len(found) > limit else None
        return found[:limit], following

    def arrivals(self, period: Period) -> list[Item]:
        """What statistics need of each entry of a period.

        Raises:
            FieldsWrong: the period is longer than `LONGEST_PERIOD`.

        """
        longest = LONGEST_PERIOD + _CLOCKS_CHANGE
        if period.start is None or period.end is None or period.end - period.start > longest:
            raise FieldsWrong(FieldError("from", "period_too_long", {"most": LONGEST_PERIOD.days}))
        organism_id = self._caller.organism_id
        return list(self._table.arrived(DESK_INDEX, organism_id, between=period.bounds, attributes=_COUNTED))

    def mail_id(self, number: str) -> str:
        """The mail that stands under a number in the organism's register, as somebody typed it.

        Raises:
            NumberNotFound: none does, whatever stands in another's.

        """
        for typed in typed_numbers(number):
            entry = self._table.get(*entry_key(self._caller.organism_id, typed))
            printed = parse_number(entry["number"]) if entry else None
            if entry and printed and typed.may_be(printed):
                found: str = entry["mail_id"]
                return found
        raise NumberNotFound

    def mail(self, number: str) -> Submitted:
        """The mail under a number, to be dealt with. Raises NumberNotFound."""
        return Store(self._table).submitted(self.mail_id(number))

    def open(self, number: str) -> Opened:
        """The whole mail, once it is written down who looks at it. Raises NumberNotFound."""
        mail_id = self.mail_id(number)
        self._note(mail_id, "opened")
        items = list(self._table.query(mail_partition(mail_id)))
        mail = next(submitted_in(item) for item in items if is_mail(item))
        return Opened(
            self._with_scans(mail),
            [Event(STARTED, mail.started_at), *history_in(items)],
            accesses_in(items),
        )

    def file(self, number: str, attachment_id: str, *, accepts_unchecked: bool) -> tuple[str, Attachment]:
        """The mail's id and one of its files, or of its answer's, once it is written down who takes it.

        Raises:
            NumberNotFound, AttachmentNotFound: there is none.
            FileNotChecked: it is not known yet whether it is free of malware.
            FileUnchecked: no scanner can look into it, and the caller does not accept that.
            FileInfected, FileNotTrusted: malware was found in it, or it is of no allowed type.
            AnswerFileRefused: the same, of a file of the answer.

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
        """`mail` with what is known of its files by now; a redirected mail's are scanned as those of the first mail."""
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


def _cursor(place: str, bound: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([place, bound]).encode()).decode().rstrip("=")


def _binding(*parts: Any) -> str:  # noqa: ANN401 - whatever tells one list from another
    """What ties a cursor to its list. It need not be secret: the organism comes from the token anyway."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
