"""What the API answers about a mail. The shapes are the contract's: fields may be added, none renamed or removed."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from mailroom.domain import clock
from mailroom.domain.channel import MailChannel
from mailroom.domain.file_reasons import Reader, reason_in_words
from mailroom.domain.file_states import Check, FileReason
from mailroom.domain.letter import ANNOUNCED, Attachment, Letter, LetterKind
from mailroom.domain.mail import STARTED, Draft, Elsewhere, Event, EventName, Mail, OutcomeName, Status, Submitted
from mailroom.domain.organism import Bilingual, Language, OrganismSummary
from mailroom.domain.sender_view import SenderView, reach_of, shown, with_contacts_masked
from mailroom.storage.presigned import Download, Upload

MailId = Annotated[str, Field(examples=["0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11"])]
Instant = Annotated[str, Field(examples=["2026-11-22T10:15:30.123Z"], json_schema_extra={"format": "date-time"})]
PrintedNumber = Annotated[str, Field(examples=["ANAM-2026-000001"])]
ChannelShown = Annotated[
    MailChannel, Field(description="`counter`: the mail was handed in on paper, and an agent entered it.")
]
Sha256 = Annotated[str, Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])]


class View(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


class EventView(View):
    """An event of the mail's history."""

    event: EventName
    at: Instant


class UploadView(View):
    """The upload request: send the bytes to `url` with exactly these `headers`. Storage refuses any other request."""

    method: Annotated[str, Field(examples=["PUT"])]
    url: str
    headers: dict[str, str]
    expires_at: Instant


class Announced(View):
    """An announced file and its upload request."""

    attachment_id: str
    file_name: Annotated[str, Field(examples=["plan.pdf"])]
    media_type: Annotated[str, Field(examples=["application/pdf"])]
    size: Annotated[int, Field(examples=[12345])]
    sha256: Sha256
    upload: UploadView


class ElsewhereView(View):
    """The same mail in another organism's register."""

    organism_id: Annotated[str, Field(examples=["adm"])]
    number: PrintedNumber
    name: Bilingual


class RedirectionView(ElsewhereView):
    """The organism that received the redirected mail, and the follow-up code there.

    The redirected mail has a separate receipt.
    """

    follow_up_code: Annotated[str, Field(examples=["K4ZP-90WD-3RTB-6YMJ"])]


class Checked(View):
    """What the security check says of a file."""

    check: Annotated[
        Check,
        Field(
            description=(
                "`unchecked`: the content cannot be checked, for instance because of a password; `refused`: the file "
                "is never delivered."
            )
        ),
    ]
    reason: Annotated[
        str | None,
        Field(description="Why it is `unchecked` or `refused`, and what to do, in the language of `Accept-Language`."),
    ]
    reason_code: FileReason | None
    detected_media_type: Annotated[
        str | None,
        Field(description="The media type found in the content, once it is known.", examples=["image/png"]),
    ]
    warnings: Annotated[
        list[str], Field(description="Kinds of active content found in the file, such as macros.", examples=[[]])
    ]


class AnswerFileView(Checked):
    """A file of the answer.

    Its download address, valid for one minute, is present once the file has been found free of malware.
    """

    attachment_id: str
    file_name: Annotated[str, Field(examples=["جواب.pdf"])]
    media_type: Annotated[str, Field(examples=["application/pdf"])]
    size: Annotated[int, Field(description="Size in bytes.", examples=[48213])]
    sha256: Sha256
    url: str | None
    expires_at: Instant | None


class OutcomeView(View):
    """The final outcome of the mail."""

    outcome: OutcomeName
    message: str
    at: Instant
    redirected_to: RedirectionView | None
    attachments: list[AnswerFileView]


class LetterView(View):
    """The letter as it was written."""

    kind: LetterKind
    subject: Annotated[str, Field(examples=["Demande d'attestation — طلب شهادة"])]
    body: str
    reference: str | None
    dated: Annotated[str | None, Field(examples=["2026-11-20"])]


class AttachmentView(Checked):
    """A file of the mail, and whether it has been uploaded."""

    attachment_id: str
    file_name: Annotated[str, Field(examples=["شهادة السكنى.pdf"])]
    media_type: Annotated[str, Field(examples=["application/pdf"])]
    size: Annotated[int, Field(description="Size in bytes.", examples=[48213])]
    sha256: Sha256
    uploaded: bool


