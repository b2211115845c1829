"""Step 3: who sends, and how to reach them."""

from typing import Annotated, get_args

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body

from mailroom.api import resolver
from mailroom.api.email_suggestion import with_email_suggestion
from mailroom.api.mail_views import MailView, draft_view
from mailroom.domain import clock
from mailroom.domain.channel import COUNTER
from mailroom.domain.refusals import OF_A_BODY, OF_A_TOKEN, AlreadySubmitted, FieldError, FieldsWrong
from mailroom.domain.sender import Sender
from mailroom.domain.sender_view import SenderKind
from mailroom.mails.identification import has_no_contact, sms_failure, wrong_fields
from mailroom.process import WithBucket, WithTable, WithTokens
from mailroom.storage.mails import Store


class Process(WithTable, WithBucket, WithTokens):
    """Writes to drafts, and looks which of their files have arrived."""

    sms_countries: str
    """Two letters each, separated by commas; nothing where SMS are switched off."""
    check_email_domains: bool
    """Whether DNS is asked if an e-mail's domain takes mail."""


process = Process.current
app = resolver.Api(tags=frozenset(get_args(SenderKind)))


@app.put(
    "/v1/mails/<mail_id>/sender",
    operation_id="identify_sender",
    summary="Give contact details",
    security=[{"access_token": []}],
    responses={
        200: {"description": "The mail; identity numbers are masked"},
        **resolver.problem_responses(*OF_A_TOKEN, *OF_A_BODY, AlreadySubmitted),
    },
)
def identify_sender(mail_id: str, sender: Annotated[Sender, Body()]) -> Response[MailView]:
    """The sender takes the place of any earlier one, until the mail is sent.

    `email` or `phone` is needed, unless the mail was handed in at the counter.
    """
    own, now = process(), clock.now()
    store = Store(own.table, resolver.holder(app))
    # Nothing else depends on the channel: most mails need no read.
    is_at_counter = has_no_contact(sender) and store.mail(mail_id).channel == COUNTER
    if wrong := wrong_fields(sender, asks_dns=own.check_email_domains, is_at_counter=is_at_counter):
        raise FieldsWrong(*wrong)
    no_sms = sms_failure(sender, own.sms_countries, now)
    mail = store.identify_sender(mail_id, sender.model_dump(exclude_none=True), now, no_sms)
    if mail is None:
        raise FieldsWrong(FieldError("national_id", "national_id_not_accepted"))
    return resolver.answer(with_email_suggestion(draft_view(mail, own.files.arrived, app.language), sender.email))


handler = resolver.entry(app, resolver.sender_guard(lambda: process().tokens, "access"))
