"""An e-mail did not arrive, or was called spam.

An organism's address is marked, operators are told, and the alert goes to the organism's other addresses. For a sender,
the mail says so, and the message goes by SMS where one arrives. Operators are told before an address is marked, and all
else is safe to repeat: a run that dies half-way is run again. SES answers the address that failed, which is not the one
we wrote to where mail is forwarded: our own tags on the e-mail say whom it was for.
"""

from datetime import datetime
from typing import Any, cast, get_args

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom import aws, settings
from mailroom.domain import clock
from mailroom.domain.reach import DeliveryFailure
from mailroom.domain.refusals import MailNotFound, OrganismNotFound
from mailroom.notifying import notifications
from mailroom.notifying.bounces import Bounces, Desk, Sent
from mailroom.notifying.delivery import note_failure, told_otherwise
from mailroom.notifying.notifications import Notification, Template
from mailroom.notifying.sending_events import SendingEvent
from mailroom.notifying.sending_health import count, health
from mailroom.operating.alerts import Operators
from mailroom.organisms.directory import Directory
from mailroom.storage.mails import Store
from mailroom.storage.table import Table


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    notifications_queue_url: str
    operators_topic_arn: str


logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Take one event of SES about an e-mail that did not arrive."""
    found = SendingEvent.model_validate(event["detail"])
    now = clock.now()
    failure, sent = found.failure(now), _sent(found, now)
    _report(found, failure)
    if failure is None:
        return
    table = aws.table(Settings.read().table_name)
    _mark(table, found, sent, failure, now)
    # A delayed e-mail may arrive yet: its sender is told by another way once SES gives it up.
    if sent and sent.template.startswith("sender_") and failure.reason != "delayed":
        _tell_sender_otherwise(table, sent, failure)
    _count(table, found, now)  # last: a run that is repeated counts once


def _sent(found: SendingEvent, now: datetime) -> Sent | None:
    """The e-mail by its tags; None where it bears none, or not ours."""
    tags = (found.tag("notification_id"), found.tag("template"), found.tag("mail_id"))
    if None in tags or tags[1] not in get_args(Template):
        return None
    at = clock.parse(found.mail.sent_at) if found.mail.sent_at else now
    return Sent(str(tags[0]), cast("Template", tags[1]), str(tags[2]), at)


def _report(found: SendingEvent, failure: DeliveryFailure | None) -> None:
    reason = failure.reason if failure else "none"
    logger.info("e-mail did not arrive", extra={"reason": reason} | {name: found.tag(name) for name in _TAGS})
    with single_metric(name="EmailsReturned", unit=MetricUnit.Count, value=1, default_dimensions={"reason": reason}):
        pass


def _count(table: Table, found: SendingEvent, now: datetime) -> None:
    """Count what SES counts against us, and say whether sending is paused by it: an alarm wakes operators."""
    if found.counts_as is None:
        return
    count(table, found.counts_as, now)
    paused = int(health(table, now).is_paused)
    with single_metric(name="SendingPaused", unit=MetricUnit.Count, value=paused):
        pass


_TAGS = ("mail_id", "notification_id", "template")


def _mark(table: Table, found: SendingEvent, sent: Sent | None, failure: DeliveryFailure, now: datetime) -> None:
    """Mark an address on each organism that is alerted there; tell operators, and the organism elsewhere."""
    bounces = Bounces(table)
    desks = list(bounces.desks(found.addresses, sent, failure, now))
    _tell_operators([desk for desk in desks if desk.is_news], failure)
    for desk in desks:
        bounces.fails(desk.organism_id, desk.address, desk.failure)
        logger.warning("address fails", extra={"organism_id": desk.organism_id, "reason": failure.reason})
    if desks and sent and sent.template == "organism_alert":
        _alert_elsewhere(table, sent.mail_id)


def _alert_elsewhere(table: Table, mail_id: str) -> None:
    """Alert the mail's organism at every address that was not told of the mail: the others are known by their ids."""
    try:
        mail = Store(table).mail(mail_id)
        organism = Directory(table).organism(mail.organism.organism_id)
    except (MailNotFound, OrganismNotFound):
        return
    _queue(notifications.for_alert(mail, organism))


def _tell_operators(desks: list[Desk], failure: DeliveryFailure) -> None:
    operators = Operators(aws.client("sns"), Settings.read().operators_topic_arn)
    where = "GET /v1/operations/failures shows which address. Enrol the organism again with one that works."
    if left := sorted({desk.organism_id for desk in desks if not desk.is_last}):
        operators.tell(
            "An organism's address fails",
            [f"E-mail to an address of these organisms did not arrive ({failure.reason}). Others work.", where, *left],
        )
    if unreachable := sorted({desk.organism_id for desk in desks if desk.is_last}):
        operators.tell(
            "An organism cannot be alerted any more",
            [
                f"E-mail to the last address of these organisms that worked did not arrive ({failure.reason}).",
                "Nobody there knows of new mail: telephone them.",
                where,
                *unreachable,
            ],
        )


def _tell_sender_otherwise(table: Table, sent: Sent, failure: DeliveryFailure) -> None:
    store = Store(table)
    try:
        if store.mail(sent.mail_id).submission is None:
            return
        note_failure(table, sent.mail_id, "email", failure)
        _queue(told_otherwise(store, sent.mail_id, sent.template))
    except MailNotFound:
        logger.info("the mail is gone", extra={"mail_id": sent.mail_id})


def _queue(messages: list[Notification]) -> None:
    """Queue messages; those that went out before do not go out again."""
    correlation_id = messages[0].mail_id if messages else ""
    notifications.enqueue(aws.client("sqs"), Settings.read().notifications_queue_url, messages, correlation_id)
