"""Step 4: the mail is sent; the register gives it its number."""

from http import HTTPStatus

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.metrics import MetricUnit

from mailroom.api import resolver
from mailroom.api.start_views import SubmittedView, submitted
from mailroom.domain.file_refusals import FilesRefused
from mailroom.domain.refusals import (
    OF_A_TOKEN,
    OrganismNotFound,
    OrganismSuspended,
    StepsMissing,
)
from mailroom.mails.submission import Submissions
from mailroom.process import WithRetention, WithTable, WithTokens
from mailroom.storage.mails import Store


class Process(WithTable, WithRetention, WithTokens):
    """Registers mails, looks at their files, writes sealed records, and makes codes."""


app = resolver.Api()
metrics = Metrics()


@app.post(
    "/v1/mails/<mail_id>/submission",
    operation_id="submit_mail",
    summary="Send the mail",
    security=[{"access_token": []}],
    status_code=201,
    responses={
        201: {"description": "The mail is now registered"},
        200: {"description": "The mail was already registered; the answer is the same"},
        **resolver.problem_responses(*OF_A_TOKEN, OrganismNotFound, StepsMissing, FilesRefused, OrganismSuspended),
    },
)
def submit_mail(mail_id: str) -> Response[SubmittedView]:
    """The number is answered only after the register holds it. A receipt follows within moments."""
    process = Process.current()
    found = Store(process.table, resolver.holder(app)).mail(mail_id)
    submissions = Submissions(process.table, process.tokens.verification_code)
    mail, registered_by = submissions.submit(found, process.files.pin)
    if mail.receipt is None:
        # Also when the mail was registered before: the call that registered it may have died before this line.
        process.files.put_record(mail, app.request_id)
    if registered_by and not registered_by.is_test:
        metrics.add_metric("MailsSubmitted", MetricUnit.Count, 1)
        metrics.flush_metrics()
    answer = submitted(mail, process.tokens.follow_up_code(mail_id, mail.codes.slip))
    return resolver.answer(answer, HTTPStatus.CREATED if registered_by else HTTPStatus.OK)


handler = resolver.entry(app, resolver.sender_guard(lambda: Process.current().tokens, "access"))
