"""Step 2: the letter, subject and text."""

from aws_lambda_powertools.event_handler import Response

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.api.mail_views import MailView, draft_view
from mailroom.domain import clock
from mailroom.domain.letter import Letter
from mailroom.domain.refusals import (
    OF_A_BODY,
    OF_A_TOKEN,
    AlreadySubmitted,
    TryAgain,
)
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


@app.put(
    "/v1/mails/<mail_id>/letter",
    operation_id="write_letter",
    summary="Write the letter",
    security=[{"access_token": []}],
    responses={
        200: {"description": "The mail"},
        **resolver.problem_responses(*OF_A_TOKEN, *OF_A_BODY, AlreadySubmitted, TryAgain),
    },
)
def write_letter(mail_id: str, letter: Letter) -> Response[MailView]:
    """The letter takes the place of any earlier one, until the mail is sent."""
    mail = store().write_letter(mail_id, letter, clock.now())
    return resolver.answer(
        draft_view(mail, files().arrived(mail_id) if mail.attachments else frozenset(), app.language)
    )


handler = resolver.entry(app, resolver.sender_guard(tokens, "access"))
