"""The organism's inbox: lists, newest first, counts of open work, and statistics."""

from datetime import timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import StringConstraints

from mailroom.api import resolver
from mailroom.api.desk import caller_of, inbox_of
from mailroom.api.inbox_statistics import Statistics, statistics_of
from mailroom.api.inbox_views import InboxCounts, InboxPage, inbox_item
from mailroom.api.paging import PageSize
from mailroom.domain import clock
from mailroom.domain.mail import SubmittedStatus
from mailroom.domain.period import Period
from mailroom.domain.refusals import OF_AN_INBOX, FieldsWrong
from mailroom.domain.working_days import overdue_before
from mailroom.mails.inbox_search import MOST_COUNTED, InboxSearch, Sought
from mailroom.organisms import callers
from mailroom.organisms.directory import Directory
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
Typed = Annotated[
    str | None,
    Query(
        alias="q",
        max_length=200,
        description=(
            "A register number, or its rank, as people type it; else words, each of which begins a word of the subject"
            " or of the sender's name. Case, accents, Arabic diacritics, hamza forms and the article do not matter."
        ),
    ),
]


@app.get(
    "/v1/inbox",
    operation_id="list_inbox",
    summary="The organism's mails, newest first",
    security=[{"agent": []}],
    responses={
        200: {"description": "A page of mails"},
        **resolver.NOT_CHANGED,
        **resolver.problem_responses(*OF_AN_INBOX, FieldsWrong),
    },
)
def list_inbox(  # noqa: PLR0913 - the parameters of the query
    status: Annotated[SubmittedStatus | None, Query(description="Only mails with this status.")] = None,
    first: From = None,
    last: To = None,
    typed: Typed = None,
    *,
    unread: Annotated[bool, Query(description="Only mails that no agent of the organism opened.")] = False,
    late: Annotated[bool, Query(description="Only mails that wait for too long to be collected.")] = False,
    limit: Annotated[PageSize, Query(description="Maximum number of items in the page.")] = 25,
    cursor: Annotated[str | None, Query(max_length=1000, description="The `next_cursor` of the previous page.")] = None,
) -> Response[InboxPage]:
    """A mail shows up within moments of its submission. A cursor is good for the very list it came from.

    Poll with `If-None-Match`: while nothing changes, the answer is 304 and costs little.
    """
    table, organism_id = process().table, caller_of(app).organism_id
    organism = Directory(table).organism(organism_id)
    overdue = clock.iso(overdue_before(organism.reminders.after_working_days, clock.now()))
    sought = Sought(Period.read(first, last), status, typed, is_unread=unread, late_before=overdue if late else None)
    entries, following = InboxSearch(table, organism).page(sought, limit, cursor)
    page = InboxPage.model_construct(items=[inbox_item(entry, overdue) for entry in entries], next_cursor=following)
    return resolver.cacheable(page, app.current_event.raw_event, "no-store")


@app.get(
    "/v1/inbox/counts",
    operation_id="list_inbox.count_open",
    summary="The number of mails that wait for work",
    security=[{"agent": []}],
    responses={
        200: {"description": "Numbers of mails, each up to a bound"},
        **resolver.NOT_CHANGED,
        **resolver.problem_responses(*OF_AN_INBOX),
    },
)
def count_open() -> Response[InboxCounts]:
    """Mails that wait for an agent, and mails that wait for their outcome; closed ones are in the statistics."""
    table, organism_id = process().table, caller_of(app).organism_id
    organism = Directory(table).organism(organism_id)
    overdue = clock.iso(overdue_before(organism.reminders.after_working_days, clock.now()))
    counts = InboxCounts(**InboxSearch(table, organism).open_work(overdue)._asdict(), at_most=MOST_COUNTED)
    return resolver.cacheable(counts, app.current_event.raw_event, "no-store")


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
