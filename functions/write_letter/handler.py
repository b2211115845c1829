"""Step 2: the letter, subject and text."""

from aws_lambda_powertools.event_handler import Response

from mailroom import aws, clock, http, settings
from mailroom.files import Files
from mailroom.letter import Letter
from mailroom.refusals import (
    OF_A_BODY,
    OF_A_TOKEN,
    AlreadySubmitted,
    TryAgain,
)
from mailroom.store import Store
from mailroom.tokens import Tokens
from mailroom.views import MailView, draft_view


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    bucket_name: str
    tokens_secret: str


def store() -> Store:
    """The mails."""
    return Store(aws.table(Settings.read().table_name), http.holder(app))


def files() -> Files:
    """The bucket."""
    return aws.bucket(Settings.read().bucket_name)


def tokens() -> Tokens:
    """The maker of tokens."""
    return aws.tokens(Settings.read().tokens_secret)


app = http.Api()


@app.put(
    "/v1/mails/<mail_id>/letter",
    operation_id="write_letter",
    summary="Write the letter",
    security=[{"access_token": []}],
    responses={
        200: {"description": "The mail"},
        **http.problem_responses(*OF_A_TOKEN, *OF_A_BODY, AlreadySubmitted, TryAgain),
    },
)
def write_letter(mail_id: str, letter: Letter) -> Response[MailView]:
    """The letter takes the place of any earlier one, until the mail is sent."""
    mail = store().write_letter(mail_id, letter, clock.now())
    return http.answer(draft_view(mail, files().arrived(mail_id) if mail.attachments else frozenset(), app.language))


handler = http.entry(app, http.sender_guard(tokens, "access"))
