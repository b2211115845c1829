"""Step 4: the mail is sent; the register gives it its number."""

from http import HTTPStatus
from typing import Annotated, Literal

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.metrics import MetricUnit
from pydantic import BaseModel, Field

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.api.mail_views import Instant, MailId, Number
from mailroom.domain.file_refusals import FilesRefused
from mailroom.domain.refusals import (
    OF_A_TOKEN,
    OrganismNotFound,
    OrganismSuspended,
    StepsMissing,
)
from mailroom.mails.submission import Submissions
from mailroom.mails.tokens import Tokens
from mailroom.storage.bucket import Files
from mailroom.storage.mails import Store
from mailroom.storage.object_lock import Retention
from mailroom.storage.table import Table


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    bucket_name: str
    tokens_secret: str
    retention_days: int
    retention_mode: Literal["COMPLIANCE", "GOVERNANCE"]


class SubmittedView(BaseModel):
    """The mail stands in the register. The same answer comes back however often it is sent."""

    mail_id: MailId
    number: Number
    submitted_at: Instant
    status: Literal["submitted"]
    verification_code: Annotated[str, Field(examples=["7Q2M-4C9T-XV3E-8KHA"])]
    follow_up_code: Annotated[str, Field(examples=["K4ZP-90WD-3RTB-6YMJ"])]


def table() -> Table:
    """The table."""
    return aws.table(Settings.read().table_name)


def files() -> Files:
    """The bucket, and how long it keeps what was submitted."""
    told = Settings.read()
    return aws.bucket(told.bucket_name, Retention(told.retention_mode, told.retention_days))


def tokens() -> Tokens:
    """The maker of tokens."""
    return aws.tokens(Settings.read().tokens_secret)


app = resolver.Api()
metrics = Metrics()


@app.post(
    "/v1/mails/<mail_id>/submission",
    operation_id="submit_mail",
    summary="Send the mail",
    security=[{"access_token": []}],
    status_code=201,
    responses={
        201: {"description": "The mail was registered now"},
        200: {"description": "The mail had been registered before; the answer is the same"},
        **resolver.problem_responses(*OF_A_TOKEN, OrganismNotFound, StepsMissing, FilesRefused, OrganismSuspended),
    },
)
def submit_mail(mail_id: str) -> Response[SubmittedView]:
    """The number is answered only after the register holds it. A receipt follows within moments."""
    found = Store(table(), resolver.holder(app)).mail(mail_id)
    mail, first = Submissions(table(), tokens().verification_code).submit(found, files().pin)
    if mail.receipt is None:
        # Also when the mail was registered before: the call that registered it may have died before this line.
        files().put_record(mail, app.current_event.request_context.request_id)
    if first:
        metrics.add_metric("MailsSubmitted", MetricUnit.Count, 1)
        metrics.flush_metrics()
    submitted = SubmittedView(
        mail_id=mail_id,
        number=mail.submission.number,
        submitted_at=mail.submission.submitted_at,
        status="submitted",
        verification_code=mail.submission.verification_code,
        follow_up_code=tokens().follow_up_code(mail_id, mail.codes.slip),
    )
    return resolver.answer(submitted, HTTPStatus.CREATED if first else HTTPStatus.OK)


handler = resolver.entry(app, resolver.sender_guard(tokens, "access"))
