"""An agent takes a mail over; the sender is told that the organism did, and not who."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.api.desk_views import Collected, collected
from mailroom.domain.refusals import OF_AN_AGENT, TryAgain
from mailroom.mails import completion
from mailroom.mails.collection import collect
from mailroom.mails.inbox import Inbox
from mailroom.notifying.notifications import Notification, enqueue
from mailroom.organisms import callers
from mailroom.storage.table import Table


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    notifications_queue_url: str


def table() -> Table:
    """The table."""
    return aws.table(Settings.read().table_name)


app = resolver.Api()


@app.post(
    "/v1/inbox/<number>/collection",
    operation_id="collect_mail",
    summary="Take the mail over",
    security=[{"agent": []}],
    status_code=201,
    responses={
        201: {"description": "The mail was taken over now"},
        200: {"description": "It had been taken over before: the answer says by whom, and when"},
        **resolver.problem_responses(*OF_AN_AGENT, TryAgain),
    },
)
def collect_mail(number: Annotated[str, Path(examples=["ANAM-2026-000001"])]) -> Response[Collected]:
    """Of two who do it at once one is named, and the other is told who."""
    caller = callers.caller(app.current_event.raw_event)
    found = Inbox(table(), caller).mail(number)
    resolver.logger.append_keys(mail_id=found.mail_id)
    mail, first = collect(table(), found, caller.name)
    completion.push_on(table(), mail, "collected", _queue)
    return resolver.answer(collected(mail), HTTPStatus.CREATED if first else HTTPStatus.OK)


def _queue(messages: list[Notification]) -> None:
    request_id = app.current_event.request_context.request_id
    enqueue(aws.client("sqs"), Settings.read().notifications_queue_url, messages, request_id)


handler = resolver.entry(app, callers.organism_guard(table))
