"""A mail, from draft to closed: what is kept of it, and what may be done when."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from mailroom.domain.codes import Codes
from mailroom.domain.letter import Attachment, Letter
from mailroom.domain.organism import Accepts, Language, OrganismSummary
from mailroom.domain.reach import DeliveryFailure, Way
from mailroom.domain.refusals import AlreadySubmitted, MailNotFound

Status = Literal["draft", "submitted", "collected", "answered", "redirected", "rejected"]
EventName = Literal[
    "started",
    "submitted",
    "receipt_issued",
    "organism_alerted",
    "sender_informed",
    "sender_not_informed",
    "collected",
    "reminded",
    "answered",
    "redirected",
    "rejected",
]

OutcomeName = Literal["answered", "redirected", "rejected"]

DRAFT_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True)
class Event:
    """Something that happened to a mail, at a time in UTC; `by` is which agent or program did it, where one did."""

    event: EventName
    at: str
    by: str | None = None


@dataclass(frozen=True)
class Submission:
    """What submission fixed for good: number, time, and the digest of the sealed record.

    `salt` is 128 random bits in hexadecimal that stand in the record, so that nobody guesses a record from its digest;
    it is empty in what was registered before registers were chained.
    """

    number: str
    submitted_at: str
    verification_code: str
    record_sha256: str
    salt: str


@dataclass(frozen=True)
class Receipt:
    """A receipt that was made: its digest and when."""

    sha256: str
    issued_at: str


@dataclass(frozen=True)
class Collection:
    """An agent took the mail over."""

    by: str
    at: str


@dataclass(frozen=True)
class Elsewhere:
    """The same mail in another organism's register, where it was redirected to or from."""

    mail_id: str
    number: str
    organism: OrganismSummary


@dataclass(frozen=True)
class Outcome:
    """What became of a mail, for good."""

    outcome: OutcomeName
    message: str
    at: str
    by: str
    redirected_to: Elsewhere | None = None


@dataclass(frozen=True)
class Mail:
    """A mail as the table holds it. Times are the texts of `clock.iso`.

    `sender` is a mapping, since the shapes of senders are checked once, on the way in; `revision` counts the changes of
    the draft, and of the files of its answer, so that what is sent is what was looked at. `answers` are these files.
    `email_failure` and `sms_failure` say why messages to the sender do not arrive.
    """

    mail_id: str
    organism: OrganismSummary
    accepts: Accepts
    language: Language
    status: Status
    started_at: str
    expires_at: str
    revision: int
    letter: Letter | None
    sender: dict[str, object] | None
    attachments: tuple[Attachment, ...]
    submission: Submission | None
    receipt: Receipt | None
    collection: Collection | None = None
    outcome: Outcome | None = None
    redirected_from: Elsewhere | None = None
    answers: tuple[Attachment, ...] = ()
    email_failure: DeliveryFailure | None = None
    sms_failure: DeliveryFailure | None = None
    has_slip: bool = False
    """Whether the slip with the code in force lies in storage; receipts of former times bear theirs on the sheet."""
    codes: Codes = field(default_factory=Codes)
    """Which codes are in force."""

    def require_draft(self, now: str) -> None:
        """Raise unless the mail can still be written.

        Raises:
            AlreadySubmitted: it was sent.
            MailNotFound: it is a draft past its 24 hours, gone for good even if the table still holds it.

        """
        if self.status != "draft":
            raise AlreadySubmitted
        if self.expires_at <= now:
            raise MailNotFound

    def reaches_sender_by(self, way: Way, now: datetime) -> bool:
        """Whether messages to the sender arrive by that way, as far as is known: an address, and no failure of it."""
        sender = self.sender or {}
        if way == "email":
            address, failure = sender.get("email"), self.email_failure
        else:
            address = sender.get("phone") if sender.get("sms") is not False else None
            failure = self.sms_failure
        return bool(address) and not (failure and failure.holds(now))

    @property
    def missing_steps(self) -> list[str]:
        """Which of steps 2 and 3 were not done yet."""
        return [step for step, done in (("letter", self.letter), ("sender", self.sender)) if done is None]


def expiry(started: datetime) -> datetime:
    """When a draft started at that instant is gone."""
    return started + DRAFT_LIFETIME
