"""An agent collects a mail; its sender learns that the organism did, and not which agent."""

from functools import partial
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from mailroom.api import resolver
from mailroom.api.desk import caller_of, inbox_of
from mailroom.api.desk_views import CollectedView, TypedNumber, collected
from mailroom.domain.refusals import OF_AN_AGENT
from mailroom.mails import completion
from mailroom.mails.collection import collect
from mailroom.organisms import callers
from mailroom.process import WithNotifications, WithTable


class Process(WithTable, WithNotifications):
    """Writes collections to mails, and queues the messages to their senders."""


process = Process.current
app = resolver.Api()


@app.post(
    "/v1/inbox/<number>/collection",
    operation_id="collect_mail",
    summary="Collect the mail",
    security=[{"agent": []}],
    status_code=201,
    responses={
        201: {"description": "The mail is now collected"},
        200: {"description": "The mail was already collected; the answer names the agent and the time"},
        **resolver.problem_responses(*OF_AN_AGENT),
    },
)
def collect_mail(number: TypedNumber) -> Response[CollectedView]:
    """Of two concurrent requests one collects the mail, and the other gets the name of the agent who did."""
    table = process().table
    found = inbox_of(app, table).mail(number)
    resolver.logger.append_keys(mail_id=found.mail_id)
    mail, first = collect(table, found, caller_of(app).name)
    completion.push_on_collection(table, mail, partial(process().notifications.put, correlation_id=app.request_id))
    return resolver.answer(collected(mail), HTTPStatus.CREATED if first else HTTPStatus.OK)


handler = resolver.entry(app, callers.organism_guard(lambda: process().table))
