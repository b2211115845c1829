"""An e-mail that did not arrive, or was reported as spam.

An organism's address is marked, operators are alerted, and the alert goes to the organism's other addresses. In a mail,
the failure is noted, and the message goes to its sender by SMS where one arrives. Operators are alerted before an
address is marked, and all else is safe to repeat: a run that dies half-way is run again. SES names the address that
failed, which is not the one written to where mail is forwarded: the service's own tags on the e-mail identify it.
"""

from datetime import datetime
from typing import cast, get_args

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from mailroom.domain import clock
from mailroom.domain.mail import Draft
from mailroom.domain.reach import DeliveryFailure
from mailroom.domain.refusals import MailNotFound, NotYetSubmitted, OrganismNotFound
from mailroom.notifying import notifications
from mailroom.notifying.bounces import Bounces, FailedAddress, SentEmail
from mailroom.notifying.delivery import messages_still_due, note_failure
from mailroom.notifying.notification_queue import NotificationQueue
from mailroom.notifying.notifications import Notification, Template
from mailroom.notifying.sending_events import SendingEvent
from mailroom.notifying.sending_health import count, health
from mailroom.operating.alerts import Operators
from mailroom.organisms.directory import Directory
from mailroom.storage.mails import Store
from mailroom.storage.table import Table

_TAGS = ("mail_id", "notification_id", "template")

_WHERE = "GET /v1/operations/failures shows which address. Enrol the organism again with one that works."

logger = Logger()


class ReturnedEmails:
    """Follows up on e-mails that did not arrive."""

    def __init__(self, table: Table, queue: NotificationQueue, operators: Operators) -> None:
        self._table = table
        self._queue = queue
        self._operators = operators
        self._now = clock.now()

    def take(self, event: SendingEvent) -> None:
        """Take one event of SES about an e-mail that did not arrive."""
        failure = event.failure(self._now)
        reason = failure.reason if failure else "none"
        logger.info("e-mail did not arrive", extra={"reason": reason} | {name: event.tag(name) for name in _TAGS})
        with single_metric(
            name="EmailsReturned", unit=MetricUnit.Count, value=1, default_dimensions={"reason": reason}
        ):
            pass
        if failure is None:
            return
        sent = sent_by_us(event, self._now)
        self._mark_addresses(event, sent, failure)
        # A delayed e-mail may arrive yet: its sender gets the message by another way once SES gives it up.
        if sent and sent.template.startswith("sender_") and failure.reason != "delayed":
            self._tell_sender_otherwise(sent, failure)
        if event.counts_as is not None:
            # Last: a run that is repeated counts once.
            count(self._table, event.counts_as, self._now)
            paused = int(health(self._table, self._now).is_paused)
            with single_metric(name="SendingPaused", unit=MetricUnit.Count, value=paused):
                pass  # an alarm wakes operators

    def _mark_addresses(self, event: SendingEvent, sent: SentEmail | None, failure: DeliveryFailure) -> None:
        """Mark an address on each organism that is alerted there; tell operators, and the organism elsewhere."""
        bounces = Bounces(self._table)
        desks = list(bounces.desks(event.addresses, sent, failure, self._now))
        self._tell_operators([desk for desk in desks if desk.is_news], failure)
        for desk in desks:
            bounces.fails(desk.organism_id, desk.address, desk.failure)
            logger.warning("address fails", extra={"organism_id": desk.organism_id, "reason": failure.reason})
        if desks and sent and sent.template == "organism_alert":
            self._alert_elsewhere(sent.mail_id)

    def _alert_elsewhere(self, mail_id: str) -> None:
        """Alert the mail's organism at each address that had no alert: the others are known by their ids."""
        try:
            mail = Store(self._table).submitted(mail_id)
            organism = Directory(self._table).organism(mail.organism.organism_id)
        except (MailNotFound, NotYetSubmitted, OrganismNotFound):
            return
        self._enqueue(notifications.for_alert(mail, organism))

    def _tell_operators(self, desks: list[FailedAddress], failure: DeliveryFailure) -> None:
        if left := sorted({desk.organism_id for desk in desks if not desk.is_last}):
            self._operators.tell(
                "An organism's address fails",
                [
                    f"E-mail to an address of these organisms did not arrive ({failure.reason}). Others work.",
                    _WHERE,
                    *left,
                ],
            )
        if unreachable := sorted({desk.organism_id for desk in desks if desk.is_last}):
            self._operators.tell(
                "An organism cannot be alerted any more",
                [
                    f"E-mail to the last address of these organisms that worked did not arrive ({failure.reason}).",
                    "They no longer learn of new mail: telephone them.",
                    _WHERE,
                    *unreachable,
                ],
            )

    def _tell_sender_otherwise(self, sent: SentEmail, failure: DeliveryFailure) -> None:
        store = Store(self._table)
        try:
            if isinstance(store.mail(sent.mail_id), Draft):
                return
            note_failure(self._table, sent.mail_id, "email", failure)
            self._enqueue(messages_still_due(store, sent.mail_id, sent.template))
        except MailNotFound:
            logger.info("the mail is gone", extra={"mail_id": sent.mail_id})

    def _enqueue(self, messages: list[Notification]) -> None:
        """Queue messages; those that went out before do not go out again."""
        self._queue.put(messages, messages[0].mail_id if messages else "")


def sent_by_us(event: SendingEvent, now: datetime) -> SentEmail | None:
    """The e-mail by its tags; None where it bears none, or not ours."""
    tags = (event.tag("notification_id"), event.tag("template"), event.tag("mail_id"))
    if None in tags or tags[1] not in get_args(Template):
        return None
    at = clock.parse(event.mail.sent_at) if event.mail.sent_at else now
    return SentEmail(str(tags[0]), cast("Template", tags[1]), str(tags[2]), at)
