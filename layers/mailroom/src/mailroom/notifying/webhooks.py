"""Webhooks: calls to an organism's program about new mail, their secrets and their retries.

The calls follow Standard Webhooks (standardwebhooks.com). They hold ids, the register number and the channel,
and no personal data: the program reads the mail from the inbox with its token.

A failed call is retried by its message's visibility, after growing delays (`RETRY_AFTER`). All calls are in one queue,
with the organism as message group: SQS (fair queues) keeps one organism's backlog from delaying others.
"""

import base64
import hashlib
import hmac
import json
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from mailroom.domain.channel import MailChannel
from mailroom.domain.mail import Submitted
from mailroom.domain.organism import OrganismId

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

EventType = Literal["mail.submitted", "mail.redirected"]

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 360, 360, 360))
"""From each attempt to the next: twelve attempts in nearly 26 hours, none further off than SQS hides a message (12 h).
"""

MOST_RECEIVES = len(RETRY_AFTER) + 1
"""After so many attempts a message goes to the dead-letter queue: the queue's ``maxReceiveCount``."""

JITTER = 0.1
"""Messages that failed together come back apart, by up to this part of their delay."""


class Call(BaseModel):
    """One call to one organism's program: the body of a message on the queue.

    `mail.redirected` is a mail that another organism passed on, under its new number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    webhook_id: Annotated[str, StringConstraints(pattern=r"^msg_[0-9a-f]{32}$")]
    type: EventType
    timestamp: str
    mail_id: str
    number: str
    organism_id: OrganismId
    channel: MailChannel | None = None
    """Whether the mail came online or was handed in at the counter; None in messages of before it was said."""

    @property
    def payload(self) -> str:
        """The body of the call, the same bytes at every attempt."""
        data = {"mail_id": self.mail_id, "number": self.number, "organism_id": self.organism_id}
        data |= {"channel": self.channel} if self.channel else {}
        return json.dumps({"type": self.type, "timestamp": self.timestamp, "data": data}, separators=(",", ":"))


class WebhookKeys:
    """The secrets that sign calls: HMACs under one key, so that no organism's secret is stored."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def secret(self, organism_id: str, version: int) -> str:
        """The secret of an organism, as Standard Webhooks writes it (``whsec_``); another one for each version."""
        digest = hmac.digest(self._key, f"webhook:{organism_id}:{version}".encode(), hashlib.sha256)
        return f"whsec_{base64.b64encode(digest).decode()}"


def call_for(mail: Submitted) -> Call:
    """The call about a mail that entered an organism's register."""
    event: EventType = "mail.redirected" if mail.redirected_from else "mail.submitted"
    organism_id = mail.organism.organism_id
    return Call(
        webhook_id="msg_" + hashlib.sha256(f"{mail.mail_id}|{event}|{organism_id}".encode()).hexdigest()[:32],
        type=event,
        timestamp=mail.submission.submitted_at,
        mail_id=mail.mail_id,
        number=mail.submission.number,
        organism_id=organism_id,
        channel=mail.channel,
    )


def enqueue(client: "SQSClient", queue_url: str, call: Call, correlation_id: str) -> None:
    """Put a call on the queue. Raises botocore's ClientError if SQS refuses it; repeating it sends a second call."""
    client.send_message(
        QueueUrl=queue_url,
        MessageBody=call.model_dump_json(),
        MessageAttributes={"correlation_id": {"DataType": "String", "StringValue": correlation_id}},
        MessageGroupId=call.organism_id,
    )


def retry_after(receives: int) -> timedelta:
    """How long a message that was received so often waits for its next attempt, should this one fail."""
    step = RETRY_AFTER[min(receives, len(RETRY_AFTER)) - 1] if receives < MOST_RECEIVES else RETRY_AFTER[0]
    return step * random.uniform(1, 1 + JITTER)  # noqa: S311 - jitter, not a secret
