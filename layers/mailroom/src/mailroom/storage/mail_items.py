"""Mails and their events as the table holds them: an item is read as the type of its status, here and nowhere else."""

from typing import Any, Final, get_args

from mailroom.domain.codes import Codes
from mailroom.domain.letter import Attachment, Letter
from mailroom.domain.mail import (
    COLLECTED,
    DRAFT,
    SUBMITTED,
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
from mailroom.storage.item_keys import event_key, is_event, mail_id_in
from mailroom.storage.organism_items import accepts_in
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
    )
    if "collection" not in item:
        return submitted
    collected = submitted.collected(Collection(**item["collection"]))
    return collected.closed(_outcome_in(item["outcome"])) if "outcome" in item else collected


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
    }


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


def _outcome_in(item: Item) -> Outcome:
    redirected_to = _elsewhere_in(item["redirected_to"]) if item.get("redirected_to") else None
    return Outcome(**{**item, "redirected_to": redirected_to})


def event_item(mail_id: str, event: EventName, at: str, **more: str) -> Item:
    """An event of a mail's history, as it is stored; `more` is who did it, and what waits for it."""
    pk, sk = event_key(mail_id, at, event)
    return {"pk": pk, "sk": sk, "event": event, "at": at, **more}


def history_in(items: list[Item]) -> list[Event]:
    """The events among a mail's items, in the order in which they happened."""
    events = [Event(item["event"], item["at"], item.get("by")) for item in items if is_event(item)]
    return sorted(events, key=lambda event: (event.at, _COURSE.index(event.event)))
