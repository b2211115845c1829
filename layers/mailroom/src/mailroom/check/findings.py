"""What a check finds about a receipt, in plain values, and the one verdict that follows."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Literal

type Integrity = Literal["intact", "changed", "added_to", "broken"]
"""Intact covers the whole file; changed: its bytes are others; added_to: what was sealed is as it was, but the file
holds more; broken: the signature itself or what stands around it is wrong."""

type AuthorityFound = Literal["trusted", "not_checked", "unknown"]
"""Whether a given authority stands behind the certificate; not_checked when none was given."""

type Identity = Literal["expected", "not_checked", "unexpected"]
"""Whether the holder of the certificate is one of those who are expected to seal; not_checked when none was named."""

type Purpose = Literal["seals", "other"]
"""What the certificate is for: sealing documents, or something else."""

type Validity = Literal["valid", "expired", "not_yet_valid"]
"""Of the certificate, at the time of the seal."""

type Proof = Literal["claimed", "proven", "not_checked", "unknown_authority"]
"""Who says when it was sealed: the sealer alone, or a time stamp, whose authority is trusted, unchecked or unknown."""

type Note = Literal["revocation_lists", "unsigned_attributes"]
"""What a time stamp holds that its signature does not cover: anybody may have changed it, and nothing rests on it."""

type RecordState = Literal["intact", "missing", "damaged"]
type CheckedState = Literal["attachment", "other_content", "not_attachment", "unreadable"]
"""other_content: a file of that name was sent, and it is not this one."""


class ReceiptVerdict(IntEnum):
    """What it comes to; the number is the exit code, see docs/checking-a-receipt.md (2 is a wrong command line)."""

    GENUINE = 0
    SEAL_INVALID = 1
    AUTHORITY_NOT_CHECKED = 3
    AUTHORITY_UNKNOWN = 4
    CERTIFICATE_OUT_OF_DATE = 5
    RECORD_NOT_INTACT = 6
    FILES_DIFFER = 7
    NOT_CHECKABLE = 8
    SEALER_NOT_CHECKED = 9
    SEALER_UNKNOWN = 10
    NOT_FOR_SEALS = 11


class NotCheckableError(Exception):
    """There is nothing to judge; `reason` is a key of the words' `not_checkable`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class FoundSealer:
    """The certificate that the seal was made with; its names are true as far as its authority is."""

    name: str
    subject: str
    """Its name as RFC 4514 writes it, to be expected the next time."""
    issuer: str
    not_before: datetime
    not_after: datetime
    sha256: str
    key_sha256: str
    """Of its public key (SubjectPublicKeyInfo), which a renewed certificate keeps."""


@dataclass(frozen=True, kw_only=True)
class Time:
    """When it was sealed, and who says so; `authority` is the time stamp's, if there is one."""

    at: datetime
    proof: Proof
    authority: str | None


@dataclass(frozen=True, kw_only=True)
class SealFindings:
    """What the seal is worth."""

    integrity: Integrity
    sealer: FoundSealer
    authority: AuthorityFound
    identity: Identity
    purpose: Purpose
    certificate: Validity
    time: Time
    notes: tuple[Note, ...]


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file that was sent, as the record has it; `size` in bytes."""

    file_name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the record says. The last three tell about persons and are shown only when asked for."""

    number: str
    submitted_at: datetime
    organism_fr: str
    organism_ar: str
    channel: str
    sender_kind: str
    letter_sha256: str
    attachments: tuple[SentFile, ...]
    verification_code: str
    sender: dict[str, object]
    subject: str
    reference: str | None


@dataclass(frozen=True, kw_only=True)
class Record:
    """The record inside the receipt; what it says and its digest are there when it is intact."""

    state: RecordState
    sha256: str | None = None
    said: Said | None = None


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """One of the files that were given, and what was sent with its content (or, for other content, under its name)."""

    path: str
    state: CheckedState
    size: int | None = None
    sha256: str | None = None
    sent_as: tuple[SentFile, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReceiptFindings:
    """All that was found about one receipt."""

    receipt: str
    seal: SealFindings
    record: Record
    files: tuple[CheckedFile, ...]

    @property
    def verdict(self) -> ReceiptVerdict:
        """The gravest finding."""
        seal = self.seal
        found = (
            (seal.integrity != "intact", ReceiptVerdict.SEAL_INVALID),
            (seal.authority == "unknown", ReceiptVerdict.AUTHORITY_UNKNOWN),
            (seal.identity == "unexpected", ReceiptVerdict.SEALER_UNKNOWN),
            (seal.purpose != "seals", ReceiptVerdict.NOT_FOR_SEALS),
            (seal.certificate != "valid", ReceiptVerdict.CERTIFICATE_OUT_OF_DATE),
            (self.record.state != "intact", ReceiptVerdict.RECORD_NOT_INTACT),
            (any(file.state != "attachment" for file in self.files), ReceiptVerdict.FILES_DIFFER),
            (seal.authority == "not_checked", ReceiptVerdict.AUTHORITY_NOT_CHECKED),
            (seal.identity == "not_checked", ReceiptVerdict.SEALER_NOT_CHECKED),
        )
        return next((verdict for holds, verdict in found if holds), ReceiptVerdict.GENUINE)
