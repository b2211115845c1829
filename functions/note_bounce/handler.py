"""An e-mail came back, or was called spam: mark the organism's address, or note that the sender could not be told.

Operators are told of an organism's address once, before it is marked: a run that dies in between says it again. What is
only put off (a full mailbox, a server that is down) is counted; SES has given up on it, but the next e-mail may arrive.
"""

from typing import Any

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom import aws, clock, settings
from mailroom.bounces import Bounces, Reason, SendingEvent
from mailroom.operators import Operators


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    operators_topic_arn: str


logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Take one event "Email Bounced" or "Email Complaint Received"."""
    found = SendingEvent.model_validate(event["detail"])
    template, mail_id = found.tag("template") or "unknown", found.tag("mail_id")
    ids = {"mail_id": mail_id, "notification_id": found.tag("notification_id"), "template": template}
    logger.info("e-mail came back", extra=ids | {"reason": found.reason})
    kind = found.reason or "put_off"
    with single_metric(name="EmailsReturned", unit=MetricUnit.Count, value=1, default_dimensions={"reason": kind}):
        pass
    if found.reason is None:
        return
    bounces = Bounces(aws.table(Settings.read().table_name))
    for address in found.addresses:
        mark(bounces, address, found.reason)
    if mail_id and template.startswith("sender_"):
        bounces.sender_not_told(mail_id, template, found.reason, clock.now())


def mark(bounces: Bounces, address: str, reason: Reason) -> None:
    """Mark an address on each organism that is alerted there, and tell operators of those that are new."""
    desks = bounces.desks_of(address)
    if not desks:
        return
    Operators(aws.client("sns"), Settings.read().operators_topic_arn).tell(
        "An organism's address fails",
        [
            f"E-mail to an address of these organisms came back ({reason}): they may not know of their mail.",
            "GET /v1/operations/failures shows which address. Enrol the organism again with one that works.",
            *desks,
        ],
    )
    for organism_id in desks:
        bounces.fails(organism_id, address, reason, clock.now())
        logger.warning("address fails", extra={"organism_id": organism_id, "reason": reason})
