"""Step 1: a sender chooses an organism, and a draft begins."""

from http import HTTPStatus

import uuid_utils
from aws_lambda_powertools.event_handler import Response

from mailroom.api import resolver
from mailroom.api.start_views import Start, Started, started
from mailroom.domain import clock
from mailroom.domain.organism import SUSPENDED
from mailroom.domain.refusals import OF_A_BODY, OrganismNotFound, OrganismSuspended
from mailroom.organisms.directory import Directory
from mailroom.process import WithTable, WithTokens
from mailroom.storage.mails import Store


class Process(WithTable, WithTokens):
    """Writes drafts and makes their tokens."""


app = resolver.Api()


@app.post(
    "/v1/mails",
    operation_id="start_mail",
    summary="Start a mail at an organism's desk",
    status_code=201,
    responses={
        201: {
            "description": "The draft, which expires after 24 hours",
            "headers": {"Location": {"schema": {"type": "string"}}},
        },
        **resolver.problem_responses(*OF_A_BODY, OrganismNotFound, OrganismSuspended),
    },
)
def start_mail(start: Start) -> Response[Started]:
    """The answer holds the token that opens the mail. Only the caller that starts the mail gets it."""
    process = Process.current()
    organism = Directory(process.table).organism(start.organism_id)
    if organism.status == SUSPENDED:
        raise OrganismSuspended
    mail = Store(process.table).start(str(uuid_utils.uuid7()), organism, start.language, clock.now())
    resolver.logger.append_keys(mail_id=mail.mail_id)
    answer = started(mail, process.tokens.access_token(mail.mail_id))
    return resolver.answer(answer, HTTPStatus.CREATED, {"Location": f"/v1/mails/{mail.mail_id}"})


handler = resolver.entry(app)
