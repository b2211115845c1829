"""Follow-up: the sender looks at what became of the mail, and fetches the receipt."""

from functools import cache
from http import HTTPStatus
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mailroom import aws, clock, http, settings
from mailroom.directory import Directory
from mailroom.files import Files
from mailroom.forms import Form
from mailroom.mail import Mail
from mailroom.pace import Pace, pace_of
from mailroom.refusals import (
    OF_A_BODY,
    OF_A_TOKEN,
    FollowUpNotFound,
    NotYetSubmitted,
    TooFast,
    TryAgain,
)
from mailroom.register import typed_numbers
from mailroom.registration import entry_key
from mailroom.store import Store
from mailroom.table import Table
from mailroom.text import Typed
from mailroom.tokens import Tokens
from mailroom.views import (
    Instant,
    MailId,
    MailView,
    OutcomeView,
    Sha256,
    answer_file_view,
    mail_view,
    redirection_view,
)


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
        Field(description="Null for receipts of former times, which bear the slip's code themselves."),
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
    """The sender is back."""

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


app = http.Api()


@app.get(
    "/v1/mails/<mail_id>",
    operation_id="follow_mail",
    summary="The mail and its history",
    security=[{"access_token": []}],
    responses={
        200: {"description": "The mail"},
        **http.problem_responses(*OF_A_TOKEN, TryAgain),
    },
)
def follow_mail(mail_id: str) -> Response[MailView]:
    """Identity numbers are masked, in case somebody looks over the sender's shoulder."""
    mail, history = Store(table()).mail_and_history(mail_id)
    if mail.submission is None:
        mail.require_draft(clock.iso(clock.now()))
    looks = mail.attachments and mail.submission is None
    arrived = files().arrived(mail_id) if looks else frozenset[str]()
    return http.answer(mail_view(mail, history, arrived, app.language, _outcome(mail)))


def _outcome(mail: Mail) -> OutcomeView | None:
    """What became of the mail, without who decided it; files of the answer once they are known to be clean."""
    if mail.outcome is None:
        return None
    there = mail.outcome.redirected_to
    return OutcomeView(
        outcome=mail.outcome.outcome,
        message=mail.outcome.message,
        at=mail.outcome.at,
        redirected_to=redirection_view(there, tokens().follow_up_code(there.mail_id)) if there else None,
        attachments=[
            answer_file_view(
                answer, files().download(mail.mail_id, answer) if answer.check == "clean" else None, app.language
            )
            for answer in mail.answers
        ],
    )


@app.get(
    "/v1/mails/<mail_id>/receipt",
    operation_id="follow_mail.read_receipt",
    summary="The receipt",
    security=[{"access_token": []}],
    responses={
        200: {"description": "Where to fetch the PDF"},
        202: {
            "description": "It is being made; ask again after `Retry-After` seconds",
            "content": {http.JSON: {"model": ReceiptPending}},
        },
        **http.problem_responses(*OF_A_TOKEN, NotYetSubmitted, TryAgain),
    },
)
def read_receipt(mail_id: str) -> Response[ReceiptIssued | ReceiptPending]:
    """The file is a PDF; `sha256` is the digest of its bytes."""
    mail = Store(table()).mail(mail_id)
    if mail.submission is None:
        mail.require_draft(clock.iso(clock.now()))
        raise NotYetSubmitted
    if mail.receipt is None:
        pending: ReceiptIssued | ReceiptPending = ReceiptPending(status="pending")
        return http.answer(pending, HTTPStatus.ACCEPTED, {"Retry-After": "1"})
    download = files().receipt_download(mail_id)
    issued: ReceiptIssued | ReceiptPending = ReceiptIssued(
        status="issued",
        url=download.url,
        sha256=mail.receipt.sha256,
        expires_at=clock.iso(download.expires_at),
        slip=_slip(mail),
    )
    return http.answer(issued)


def _slip(mail: Mail) -> SlipIssued | None:
    if not mail.has_slip:
        return None
    download = files().slip_download(mail.mail_id)
    return SlipIssued(url=download.url, expires_at=clock.iso(download.expires_at))


@app.post(
    "/v1/follow-up",
    operation_id="follow_mail.return",
    summary="Come back with only the paper in hand",
    responses={
        200: {"description": "The token that opens the mail"},
        **http.problem_responses(*OF_A_BODY, FollowUpNotFound, TooFast, TryAgain),
    },
)
def return_with_paper(paper: PaperInHand) -> Response[Returned]:
    """Number and code are read as people type them. Whichever of the two is wrong, the answer is the same."""
    for number in typed_numbers(paper.number):
        for organism in directory().by_code(number.code):
            entry = table().get(*entry_key(organism.organism_id, number), attributes=("mail_id",))
            mail_id = entry["mail_id"] if entry else ""
            if tokens().follows(mail_id, paper.follow_up_code) and mail_id:
                http.logger.append_keys(mail_id=mail_id)
                return http.answer(Returned(mail_id=mail_id, access_token=tokens().access_token(mail_id)))
    raise FollowUpNotFound


handler = http.entry(app, http.sender_guard(tokens), http.unhurried(pace))
