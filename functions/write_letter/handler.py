"""Step 2: the letter, subject and text."""

from aws_lambda_powertools.event_handler import Response

from mailroom.api import resolver
from mailroom.api.mail_views import MailView, draft_view
from mailroom.domain import clock
from mailroom.domain.letter import Letter
from mailroom.domain.refusals import OF_A_BODY, OF_A_TOKEN, AlreadySubmitted
from mailroom.process import WithBucket, WithTable, WithTokens
from mailroom.storage.mails import Store


class Process(WithTable, WithBucket, WithTokens):
    """Writes to drafts, and looks which of their files have arrived."""


process = Process.current
app = resolver.Api()


@app.put(
    "/v1/mails/<mail_id>/letter",
    operation_id="write_letter",
    summary="Write the letter",
    security=[{"access_token": []}],
    responses={
        200: {"description": "The mail"},
        **resolver.problem_responses(*OF_A_TOKEN, *OF_A_BODY, AlreadySubmitted),
    },
)
def write_letter(mail_id: str, letter: Letter) -> Response[MailView]:
    """The letter takes the place of any earlier one, until the mail is sent."""
    mail = Store(process().table, resolver.holder(app)).write_letter(mail_id, letter, clock.now())
    return resolver.answer(draft_view(mail, process().files.arrived, app.language))


handler = resolver.entry(app, resolver.sender_guard(lambda: process().tokens, "access"))
