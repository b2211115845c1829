"""Mails and their events as the table holds them: an item is read as the type of its status, here and nowhere else."""

from dataclasses import asdict
from typing import Any, Final, get_args

import uuid_utils

from mailroom.domain.channel import ONLINE
from mailroom.domain.codes import Codes
from mailroom.domain.letter import Attachment, Letter
from mailroom.domain.mail import (
    COLLECTED,
    DRAFT,
    SUBMITTED,
    Access,
    Collection,
    Draft,
    Elsewhere,
    Event,
    EventName,
    IssuedReceipt,
    Mail,
    Outcome,
    Submission,
    Submitted,
)
from mailroom.domain.organism import Bilingual, OrganismSummary
from mailroom.domain.reach import DeliveryFailure
from mailroom.storage.corrupt_mail import CorruptMailError
from mailroom.storage.item_keys import access_key, event_key, is_access, is_event, mail_id_in, mail_key
from mailroom.storage.organism_items import accepts_in
from mailroom.storage.schema import Waiting
from mailroom.storage.table import Item

_FROM_SUBMISSION_ON: Final = frozenset({"letter", "sender", "submission"})
_NEEDED: Final = {
    DRAFT: frozenset[str](),
    SUBMITTED: _FROM_SUBMISSION_ON,
    COLLECTED: _FROM_SUBMISSION_ON | {"collection"},
    "answered": _FROM_SUBMISSION_ON | {"collection", "outcome"},
    "redirected": _FROM_SUBMISSION_ON | {"collection", "outcome"},
    "rejected": _FROM_SUBMISSION_ON | {"collection", "outcome"},
}
"""By status, the attributes that an item must have beside those of every mail."""

_MARKS: Final = frozenset({"submission", "collection", "outcome"})
"""The attributes that an item has from a certain status on, and never before."""

_COURSE: Final = get_args(EventName)
"""The order of a mail's life, for events of one and the same millisecond."""


def mail_in(item: Item) -> Mail:
    """The mail that a stored item holds, of the type of its status; its values are trusted, as they were checked once.

    Raises:
        CorruptMailError: the item's attributes do not fit its status.

    """
    mail_id, status = mail_id_in(item), str(item.get("status"))
    if status not in _NEEDED:
        raise CorruptMailError(mail_id, "no known status")
    if missing := _NEEDED[status] - item.keys():
        raise CorruptMailError(mail_id, f"{status} without {', '.join(sorted(missing))}")
    if unexpected := (_MARKS & item.keys()) - _NEEDED[status]:
        raise CorruptMailError(mail_id, f"{status} with {', '.join(sorted(unexpected))}")
    try:
        mail = draft_in(item) if status == DRAFT else submitted_in(item)
    except (KeyError, TypeError) as error:  # their texts name attributes, and quote no values
        raise CorruptMailError(mail_id, f"{status}, unreadable: {error}") from None
    if mail.status != status:
        raise CorruptMailError(mail_id, f"{status} with another outcome")
    return mail


def draft_in(item: Item) -> Draft:
    """The draft that a stored item of that status holds."""
    return Draft(
        **_in_every_state(item),
        letter=Letter.model_construct(**item["letter"]) if "letter" in item else None,
        sender=item.get("sender"),
        expires_at=item["expires_at"],
    )


def submitted_in(item: Item) -> Submitted:
    """The submitted mail that a stored item of any later status holds: collected or closed where it is."""
    submitted = Submitted(
        **_in_every_state(item),
        letter=Letter.model_construct(**item["letter"]),
        sender=item["sender"],
        submission=Submission(**{"salt": "", **item["submission"]}),
        receipt=IssuedReceipt(**item["receipt"]) if "receipt" in item else None,
        has_slip=item.get("has_slip", False) and item.get("slip_version", 0) == codes_in(item).slip,
        redirected_from=_elsewhere_in(item["redirected_from"]) if "redirected_from" in item else None,
        answers=_attachments_in(item.get("answers", {})),
        turned_by=item.get("turned_by"),
    )
    if "collection" not in item:
        return submitted
    collected = submitted.collected(Collection(**item["collection"]))
    if "outcome" not in item:
        return collected
    redirected_to = _elsewhere_in(item["outcome"]["redirected_to"]) if item["outcome"].get("redirected_to") else None
    return collected.closed(Outcome(**{**item["outcome"], "redirected_to": redirected_to}))


