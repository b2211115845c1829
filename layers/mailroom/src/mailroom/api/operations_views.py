"""What failed and what is late, as the API shows it to operators."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, Field

from mailroom.domain import clock
from mailroom.operating.failures import MOST_COUNTED, DeadLetterQueue, Failed, Lack, Late


class FailedMessage(BaseModel):
    """A message in a dead-letter queue. Only ids are shown, never its content."""

    mail_id: str | None
    notification_id: str | None
    webhook_id: str | None
    function: Annotated[str | None, Field(description="The function that failed, for a queue of events.")]
    since: Annotated[str, Field(description="When the message was first sent.")]
    age_seconds: int


class FailedQueue(BaseModel):
    """A dead-letter queue."""

    queue: Annotated[str, Field(examples=["notifications"])]
    messages: Annotated[int, Field(description="Approximate number of messages.")]
    sample: Annotated[list[FailedMessage], Field(max_length=10)]


class LateMail(BaseModel):
    """A mail that misses a step which normally takes seconds."""

    mail_id: str
    lacks: Annotated[
        Lack,
        Field(
            description=(
                "The missing step. `scan`: the check of a file, perhaps protected by a password; `news`: the message "
                "to the sender about the outcome."
            )
        ),
    ]
    since: str
    age_seconds: int


class LateMails(BaseModel):
    """The longest waiting first."""

    items: list[LateMail]
    more: bool


class FailingAddress(BaseModel):
    """An address of an organism that rejects messages."""

    organism_id: str
    address: str
    reason: Annotated[
        str,
        Field(
            description=(
                "Permanent: `bounce`, `complaint`. Possibly temporary: `mailbox_full`, `put_off`, `undetermined`, "
                "`rejected`, `delayed`. For a telephone: `not_mobile`, `country`, `sms_off`, `opted_out`, "
                "`number_refused`."
            )
        ),
    ]
    since: str
    until: Annotated[
        str | None, Field(description=("When the failure expires unless it happens again; null if it is permanent."))
    ]
    unreachable: Annotated[
        bool, Field(description=("True if none of the organism's addresses works: contact it by telephone."))
    ]


class FailingAddresses(BaseModel):
    """The failing addresses, in the order of their organisms."""

    items: list[FailingAddress]
    more: bool


class CappedMessages(BaseModel):
    """Messages for an organism that a cap withheld on one day.

    Their number shows an attack, or a cap that is too low.
    """

    day: Annotated[str, Field(examples=["2026-11-22"])]
    organism_id: str
    channel: Annotated[str, Field(description="`email` or `sms`.")]
    cap: Annotated[str, Field(description="`address`, `organism`, or `month` for the limit of the whole service.")]
    messages: int


class SendingHealth(BaseModel):
    """Delivery of the e-mails of today and yesterday. SES suspends an account with too many bounces."""

    sent: int
    bounced: int
    complained: int
    paused: Annotated[bool, Field(description="True while e-mail to new senders' addresses is paused.")]


class Uncollected(BaseModel):
    """Mails that no agent has collected."""

    after_days: int
    count: Annotated[int, Field(le=MOST_COUNTED)]
    more: Annotated[bool, Field(description="True if there are more than were counted.")]


class Failures(BaseModel):
    """Everything that waits for an operator."""

    dead_letters: list[FailedQueue]
    mails: LateMails
    addresses: FailingAddresses
    capped: Annotated[list[CappedMessages], Field(description="The last week, latest day first.")]
    sending: SendingHealth
    uncollected: Uncollected


class Redriven(BaseModel):
    """Number of messages sent again. A message that fails again returns to its dead-letter queue."""

    redriven: int
    queues: dict[str, int]


def failed_queue(queue: DeadLetterQueue) -> FailedQueue:
    """A dead-letter queue with a sample of what it holds."""
    messages = queue.count()
    sample = [failed_message(each) for each in queue.sample()] if messages else []
    return FailedQueue(queue=queue.name, messages=messages, sample=sample)


def failed_message(failed: Failed) -> FailedMessage:
    """A message in a dead-letter queue."""
    age = max(0.0, clock.now().timestamp() - failed.sent_at)
    return FailedMessage(
        mail_id=failed.ids.get("mail_id"),
        notification_id=failed.ids.get("notification_id"),
        webhook_id=failed.ids.get("webhook_id"),
        function=failed.function,
        since=clock.iso(clock.now() - timedelta(seconds=age)),
        age_seconds=int(age),
    )


def late_mails(mails: Iterable[Late]) -> list[LateMail]:
    """Late mails with their age."""
    now = clock.now()
    return [
        LateMail(
            mail_id=mail.mail_id,
            lacks=mail.lacks,
            since=mail.since,
            age_seconds=int((now - clock.parse(mail.since)).total_seconds()),
        )
        for mail in mails
    ]
