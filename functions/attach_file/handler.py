"""Step 2: files that go with the letter, announced here and sent straight to storage."""

from http import HTTPStatus

import uuid_utils
from aws_lambda_powertools.event_handler import Response

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.api.mail_views import Announced, announced
from mailroom.domain import clock
from mailroom.domain.announcement import Announcement
from mailroom.domain.file_refusals import (
    AttachmentNotFound,
    AttachmentTooLarge,
    DraftTooLarge,
    TooManyAnnouncements,
    TooManyAttachments,
)
from mailroom.domain.letter import Attachment
from mailroom.domain.refusals import OF_A_BODY, OF_A_TOKEN, AlreadySubmitted
from mailroom.mails.tokens import Tokens
from mailroom.storage.bucket import Files
from mailroom.storage.mails import Store


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    bucket_name: str
    tokens_secret: str


def store() -> Store:
    """The mails."""
    return Store(aws.table(Settings.read().table_name), resolver.holder(app))


def files() -> Files:
    """The bucket."""
    return aws.bucket(Settings.read().bucket_name)


def tokens() -> Tokens:
    """The maker of tokens."""
    return aws.tokens(Settings.read().tokens_secret)


app = resolver.Api()


@app.post(
    "/v1/mails/<mail_id>/attachments",
    operation_id="attach_file",
    summary="Announce a file and get the address to send it to",
    security=[{"access_token": []}],
    status_code=201,
    responses={
        201: {"description": "Where and how to send the bytes; storage refuses any others"},
        **resolver.problem_responses(
            *OF_A_TOKEN,
            *OF_A_BODY,
            AlreadySubmitted,
            TooManyAttachments,
            TooManyAnnouncements,
            AttachmentTooLarge,
            DraftTooLarge,
        ),
    },
)
def attach_file(mail_id: str, announcement: Announcement) -> Response[Announced]:
    """The bytes never pass through the API."""
    attachment = Attachment(attachment_id=str(uuid_utils.uuid7()), **announcement.model_dump())
    store().announce(mail_id, attachment, clock.now())
    return resolver.answer(announced(attachment, files().upload(mail_id, attachment)), HTTPStatus.CREATED)


@app.delete(
    "/v1/mails/<mail_id>/attachments/<attachment_id>",
    operation_id="attach_file.withdraw",
    summary="Take a file back before sending",
    security=[{"access_token": []}],
    status_code=204,
    responses={
        204: {"description": "The file is no longer part of the mail", "content": {}},
        **resolver.problem_responses(*OF_A_TOKEN, AttachmentNotFound, AlreadySubmitted),
    },
)
def withdraw(mail_id: str, attachment_id: str) -> Response[None]:
    """Bytes that were sent already are swept away with what was never submitted."""
    store().withdraw(mail_id, attachment_id, clock.now())
    return Response(HTTPStatus.NO_CONTENT.value)


handler = resolver.entry(app, resolver.sender_guard(tokens, "access"))
