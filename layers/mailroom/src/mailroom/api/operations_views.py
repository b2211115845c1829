"""What failed and what is late, as the API shows it to operators."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, Field

from mailroom.domain import clock
from mailroom.operating.failures import MOST_COUNTED, DeadLetterQueue, Failed, Lack, Late


class FailedMessage(BaseModel):
    """A message in a dead-letter queue: ids only, whatever it says."""

    mail_id: str | None
    notification_id: str | None
    webhook_id: str | None
    function: Annotated[str | None, Field(description="The function that gave up, where the queue holds events.")]
    since: Annotated[str, Field(description="When it was first sent.")]
    age_seconds: int


class FailedQueue(BaseModel):
    """A dead-letter queue."""

    queue: Annotated[str, Field(examples=["notifications"])]
    messages: Annotated[int, Field(description="How many wait, approximately.")]
    sample: Annotated[list[FailedMessage], Field(max_length=10)]


class LateMail(BaseModel):
    """A mail that lacks what should have come within seconds."""

    mail_id: str
    lacks: Annotated[
        Lack,
        Field(description="`scan`: a check of a file, which may have a password; `news`: the sender of its outcome."),
    ]
    since: str
    age_seconds: int


class LateMails(BaseModel):
    """The longest waiting first."""

    items: list[LateMail]
    more: bool


class FailingAddress(BaseModel):
    """An organism's address that refuses what is sent to it."""

    organism_id: str
    address: str
    reason: Annotated[
        str,
        Field(
            description="`bounce` and `complaint` last; others may pass: `mailbox_full`, `put_off`, `undetermined`, "
            "`rejected`, `delayed`; of a telephone, `not_mobile`, `country`, `sms_off`, `opted_out`, `number_refused`."
        ),
    ]
    since: str
    until: Annotated[str | None, Field(description="When it counts no more unless it fails again; null: it lasts.")]
    unreachable: Annotated[bool, Field(description="None of the organism's addresses works: telephone it.")]


class FailingAddresses(BaseModel):
    """By organism."""

    items: list[FailingAddress]
    more: bool


class CappedMessages(BaseModel):
    """Messages for an organism that were not sent on a day, since a cap was reached: an attack, or a cap too low."""

    day: Annotated[str, Field(examples=["2026-11-22"])]
    organism_id: str
    channel: Annotated[str, Field(description="`email` or `sms`.")]
    cap: Annotated[str, Field(description="`address`, `organism`, or `month`: that of the whole stage.")]
    messages: int


class SendingHealth(BaseModel):
    """What became of the e-mails of today and yesterday: SES stops an account of which too many come back."""

    sent: int
    bounced: int
    complained: int
    paused: Annotated[bool, Field(description="Senders' addresses that were never written to get no e-mail.")]


class Uncollected(BaseModel):
    """Mails that no agent collected."""

    after_days: int
    count: Annotated[int, Field(le=MOST_COUNTED)]
    more: Annotated[bool, Field(description="There are more than were counted.")]


class Failures(BaseModel):
    """Everything that waits for somebody."""

    dead_letters: list[FailedQueue]
    mails: LateMails
    addresses: FailingAddresses
    capped: Annotated[list[CappedMessages], Field(description="Of the last week, the latest day first.")]
    sending: SendingHealth
    uncollected: Uncollected


class Redriven(BaseModel):
    """How many messages went back; those that fail again return."""

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
