"""Follow-up: the sender looks at what became of the mail, and fetches the receipt."""

from functools import cache
from http import HTTPStatus
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.api.mail_views import (
    Instant,
    MailId,
    MailView,
    OutcomeView,
    Sha256,
    answer_file_view,
    draft_view,
    redirection_view,
    submitted_view,
)
from mailroom.api.pace import Pace, pace_of
from mailroom.domain import clock
from mailroom.domain.codes import OWN, Holder
from mailroom.domain.mail import Closed, Draft, Submitted
from mailroom.domain.reach import Way
from mailroom.domain.refusals import (
    OF_A_BODY,
    OF_A_TOKEN,
    FollowUpNotFound,
    NotYetSubmitted,
    TooFast,
)
from mailroom.domain.register_number import typed_numbers
from mailroom.fields.forms import Form
from mailroom.fields.text import Typed
from mailroom.mails.tokens import Tokens
from mailroom.organisms.directory import Directory
from mailroom.storage.bucket import Files
from mailroom.storage.item_keys import entry_key, mail_key
from mailroom.storage.mail_items import codes_in
from mailroom.storage.mails import Store
from mailroom.storage.table import Table


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    bucket_name: str
    tokens_secret: str
    caller_rate: float
    caller_burst: int


class SlipIssued(BaseModel):
    """The slip with the codes that open the mail, for the sender to print and keep."""

    url: str
    expires_at: Instant


class ReceiptIssued(BaseModel):
    """The receipt, under an address that works for five minutes: it may be shown to anyone, the slip to nobody."""

    status: Literal["issued"]
    url: str
    sha256: Sha256
    expires_at: Instant
    slip: Annotated[
        SlipIssued | None,
        Field(
            description="Null for who came by a message's link, while new codes are put on it, and for receipts of "
            "former times, which bear the slip's code themselves."
        ),
    ]


class ReceiptPending(BaseModel):
    """The receipt is being made: ask again in a second."""

    status: Literal["pending"]


class PaperInHand(Form):
    """What stands on the receipt's slip."""

    model_config = ConfigDict(strict=True)

    number: Annotated[Typed, StringConstraints(max_length=60), Field(examples=["ANAM-2026-000001"])]
    follow_up_code: Annotated[Typed, StringConstraints(max_length=60), Field(examples=["K4ZP-90WD-3RTB-6YMJ"])]


class Returned(BaseModel):
    """The sender is back, or whoever has the code. What `access_token` opens is for reading."""

    mail_id: MailId
    access_token: str


def table() -> Table:
    """The table."""
    return aws.table(Settings.read().table_name)


@cache
def directory() -> Directory:
    """The organisms, kept in the function for a minute."""
    return Directory(table())


def files() -> Files:
    """The bucket."""
    return aws.bucket(Settings.read().bucket_name)


def tokens() -> Tokens:
    """The maker of tokens."""
    return aws.tokens(Settings.read().tokens_secret)


def pace() -> Pace:
    """How fast one caller may try codes."""
    told = Settings.read()
    return pace_of(told.caller_rate, told.caller_burst)


app = resolver.Api()


@app.get(
    "/v1/mails/<mail_id>",
    operation_id="follow_mail",
    summary="The mail and its history",
    security=[{"access_token": []}],
    responses={
        200: {"description": "The mail"},
        **resolver.problem_responses(*OF_A_TOKEN),
    },
)
def follow_mail(mail_id: str) -> Response[MailView]:
    """Identity numbers are masked, in case somebody looks over the sender's shoulder.

    So are contact details for who came back by a code or a link: a mistyped address may be a stranger's.
    """
    holder = resolver.holder(app)
    mail, history = Store(table(), holder).mail_and_history(mail_id)
    if isinstance(mail, Draft):
        mail.require_open(clock.iso(clock.now()))
        return resolver.answer(draft_view(mail, files().arrived, app.language))
    outcome = _outcome(mail, holder) if isinstance(mail, Closed) else None
    return resolver.answer(submitted_view(mail, history, app.language, outcome, by_code=holder.kind != "access"))


