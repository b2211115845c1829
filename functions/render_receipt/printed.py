"""What is printed on a receipt and on a slip."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

type SenderKind = Literal["citizen", "enterprise", "administration", "association"]
type MailChannel = Literal["online", "counter"]
type LetterKind = Literal["request", "complaint", "information", "invoice", "reply", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedAttachment:
    """One file sent with the mail; `size` in bytes, `sha256` in hexadecimal."""

    file_name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The organism that redirected a mail, and the mail's number in its register."""

    organism_fr: str
    organism_ar: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedReceipt:
    """One receipt.

    `submitted_at` is aware, in UTC. `identity` is the sender's identity number, already masked, with its label
    (`CNIE ****56`). `verification_url` is the content of the QR code. Nothing here opens the mail.
    """

    organism_fr: str
    organism_ar: str
    city: str | None
    number: str
    submitted_at: datetime
    language: Literal["ar", "fr", "en"]
    letter_kind: LetterKind
    subject: str
    reference: str | None
    dated: date | None
    sender_kind: SenderKind
    sender_name: str
    identity: str | None
    attachments: tuple[PrintedAttachment, ...]
    record_sha256: str
    verification_code: str
    verification_url: str
    redirected_from: Origin | None = None
    channel: MailChannel = "online"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSlip:
    """One slip: it leads a sender who has only the paper back to the mail; `follow_up_code` opens all of it."""

    organism_fr: str
    organism_ar: str
    number: str
    submitted_at: datetime
    language: Literal["ar", "fr", "en"]
    follow_up_url: str
    follow_up_code: str
