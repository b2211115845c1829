"""Step 4 in the table: number, register entry, status, event and receipt's place, all in one transaction or none.

The counter of an organism's register moves from n to n + 1 only in the transaction that writes entry n + 1, so numbers
have no gap and no duplicate, whatever crashes and however many race. The price is a ceiling of submissions a second for
one organism, since all of them pass by one item; the README states it.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime

from mailroom import clock, record
from mailroom.directory import key_of, organism_in
from mailroom.mail import Mail, Submission
from mailroom.organism import Organism
from mailroom.refusals import AlreadySubmitted, MailNotFound, OrganismNotFound, OrganismSuspended, TryAgain
from mailroom.register import Number
from mailroom.sender_view import display_name
from mailroom.store import event_item, mail_in, mail_key
from mailroom.table import ConditionFailedError, Item, Table, TransactionBusyError, pause

_PATIENCE_SECONDS = 20.0
"""How long a submission competes for its number before the sender is told to try again; API Gateway waits for 30."""

type Pin = Callable[[Mail], Mail]
"""Looks at the stored files of a draft and gives the draft back with their versions; raises StepsMissing."""


def register_key(organism_id: str, year: int) -> str:
    """The partition of one organism's register of one year."""
    return f"REGISTER#{organism_id}#{year}"


def entry_key(organism_id: str, number: Number) -> tuple[str, str]:
    """Where the register entry of a number stands."""
    return register_key(organism_id, number.year), f"ENTRY#{number.rank:09d}"


class Submissions:
    """The act of sending."""

    def __init__(self, table: Table, verification_code: Callable[[str], str]) -> None:
        self._table = table
        self._verification_code = verification_code

    def submit(self, mail: Mail, pin: Pin) -> tuple[Mail, bool]:
        """Register a draft, once; the mail as it stands then, and whether this very call registered it.

        Raises:
            MailNotFound: the draft expired.
            OrganismSuspended: the organism takes no new mail.
            StepsMissing: from `pin`, or the letter or the sender is missing.
            TryAgain: too many others were submitting to the same organism all the while; nothing was written.

        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        pinned: Mail | None = None
        attempt = 0
        while mail.submission is None:
            mail.require_draft(clock.iso(clock.now()))
            if pinned is None:
                pinned = pin(mail)
            attempt += 1
            try:
                return self._register(pinned), True
            except TransactionBusyError:
                pass
            except ConditionFailedError as refusal:
                current = self._as_it_stands(mail.mail_id, refusal)
                if current.revision != mail.revision:
                    # The draft was changed under our hands: look at it, and at its files, again.
                    pinned = None
                mail = current
            if time.monotonic() > deadline:
                raise TryAgain
            if mail.submission is None:
                pause(attempt)
        return mail, False

    def _register(self, mail: Mail) -> Mail:
        submitted_at = clock.now()
        organism, last = self._desk(mail.organism.organism_id, clock.register_year(submitted_at))
        submitted, number = self._numbered(mail, organism, last + 1, submitted_at)
        pk = register_key(organism.organism_id, number.year)
        assert submitted.submission is not None  # noqa: S101 - `_numbered` has just made it
        self._table.transact(
            self._submitted(submitted, mail.revision),
            self._counted(pk, last),
            self._table.new(_entry(submitted, number)),
            self._table.new(_receipt_place(submitted)),
            self._table.new(event_item(mail.mail_id, "submitted", submitted.submission.submitted_at)),
            attempts=1,
        )
        return submitted

    def _desk(self, organism_id: str, year: int) -> tuple[Organism, int]:
        """The organism, and the last number of its register, as they stand now."""
        organism_key, counter_key = key_of(organism_id), (register_key(organism_id, year), "COUNTER")
        found = self._table.get_many(organism_key, counter_key)
        if organism_key not in found:
            raise OrganismNotFound
        organism = organism_in(found[organism_key])
        if organism.status == "suspended":
            raise OrganismSuspended
        return organism, int(found.get(counter_key, {"last": 0})["last"])

    def _numbered(self, mail: Mail, organism: Organism, rank: int, at: datetime) -> tuple[Mail, Number]:
        number = Number(organism.code, clock.register_year(at), rank)
        unsealed = Submission(str(number), clock.iso(at), self._verification_code(mail.mail_id), record_sha256="")
        submitted = replace(mail, organism=organism.summary, status="submitted", submission=unsealed)
        sha256 = record.digest(record.canonical(record.sealed(submitted)))
        return replace(submitted, submission=replace(unsealed, record_sha256=sha256)), number

    def _submitted(self, mail: Mail, revision: int) -> dict[str, object]:
        pk, sk = mail_key(mail.mail_id)
        submission = mail.submission
        assert submission is not None  # noqa: S101 - only numbered mails come here
        attachments = {attachment.attachment_id: attachment.model_dump() for attachment in mail.attachments}
        return self._table.change(
            pk,
            sk,
            update=(
                "SET #status = :submitted, submission = :submission, organism = :organism, attachments = :attachments, "
                "waiting = :receipt, waiting_since = :at REMOVE #ttl"
            ),
            condition="#status = :draft AND revision = :revision AND expires_at > :at",
            values={
                ":draft": "draft",
                ":submitted": "submitted",
                ":submission": asdict(submission),
                ":organism": mail.organism.model_dump(),
                ":attachments": attachments,
                ":receipt": "RECEIPT",
                ":at": submission.submitted_at,
                ":revision": revision,
            },
            names={"#status": "status", "#ttl": "ttl"},
        )

    def _counted(self, pk: str, last: int) -> dict[str, object]:
        return self._table.change(
            pk,
            "COUNTER",
            update="SET #last = :next",
            condition="#last = :last" if last else "attribute_not_exists(pk)",
            values={":next": last + 1} | ({":last": last} if last else {}),
            names={"#last": "last"},
        )

    def _as_it_stands(self, mail_id: str, refusal: ConditionFailedError) -> Mail:
        """The mail after a lost race: from the refusal where that says it, else read again."""
        item = refusal.items[0] or self._table.get(*mail_key(mail_id))
        if item is None:
            raise MailNotFound
        return mail_in(item)


def _entry(mail: Mail, number: Number) -> Item:
    """The register's entry: what the organism's inbox shows of a mail."""
    if mail.submission is None or mail.letter is None or mail.sender is None:
        raise AlreadySubmitted
    pk, sk = entry_key(mail.organism.organism_id, number)
    return {
        "pk": pk,
        "sk": sk,
        "mail_id": mail.mail_id,
        "organism_id": mail.organism.organism_id,
        "number": str(number),
        "submitted_at": mail.submission.submitted_at,
        "status": "submitted",
        "kind": mail.letter.kind,
        "subject": mail.letter.subject,
        "sender": {"kind": mail.sender["kind"], "display_name": display_name(mail.sender)},
        "attachments": len(mail.attachments),
        "record_sha256": mail.submission.record_sha256,
    }


def _receipt_place(mail: Mail) -> Item:
    """What anyone may learn from the verification code: no name, no subject, no text."""
    if mail.submission is None or mail.sender is None:
        raise AlreadySubmitted
    return {
        "pk": f"RECEIPT#{mail.submission.verification_code}",
        "sk": "RECEIPT",
        "mail_id": mail.mail_id,
        "number": mail.submission.number,
        "organism": mail.organism.model_dump(),
        "submitted_at": mail.submission.submitted_at,
        "sender_kind": mail.sender["kind"],
        "attachments": [{"sha256": attachment.sha256, "size": attachment.size} for attachment in mail.attachments],
        "record_sha256": mail.submission.record_sha256,
    }
