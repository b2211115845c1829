"""The organism's inbox: lists, newest first, and statistics."""

from datetime import timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import StringConstraints

from mailroom.api import resolver
from mailroom.api.desk import inbox_of
from mailroom.api.desk_views import InboxPage, inbox_item
from mailroom.api.inbox_statistics import Statistics, statistics_of
from mailroom.api.paging import PageSize
from mailroom.domain import clock
from mailroom.domain.mail import SubmittedStatus
from mailroom.domain.period import Period
from mailroom.domain.refusals import OF_AN_INBOX, FieldsWrong
from mailroom.organisms import callers
from mailroom.process import WithTable

_USUAL_PERIOD = timedelta(days=30)


class Process(WithTable):
    """Reads the register of the caller's organism."""


process = Process.current
app = resolver.Api()


Moment = Annotated[str, StringConstraints(max_length=40)]
From = Annotated[
    Moment | None,
    Query(
        alias="from",
        description=(
            "Start of the period, included: a day in Casablanca (2026-11-22) or an instant (2026-11-22T10:15:30Z)."
        ),
    ),
]
To = Annotated[Moment | None, Query(alias="to", description="End of the period, included: a day or an instant.")]


@app.get(
    "/v1/inbox",
    operation_id="list_inbox",
    summary="The organism's mails, newest first",
    security=[{"agent": []}],
    responses={
        200: {"description": "A page of mails"},
        **resolver.problem_responses(*OF_AN_INBOX, FieldsWrong),
    },
)
def list_inbox(
    status: Annotated[SubmittedStatus | None, Query(description="Only mails with this status.")] = None,
    first: From = None,
    last: To = None,
    limit: Annotated[PageSize, Query(description="Maximum number of items in the page.")] = 25,
    cursor: Annotated[str | None, Query(max_length=1000, description="The `next_cursor` of the previous page.")] = None,
) -> Response[InboxPage]:
    """A mail shows up within moments of its submission. A cursor is good for the very list it came from."""
    inbox = inbox_of(app, process().table)
    entries, following = inbox.page(status, Period.read(first, last), limit, cursor)
    page = InboxPage.model_construct(items=[inbox_item(entry) for entry in entries], next_cursor=following)
    return resolver.answer(page)


@app.get(
    "/v1/inbox/statistics",
    operation_id="list_inbox.count",
    summary="Number of mails and waiting times",
    security=[{"agent": []}],
    responses={
        200: {"description": "Counts, and median times in seconds"},
        **resolver.problem_responses(*OF_AN_INBOX, FieldsWrong),
    },
)
def count(first: From = None, last: To = None) -> Response[Statistics]:
    """Of the mails that arrived in the period, at most 366 days; the last 30 days where nothing is asked."""
    now = clock.now()
    asked = Period.read(first, last)
    end = asked.end or now
    period = Period(asked.start or end - _USUAL_PERIOD, end)
    entries = inbox_of(app, process().table).arrivals(period)
    return resolver.answer(statistics_of(entries, period))


handler = resolver.entry(app, callers.organism_guard(lambda: process().table))
