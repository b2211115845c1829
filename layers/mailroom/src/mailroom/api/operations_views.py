"""What failed and what is late, as the API shows it to operators."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, Field

from mailroom.domain import clock
from mailroom.operating.failures import DeadLetterQueue, Failed, Lack, Late
from mailroom.operating.waiting_mails import MOST_COUNTED, Acts, Cause, Kind
from mailroom.storage.schema import Waiting


class FailedMessage(BaseModel):
    """A message in a dead-letter queue. Only ids are shown, never its content."""

    mail_id: str | None
    notification_id: str | None
    webhook_id: str | None
    function: Annotated[str | None, Field(description="The function that failed, for a queue of events.")]
    template: Annotated[
        str | None, Field(description="The notification's kind, such as `organism_alert`, for a queue of messages.")
    ]
    cause: Annotated[
        str,
        Field(
            description=(
                "`attempts_spent`: every attempt failed; `too_old`: the event was not taken in time; `unreadable`: the "
                "message is not one of ours; otherwise the kind of the last error, without its text."
            ),
            examples=["attempts_spent", "ClientError"],
        ),
    ]
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


class WaitingItem(BaseModel):
    """A mail that waits longer than is normal."""

    kind: Annotated[
        Waiting, Field(description="What it waits for. `COLLECTION`: an agent who collects it, for 14 days or more.")
    ]
    cause: Annotated[
        Cause,
        Field(
            description=(
                "`retried`: a step failed and is tried again each minute; `given_up`: it was tried too often, and "
                "stands in a dead-letter queue; `no_time_stamp`: the time-stamp authority did not answer; "
                "`no_scan_result`: the scanner did not answer; `not_scannable`: no scanner can look into a file; "
                "`not_collected`: no agent has collected it."
            )
        ),
    ]
    acts: Annotated[Acts, Field(description="Who can end the wait: the service by itself, operators, or agents.")]
    number: Annotated[str | None, Field(examples=["ANAM-2026-000001"])]
    mail_id: Annotated[str | None, Field(description="Null for a mail that waits for its collection.")]
    organism_id: str | None
    since: str
    age_seconds: int


class WaitingKind(BaseModel):
    """The number of mails that wait for one thing."""

    kind: Waiting
    count: Annotated[int, Field(le=MOST_COUNTED)]
    more: Annotated[bool, Field(description="True if there are more than were counted.")]


class WaitingItems(BaseModel):
    """Mails that wait, the most urgent kind first, and of each kind the longest waiting first."""

    items: list[WaitingItem]
    kinds: Annotated[list[WaitingKind], Field(description="Every kind, also those without a mail.")]


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
    waiting: WaitingItems
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
        template=failed.ids.get("template"),
        cause=failed.cause,
        since=clock.iso(clock.now() - timedelta(seconds=age)),
        age_seconds=int(age),
    )


def waiting_items(kinds: Iterable[Kind]) -> WaitingItems:
    """Mails that wait, with their age."""
    found, now = list(kinds), clock.now()
    return WaitingItems(
        items=[
            WaitingItem(**mail._asdict(), age_seconds=int((now - clock.parse(mail.since)).total_seconds()))
            for each in found
            for mail in each.mails
        ],
        kinds=[WaitingKind(kind=each.kind, count=each.count, more=each.count == MOST_COUNTED) for each in found],
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