def _in_every_state(item: Item) -> dict[str, Any]:
    return {
        "mail_id": item["mail_id"],
        "organism": _summary_in(item["organism"]),
        "accepts": accepts_in(item["accepts"]),
        "language": item["language"],
        "started_at": item["started_at"],
        "revision": int(item["revision"]),
        "attachments": _attachments_in(item["attachments"]),
        "email_failure": DeliveryFailure(**item["email_failure"]) if "email_failure" in item else None,
        "sms_failure": DeliveryFailure(**item["sms_failure"]) if "sms_failure" in item else None,
        "codes": codes_in(item),
        "channel": item.get("channel", ONLINE),
        "entered_by": item.get("entered_by"),
    }


def channel_marks(mail: Mail | Submitted) -> Item:
    """The attributes of a mail, its entry and its statement that say how it came in; none of a mail sent online."""
    return {} if mail.channel == ONLINE else {"channel": mail.channel}


def codes_in(item: Item) -> Codes:
    """Which codes of a stored mail are in force."""
    return Codes(**{kind: int(version) for kind, version in item.get("codes", {}).items()})


def _attachments_in(items: Item) -> tuple[Attachment, ...]:
    """Files in the order in which they were announced: their ids begin with the time."""
    return tuple(
        Attachment.model_construct(
            **{
                "version_id": None,
                **items[name],
                "size": int(items[name]["size"]),
                "warnings": tuple(items[name].get("warnings", ())),
            }
        )
        for name in sorted(items)
    )


def _summary_in(item: Item) -> OrganismSummary:
    return OrganismSummary.model_construct(**{**item, "name": Bilingual.model_construct(**item["name"])})


def _elsewhere_in(item: Item) -> Elsewhere:
    return Elsewhere(item["mail_id"], item["number"], _summary_in(item["organism"]))


def event_item(mail_id: str, event: EventName, at: str, **more: str) -> Item:
    """An event of a mail's history, as it is stored; `more` is who did it, and what waits for it."""
    pk, sk = event_key(mail_id, at, event)
    return {"pk": pk, "sk": sk, "event": event, "at": at, **more}


def history_in(items: list[Item]) -> list[Event]:
    """The events among a mail's items, in the order in which they happened."""
    events = [Event(item["event"], item["at"], item.get("by")) for item in items if is_event(item)]
    return sorted(events, key=lambda event: (event.at, _COURSE.index(event.event)))


def submitted_item(mail: Submitted) -> Item:
    """A mail that enters the table submitted already, as it is stored: it comes from another organism's register."""
    pk, sk = mail_key(mail.mail_id)
    failures = {"email_failure": mail.email_failure, "sms_failure": mail.sms_failure}
    return {
        **{name: failure.stored() for name, failure in failures.items() if failure},
        "pk": pk,
        "sk": sk,
        "mail_id": mail.mail_id,
        "organism": mail.organism.model_dump(),
        "accepts": mail.accepts.model_dump(),
        "language": mail.language,
        **channel_marks(mail),
        "status": mail.status,
        "started_at": mail.started_at,
        "expires_at": mail.submission.submitted_at,
        "revision": mail.revision,
        "letter": mail.letter.model_dump(),
        "sender": mail.sender,
        "attachments": {one.attachment_id: one.model_dump(exclude_none=True) for one in mail.attachments},
        "answers": {},
        "submission": asdict(mail.submission),
        **({"redirected_from": _stored_elsewhere(mail.redirected_from)} if mail.redirected_from else {}),
        "waiting": Waiting.RECEIPT,
        "waiting_since": mail.submission.submitted_at,
    }


def stored_outcome(outcome: Outcome) -> Item:
    """An outcome as a mail's item holds it."""
    elsewhere = _stored_elsewhere(outcome.redirected_to) if outcome.redirected_to else None
    return {**vars(outcome), "redirected_to": elsewhere}


def _stored_elsewhere(elsewhere: Elsewhere) -> Item:
    return {**vars(elsewhere), "organism": elsewhere.organism.model_dump()}


def access_item(mail_id: str, access: Access) -> Item:
    """An access as it is stored: it is written and never changed."""
    pk, sk = access_key(mail_id, access.at, str(uuid_utils.uuid7()))
    return {"pk": pk, "sk": sk} | {name: value for name, value in vars(access).items() if value is not None}


def accesses_in(items: list[Item]) -> list[Access]:
    """The accesses among a mail's items."""
    return [
        Access(item["action"], item["by"], item["at"], item.get("attachment_id"), item.get("unchecked"))
        for item in items
        if is_access(item)
    ]
