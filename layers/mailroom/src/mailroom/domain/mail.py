"""A mail, from draft to closed: what is kept of it, and what may be done when."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from mailroom.domain.channel import ONLINE, MailChannel
from mailroom.domain.codes import Codes
from mailroom.domain.letter import Attachment, Letter
from mailroom.domain.organism import Accepts, Language, OrganismSummary
from mailroom.domain.reach import DeliveryFailure, Way
from mailroom.domain.refusals import MailNotFound, StepsMissing

OutcomeName = Literal["answered", "redirected", "rejected"]
SubmittedStatus = Literal["submitted", "collected", "answered", "redirected", "rejected"]
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

DRAFT: Final = "draft"
SUBMITTED: Final = "submitted"
COLLECTED: Final = "collected"
STARTED: Final = "started"
RECEIPT_ISSUED: Final = "receipt_issued"
ORGANISM_ALERTED: Final = "organism_alerted"
SENDER_INFORMED: Final = "sender_informed"
SENDER_NOT_INFORMED: Final = "sender_not_informed"
REMINDED: Final = "reminded"
"""Statuses and events by name, as they are stored and as the contract has them. An outcome's name is both."""

Action = Literal["opened", "downloaded", "collected", "outcome"]
"""What an agent or a program did with a mail."""

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

    `salt` is 128 random bits in hexadecimal that stand in the record: without it, a record could be guessed from its
    digest. It is empty in what was registered before registers were chained.
    """

    number: str
    submitted_at: str
    verification_code: str
    record_sha256: str
    salt: str


@dataclass(frozen=True)
class IssuedReceipt:
    """That a receipt was made: its digest (hex) and when."""

    sha256: str
    issued_at: str


@dataclass(frozen=True)
class Collection:
    """An agent took the mail over."""

    by: str
    at: str


@dataclass(frozen=True)
class Access:
    """An agent or a program of the organism looked at a mail, or dealt with it."""

    action: Action
    by: str
    at: str
    attachment_id: str | None = None
    unchecked: bool | None = None
    """True where a file was taken although it could not be checked."""


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


@dataclass(frozen=True, kw_only=True)
class _Mail:
    """What a mail has in every state. Times are the texts of `clock.iso`.

    `sender` is a mapping: the shapes of senders are checked once, on the way in. `revision` counts the changes of the
    draft, and of the files of its answer, so that what is sent is what was looked at. `email_failure` and
    `sms_failure` say why messages to the sender do not arrive; `codes` says which codes are in force. `entered_by` is
    the agent or the program that entered a mail of the counter.
    """

    mail_id: str
    organism: OrganismSummary
    accepts: Accepts
    language: Language
    started_at: str
    revision: int
    letter: Letter | None
    sender: dict[str, object] | None
    attachments: tuple[Attachment, ...]
    email_failure: DeliveryFailure | None = None
    sms_failure: DeliveryFailure | None = None
    codes: Codes = field(default_factory=Codes)
    channel: MailChannel = ONLINE
    entered_by: str | None = None

    def reaches_sender_by(self, way: Way, now: datetime) -> bool:
        """Whether messages to the sender arrive by that way, as far as is known: an address, and no failure of it."""
        sender = self.sender or {}
        if way == "email":
            address, failure = sender.get("email"), self.email_failure
        else:
            address = sender.get("phone") if sender.get("sms") is not False else None
            failure = self.sms_failure
        return bool(address) and not (failure and failure.holds(now))


@dataclass(frozen=True, kw_only=True)
class Draft(_Mail):
    """A mail that its sender still writes, until `expires_at`."""

    expires_at: str

    @property
    def status(self) -> Literal["draft"]:
        """The state's name in the contract."""
        return DRAFT

    def require_open(self, now: str) -> None:
        """Raise MailNotFound past the draft's 24 hours: it is gone for good even if the table still holds it."""
        if self.expires_at <= now:
            raise MailNotFound

    @property
    def missing_steps(self) -> list[str]:
        """Which of steps 2 and 3 were not done yet."""
        return [step for step, done in (("letter", self.letter), ("sender", self.sender)) if done is None]

    def completed(self, attachments: tuple[Attachment, ...]) -> "Complete":
        """The draft with its files in the versions that are sent.

        Raises:
            StepsMissing: the letter or the sender is missing.

        """
        if self.letter is None or self.sender is None:
            raise StepsMissing(self.missing_steps)
        return Complete(
            mail_id=self.mail_id,
            organism=self.organism,
            accepts=self.accepts,
            language=self.language,
            started_at=self.started_at,
            revision=self.revision,
            letter=self.letter,
            sender=self.sender,
            attachments=attachments,
            sms_failure=self.sms_failure,
            codes=self.codes,
            channel=self.channel,
            entered_by=self.entered_by,
        )


@dataclass(frozen=True, kw_only=True)
class Complete(_Mail):
    """A mail with all that a register takes, before it stands in one: a complete draft, or a mail that is redirected.

    It is in no state of its own: the table never holds one.
    """

    letter: Letter
    sender: dict[str, object]
    redirected_from: Elsewhere | None = None

    def submitted(self, organism: OrganismSummary, submission: Submission) -> "Submitted":
        """The mail in the register of `organism`."""
        return Submitted(**{**vars(self), "organism": organism, "submission": submission})


@dataclass(frozen=True, kw_only=True)
class Submitted(_Mail):
    """A mail from its submission on: it stands in a register, and letter, sender and attachments are fixed for good.

    The receipt is made a moment later, whatever becomes of the mail meanwhile. `answers` are the files of its answer.
    """

    letter: Letter
    sender: dict[str, object]
    submission: Submission
    receipt: IssuedReceipt | None = None
    has_slip: bool = False
    """Whether the slip with the code in force lies in storage; receipts of former times bear theirs on the sheet."""
    redirected_from: Elsewhere | None = None
    answers: tuple[Attachment, ...] = ()
    turned_by: str | None = None
    """The mark (`codes.turn_mark`) of the request that turned the codes in force; None where it had no key."""

    @property
    def status(self) -> SubmittedStatus:
        """The state's name in the contract."""
        return SUBMITTED

    @property
    def redirected_to(self) -> Elsewhere | None:
        """Where the mail went on to, by its outcome."""
        return None

    def collected(self, collection: Collection) -> "Collected":
        """The mail once an agent took it over."""
        return Collected(**vars(self), collection=collection)


@dataclass(frozen=True, kw_only=True)
class Collected(Submitted):
    """A submitted mail from its collection on."""

    collection: Collection

    @property
    def status(self) -> SubmittedStatus:
        """The state's name in the contract."""
        return COLLECTED

    def closed(self, outcome: Outcome) -> "Closed":
        """The mail with its outcome."""
        return Closed(**vars(self), outcome=outcome)


@dataclass(frozen=True, kw_only=True)
class Closed(Collected):
    """A collected mail with its outcome, which is final."""

    outcome: Outcome

    @property
    def status(self) -> SubmittedStatus:
        """The outcome names the state."""
        return self.outcome.outcome

    @property
    def redirected_to(self) -> Elsewhere | None:
        """Where the mail went on to, by its outcome."""
        return self.outcome.redirected_to


type Mail = Draft | Submitted | Collected | Closed
"""A mail in the state that the table holds: each type has what that state is sure to have.

A collected mail is also a submitted one, and a closed mail a collected one: a function that needs a submitted mail
takes each of the three.
"""


def expiry(started: datetime) -> datetime:
    """When a draft started at that instant is gone."""
    return started + DRAFT_LIFETIME
