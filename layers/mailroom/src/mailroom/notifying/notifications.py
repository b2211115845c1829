"""The notifications that an event brings: one for each address.

`notification_queue` carries them, `wording` has the text, and the function `send_notification` sends them.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mailroom.domain import clock
from mailroom.domain.mail import Closed, OutcomeName, Submitted
from mailroom.domain.organism import Language, Organism

Channel = Literal["email", "sms"]
Template = Literal[
    "organism_alert",
    "organism_reminder",
    "organism_warned_file",
    "organism_unchecked_file",
    "organism_answer_blocked",
    "sender_receipt",
    "sender_file_blocked",
    "sender_collected",
    "sender_answered",
    "sender_rejected",
    "sender_redirected",
]


class Overdue(BaseModel):
    """How many mails of an organism nobody collected in time, and the numbers of the oldest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: Annotated[int, Field(ge=1)]
    numbers: Annotated[tuple[str, ...], Field(min_length=1, max_length=10)]


class Notification(BaseModel):
    """One e-mail or one SMS to one address: the body of a message on the queue."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notification_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    mail_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    template: Template
    channel: Channel
    to: Annotated[str, StringConstraints(min_length=3, max_length=254)]
    language: Language
    overdue: Overdue | None = None
    """What a reminder tells; `mail_id` is the oldest of these mails."""


def notification_id(mail_id: str, template: Template, channel: Channel, to: str) -> str:
    """32 hexadecimal digits, the same whenever the same address is told the same of a mail."""
    return hashlib.sha256(f"{mail_id}|{template}|{channel}|{to}".encode()).hexdigest()[:32]


def reminder_id(organism_id: str, day: date, to: str) -> str:
    """The same for all reminders of an organism's address on one day."""
    return notification_id(f"{organism_id}|{day}", "organism_reminder", "email", to)


def for_submission(mail: Submitted, organism: Organism) -> list[Notification]:
    """Whom a submission is told to: the organism's desk in its language, the sender in the mail's.

    An address is told once even where it stands twice.
    """
    return [
        *for_alert(mail, organism),
        *to_sender(mail, "sender_receipt"),
        *for_files(mail, organism),
    ]


def for_collection(mail: Submitted) -> list[Notification]:
    """Who is told that the organism took a mail over: its sender, by SMS only where no e-mail arrives."""
    return to_sender(mail, "sender_collected", sms_on_wish=False)


_OF_OUTCOME: dict[OutcomeName, Template] = {
    "answered": "sender_answered",
    "rejected": "sender_rejected",
    "redirected": "sender_redirected",
}


def for_outcome(mail: Closed, organism: Organism) -> list[Notification]:
    """Who is told what became of a mail: its sender.

    SMS on a sender's wish are for `organism` to allow (`sms_to_senders`); where no e-mail arrives, one is sent anyway.
    What the organism wrote is not told but shown, to whoever opens the mail.
    """
    return to_sender(mail, _OF_OUTCOME[mail.outcome.outcome], sms_on_wish=organism.sms_to_senders)


def for_files(mail: Submitted, organism: Organism) -> list[Notification]:
    """Who is told of files of a submitted mail that are not clean: once of each kind, however many files are.

    A blocked file is told to the desk, and to its sender, who can send another: by the first mail alone where it was
    redirected. One that nobody can look into is told to the desk, whose agents decide about it.
    """
    checks = {attachment.check for attachment in mail.attachments}
    told = [
        *_desk(mail, "organism_warned_file", organism, told="refused" in checks),
        *_desk(mail, "organism_unchecked_file", organism, told="unchecked" in checks),
    ]
    if "refused" in checks and mail.redirected_from is None:
        told += to_sender(mail, "sender_file_blocked", sms_on_wish=organism.sms_to_senders)
    return told


def for_answer_file(mail: Submitted, organism: Organism) -> list[Notification]:
    """Who is told of a file of an answer that turned out not to be clean after the outcome: the desk, which can act.

    Before the outcome the agent learns it where the answer is written, and no message is needed.
    """
    is_told = isinstance(mail, Closed) and any(answer.check in {"unchecked", "refused"} for answer in mail.answers)
    return _desk(mail, "organism_answer_blocked", organism, told=is_told)


def _desk(mail: Submitted, template: Template, organism: Organism, *, told: bool) -> list[Notification]:
    return _to_each(mail, template, organism.language, "email", organism.alerts.emails if told else [])


def for_alert(mail: Submitted, organism: Organism) -> list[Notification]:
    """The organism's desk, at each of its addresses, when a mail arrived."""
    return [
        *_to_each(mail, "organism_alert", organism.language, "email", organism.alerts.emails),
        *_to_each(mail, "organism_alert", organism.language, "sms", organism.alerts.phones),
    ]


def to_sender(mail: Submitted, template: Template, *, sms_on_wish: bool = True) -> list[Notification]:
    """The sender of a mail, by each way that is due; nothing where no way works.

    E-mail, unless it fails for good. SMS where no e-mail arrives, and with `sms_on_wish` where the sender asked for
    SMS (`sms`). A sender who refused SMS gets none, whatever becomes of the e-mail.
    """
    now = clock.now()
    email, phone = str(mail.sender.get("email") or ""), str(mail.sender.get("phone") or "")
    emails = [email] if email and not (mail.email_failure and mail.email_failure.lasts) else []
    due = not mail.reaches_sender_by("email", now) or (sms_on_wish and mail.sender.get("sms") is True)
    phones = [phone] if due and mail.reaches_sender_by("sms", now) else []
    return [
        *_to_each(mail, template, mail.language, "email", emails),
        *_to_each(mail, template, mail.language, "sms", phones),
    ]


def for_overdue(mail_id: str, overdue: Overdue, organism: Organism, day: date) -> list[Notification]:
    """Who is reminded of mails that nobody collected: each address once for a day, whatever there is by then."""
    return [
        Notification(
            notification_id=reminder_id(organism.organism_id, day, address),
            mail_id=mail_id,
            template="organism_reminder",
            channel="email",
            to=address,
            language=organism.language,
            overdue=overdue,
        )
        for address in _distinct(organism.alerts.emails)
    ]


def _to_each(
    mail: Submitted, template: Template, language: Language, channel: Channel, addresses: Iterable[str]
) -> list[Notification]:
    return [
        Notification(
            notification_id=notification_id(mail.mail_id, template, channel, address),
            mail_id=mail.mail_id,
            template=template,
            channel=channel,
            to=address,
            language=language,
        )
        for address in _distinct(addresses)
    ]


def _distinct(addresses: Iterable[str]) -> list[str]:
    # Servers may tell capitals apart in an address; people who type one twice don't.
    first_of_each: dict[str, str] = {}
    for address in addresses:
        first_of_each.setdefault(address.casefold(), address)
    return list(first_of_each.values())
