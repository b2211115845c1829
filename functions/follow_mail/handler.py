"""Follow-up: the sender looks at what became of the mail, and fetches the receipt."""

from functools import cached_property
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from mailroom.api import resolver
from mailroom.api.follow_up_views import PaperInHand, ReceiptIssued, ReceiptPending, Returned, receipt_issued
from mailroom.api.mail_views import MailView, draft_view, submitted_view
from mailroom.api.outcome_view import outcome_view
from mailroom.domain import clock
from mailroom.domain.codes import OWN
from mailroom.domain.mail import Closed, Draft
from mailroom.domain.refusals import OF_A_BODY, OF_A_TOKEN, FollowUpNotFound, NotYetSubmitted
from mailroom.mails.paper import mail_of_slip
from mailroom.organisms.directory import Directory
from mailroom.process import WithBucket, WithTable, WithTokens
from mailroom.storage.mails import Store


class Process(WithTable, WithBucket, WithTokens):
    """Reads mails for their senders, signs the addresses of files, and makes tokens."""

    @cached_property
    def directory(self) -> Directory:
        """The directory, kept for a minute."""
        return Directory(self.table)


process = Process.current
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
    holder, own = resolver.holder(app), process()
    mail, history = Store(own.table, holder).mail_and_history(mail_id)
    if isinstance(mail, Draft):
        mail.require_open(clock.iso(clock.now()))
        return resolver.answer(draft_view(mail, own.files.arrived, app.language))
    outcome = None
    if isinstance(mail, Closed):
        outcome = outcome_view(mail, holder, own.table, own.files, own.tokens, app.language)
    return resolver.answer(submitted_view(mail, history, app.language, outcome, by_code=holder.kind != "access"))


@app.get(
    "/v1/mails/<mail_id>/receipt",
    operation_id="follow_mail.read_receipt",
    summary="The receipt",
    security=[{"access_token": []}],
    responses={
        200: {"description": "The download address of the PDF"},
        202: {
            "description": "The receipt is being made: ask again after `Retry-After` seconds",
            "content": {resolver.JSON: {"model": ReceiptPending}},
        },
        **resolver.problem_responses(*OF_A_TOKEN, NotYetSubmitted),
    },
)
def read_receipt(mail_id: str) -> Response[ReceiptIssued | ReceiptPending]:
    """The file is a PDF; `sha256` is the digest of its bytes."""
    holder = resolver.holder(app)
    mail = Store(process().table, holder).submitted(mail_id)
    answer: ReceiptIssued | ReceiptPending
    if mail.receipt is None:
        answer = ReceiptPending(status="pending")
        return resolver.answer(answer, HTTPStatus.ACCEPTED, {"Retry-After": "1"})
    answer = receipt_issued(mail, mail.receipt, process().files, with_slip=holder.kind in OWN)
    return resolver.answer(answer)


@app.post(
    "/v1/follow-up",
    operation_id="follow_mail.return",
    summary="Exchange a register number and a follow-up code for an access token",
    responses={
        200: {"description": "An access token for the mail"},
        **resolver.problem_responses(*OF_A_BODY, FollowUpNotFound),
    },
)
def return_with_paper(paper: PaperInHand) -> Response[Returned]:
    """Number and code are read as people type them. Whichever of the two is wrong, the answer is the same.

    The token sees contact details masked, and ends with the code that it was given for.
    """
    own = process()
    found = mail_of_slip(own.table, own.directory, own.tokens, number=paper.number, code=paper.follow_up_code)
    resolver.logger.append_keys(mail_id=found.mail_id)
    return resolver.answer(Returned(mail_id=found.mail_id, access_token=own.tokens.access_token(*found)))


handler = resolver.entry(
    app,
    resolver.sender_guard(lambda: process().tokens, "access", "slip", "email", "sms"),
)
