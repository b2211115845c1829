"""Organisms are reminded of mail that was not collected, and operators are alerted of mail that is too old.

The schedule fires several times and each run does what the ones before left undone, so it may also fire once or
fifty times. An organism gets one e-mail for all its mails, however many there are, and the next one for the same mails
after as many working days again.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import islice

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.domain.organism import Organism
from mailroom.domain.refusals import OrganismNotFound
from mailroom.notifying import notifications
from mailroom.notifying.notification_queue import NotificationQueue
from mailroom.notifying.reminders import (
    Backlog,
    UncollectedMail,
    UncollectedMails,
    is_to_be_escalated,
    is_to_be_reminded,
    is_too_late,
    overdue,
)
from mailroom.operating.alerts import Operators
from mailroom.organisms.directory import Directory
from mailroom.storage.table import Table

_AT_ONCE = 10
_ENOUGH_MS = 60_000
"""Milliseconds that must be left to begin with another organism; the next run has the rest."""

_NOTED_TOGETHER = 500
_ENOUGH_TO_NOTE_MS = 10_000

_NAMED_AT_ONCE = 500
"""Organisms in one message to operators: SNS takes 256 KB; the next run names the rest."""


logger = Logger()


class ReminderRun:
    """One run, as far as the time of the invocation `context` reaches."""

    def __init__(  # noqa: PLR0913 - what is read and written, and when
        self,
        table: Table,
        queue: NotificationQueue,
        operators: Operators,
        *,
        now: datetime,
        today: date,
        context: LambdaContext,
    ) -> None:
        self._queue = queue
        self._operators = operators
        self._now = now
        self._today = today
        self._context = context
        self._directory = Directory(table)
        self._register = UncollectedMails(table)
        self._too_old: dict[str, list[UncollectedMail]] = {}

    def remind_each_organism(self) -> int | None:
        """Remind each organism of what is due; how many mails are too old, None where the time did not reach."""
        desks = self._register.desks(self._now)
        too_late = 0
        for done, desk in enumerate(desks):
            if self._is_late(_ENOUGH_MS):
                logger.warning("time is up", extra={"desks": len(desks), "done": done})
                return None
            too_late += self._pass_by(desk)
        return too_late

    def _pass_by(self, desk: Backlog) -> int:
        """Do what is due for one organism; how many of its mails are too old comes back."""
        try:
            organism = self._directory.organism(desk.organism_id)
        except OrganismNotFound:
            logger.warning("mail of no organism", extra={"organism_id": desk.organism_id})
            return 0
        mails = self._register.overdue(desk, organism.reminders, self._today)
        due = [mail for mail in mails if is_to_be_reminded(mail, organism.reminders, self._today)]
        if due:
            self._remind(organism, mails, due)
        if too_old := [mail for mail in mails if is_to_be_escalated(mail, organism.reminders, self._today)]:
            self._too_old[desk.organism_id] = too_old
        return sum(is_too_late(mail.submitted_at, organism.reminders, self._today) for mail in mails)

    def _remind(self, organism: Organism, mails: list[UncollectedMail], due: list[UncollectedMail]) -> None:
        messages = notifications.for_overdue(mails[0].mail_id, overdue(mails), organism, self._today)
        self._queue.put(messages, self._context.aws_request_id)
        noted = 0
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for start in range(0, len(due), _NOTED_TOGETHER):
                if self._is_late(_ENOUGH_TO_NOTE_MS):
                    break
                some = due[start : start + _NOTED_TOGETHER]
                noted += sum(pool.map(lambda mail: self._register.reminded(mail, self._now), some))
        ids = {"organism_id": organism.organism_id, "overdue": len(mails), "due": len(due), "noted": noted}
        logger.info("organism reminded", extra=ids)

    def tell_operators(self) -> None:
        """Alert operators of the mails that are to be escalated, of all organisms together."""
        named = dict(islice(self._too_old.items(), _NAMED_AT_ONCE))
        if not named or self._is_late(_ENOUGH_TO_NOTE_MS):
            return
        lines = [
            f"{organism_id}: {said.count} ({', '.join(said.numbers)})"
            for organism_id, said in ((organism_id, overdue(mails)) for organism_id, mails in named.items())
        ]
        self._operators.tell(
            f"Mails not collected: {sum(map(len, named.values()))}",
            ["These mails are not collected, though their organisms were reminded. Ask the organisms why.", *lines],
        )
        for organism_id, mails in named.items():
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                list(pool.map(lambda mail: self._register.escalated(mail, self._now), mails))
            logger.warning("mail not collected", extra={"organism_id": organism_id, "count": len(mails)})

    def _is_late(self, enough_ms: int) -> bool:
        return self._context.get_remaining_time_in_millis() < enough_ms