class MailView(View):
    """A mail as its sender sees it.

    Identity numbers are masked; contact details too, for a reader who came by a follow-up code or a link.
    """

    mail_id: MailId
    status: Status
    channel: ChannelShown
    language: Language
    organism: OrganismSummary
    letter: LetterView | None
    attachments: list[AttachmentView]
    sender: SenderView | None
    number: PrintedNumber | None
    submitted_at: Instant | None
    verification_code: str | None
    expires_at: Annotated[Instant | None, Field(description="When the draft expires; null once the mail is sent.")]
    redirected_from: ElsewhereView | None
    outcome: OutcomeView | None
    history: list[EventView]


def events(history: Iterable[Event]) -> list[EventView]:
    """A history in the contract's shape."""
    return [EventView.model_construct(event=event.event, at=event.at) for event in history]


def announced(attachment: Attachment, upload: Upload) -> Announced:
    """The answer to the announcement of a file."""
    return Announced(
        **attachment.model_dump(include=ANNOUNCED),
        upload=UploadView(
            method="PUT", url=upload.url, headers=upload.headers, expires_at=clock.iso(upload.expires_at)
        ),
    )


def elsewhere_view(elsewhere: Elsewhere) -> ElsewhereView:
    """Where a mail stands in another register."""
    organism = elsewhere.organism
    return ElsewhereView(organism_id=organism.organism_id, number=elsewhere.number, name=organism.name)


def redirection_view(elsewhere: Elsewhere, follow_up_code: str) -> RedirectionView:
    """Where a mail went, for its sender, who may go on following it there."""
    return RedirectionView(**dict(elsewhere_view(elsewhere)), follow_up_code=follow_up_code)


def checked(file: Attachment, reader: Reader, language: str) -> dict[str, Any]:
    """The fields of `Checked`, in the words of a reader."""
    return {
        "check": file.check,
        "reason": reason_in_words(file, reader, language),
        "reason_code": file.reason,
        "detected_media_type": file.detected_media_type,
        "warnings": list(file.warnings),
    }


def answer_file_view(answer: Attachment, download: Download | None, language: str) -> AnswerFileView:
    """A file of the answer, and where to fetch it if it may be fetched."""
    return AnswerFileView(
        **answer.model_dump(include=ANNOUNCED),
        **checked(answer, "sender_answered", language),
        url=download.url if download else None,
        expires_at=clock.iso(download.expires_at) if download else None,
    )


def draft_view(draft: Draft, arrived: Callable[[str], frozenset[str]], language: str) -> MailView:
    """A draft, whose only event so far is that it was started; `arrived` finds which of a mail's files are there."""
    found = arrived(draft.mail_id) if draft.attachments else frozenset[str]()
    sender = _sender(draft)
    return MailView.model_construct(
        mail_id=draft.mail_id,
        status=draft.status,
        channel=draft.channel,
        language=draft.language,
        organism=draft.organism,
        letter=_letter(draft.letter) if draft.letter else None,
        attachments=[
            _attachment(file, "sender_draft", language, uploaded=file.attachment_id in found)
            for file in draft.attachments
        ],
        sender=sender,
        number=None,
        submitted_at=None,
        verification_code=None,
        expires_at=draft.expires_at,
        redirected_from=None,
        outcome=None,
        history=events([Event(STARTED, draft.started_at)]),
    )


def submitted_view(
    mail: Submitted, history: list[Event], language: str, outcome: OutcomeView | None, *, by_code: bool
) -> MailView:
    """A submitted mail with its history, in the reader's `language`; `by_code` says that this may be a stranger."""
    sender = _sender(mail)
    return MailView.model_construct(
        mail_id=mail.mail_id,
        status=mail.status,
        channel=mail.channel,
        language=mail.language,
        organism=mail.organism,
        letter=_letter(mail.letter),
        attachments=[_attachment(file, "sender_sent", language, uploaded=True) for file in mail.attachments],
        sender=with_contacts_masked(sender) if sender and by_code else sender,
        number=mail.submission.number,
        submitted_at=mail.submission.submitted_at,
        verification_code=mail.submission.verification_code,
        expires_at=None,
        redirected_from=elsewhere_view(mail.redirected_from) if mail.redirected_from else None,
        outcome=outcome,
        history=events(history),
    )


def _letter(letter: Letter) -> LetterView:
    return LetterView.model_construct(**dict(letter))


def _sender(mail: Mail) -> SenderView | None:
    return shown(mail.sender | reach_of(mail, clock.now())) if mail.sender is not None else None


def _attachment(file: Attachment, reader: Reader, language: str, *, uploaded: bool) -> AttachmentView:
    return AttachmentView.model_construct(
        **file.model_dump(include=ANNOUNCED), **checked(file, reader, language), uploaded=uploaded
    )
