"""What is printed on an acknowledgement of receipt."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

type SenderKind = Literal["citizen", "enterprise", "administration", "association"]
type LetterKind = Literal["request", "complaint", "information", "invoice", "reply", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file sent with the mail; `size` in bytes, `sha256` in hexadecimal."""

    file_name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The organism that passed a mail on, and the number it had in that one's register."""

    organism_fr: str
    organism_ar: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One receipt, before it is set on paper.

    `submitted_at` is aware, in UTC. `identity` is the sender's identity number, already masked, with
    its own label (`CNIE ****56`). `verification_url` is what the QR code holds. Nothing here opens the mail.
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
    attachments: tuple[Attachment, ...]
    record_sha256: str
    verification_code: str
    verification_url: str
    redirected_from: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What brings a sender back to a mail with only the paper in hand; `follow_up_code` opens all of it."""

    organism_fr: str
    organism_ar: str
    number: str
    submitted_at: datetime
    language: Literal["ar", "fr", "en"]
    follow_up_url: str
    follow_up_code: str
