"""An agent gives a mail its outcome: answered, with files if need be, rejected, or redirected to another organism."""

from http import HTTPStatus
from typing import Annotated, Literal

import uuid_utils
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.api.desk_views import ClosedView, closed
from mailroom.api.mail_views import Announced, announced
from mailroom.domain.announcement import Announcement
from mailroom.domain.file_refusals import (
    AnswerFilesPending,
    AnswerFilesRefused,
    AttachmentNotFound,
    AttachmentTooLarge,
    TooManyAnswerFiles,
)
from mailroom.domain.letter import Attachment
from mailroom.domain.mail import Closed, OutcomeName, Submitted
from mailroom.domain.organism import OrganismId
from mailroom.domain.refusals import (
    OF_A_BODY,
    OF_AN_AGENT,
    AlreadyClosed,
    FieldError,
    FieldsWrong,
    OrganismSuspended,
    RedirectedTooOften,
    StepsMissing,
)
from mailroom.fields.forms import Form
from mailroom.fields.text import Paragraphs, is_blank
from mailroom.mails import answers, completion
from mailroom.mails.inbox import Inbox
from mailroom.mails.outcome import Decision, Outcomes
from mailroom.mails.tokens import Tokens
from mailroom.notifying.notifications import Notification, enqueue
from mailroom.organisms import callers
from mailroom.storage.bucket import Files
from mailroom.storage.mails import Store
from mailroom.storage.object_keys import answer_key
from mailroom.storage.object_lock import Retention
from mailroom.storage.table import Table


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    bucket_name: str
    tokens_secret: str
    notifications_queue_url: str
    retention_days: int
    retention_mode: Literal["COMPLIANCE", "GOVERNANCE"]


def _seen(value: str) -> str:
    if is_blank(value):
        raise PydanticCustomError("blank", "blank")
    return value


Message = Annotated[Paragraphs, StringConstraints(min_length=1, max_length=20_000), AfterValidator(_seen)]


class Closing(Form):
    """What becomes of the mail. `redirect_to` goes with a redirection, and with nothing else."""

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={
            "examples": [
                {"outcome": "answered", "message": "Votre attestation est jointe."},
                {"outcome": "redirected", "message": "Cela relève d'un autre organisme.", "redirect_to": "adm"},
            ]
        },
    )

    outcome: OutcomeName
    message: Annotated[Message, Field(description="The sender reads it on the follow-up page.")]
    redirect_to: Annotated[OrganismId | None, Field(examples=["adm"])] = None


def table() -> Table:
    """The table."""
    return aws.table(Settings.read().table_name)


def files() -> Files:
    """The bucket, and how long it keeps what was sent to senders."""
    told = Settings.read()
    return aws.bucket(told.bucket_name, Retention(told.retention_mode, told.retention_days))


def tokens() -> Tokens:
    """The maker of tokens."""
    return aws.tokens(Settings.read().tokens_secret)


app = resolver.Api()

Number = Annotated[str, Path(examples=["ANAM-2026-000001"])]


@app.post(
    "/v1/inbox/<number>/outcome",
    operation_id="close_mail",
    summary="Answer, reject or redirect the mail",
    security=[{"agent": []}],
    status_code=201,
    responses={
        201: {"description": "The mail has this outcome now"},
        200: {"description": "It had this very outcome before; the answer is the same"},
        **resolver.problem_responses(
            *OF_AN_AGENT,
            *OF_A_BODY,
            AlreadyClosed,
            StepsMissing,
            AnswerFilesPending,
            AnswerFilesRefused,
            OrganismSuspended,
            RedirectedTooOften,
        ),
    },
)
def close_mail(number: Number, closing: Closing) -> Response[ClosedView]:
    """An outcome is final. Announced files go with it, once clean; a mail that nobody collected is collected by it."""
    caller, found = _found(number)
    mail, first = Outcomes(table(), tokens().verification_code).close(
        found, _decision(closing), caller.name, files().pin_answers
    )
    _follow_through(mail)
    return resolver.answer(closed(mail, app.language), HTTPStatus.CREATED if first else HTTPStatus.OK)


@app.post(
    "/v1/inbox/<number>/attachments",
    operation_id="close_mail.attach_file",
    summary="Announce a file of the answer and get the address to send it to",
    security=[{"agent": []}],
    status_code=201,
    responses={
        201: {"description": "Where and how to send the bytes; storage refuses any others"},
        **resolver.problem_responses(*OF_AN_AGENT, *OF_A_BODY, AlreadyClosed, TooManyAnswerFiles, AttachmentTooLarge),
    },
)
def attach_file(number: Number, announcement: Announcement) -> Response[Announced]:
    """At most five. The outcome waits until they are known to be clean; then the sender can download them."""
    _, mail = _found(number)
    attachment_id = str(uuid_utils.uuid7())
    answer = Attachment(
        attachment_id=attachment_id, key=answer_key(mail.mail_id, attachment_id), **announcement.model_dump()
    )
    answers.announce(table(), mail, answer)
    return resolver.answer(announced(answer, files().upload(mail.mail_id, answer)), HTTPStatus.CREATED)


@app.delete(
    "/v1/inbox/<number>/attachments/<attachment_id>",
    operation_id="close_mail.withdraw",
    summary="Take a file of the answer back",
    security=[{"agent": []}],
    status_code=204,
    responses={
        204: {"description": "The file is no longer part of the answer", "content": {}},
        **resolver.problem_responses(*OF_AN_AGENT, AttachmentNotFound, AlreadyClosed),
    },
)
def withdraw(number: Number, attachment_id: str) -> Response[None]:
    """Until the outcome. The sender's own files stay as they were sent."""
    _, mail = _found(number)
    answers.withdraw(table(), mail, attachment_id)
    return Response(HTTPStatus.NO_CONTENT.value)


def _found(number: str) -> tuple[callers.Caller, Submitted]:
    caller = callers.caller(app.current_event.raw_event)
    mail = Inbox(table(), caller).mail(number)
    resolver.logger.append_keys(mail_id=mail.mail_id)
    return caller, mail


def _decision(closing: Closing) -> Decision:
    if closing.outcome == "redirected" and closing.redirect_to is None:
        raise FieldsWrong(FieldError("redirect_to", "missing"))
    if closing.outcome != "redirected" and closing.redirect_to is not None:
        raise FieldsWrong(FieldError("redirect_to", "redirect_to_needless"))
    return Decision(closing.outcome, closing.message, closing.redirect_to)


def _follow_through(mail: Closed) -> None:
    """Do what the outcome brings with it, as far as it was not done before; what dies here, the schedule finishes."""
    request_id = app.current_event.request_context.request_id
    if mail.redirected_to is not None:
        there = Store(table()).submitted(mail.redirected_to.mail_id)
        if there.receipt is None:
            files().put_record(there, request_id)
    completion.push_on_outcome(table(), mail, _queue, files().lock_answers)


def _queue(messages: list[Notification]) -> None:
    request_id = app.current_event.request_context.request_id
    enqueue(aws.client("sqs"), Settings.read().notifications_queue_url, messages, request_id)


handler = resolver.entry(app, callers.organism_guard(table))
