"""Step 3: who sends, and how to reach them."""

from datetime import datetime
from typing import Annotated, get_args

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.api.mail_views import MailView, draft_view
from mailroom.domain import clock
from mailroom.domain.privacy_notice import CURRENT_VERSION
from mailroom.domain.reach import DeliveryFailure
from mailroom.domain.refusals import (
    OF_A_BODY,
    OF_A_TOKEN,
    AlreadySubmitted,
    FieldError,
    FieldsWrong,
)
from mailroom.domain.sender import Sender
from mailroom.domain.sender_view import SenderKind
from mailroom.fields.mistyped_domains import suggestion
from mailroom.mails.tokens import Tokens
from mailroom.notifying.mail_domains import system_resolver, takes_no_mail
from mailroom.notifying.sms_recipients import countries_in, why_no_sms
from mailroom.storage.bucket import Files
from mailroom.storage.mails import Store


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    bucket_name: str
    tokens_secret: str
    sms_countries: str
    """Two letters each, separated by commas; nothing where SMS are switched off."""
    check_email_domains: bool
    """Whether DNS is asked if an e-mail's domain takes mail."""


def store() -> Store:
    """The mails."""
    return Store(aws.table(Settings.read().table_name), resolver.holder(app))


def files() -> Files:
    """The bucket."""
    return aws.bucket(Settings.read().bucket_name)


def tokens() -> Tokens:
    """The maker of tokens."""
    return aws.tokens(Settings.read().tokens_secret)


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
    """The sender takes the place of any earlier one, until the mail is sent."""
    if wrong := [*_unreachable(sender), *_outdated(sender), *_without_mail(sender)]:
        raise FieldsWrong(*wrong)
    now = clock.now()
    mail = store().identify_sender(mail_id, sender.model_dump(exclude_none=True), now, _sms_failure(sender, now))
    if mail is None:
        raise FieldsWrong(FieldError("national_id", "national_id_not_accepted"))
    view = draft_view(mail, files().arrived, app.language)
    return resolver.answer(_with_suggestion(view, sender.email))


def _with_suggestion(view: MailView, email: str | None) -> MailView:
    """The mail with the address that may be meant, where the domain of the one given looks mistyped."""
    meant = suggestion(email) if email else None
    if view.sender is None or meant is None:
        return view
    return view.model_copy(update={"sender": view.sender.model_copy(update={"email_suggestion": meant})})


def _unreachable(sender: Sender) -> list[FieldError]:
    """Whoever gives no way to be reached would never hear what became of the mail."""
    if sender.email is None and sender.phone is None:
        return [FieldError(way, "contact_missing") for way in ("email", "phone")]
    return []


def _outdated(sender: Sender) -> list[FieldError]:
    if sender.privacy_notice_version == CURRENT_VERSION:
        return []
    return [FieldError("privacy_notice_version", "privacy_notice_outdated", {"current": CURRENT_VERSION})]


def _without_mail(sender: Sender) -> list[FieldError]:
    """A domain that takes no mail; where another one may be meant, the answer asks about that instead."""
    if not Settings.read().check_email_domains or sender.email is None or suggestion(sender.email):
        return []
    domain = sender.email.rpartition("@")[2]
    return [FieldError("email", "email_domain_without_mail")] if takes_no_mail(domain, system_resolver()) else []


def _sms_failure(sender: Sender, now: datetime) -> DeliveryFailure | None:
    reason = why_no_sms(sender.phone, countries_in(Settings.read().sms_countries)) if sender.phone else None
    return DeliveryFailure(reason, clock.iso(now)) if reason else None


handler = resolver.entry(app, resolver.sender_guard(tokens, "access"))
