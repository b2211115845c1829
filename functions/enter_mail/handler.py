"""An agent enters a mail that was handed in on paper: a draft begins, in the register of the agent's organism."""

from http import HTTPStatus

import uuid_utils
from aws_lambda_powertools.event_handler import Response

from mailroom.api import resolver
from mailroom.api.desk import caller_of
from mailroom.api.start_views import CounterEntry, Started, started
from mailroom.domain import clock
from mailroom.domain.organism import SUSPENDED
from mailroom.domain.refusals import OF_A_BODY, OF_AN_INBOX, OrganismNotFound, OrganismSuspended
from mailroom.organisms import callers
from mailroom.organisms.directory import Directory
from mailroom.process import WithTable, WithTokens
from mailroom.storage.mails import Store


class Process(WithTable, WithTokens):
    """Writes drafts and makes their tokens."""


process = Process.current
app = resolver.Api()


@app.post(
    "/v1/inbox/counter",
    operation_id="enter_mail",
    summary="Enter a mail handed in at the counter",
    security=[{"agent": []}],
    status_code=201,
    responses={
        201: {
            "description": "The draft, which expires after 24 hours",
            "headers": {"Location": {"schema": {"type": "string"}}},
        },
        **resolver.problem_responses(*OF_AN_INBOX, *OF_A_BODY, OrganismNotFound, OrganismSuspended),
    },
)
def enter_mail(entry: CounterEntry) -> Response[Started]:
    """Steps 2 to 4 follow with the draft's token, the scans as attachments. E-mail and telephone may both be absent."""
    own, caller = process(), caller_of(app)
    organism = Directory(own.table).organism(caller.organism_id)
    if organism.status == SUSPENDED:
        raise OrganismSuspended
    mail_id = str(uuid_utils.uuid7())
    resolver.logger.append_keys(mail_id=mail_id)
    mail = Store(own.table).start(mail_id, organism, entry.language, clock.now(), entered_by=caller.name)
    answer = started(mail, own.tokens.access_token(mail_id))
    return resolver.answer(answer, HTTPStatus.CREATED, {"Location": f"/v1/mails/{mail_id}"})


handler = resolver.entry(app, callers.organism_guard(lambda: process().table))
