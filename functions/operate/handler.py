"""Operators see what failed and what is late, and give what failed back to what reads it."""

import json
from functools import cached_property
from http import HTTPStatus
from itertools import islice
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Json

from mailroom.api import operations_views as views
from mailroom.api import resolver
from mailroom.api.operations_views import Failures, Redriven
from mailroom.api.paging import PageSize
from mailroom.domain import clock
from mailroom.domain.refusals import OF_AN_OPERATOR, FieldsWrong
from mailroom.notifying.caps import refusals
from mailroom.notifying.sending_health import health
from mailroom.operating import failures
from mailroom.operating.failures import LATE_AFTER, MOST_COUNTED, UNCOLLECTED_AFTER, DeadLetterQueue, DeadLetterSource
from mailroom.organisms import callers
from mailroom.process import WithTable

_MOST_REDRIVEN = 100
"""From each queue in one call: the answer comes in time, and the readers are not swamped."""


class Process(WithTable):
    """Reads what waits in the table and in the dead-letter queues, and gives messages back to what reads them."""

    queue_urls: Json[dict[str, DeadLetterSource]]
    """JSON: ``{"<name>": {"dlq_url": …, "url": … or absent, "alias": …}}``."""

    @cached_property
    def dead_letters(self) -> list[DeadLetterQueue]:
        """The dead-letter queues."""
        return [DeadLetterQueue(name, source, self.sqs, self.functions) for name, source in self.queue_urls.items()]


process = Process.current
app = resolver.Api()


@app.get(
    "/v1/operations/failures",
    operation_id="operate",
    summary="Failures and late mails",
    security=[{"operator": []}],
    responses={
        200: {"description": "Messages in dead-letter queues, late mails, failing addresses and uncollected mails"},
        **resolver.problem_responses(*OF_AN_OPERATOR, FieldsWrong),
    },
)
def list_failures(
    limit: Annotated[PageSize, Query(description="Maximum number of mails, and of addresses, to list.")] = 25,
) -> Response[Failures]:
    """Ids and counts, no sender's data. An organism's own address is shown where it fails: somebody has to mend it."""
    table, now = process().table, clock.now()
    mails = list(islice(failures.late_mails(table, until=clock.iso(now - LATE_AFTER)), limit + 1))
    capped = sorted(refusals(table), key=lambda each: (each.day, each.messages), reverse=True)
    addresses = list(islice(failures.refusing_addresses(table), limit + 1))
    sending = health(table, now)
    count = failures.uncollected(table, until=clock.iso(now - UNCOLLECTED_AFTER))
    return resolver.answer(
        Failures(
            dead_letters=[views.failed_queue(queue) for queue in process().dead_letters],
            mails=views.LateMails(items=views.late_mails(mails[:limit]), more=len(mails) > limit),
            addresses=views.FailingAddresses(
                items=[views.FailingAddress(**each._asdict()) for each in addresses[:limit]],
                more=len(addresses) > limit,
            ),
            capped=[views.CappedMessages(**each._asdict()) for each in capped[:limit]],
            sending=views.SendingHealth(**vars(sending), paused=sending.is_paused),
            uncollected=views.Uncollected(after_days=UNCOLLECTED_AFTER.days, count=count, more=count == MOST_COUNTED),
        )
    )


@app.post(
    "/v1/operations/failures/redrive",
    operation_id="operate.redrive",
    status_code=202,
    summary="Send the failed messages again",
    security=[{"operator": []}],
    responses={
        202: {"description": "Number of messages sent again, at most one hundred from each queue"},
        **resolver.problem_responses(*OF_AN_OPERATOR),
    },
)
def redrive() -> Response[Redriven]:
    """Each message goes back as it was, to the byte. Call again while there are more."""
    moved = {queue.name: queue.redrive(_MOST_REDRIVEN) for queue in process().dead_letters}
    operator = callers.caller(app.current_event.raw_event).name
    resolver.logger.info("redriven", extra={"queues": json.dumps(moved), "by": operator})
    return resolver.answer(Redriven(redriven=sum(moved.values()), queues=moved), HTTPStatus.ACCEPTED)


handler = resolver.entry(app, callers.operator_guard)
