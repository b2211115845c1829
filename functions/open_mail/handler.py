"""An agent opens a mail or downloads a file of it: who and when is written down before anything is shown."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from mailroom.api import resolver
from mailroom.api.desk import inbox_of
from mailroom.api.desk_views import InboxMail, TypedNumber, inbox_mail
from mailroom.api.download_view import DownloadView, download
from mailroom.api.request import header
from mailroom.domain.file_refusals import (
    AnswerFileRefused,
    AttachmentNotFound,
    FileInfected,
    FileNotChecked,
    FileNotTrusted,
    FileUnchecked,
)
from mailroom.domain.refusals import OF_AN_AGENT, FieldsWrong
from mailroom.mails.inbox import Opened
from mailroom.organisms import callers
from mailroom.process import WithBucket, WithTable


class Process(WithTable, WithBucket):
    """Reads mails of the caller's organism, writes down who looked, and signs the addresses of their files."""


process = Process.current
app = resolver.Api()

_NOT_COUNTED = frozenset({"accesses"})
"""Two agents who poll would otherwise see each other's accesses, and record new ones because of them, for ever."""

AcceptUnchecked = Annotated[
    bool,
    Query(description=("Download a file whose content could not be checked, such as one protected by a password.")),
]


@app.get(
    "/v1/inbox/<number>",
    operation_id="open_mail",
    summary="One mail in full",
    security=[{"agent": []}],
    responses={
        200: {"description": "The mail, its history, and the organism's accesses to it"},
        **resolver.NOT_CHANGED,
        **resolver.problem_responses(*OF_AN_AGENT),
    },
)
def open_mail(number: TypedNumber) -> Response[InboxMail]:
    """Identity numbers are whole here, unlike in what the sender is shown: the agent needs them.

    Poll with `If-None-Match`: while nothing changes but the accesses, the answer is 304, shows nothing, and is recorded
    as no access.
    """
    inbox, event = inbox_of(app, process().table), app.current_event.raw_event
    if header(event, "if-none-match"):
        resolver.cacheable(shown(inbox.look_again(number)), event, "no-store", apart_from=_NOT_COUNTED)
    return resolver.cacheable(shown(inbox.open(number)), event, "no-store", apart_from=_NOT_COUNTED)


def shown(opened: Opened) -> InboxMail:
    """A mail in the language of the answer."""
    resolver.logger.append_keys(mail_id=opened.mail.mail_id)
    return inbox_mail(opened, app.language)


@app.get(
    "/v1/inbox/<number>/attachments/<attachment_id>",
    operation_id="open_mail.download",
    summary="Download a file",
    security=[{"agent": []}],
    responses={
        200: {"description": "A download address, valid for one minute"},
        **resolver.problem_responses(
            *OF_AN_AGENT,
            AttachmentNotFound,
            FieldsWrong,
            FileNotChecked,
            FileUnchecked,
            FileInfected,
            FileNotTrusted,
            AnswerFileRefused,
        ),
    },
)
def read_file(
    number: TypedNumber, attachment_id: str, *, accept_unchecked: AcceptUnchecked = False
) -> Response[DownloadView]:
    """Of the mail or of its answer. The file is saved under its own name, and never shown by the browser.

    The mail records which agent accepts a file that no scanner could look into.
    """
    inbox = inbox_of(app, process().table)
    mail_id, attachment = inbox.file(number, attachment_id, accepts_unchecked=accept_unchecked)
    resolver.logger.append_keys(mail_id=mail_id)
    return resolver.answer(download(attachment, process().files.download(mail_id, attachment)))


handler = resolver.entry(app, callers.organism_guard(lambda: process().table))
