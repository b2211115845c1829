"""Operators see what failed and what is late, and give what failed back to what reads it."""

import json
from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus
from itertools import islice
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel, Field, Json

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.api.paging import PageSize
from mailroom.domain import clock
from mailroom.domain.refusals import OF_AN_OPERATOR, FieldsWrong
from mailroom.notifying.caps import refusals
from mailroom.notifying.sending_health import health
from mailroom.operating.failures import (
    LATE_AFTER,
    MOST_COUNTED,
    UNCOLLECTED_AFTER,
    DeadLetterQueue,
    Failed,
    Lack,
    Late,
    Refusing,
    Source,
    late_mails,
    refusing_addresses,
    uncollected,
)
from mailroom.organisms import callers
from mailroom.storage.table import Table

_MOST_REDRIVEN = 100
"""From each queue in one call: the answer comes in time, and the readers are not swamped."""


class Settings(settings.Settings):
    """What this function is told; `queue_urls` is JSON: ``{"<name>": {"dlq_url": …, "url": … or absent}}``."""

    table_name: str
    queue_urls: Json[dict[str, Source]]


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


def table() -> Table:
    """The table."""
    return aws.table(Settings.read().table_name)


def queues() -> list[DeadLetterQueue]:
    """The dead-letter queues."""
    sqs, functions = aws.client("sqs"), aws.client("lambda")
    return [DeadLetterQueue(name, source, sqs, functions) for name, source in Settings.read().queue_urls.items()]


app = resolver.Api()


@app.get(
    "/v1/operations/failures",
    operation_id="operate",
    summary="What failed, and what is late",
    security=[{"operator": []}],
    responses={
        200: {"description": "What waits in dead-letter queues, late mails, failing addresses, uncollected mails"},
        **resolver.problem_responses(*OF_AN_OPERATOR, FieldsWrong),
    },
)
def list_failures(
    limit: Annotated[PageSize, Query(description="Most mails and most addresses shown.")] = 25,
) -> Response[Failures]:
    """Ids and counts, no sender's data. An organism's own address is shown where it fails: somebody has to mend it."""
    now = clock.now()
    mails = list(islice(late_mails(table(), until=clock.iso(now - LATE_AFTER)), limit + 1))
    capped = sorted(refusals(table()), key=lambda each: (each.day, each.messages), reverse=True)
    addresses = list(islice(refusing_addresses(table()), limit + 1))
    return resolver.answer(
        Failures(
            dead_letters=[_failed_queue(queue) for queue in queues()],
            mails=LateMails(items=_late(mails[:limit]), more=len(mails) > limit),
            addresses=FailingAddresses(items=_failing(addresses[:limit]), more=len(addresses) > limit),
            capped=[CappedMessages(**each._asdict()) for each in capped[:limit]],
            sending=_sending(),
            uncollected=_uncollected(),
        )
    )


@app.post(
    "/v1/operations/failures/redrive",
    operation_id="operate.redrive",
    status_code=202,
    summary="Try again what failed",
    security=[{"operator": []}],
    responses={
        202: {"description": "How many messages went back, a hundred from each queue at most"},
        **resolver.problem_responses(*OF_AN_OPERATOR),
    },
)
def redrive() -> Response[Redriven]:
    """Each message goes back as it was, to the byte. Call again while there are more."""
    moved = {queue.name: queue.redrive(_MOST_REDRIVEN) for queue in queues()}
    resolver.logger.info("redriven", extra={"queues": json.dumps(moved), "by": _operator()})
    return resolver.answer(Redriven(redriven=sum(moved.values()), queues=moved), HTTPStatus.ACCEPTED)


def _operator() -> str:
    return callers.caller(app.current_event.raw_event).name


def _failed_queue(queue: DeadLetterQueue) -> FailedQueue:
    messages = queue.count()
    sample = [_failed(each) for each in queue.sample()] if messages else []
    return FailedQueue(queue=queue.name, messages=messages, sample=sample)


def _failed(failed: Failed) -> FailedMessage:
    age = max(0.0, clock.now().timestamp() - failed.sent_at)
    return FailedMessage(
        mail_id=failed.ids.get("mail_id"),
        notification_id=failed.ids.get("notification_id"),
        webhook_id=failed.ids.get("webhook_id"),
        function=failed.function,
        since=clock.iso(clock.now() - timedelta(seconds=age)),
        age_seconds=int(age),
    )


def _late(mails: Iterable[Late]) -> list[LateMail]:
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


def _failing(addresses: Iterable[Refusing]) -> list[FailingAddress]:
    return [FailingAddress(**each._asdict()) for each in addresses]


def _sending() -> SendingHealth:
    found = health(table(), clock.now())
    return SendingHealth(**vars(found), paused=found.is_paused)


def _uncollected() -> Uncollected:
    count = uncollected(table(), until=clock.iso(clock.now() - UNCOLLECTED_AFTER))
    return Uncollected(after_days=UNCOLLECTED_AFTER.days, count=count, more=count == MOST_COUNTED)


handler = resolver.entry(app, callers.operator_guard)
