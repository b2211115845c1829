"""Step 2: files that go with the letter, announced here and sent straight to storage."""

from http import HTTPStatus

import uuid_utils
from aws_lambda_powertools.event_handler import Response

from mailroom.api import resolver
from mailroom.api.mail_views import Announced, announced
from mailroom.domain import clock
from mailroom.domain.announcement import Announcement
from mailroom.domain.file_refusals import OF_AN_ANNOUNCEMENT, AttachmentNotFound
from mailroom.domain.letter import Attachment
from mailroom.domain.refusals import OF_A_BODY, OF_A_TOKEN, AlreadySubmitted
from mailroom.process import WithBucket, WithTable, WithTokens
from mailroom.storage.mails import Store


class Process(WithTable, WithBucket, WithTokens):
    """Writes announcements to drafts, and signs the addresses that their files are sent to."""


process = Process.current
app = resolver.Api()


@app.post(
    "/v1/mails/<mail_id>/attachments",
    operation_id="attach_file",
    summary="Announce a file and get its upload address",
    security=[{"access_token": []}],
    status_code=201,
    responses={
        201: {"description": "The upload request. Storage refuses any other bytes"},
        **resolver.problem_responses(*OF_A_TOKEN, *OF_A_BODY, AlreadySubmitted, *OF_AN_ANNOUNCEMENT),
    },
)
def attach_file(mail_id: str, announcement: Announcement) -> Response[Announced]:
    """The bytes never pass through the API."""
    attachment = Attachment(attachment_id=str(uuid_utils.uuid7()), **announcement.model_dump())
    Store(process().table, resolver.holder(app)).announce(mail_id, attachment, clock.now())
    return resolver.answer(announced(attachment, process().files.upload(mail_id, attachment)), HTTPStatus.CREATED)


@app.delete(
    "/v1/mails/<mail_id>/attachments/<attachment_id>",
    operation_id="attach_file.withdraw",
    summary="Remove a file before sending",
    security=[{"access_token": []}],
    status_code=204,
    responses={
        204: {"description": "The file is removed from the mail", "content": {}},
        **resolver.problem_responses(*OF_A_TOKEN, AttachmentNotFound, AlreadySubmitted),
    },
)
def withdraw(mail_id: str, attachment_id: str) -> Response[None]:
    """Bytes that were sent already are swept away with what was never submitted."""
    Store(process().table, resolver.holder(app)).withdraw(mail_id, attachment_id, clock.now())
    return Response(HTTPStatus.NO_CONTENT.value)


handler = resolver.entry(app, resolver.sender_guard(lambda: process().tokens, "access"))