def _outcome(mail: Closed, holder: Holder) -> OutcomeView:
    """What became of the mail, without who decided it; files of the answer once they are known to be clean."""
    there = mail.redirected_to
    return OutcomeView(
        outcome=mail.outcome.outcome,
        message=mail.outcome.message,
        at=mail.outcome.at,
        redirected_to=redirection_view(there, _code_there(there.mail_id, holder)) if there else None,
        attachments=[
            answer_file_view(
                answer, files().download(mail.mail_id, answer) if answer.check == "clean" else None, app.language
            )
            for answer in mail.answers
        ],
    )


def _code_there(mail_id: str, holder: Holder) -> str:
    """The code that opens a redirected mail as far as `holder`'s opens this one: nobody gets a better one there."""
    codes = Store(table()).mail(mail_id).codes
    if holder.kind in OWN:
        return tokens().follow_up_code(mail_id, codes.slip)
    way: Way = "sms" if holder.kind == "sms" else "email"
    return tokens().link_code(mail_id, way, codes.version(way))


@app.get(
    "/v1/mails/<mail_id>/receipt",
    operation_id="follow_mail.read_receipt",
    summary="The receipt",
    security=[{"access_token": []}],
    responses={
        200: {"description": "Where to fetch the PDF"},
        202: {
            "description": "It is being made; ask again after `Retry-After` seconds",
            "content": {resolver.JSON: {"model": ReceiptPending}},
        },
        **resolver.problem_responses(*OF_A_TOKEN, NotYetSubmitted),
    },
)
def read_receipt(mail_id: str) -> Response[ReceiptIssued | ReceiptPending]:
    """The file is a PDF; `sha256` is the digest of its bytes."""
    holder = resolver.holder(app)
    mail = Store(table(), holder).submitted(mail_id)
    if mail.receipt is None:
        pending: ReceiptIssued | ReceiptPending = ReceiptPending(status="pending")
        return resolver.answer(pending, HTTPStatus.ACCEPTED, {"Retry-After": "1"})
    download = files().receipt_download(mail_id)
    issued: ReceiptIssued | ReceiptPending = ReceiptIssued(
        status="issued",
        url=download.url,
        sha256=mail.receipt.sha256,
        expires_at=clock.iso(download.expires_at),
        slip=_slip(mail) if holder.kind in OWN else None,
    )
    return resolver.answer(issued)


def _slip(mail: Submitted) -> SlipIssued | None:
    if not mail.has_slip:
        return None
    download = files().slip_download(mail)
    return SlipIssued(url=download.url, expires_at=clock.iso(download.expires_at))


@app.post(
    "/v1/follow-up",
    operation_id="follow_mail.return",
    summary="Come back with only the paper in hand",
    responses={
        200: {"description": "The token that opens the mail"},
        **resolver.problem_responses(*OF_A_BODY, FollowUpNotFound, TooFast),
    },
)
def return_with_paper(paper: PaperInHand) -> Response[Returned]:
    """Number and code are read as people type them. Whichever of the two is wrong, the answer is the same.

    The token sees contact details masked, and ends with the code that it was given for.
    """
    for number in typed_numbers(paper.number):
        for organism in directory().by_code(number.code):
            entry = table().get(*entry_key(organism.organism_id, number), attributes=("mail_id",))
            mail_id = entry["mail_id"] if entry else ""
            # Without an entry too: how long the answer takes tells no numbers.
            mail = table().get(*mail_key(mail_id), attributes=("codes",))
            holder = tokens().came_by(mail_id, paper.follow_up_code, codes_in(mail or {}))
            if holder and mail_id:
                resolver.logger.append_keys(mail_id=mail_id)
                return resolver.answer(Returned(mail_id=mail_id, access_token=tokens().access_token(mail_id, holder)))
    raise FollowUpNotFound


handler = resolver.entry(app, resolver.sender_guard(tokens, "access", "slip", "email", "sms"), resolver.unhurried(pace))
