"""What the API answers an organism's agents and programs."""

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from mailroom.api.mail_views import (
    ChannelShown,
    Checked,
    ElsewhereView,
    Instant,
    LetterView,
    MailId,
    PrintedNumber,
    Sha256,
    View,
    checked,
    elsewhere_view,
)
from mailroom.domain import clock
from mailroom.domain.file_reasons import Reader
from mailroom.domain.letter import ANNOUNCED, Attachment
from mailroom.domain.mail import (
    Action,
    Closed,
    Collected,
    Collection,
    EventName,
    Outcome,
    OutcomeName,
    Submitted,
    SubmittedStatus,
)
from mailroom.domain.organism import Language
from mailroom.domain.sender_view import SenderView, reach_of
from mailroom.mails.inbox import Opened

By = Annotated[str, Field(description="The agent's user name or the program's id.", examples=["nadia"])]
TypedNumber = Annotated[str, Path(examples=["ANAM-2026-000001"])]
"""A register number in a path, as it is typed."""
Scan = Literal["pending", "clean", "unreadable", "infected", "mismatch"]


class CollectionView(View):
    """The agent who collected the mail, and the time."""

    by: By
    at: Instant


class InboxEvent(View):
    """An event of the mail's history, with the agent or program that caused it, if any."""

    event: EventName
    at: Instant
    by: By | None


class AccessView(View):
    """An access to the mail by the organism. The sender does not see accesses."""

    action: Action
    by: By
    at: Instant
    attachment_id: str | None
    unchecked: Annotated[
        bool,
        Field(
            description="True if the file was downloaded although its content could not be checked.", examples=[False]
        ),
    ]


class FileView(Checked):
    """A file of the mail or of its answer."""

    attachment_id: str
    file_name: Annotated[str, Field(examples=["شهادة السكنى.pdf"])]
    media_type: Annotated[str, Field(examples=["application/pdf"])]
    size: Annotated[int, Field(description="Size in bytes.", examples=[48213])]
    sha256: Sha256
    scan: Annotated[Scan, Field(description="The former name of `check`, kept for existing programs.", deprecated=True)]


class FullSenderView(SenderView):
    """The sender's contact details, unmasked. Identity numbers reach only an organism authorised to hold them."""

    national_id: Annotated[str | None, Field(examples=["AB123456"])] = None


class DeskOutcome(View):
    """The final outcome of the mail, and the agent who recorded it."""

    outcome: OutcomeName
    message: str
    at: Instant
    by: By
    redirected_to: ElsewhereView | None


class InboxMail(View):
    """A mail in full, as the organism's agents see it."""

    number: PrintedNumber
    mail_id: MailId
    status: SubmittedStatus
    channel: ChannelShown
    entered_by: Annotated[
        str | None,
        Field(
            description="The agent or the program that entered a mail of the counter; null for a mail sent online.",
            examples=["nadia"],
        ),
    ]
    language: Language
    submitted_at: Instant
    letter: LetterView
    sender: FullSenderView
    attachments: list[FileView]
    redirected_from: ElsewhereView | None
    collected: CollectionView | None
    outcome: DeskOutcome | None
    answer_attachments: Annotated[
        list[FileView], Field(description="Files announced for the answer. They are sent with the outcome.")
    ]
    history: list[InboxEvent]
    accesses: list[AccessView]


class CollectedView(View):
    """The agent who collected the mail. A second agent gets the first one's name."""

    number: PrintedNumber
    status: SubmittedStatus
    collected: CollectionView


class ClosedView(View):
    """The outcome of the mail. Repeating the request gives the same answer."""

    number: PrintedNumber
    status: SubmittedStatus
    collected: CollectionView
    outcome: DeskOutcome
    answer_attachments: list[FileView]


def inbox_mail(opened: Opened, language: str) -> InboxMail:
    """A mail, its history and its audit trail, in the words of an agent's language."""
    mail = opened.mail
    return InboxMail(
        number=mail.submission.number,
        mail_id=mail.mail_id,
        status=mail.status,
        channel=mail.channel,
        entered_by=mail.entered_by,
        language=mail.language,
        submitted_at=mail.submission.submitted_at,
        letter=LetterView.model_construct(**dict(mail.letter)),
        sender=FullSenderView.model_validate(mail.sender | reach_of(mail, clock.now())),
        attachments=[file_view(attachment, "agent", language) for attachment in mail.attachments],
        redirected_from=elsewhere_view(mail.redirected_from) if mail.redirected_from else None,
        collected=_collection(mail.collection) if isinstance(mail, Collected) else None,
        outcome=_outcome(mail.outcome) if isinstance(mail, Closed) else None,
        answer_attachments=_answers(mail, language),
        history=[InboxEvent(event=event.event, at=event.at, by=event.by) for event in opened.history],
        accesses=[
            AccessView(
                action=access.action,
                by=access.by,
                at=access.at,
                attachment_id=access.attachment_id,
                unchecked=bool(access.unchecked),
            )
            for access in opened.accesses
        ],
    )


def collected(mail: Collected) -> CollectedView:
    """The answer to a collection, the first or a later one."""
    return CollectedView(number=mail.submission.number, status=mail.status, collected=_collection(mail.collection))


def closed(mail: Closed, language: str) -> ClosedView:
    """The answer to an outcome, in the words of an agent's language."""
    return ClosedView(
        number=mail.submission.number,
        status=mail.status,
        collected=_collection(mail.collection),
        outcome=_outcome(mail.outcome),
        answer_attachments=_answers(mail, language),
    )


def file_view(attachment: Attachment, reader: Reader, language: str) -> FileView:
    """A file and what is known of it, in the words of an agent's language."""
    return FileView(
        **attachment.model_dump(include=ANNOUNCED), **checked(attachment, reader, language), scan=_scan(attachment)
    )


def _answers(mail: Submitted, language: str) -> list[FileView]:
    reader: Reader = "agent_answered" if isinstance(mail, Closed) else "agent_answer"
    return [file_view(answer, reader, language) for answer in mail.answers]


def _scan(attachment: Attachment) -> Scan:
    match attachment.check:
        case "refused":
            return "infected" if attachment.reason == "infected" else "mismatch"
        case "unchecked":
            return "unreadable"
        case known:
            return known


def _collection(collection: Collection) -> CollectionView:
    return CollectionView(by=collection.by, at=collection.at)


def _outcome(outcome: Outcome) -> DeskOutcome:
    return DeskOutcome(
        outcome=outcome.outcome,
        message=outcome.message,
        at=outcome.at,
        by=outcome.by,
        redirected_to=elsewhere_view(outcome.redirected_to) if outcome.redirected_to else None,
    )
