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
    """The number of an organism's overdue uncollected mails, and the register numbers of the oldest."""

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
    """The content of a reminder; `mail_id` is the oldest of these mails."""


def notification_id(mail_id: str, template: Template, channel: Channel, to: str) -> str:
    """32 hexadecimal digits: the same for the same mail, template, channel and address."""
    return hashlib.sha256(f"{mail_id}|{template}|{channel}|{to}".encode()).hexdigest()[:32]


def reminder_id(organism_id: str, day: date, to: str) -> str:
    """The same for all reminders of an organism's address on one day."""
    return notification_id(f"{organism_id}|{day}", "organism_reminder", "email", to)


def for_submission(mail: Submitted, organism: Organism) -> list[Notification]:
    """The notifications of a submission: to the organism's desk in its language, to the sender in the mail's.

    An address that is listed twice gets one notification.
    """
    return [
        *for_alert(mail, organism),
        *to_sender(mail, "sender_receipt"),
        *for_files(mail, organism),
    ]


def for_collection(mail: Submitted) -> list[Notification]:
    """The notifications of a collection: to the sender, by SMS only if no e-mail arrives."""
    return to_sender(mail, "sender_collected", sms_on_wish=False)


_OF_OUTCOME: dict[OutcomeName, Template] = {
    "answered": "sender_answered",
    "rejected": "sender_rejected",
    "redirected": "sender_redirected",
}


def for_outcome(mail: Closed, organism: Organism) -> list[Notification]:
    """The notifications of an outcome: to the sender.

    SMS on a sender's wish need the permission of `organism` (`sms_to_senders`); without e-mail an SMS is sent anyway.
    The organism's message is not sent: it is shown on the follow-up page.
    """
    return to_sender(mail, _OF_OUTCOME[mail.outcome.outcome], sms_on_wish=organism.sms_to_senders)


def for_files(mail: Submitted, organism: Organism) -> list[Notification]:
    """The notifications about files of a submitted mail that are not clean: one of each kind for any number of files.

    The desk and the sender hear of a blocked file; the sender of a redirected mail heard of it with the first mail.
    The desk alone hears of a file that cannot be checked, since its agents decide about it.
    """
    checks = {attachment.check for attachment in mail.attachments}
    notifications: list[Notification] = []
    if "refused" in checks:
        notifications += _to_desk(mail, "organism_warned_file", organism)
    if "unchecked" in checks:
        notifications += _to_desk(mail, "organism_unchecked_file", organism)
    if "refused" in checks and mail.redirected_from is None:
        notifications += to_sender(mail, "sender_file_blocked", sms_on_wish=organism.sms_to_senders)
    return notifications


def for_answer_file(mail: Submitted, organism: Organism) -> list[Notification]:
    """The notifications about an answer's file that was found not clean after the outcome: to the desk, which can act.

    Before the outcome the agent sees the file's check while writing the answer, and no message is needed.
    """
    if isinstance(mail, Closed) and any(answer.check in {"unchecked", "refused"} for answer in mail.answers):
        return _to_desk(mail, "organism_answer_blocked", organism)
    return []


def _to_desk(mail: Submitted, template: Template, organism: Organism) -> list[Notification]:
    return _to_each(mail, template, organism.language, "email", organism.alerts.emails)


def for_alert(mail: Submitted, organism: Organism) -> list[Notification]:
    """The notifications of a new mail to the organism's desk, one for each address."""
    return [
        *_to_each(mail, "organism_alert", organism.language, "email", organism.alerts.emails),
        *_to_each(mail, "organism_alert", organism.language, "sms", organism.alerts.phones),
    ]


def to_sender(mail: Submitted, template: Template, *, sms_on_wish: bool = True) -> list[Notification]:
    """The notifications to the sender of a mail, one for each channel that is due; none if no channel works.

    E-mail, unless it fails for good. SMS where no e-mail arrives, and with `sms_on_wish` where the sender asked for
    SMS (`sms`). A sender who declined SMS gets none, even if e-mail fails.
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
    """The reminders of uncollected mails: one for each address and day."""
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
    # Servers may distinguish capitals in an address; people who type an address twice do not.
    first_of_each: dict[str, str] = {}
    for address in addresses:
        first_of_each.setdefault(address.casefold(), address)
    return list(first_of_each.values())
