"""What becomes of a mail, for good: answered, rejected, or redirected to another organism's register."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import uuid_utils

from mailroom.domain import clock
from mailroom.domain.mail import (
    COLLECTED,
    Access,
    Closed,
    Collected,
    Collection,
    Complete,
    Elsewhere,
    Outcome,
    OutcomeName,
    Submitted,
)
from mailroom.domain.organism import Organism
from mailroom.domain.refusals import (
    AlreadyClosed,
    FieldError,
    FieldsWrong,
    OrganismNotFound,
    RedirectedTooOften,
    TryAgain,
)
from mailroom.mails.collection import entry_moved, news_item
from mailroom.organisms.directory import Directory
from mailroom.register.registration import PATIENCE_SECONDS, Registrar
from mailroom.storage.busy import TransactionBusyError
from mailroom.storage.item_keys import mail_key
from mailroom.storage.mail_items import access_item, event_item, stored_outcome, submitted_item
from mailroom.storage.mails import Store
from mailroom.storage.object_keys import key_of
from mailroom.storage.table import ConditionFailedError, Table, pause

MOST_REDIRECTIONS = 3
"""Each is a registration, a receipt and messages: two desks that pass a mail to and fro would make them without end."""


@dataclass(frozen=True)
class Decision:
    """What an agent decided; `redirect_to` is an organism's id where the mail goes to another one."""

    outcome: OutcomeName
    message: str
    redirect_to: str | None = None

    def is_that_of(self, outcome: Outcome) -> bool:
        """Whether it is what was decided before, word for word."""
        elsewhere = outcome.redirected_to
        decided = Decision(outcome.outcome, outcome.message, elsewhere.organism.organism_id if elsewhere else None)
        return self == decided


