"""Mails in the table. Each change of a draft is one conditional write, so two who write at once are put in order."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mailroom.domain import clock
from mailroom.domain.channel import COUNTER
from mailroom.domain.codes import Holder
from mailroom.domain.file_refusals import (
    AttachmentNotFound,
    AttachmentTooLarge,
    DraftTooLarge,
    TooManyAnnouncements,
    TooManyAttachments,
)
from mailroom.domain.letter import Attachment, Letter
from mailroom.domain.mail import DRAFT, SENDER_NOT_INFORMED, STARTED, Draft, Event, EventName, Mail, Submitted, expiry
from mailroom.domain.organism import Organism
from mailroom.domain.reach import DeliveryFailure
from mailroom.domain.refusals import (
    AlreadySubmitted,
    MailNotFound,
    NotYetSubmitted,
    Refusal,
    TokenWrong,
)
from mailroom.storage.item_keys import is_mail, mail_key, mail_partition
from mailroom.storage.mail_items import draft_in, event_item, history_in, mail_in
from mailroom.storage.schema import EVENTS, PUBLIC_HISTORY
from mailroom.storage.table import ConditionFailedError, Item, Table

_TTL_SLACK_SECONDS = 3600
"""DynamoDB may delete a draft this long after it expired; until then it is refused by its `expires_at`."""

_BEYOND_ANY_FILE = 1 << 62
"""A size no organism takes. DynamoDB has no number of more than 38 digits, and a sender may announce one."""

_MEBIBYTE = 1024**2

_IS_OPEN_DRAFT = "#status = :draft AND expires_at > :now"
_NAMES = {"#status": "status"}

_ANNOUNCEMENTS_FOR_EACH_PLACE, _WHOLE_MAILS = 3, 2
"""A draft is anybody's, and its files cost storage, scans and looks at their content: announcements are bounded, with
those that were withdrawn, and so are their bytes. Addresses expire, so that slow lines announce a file again."""


def _too_much(item: Item, attachment: Attachment) -> Refusal:
    """Why a draft takes no such file."""
    mail = draft_in(item)
    accepts = mail.accepts
    if attachment.size > accepts.max_attachment_bytes:
        return AttachmentTooLarge(most=accepts.max_attachment_bytes // _MEBIBYTE)
    if len(mail.attachments) >= accepts.max_attachments:
        return TooManyAttachments(most=accepts.max_attachments)
    if item["announced"] >= item["most_announced"]:
        return TooManyAnnouncements(most=item["most_announced"])
    return DraftTooLarge(most=max(1, int(item["most_announced_bytes"]) // _MEBIBYTE))


class Store:
    """The mails; with `holder`, those alone whose codes in force are the ones that `holder` came by.

    The version is compared with what is read in any case, so that a code that was turned ends at once and costs no
    read.
    """

    def __init__(self, table: Table, holder: Holder | None = None) -> None:
        self.table = table
        self._holder = holder

    def start(
        self, mail_id: str, organism: Organism, language: str, now: datetime, *, entered_by: str | None = None
    ) -> Draft:
        """Step 1: a new draft at an organism's desk; with `entered_by`, of a mail that was handed in at its counter."""
        pk, sk = mail_key(mail_id)
        expires = expiry(now)
        item: Item = {
            "pk": pk,
            "sk": sk,
            "mail_id": mail_id,
            "organism": organism.summary.model_dump(),
            "accepts": organism.accepts.model_dump(),
            "language": language,
            **({"channel": COUNTER, "entered_by": entered_by} if entered_by else {}),
            "status": DRAFT,
            "started_at": clock.iso(now),
            "expires_at": clock.iso(expires),
            "ttl": int(expires.timestamp()) + _TTL_SLACK_SECONDS,
            "revision": 1,
            "attachments": {},
            "answers": {},
            "most_announced": _ANNOUNCEMENTS_FOR_EACH_PLACE * organism.accepts.max_attachments,
            "most_announced_bytes": (
                _WHOLE_MAILS * organism.accepts.max_attachments * organism.accepts.max_attachment_bytes
            ),
        }
        self.table.put_new(item)
        return draft_in(item)

    def write_letter(self, mail_id: str, letter: Letter, now: datetime) -> Draft:
        """Step 2: the letter, in place of any earlier one."""
        values = {":letter": letter.model_dump()}
        return draft_in(self._change(self.table.update, mail_id, now, update="SET letter = :letter", values=values))

    def identify_sender(
        self, mail_id: str, sender: Mapping[str, object], now: datetime, sms_failure: DeliveryFailure | None = None
    ) -> Draft | None:
        """Step 3: who sends; None, and nothing written, when the organism may not take a national identity number.

        `sms_failure` says why the sender's telephone gets no SMS, where it gets none.
        """
        condition = "accepts.national_id = :true" if "national_id" in sender else ""
        values: dict[str, object] = {":sender": dict(sender)} | ({":true": True} if condition else {})
        try:
            update = "SET sender = :sender REMOVE sms_failure"
            if sms_failure:
                update = "SET sender = :sender, sms_failure = :failure"
                values[":failure"] = sms_failure.stored()
            item = self._change(self.table.update, mail_id, now, update=update, values=values, condition=condition)
        except ConditionFailedError:
            return None
        return draft_in(item)

    def announce(self, mail_id: str, attachment: Attachment, now: datetime) -> None:
        """Step 2: a file that is about to come.

        Raises:
            TooManyAttachments, AttachmentTooLarge: the organism does not take so many, or such a large one.
            TooManyAnnouncements, DraftTooLarge: too much was announced in this draft and withdrawn again.

        """
        # A comparison with what is not there is false: drafts that were started before there were bounds have none.
        condition = (
            "size(attachments) < accepts.max_attachments AND accepts.max_attachment_bytes >= :size"
            " AND NOT announced >= most_announced AND NOT announced_bytes >= most_announced_bytes"
        )
        size = min(attachment.size, _BEYOND_ANY_FILE)
        values = {":attachment": attachment.model_dump(exclude_none=True) | {"size": size}, ":size": size}
        try:
            self._change(
                self.table.apply,
                mail_id,
                now,
                update="SET attachments.#id = :attachment",
                adding=", announced :one, announced_bytes :size",
                values=values,
                condition=condition,
                names={"#id": attachment.attachment_id},
            )
        except ConditionFailedError as refusal:
            raise _too_much(refusal.items[0] or {}, attachment) from None

    def withdraw(self, mail_id: str, attachment_id: str, now: datetime) -> None:
        """Take an announced file back.

        Raises:
            AttachmentNotFound: the draft has no such file.

        """
        try:
            self._change(
                self.table.apply,
                mail_id,
                now,
                update="REMOVE attachments.#id",
                values={},
                condition="attribute_exists(attachments.#id)",
                names={"#id": attachment_id},
            )
        except ConditionFailedError:
            raise AttachmentNotFound from None

    def mail(self, mail_id: str) -> Mail:
        """One mail as it stands now.

        Raises:
            MailNotFound: there is none.

        """
        item = self.table.get(*mail_key(mail_id))
        if item is None:
            raise MailNotFound
        return self._admitted(mail_in(item))

    def submitted(self, mail_id: str) -> Submitted:
        """One mail as it stands now, which must have been submitted.

        Raises:
            MailNotFound: there is none, or it was a draft that expired.
            NotYetSubmitted: it is a draft.

        """
        mail = self.mail(mail_id)
        if isinstance(mail, Draft):
            mail.require_open(clock.iso(clock.now()))
            raise NotYetSubmitted
        return mail

    def mail_and_history(self, mail_id: str) -> tuple[Mail, list[Event]]:
        """One mail and what happened to it since it was started.

        Raises:
            MailNotFound: there is none.

        """
        items = list(self.table.query(mail_partition(mail_id)))
        mail = next((mail_in(item) for item in items if is_mail(item)), None)
        if mail is None:
            raise MailNotFound
        return self._admitted(mail), [Event(STARTED, mail.started_at), *history_in(items)]

    def public_history(self, mail_id: str) -> list[Event]:
        """What happened to a submitted mail, for anyone who checks its receipt: nothing else is read.

        Without `sender_not_informed`, which concerns the sender and the organism alone.
        """
        history = history_in(list(self.table.query(mail_partition(mail_id), prefix=EVENTS, attributes=PUBLIC_HISTORY)))
        return [event for event in history if event.event != SENDER_NOT_INFORMED]

    def record_event_once(self, mail_id: str, event: EventName, at: datetime) -> bool:
        """Note an event that a mail's history holds at most once; False when it was noted before."""
        pk, sk = mail_key(mail_id)
        noted = self.table.change(
            pk,
            sk,
            update="SET #flag = :at",
            condition="attribute_exists(pk) AND attribute_not_exists(#flag)",
            values={":at": clock.iso(at)},
            names={"#flag": f"{event}_at"},
        )
        try:
            self.table.transact(noted, self.table.new(event_item(mail_id, event, clock.iso(at))))
        except ConditionFailedError:
            return False
        return True

    def _admitted(self, mail: Mail) -> Mail:
        if self._holder is not None and not mail.codes.admit(self._holder):
            raise TokenWrong
        return mail

    def _change[Answer](  # noqa: PLR0913 - the parts of one conditional write, most by keyword
        self,
        carry_out: Callable[[Mapping[str, Any]], Answer],
        mail_id: str,
        now: datetime,
        *,
        update: str,
        adding: str = "",
        values: Mapping[str, object],
        condition: str = "",
        names: Mapping[str, str] | None = None,
    ) -> Answer:
        pk, sk = mail_key(mail_id)
        change = self.table.change(
            pk,
            sk,
            update=f"{update} ADD revision :one{adding}",
            condition=" AND ".join(filter(None, (_IS_OPEN_DRAFT, condition))),
            values={":draft": DRAFT, ":now": clock.iso(now), ":one": 1, **values},
            names={**_NAMES, **(names or {})},
        )
        try:
            return carry_out(change)
        except ConditionFailedError as refusal:
            if refusal.items[0] is None:
                raise MailNotFound from None
            mail = self._admitted(mail_in(refusal.items[0]))
            if not isinstance(mail, Draft):
                raise AlreadySubmitted from None
            mail.require_open(clock.iso(now))
            raise
