"""Step 4 in the table: status, number, register entry, event and receipt's place, in one transaction or none."""

import time
from collections.abc import Callable
from dataclasses import asdict

from mailroom.domain import clock
from mailroom.domain.mail import DRAFT, SUBMITTED, Complete, Draft, Mail, Submitted
from mailroom.domain.organism import Organism
from mailroom.domain.refusals import MailNotFound, TryAgain
from mailroom.register.registration import PATIENCE_SECONDS, Registrar
from mailroom.storage.busy import TransactionBusyError
from mailroom.storage.item_keys import mail_key
from mailroom.storage.mail_items import mail_in
from mailroom.storage.schema import Waiting
from mailroom.storage.table import ConditionFailedError, Table, pause

type Pin = Callable[[Draft], Complete]
"""Looks at the stored files of a draft and gives the mail with their versions; raises StepsMissing."""


class Submissions:
    """The act of sending."""

    def __init__(self, table: Table, verification_code: Callable[[str], str]) -> None:
        self._table = table
        self._registrar = Registrar(table, verification_code)

    def submit(self, mail: Mail, pin: Pin) -> tuple[Submitted, Organism | None]:
        """Register a draft, once; the mail as it stands then, and its organism where this very call registered it.

        Raises:
            MailNotFound: the draft expired.
            OrganismSuspended: the organism takes no new mail.
            StepsMissing: from `pin`, or the letter or the sender is missing.
            TryAgain: too many others were submitting to the same organism all the while; nothing was written.

        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        pinned: Complete | None = None
        attempt = 0
        while isinstance(mail, Draft):
            mail.require_open(clock.iso(clock.now()))
            if pinned is None:
                pinned = pin(mail)
            attempt += 1
            try:
                submitted, writes, organism = self._registrar.prepare(pinned, clock.now())
                self._table.transact(self._submitted(submitted, pinned.revision), *writes, attempts=1)
            except TransactionBusyError:
                pass
            except ConditionFailedError as refusal:
                current = self._as_it_stands(mail.mail_id, refusal)
                if current.revision != mail.revision:
                    # The draft was changed under our hands: look at it, and at its files, again.
                    pinned = None
                mail = current
            else:
                return submitted, organism
            if time.monotonic() > deadline:
                raise TryAgain
            if isinstance(mail, Draft):
                pause(attempt)
        return mail, None

    def _submitted(self, mail: Submitted, revision: int) -> dict[str, object]:
        pk, sk = mail_key(mail.mail_id)
        submission = mail.submission
        # Each version by itself: what the scan found of a file may be written at this moment, and must stay.
        places = {f"#f{rank}": attachment for rank, attachment in enumerate(mail.attachments)}
        pinned = "".join(f", attachments.{place}.version_id = :v{place[1:]}" for place in places)
        return self._table.change(
            pk,
            sk,
            update=(
                "SET #status = :submitted, submission = :submission, organism = :organism, "
                f"waiting = :receipt, waiting_since = :at{pinned} REMOVE #ttl"
            ),
            condition="#status = :draft AND revision = :revision AND expires_at > :at",
            values={
                ":draft": DRAFT,
                ":submitted": SUBMITTED,
                ":submission": asdict(submission),
                ":organism": mail.organism.model_dump(),
                ":receipt": Waiting.RECEIPT,
                ":at": submission.submitted_at,
                ":revision": revision,
                **{f":v{place[1:]}": attachment.version_id for place, attachment in places.items()},
            },
            names={
                "#status": "status",
                "#ttl": "ttl",
                **{place: attachment.attachment_id for place, attachment in places.items()},
            },
        )

    def _as_it_stands(self, mail_id: str, refusal: ConditionFailedError) -> Mail:
        """The mail after a lost race: from the refusal where that says it, else read again."""
        item = refusal.items[0] or self._table.get(*mail_key(mail_id))
        if item is None:
            raise MailNotFound
        return mail_in(item)