class Outcomes:
    """The act of closing a mail."""

    def __init__(self, table: Table, verification_code: Callable[[str], str]) -> None:
        self._table = table
        self._registrar = Registrar(table, verification_code)

    def close(
        self, mail: Submitted, decision: Decision, by: str, pin: Callable[[Submitted], Submitted]
    ) -> tuple[Closed, bool]:
        """Give a mail its outcome, once; the mail as it stands then, and whether this very call did it.

        `pin` looks at the stored files of the answer. A mail that was not collected is collected by its outcome.

        Raises:
            AlreadyClosed: it has another outcome.
            FieldsWrong: it would be redirected to an organism that has it or had it, or to one that does not exist.
            RedirectedTooOften: it was redirected as often as a mail may be.
            OrganismSuspended: the other organism takes no new mail.
            StepsMissing, AnswerFilesPending, AnswerFilesRefused: from `pin`.
            TryAgain: too many others were at work on the same register all the while; nothing was written.

        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        attempt = 0
        while not isinstance(mail, Closed):
            attempt += 1
            try:
                return self._close(pin(mail), decision, by), True
            except (TransactionBusyError, ConditionFailedError):
                mail = Store(self._table).submitted(mail.mail_id)
            if time.monotonic() > deadline:
                raise TryAgain
            if not isinstance(mail, Closed):
                pause(attempt)
        if not decision.is_that_of(mail.outcome):
            raise AlreadyClosed(mail.outcome.outcome, mail.outcome.at, mail.outcome.by)
        return mail, False

    def _close(self, mail: Submitted, decision: Decision, by: str) -> Closed:
        now = clock.now()
        elsewhere, registered = self._registered_elsewhere(mail, decision.redirect_to, now)
        outcome = Outcome(decision.outcome, decision.message, clock.iso(now), by, elsewhere)
        collected = mail if isinstance(mail, Collected) else mail.collected(Collection(by, outcome.at))
        closed = collected.closed(outcome)
        self._table.transact(self._closed(mail, closed), *self._traces(mail, closed), *registered, attempts=1)
        return closed

    def _closed(self, mail: Submitted, closed: Closed) -> dict[str, Any]:
        """The write of the mail itself, if it and the files of its answer still are what was looked at."""
        pk, sk = mail_key(mail.mail_id)
        places = {f"#f{rank}": answer for rank, answer in enumerate(mail.answers)}
        pinned = "".join(f", answers.{place}.version_id = :v{place[1:]}" for place in places)
        return self._table.change(
            pk,
            sk,
            update=f"SET #status = :status, #outcome = :outcome, #collection = :collection{pinned}",
            condition="#status = :was AND revision = :revision AND attribute_not_exists(#outcome)",
            values={
                ":status": closed.status,
                ":outcome": stored_outcome(closed.outcome),
                ":collection": asdict(closed.collection),
                ":was": mail.status,
                ":revision": mail.revision,
                **{f":v{place[1:]}": answer.version_id for place, answer in places.items()},
            },
            names={
                "#status": "status",
                "#outcome": "outcome",
                "#collection": "collection",
                **{place: answer.attachment_id for place, answer in places.items()},
            },
        )

    def _traces(self, mail: Submitted, closed: Closed) -> list[dict[str, Any]]:
        """The writes beside that of the mail: the register's entry, the history, the audit trail."""
        outcome, by, at = closed.outcome.outcome, closed.outcome.by, closed.outcome.at
        was_collected = isinstance(mail, Collected)
        times = {"outcome_at": at} | ({} if was_collected else {"collected_at": at})
        writes = [
            entry_moved(self._table, mail, outcome, **times),
            self._table.new(news_item(mail.mail_id, outcome, at, by)),
            self._table.new(access_item(mail.mail_id, Access("outcome", by, at))),
        ]
        if not was_collected:
            writes.append(self._table.new(event_item(mail.mail_id, COLLECTED, at, by=by)))
        return writes

    def _registered_elsewhere(
        self, mail: Submitted, organism_id: str | None, now: datetime
    ) -> tuple[Elsewhere | None, list[dict[str, Any]]]:
        """Where the mail goes, and the writes that register it there; nothing of both where it stays."""
        if organism_id is None:
            return None, []
        if organism_id == mail.organism.organism_id:
            raise FieldsWrong(FieldError("redirect_to", "redirect_to_self"))
        had_by = self._had_by(mail)
        if organism_id in had_by:
            raise FieldsWrong(FieldError("redirect_to", "redirect_back"))
        if len(had_by) >= MOST_REDIRECTIONS:
            raise RedirectedTooOften(most=MOST_REDIRECTIONS)
        try:
            organism = Directory(self._table).organism(organism_id)
        except OrganismNotFound:
            raise FieldsWrong(FieldError("redirect_to", "organism_unknown")) from None
        if organism.is_test:
            raise FieldsWrong(FieldError("redirect_to", "organism_unknown"))
        registered, writes, _ = self._registrar.prepare(_forwarded(mail, organism, clock.iso(now)), now)
        elsewhere = Elsewhere(registered.mail_id, registered.submission.number, registered.organism)
        return elsewhere, [self._table.new(submitted_item(registered)), *writes]

    def _had_by(self, mail: Submitted) -> list[str]:
        """The organisms that redirected the mail before, the last one first; none where this is the first desk."""
        had_by: list[str] = []
        while mail.redirected_from is not None and len(had_by) < MOST_REDIRECTIONS:
            had_by.append(mail.redirected_from.organism.organism_id)
            mail = Store(self._table).submitted(mail.redirected_from.mail_id)
        return had_by


def _forwarded(mail: Submitted, organism: Organism, at: str) -> Complete:
    """The same mail at the beginning of its way through another organism."""
    sender = mail.sender
    if not organism.accepts.national_id:
        # This organism is not authorised to hold identity numbers (law 09-08, art. 12): it never gets this one.
        sender = {name: value for name, value in sender.items() if name != "national_id"}
    return Complete(
        mail_id=str(uuid_utils.uuid7()),
        organism=organism.summary,
        accepts=organism.accepts,
        language=mail.language,
        started_at=at,
        revision=1,
        letter=mail.letter,
        sender=sender,
        attachments=tuple(one.model_copy(update={"key": key_of(mail.mail_id, one)}) for one in mail.attachments),
        email_failure=mail.email_failure,
        sms_failure=mail.sms_failure,
        channel=mail.channel,
        redirected_from=Elsewhere(mail.mail_id, mail.submission.number, mail.organism),
    )
