"""Sends one e-mail or one SMS for each notification, once.

The idempotency table knows what went out. Should the function die between AWS's answer and that table's, it is unknown
whether the message went out: it is sent again, twice rather than never.
"""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from botocore.exceptions import ClientError

from mailroom.domain import clock
from mailroom.domain.codes import Codes
from mailroom.domain.mail import ORGANISM_ALERTED, SENDER_INFORMED, EventName, Submitted
from mailroom.domain.reach import DeliveryFailure, FailureReason
from mailroom.mails.tokens import Tokens
from mailroom.notifying.bounces import Bounces
from mailroom.notifying.caps import Counters
from mailroom.notifying.delivery import messages_still_due, note_failure
from mailroom.notifying.notifications import Notification, Template
from mailroom.notifying.postponement import NotRepeatableError
from mailroom.notifying.sending_health import Sending
from mailroom.notifying.wording import compose
from mailroom.storage.mails import Store
from send_notification.facts import facts
from send_notification.outbox import Outbox, UndeliverableError

_REMEMBERED_SECONDS = 30 * 24 * 3600
"""The queue and its dead-letter queue keep a message for 14 days together, and a redrive begins them again."""

_REFUSAL_COUNTS = timedelta(days=30)
"""How long a number that gets no SMS is known as such: SNS lets one come back each 30 days."""

_CAP_COUNTS = timedelta(hours=1)
"""How long a way counts as failing because a cap was reached or sending is paused: later messages may go again."""

_NOTES_KEPT = 1_000
"""Events that a process remembers to have noted, beside the table, which always knows."""

_EVENTS: dict[Template, EventName] = {
    "organism_alert": ORGANISM_ALERTED,
    "sender_receipt": SENDER_INFORMED,
    "sender_collected": SENDER_INFORMED,
    "sender_answered": SENDER_INFORMED,
    "sender_rejected": SENDER_INFORMED,
    "sender_redirected": SENDER_INFORMED,
}
"""The event in a mail's history, once for each mail. `remind_organisms` writes that of reminders."""

logger = Logger()


class Memory(DynamoDBPersistenceLayer):
    """The idempotency table."""

    def save_success(self, data: dict[str, Any], result: dict[str, Any]) -> None:
        """Write down what went out. Raises NotRepeatableError where that fails: the message must not be put off."""
        try:
            super().save_success(data, result)
        except ClientError as error:
            raise NotRepeatableError from error


class PostOffice:
    """Sends each notification once and notes in the mail's history that it went out."""

    def __init__(  # noqa: PLR0913 - what sends and what remembers, all by keyword
        self,
        *,
        store: Store,
        tokens: Tokens,
        outbox: Outbox,
        counters: Counters,
        sending: Sending,
        public_url: str,
        memory: DynamoDBPersistenceLayer,
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._outbox = outbox
        self._counters = counters
        self._sending = sending
        self._public_url = public_url
        self.idempotency = IdempotencyConfig(
            event_key_jmespath="notification_id",
            raise_on_no_idempotency_key=True,
            expires_after_seconds=_REMEMBERED_SECONDS,
            use_local_cache=True,
        )
        self._send_once = idempotent_function(
            data_keyword_argument="notification",
            persistence_store=memory,
            config=self.idempotency,
            key_prefix="notification",
        )(self._send)
        # The messages of one mail come together, and its history has the event of the first alone.
        self._note_once = lru_cache(maxsize=_NOTES_KEPT)(
            lambda mail_id, event: store.record_event_once(mail_id, event, clock.now())
        )

    def tell(self, notification: Notification) -> None:
        """Send `notification` unless it went out before, and see that the mail's history has its event.

        Where its address takes no message, that is noted in its place, and the sender of a mail gets it by another way
        where one is left.
        """
        sent = self._send_once(notification=notification)
        if reason := sent.get("undeliverable"):
            self._note_undeliverable(notification, reason)
            return
        # Outside what is done once: should it fail, the message comes back and is counted, and is not sent again.
        if notification.channel == "email":
            is_to_sender = notification.template.startswith("sender_")
            self._sending.sent(notification.to if is_to_sender else None, clock.now())
        if event := _EVENTS.get(notification.template):
            self._note_once(notification.mail_id, event)

    def _note_undeliverable(self, notification: Notification, reason: FailureReason) -> None:
        now = clock.now()
        counts = _CAP_COUNTS if reason in {"limit", "paused"} else _REFUSAL_COUNTS
        failure = DeliveryFailure(reason, clock.iso(now), clock.iso(now + counts))
        mail_id, template = notification.mail_id, notification.template
        if not template.startswith("sender_"):
            organism_id = self._store.mail(mail_id).organism.organism_id
            Bounces(self._store.table).fails(organism_id, notification.to, failure)
            return
        note_failure(self._store.table, mail_id, notification.channel, failure)
        for other in messages_still_due(self._store, mail_id, template):
            if other.channel != notification.channel:
                self.tell(other)

    def _send(self, *, notification: Notification) -> dict[str, str]:
        mail = self._store.submitted(notification.mail_id)
        if is_foreign(notification, mail):
            return {"undeliverable": "not_mine"}
        values = facts(notification, mail, self._tokens, self._public_url, self._codes_elsewhere(notification, mail))
        message = compose(notification.template, notification.channel, notification.language, values)
        try:
            self._outbox.require_deliverable(notification)
            self._count_against_caps(notification, mail.organism.organism_id)
            sent = self._outbox.send(notification, message)
        except UndeliverableError as error:
            count("NotificationsUndeliverable", notification.channel)
            logger.warning("the address takes no message", extra={"reason": error.reason})
            return {"undeliverable": error.reason}
        count("NotificationsSent", notification.channel)
        logger.info("notification sent", provider_id=sent)
        return {"provider_id": sent}

    def _codes_elsewhere(self, notification: Notification, mail: Submitted) -> Codes:
        """The codes in force where a mail was redirected to, whose link the sender gets."""
        if notification.template != "sender_redirected" or mail.redirected_to is None:
            return Codes()
        return self._store.mail(mail.redirected_to.mail_id).codes

    def _count_against_caps(self, notification: Notification, organism_id: str) -> None:
        now = clock.now()
        is_email_to_sender = notification.channel == "email" and notification.template.startswith("sender_")
        if is_email_to_sender and self._sending.is_held_back(notification.to, now):
            logger.warning("sending to new addresses is paused")
            raise UndeliverableError("paused")
        if reached := self._counters.reached(notification, organism_id, now):
            count("NotificationsCapped", notification.channel)
            logger.warning("cap reached", extra={"cap": reached, "organism_id": organism_id})
            raise UndeliverableError("limit")
        if notification.channel == "sms":
            with single_metric(name="SmsOfMonth", unit=MetricUnit.Count, value=self._counters.sms_of_month):
                pass


def is_foreign(notification: Notification, mail: Submitted) -> bool:
    """Whether the owner of a sender's address said, while the message waited, that the mail is not theirs."""
    failure = mail.email_failure if notification.channel == "email" else mail.sms_failure
    is_said = failure is not None and failure.reason == "not_mine"
    return is_said and notification.template.startswith("sender_")


def count(metric: str, channel: str) -> None:
    """Count one message that went, or did not go, by a channel."""
    with single_metric(name=metric, unit=MetricUnit.Count, value=1, default_dimensions={"channel": channel}):
        pass
