"""An agent gives a mail its outcome: answered, with files if need be, rejected, or redirected to another organism."""

from functools import partial
from http import HTTPStatus

import uuid_utils
from aws_lambda_powertools.event_handler import Response

from mailroom.api import resolver
from mailroom.api.desk import caller_of, inbox_of
from mailroom.api.desk_views import ClosedView, TypedNumber, closed
from mailroom.api.mail_views import Announced, announced
from mailroom.api.outcome_form import Closing
from mailroom.domain.announcement import Announcement
from mailroom.domain.file_refusals import OF_AN_OUTCOME, AttachmentNotFound, AttachmentTooLarge, TooManyAnswerFiles
from mailroom.domain.letter import Attachment
from mailroom.domain.mail import Submitted
from mailroom.domain.refusals import OF_A_BODY, OF_AN_AGENT, AlreadyClosed
from mailroom.mails import answers, completion
from mailroom.mails.outcome import Outcomes
from mailroom.organisms import callers
from mailroom.process import WithNotifications, WithRetention, WithTable, WithTokens
from mailroom.storage.object_keys import answer_key


class Process(WithTable, WithRetention, WithTokens, WithNotifications):
    """Writes outcomes and answers, signs the addresses that files are sent to, locks them, and queues notifications."""


process = Process.current
app = resolver.Api()


@app.post(
    "/v1/inbox/<number>/outcome",
    operation_id="close_mail",
    summary="Answer, reject or redirect the mail",
    security=[{"agent": []}],
    status_code=201,
    responses={
        201: {"description": "The outcome is recorded"},
        200: {"description": "The mail already has this outcome; the answer is the same"},
        **resolver.problem_responses(*OF_AN_AGENT, *OF_A_BODY, *OF_AN_OUTCOME),
    },
)
def close_mail(number: TypedNumber, closing: Closing) -> Response[ClosedView]:
    """An outcome is final. Announced files are sent with it once clean. It also collects a mail not yet collected."""
    own, caller, found = process(), caller_of(app), mail_of(number)
    outcomes = Outcomes(own.table, own.tokens.verification_code)
    mail, first = outcomes.close(found, closing.decision(), caller.name, own.files.pin_answers)
    queue = partial(own.notifications.put, correlation_id=app.request_id)
    completion.follow_outcome(own.table, mail, own.files, queue, app.request_id)
    return resolver.answer(closed(mail, app.language), HTTPStatus.CREATED if first else HTTPStatus.OK)


@app.post(
    "/v1/inbox/<number>/attachments",
    operation_id="close_mail.attach_file",
    summary="Announce a file of the answer and get its upload address",
    security=[{"agent": []}],
    status_code=201,
    responses={
        201: {"description": "The upload request. Storage refuses any other bytes"},
        **resolver.problem_responses(*OF_AN_AGENT, *OF_A_BODY, AlreadyClosed, TooManyAnswerFiles, AttachmentTooLarge),
    },
)
def attach_file(number: TypedNumber, announcement: Announcement) -> Response[Announced]:
    """At most five. The outcome waits until they are known to be clean; then the sender can download them."""
    mail, attachment_id = mail_of(number), str(uuid_utils.uuid7())
    key = answer_key(mail.mail_id, attachment_id)
    answer = Attachment(attachment_id=attachment_id, key=key, **announcement.model_dump())
    answers.announce(process().table, mail, answer)
    return resolver.answer(announced(answer, process().files.upload(mail.mail_id, answer)), HTTPStatus.CREATED)


@app.delete(
    "/v1/inbox/<number>/attachments/<attachment_id>",
    operation_id="close_mail.withdraw",
    summary="Remove a file from the answer",
    security=[{"agent": []}],
    status_code=204,
    responses={
        204: {"description": "The file is removed from the answer", "content": {}},
        **resolver.problem_responses(*OF_AN_AGENT, AttachmentNotFound, AlreadyClosed),
    },
)
def withdraw(number: TypedNumber, attachment_id: str) -> Response[None]:
    """Until the outcome. The sender's own files stay as they were sent."""
    answers.withdraw(process().table, mail_of(number), attachment_id)
    return Response(HTTPStatus.NO_CONTENT.value)


def mail_of(number: str) -> Submitted:
    """The mail of the caller's organism under that number."""
    mail = inbox_of(app, process().table).mail(number)
    resolver.logger.append_keys(mail_id=mail.mail_id)
    return mail


handler = resolver.entry(app, callers.organism_guard(lambda: process().table))
