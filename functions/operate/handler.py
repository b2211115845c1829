"""Operators see what failed and what is late, and give what failed back to what reads it."""

import json
from functools import cached_property
from http import HTTPStatus
from itertools import islice
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Json, StringConstraints

from mailroom.api import operations_views as views
from mailroom.api import resolver
from mailroom.api.directory_cursor import cursor_at, place_at
from mailroom.api.enrolled_items import enrolled_organism
from mailroom.api.operations_views import Failures, Redriven
from mailroom.api.organism_views import EnrolledPage
from mailroom.api.paging import PageSize
from mailroom.domain import clock
from mailroom.domain.organism import OrganismStatus
from mailroom.domain.refusals import OF_AN_OPERATOR, FieldError, FieldsWrong
from mailroom.fields.text import Line, is_blank
from mailroom.notifying.caps import refusals
from mailroom.notifying.sending_health import health
from mailroom.operating import failures
from mailroom.operating.failures import LATE_AFTER, UNCOLLECTED_AFTER, DeadLetterQueue, DeadLetterSource
from mailroom.operating.waiting_mails import MOST_COUNTED, waiting_mails
from mailroom.organisms import callers
from mailroom.organisms.listing import listed
from mailroom.process import WithTable
from mailroom.storage.organism_items import organism_in
from mailroom.storage.schema import ORGANISMS

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
    "/v1/operations/organisms",
    operation_id="operate.list_organisms",
    summary="All organisms, as operators entered them",
    security=[{"operator": []}],
    responses={
        200: {"description": "A page of organisms, suspended ones and those for tests too"},
        **resolver.problem_responses(*OF_AN_OPERATOR, FieldsWrong),
    },
)
def list_organisms(
    status: Annotated[OrganismStatus | None, Query(description="Only organisms of this status.")] = None,
    q: Annotated[
        Annotated[Line, StringConstraints(max_length=100)] | None,
        Query(description="Words of the name, code or city, as in `GET /v1/organisms`."),
    ] = None,
    limit: Annotated[PageSize, Query(description="Maximum number of items in the page.")] = 25,
    cursor: Annotated[str | None, Query(max_length=1000, description="The `next_cursor` of the previous page.")] = None,
) -> Response[EnrolledPage]:
    """The organisms as they stand now, with their addresses that reject messages."""
    items = {item["organism_id"]: item for item in process().table.query(ORGANISMS)}
    organisms = [organism for item in items.values() if status in {None, (organism := organism_in(item)).status}]
    after = place_at(cursor) if cursor else None
    found = listed(organisms, None if q is None or is_blank(q) else q)
    left = [answer for answer in found if after is None or answer[0] > after]
    page = EnrolledPage(
        items=[enrolled_organism(items[organism.organism_id]) for _, organism in left[:limit]],
        next_cursor=cursor_at(left[limit - 1][0]) if len(left) > limit else None,
        total=len(found),
    )
    return resolver.answer(page)


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
    dead_letters = [views.failed_queue(queue) for queue in process().dead_letters]
    given_up = {each.mail_id for queue in dead_letters for each in queue.sample if each.mail_id and each.function}
    return resolver.answer(
        Failures(
            dead_letters=dead_letters,
            waiting=views.waiting_items(waiting_mails(table, now, limit=limit, given_up=given_up)),
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
        **resolver.problem_responses(*OF_AN_OPERATOR, FieldsWrong),
    },
)
def redrive(
    queue: Annotated[
        str | None, Query(description="Only the messages of this queue, by its name in `dead_letters`.", max_length=64)
    ] = None,
) -> Response[Redriven]:
    """Each message goes back as it was, to the byte. Call again while there are more."""
    chosen = [each for each in process().dead_letters if queue in {None, each.name}]
    if not chosen:
        raise FieldsWrong(FieldError("queue", "literal_error", {"expected": ", ".join(process().queue_urls)}))
    moved = {each.name: each.redrive(_MOST_REDRIVEN) for each in chosen}
    operator = callers.caller(app.current_event.raw_event).person_id
    resolver.logger.info("redriven", extra={"queues": json.dumps(moved), "by": operator})
    return resolver.answer(Redriven(redriven=sum(moved.values()), queues=moved), HTTPStatus.ACCEPTED)


handler = resolver.entry(app, callers.operator_guard)
