"""The data model: what the table holds, under which keys, who writes it, and what waits for whom.

One table in DynamoDB. `Waiting` and `WAITS` list the states in which an item waits for the next step. The functions
below build each key and read ids back from it: no other module does. The objects in the bucket are in `object_keys`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, Literal, NamedTuple

from mailroom.domain.register_number import Number

type Key = tuple[str, str]
"""Partition key and sort key of one item."""

ORGANISMS: Final = "ORGANISM"
CODES: Final = "CODE#"
REGISTERS: Final = "REGISTER#"
MAILS: Final = "MAIL#"
STATEMENTS: Final = "RECEIPT#"
CLIENTS: Final = "CLIENT#"
CAPS: Final = "CAP#"
"""What partition keys begin with. Each function's role is bound to the beginnings it needs (`dynamodb:LeadingKeys`)."""

ENTRIES: Final = "ENTRY#"
EVENTS: Final = "EVENT#"
ACCESSES: Final = "ACCESS#"
"""What sort keys begin with, where a partition holds many items of one kind."""

WAITING_INDEX: Final = "waiting"
"""Items by what they wait for, the longest waiting first: `waiting`, then `waiting_since`. It holds keys alone."""

DESK_INDEX: Final = "desk"
"""Register entries by organism: `desk`, then `arrived`."""

DESK_STATUS_INDEX: Final = "desk_status"
"""Register entries by organism and status: `desk_status`, then `arrived`."""


class Waiting(StrEnum):
    """What an item waits for: the attribute `waiting`, with `waiting_since` beside it. `WAITS` says who acts on each.

    An item that waits for nothing has neither attribute, and so does not stand in the index.
    """

    RECEIPT = "RECEIPT"
    ALERT = "ALERT"
    SLIP = "SLIP"
    NEWS = "NEWS"
    STAMP = "STAMP"
    SCAN = "SCAN"
    SCAN_ASKED = "SCAN_ASKED"
    UNSCANNED = "UNSCANNED"
    UNCHECKED = "UNCHECKED"
    COLLECTION = "COLLECTION"


class Wait(NamedTuple):
    """One state of waiting: what waits for what, and the functions that set it, end it, and push on what stays."""

    meaning: str
    set_by: str
    ended_by: str
    pushed_on_by: str


WAITS: Final = {
    Waiting.RECEIPT: Wait(
        "a submitted mail, for its receipt",
        set_by="submit_mail close_mail",
        ended_by="render_receipt",
        pushed_on_by="resume_stalled",
    ),
    Waiting.ALERT: Wait(
        "a mail with its receipt, until its organism and its sender have their messages on the queue",
        set_by="render_receipt",
        ended_by="render_receipt",
        pushed_on_by="resume_stalled",
    ),
    Waiting.SLIP: Wait(
        "a mail whose codes were turned, for the slip with the new one",
        set_by="turn_codes",
        ended_by="render_receipt",
        pushed_on_by="resume_stalled",
    ),
    Waiting.NEWS: Wait(
        "the event of a collection or an outcome, until its sender has the message on the queue",
        set_by="collect_mail close_mail",
        ended_by="collect_mail close_mail resume_stalled",
        pushed_on_by="resume_stalled",
    ),
    Waiting.STAMP: Wait(
        "a receipt that was issued without its time stamp",
        set_by="render_receipt",
        ended_by="stamp_receipts",
        pushed_on_by="stamp_receipts",
    ),
    Waiting.SCAN: Wait(
        "the files of a mail, or of its answer, for the result of the scan",
        set_by="submit_mail close_mail chase_scans",
        ended_by="close_mail note_scan chase_scans",
        pushed_on_by="chase_scans",
    ),
    Waiting.SCAN_ASKED: Wait(
        "the same files, for the result that was asked for once more",
        set_by="chase_scans",
        ended_by="close_mail note_scan chase_scans",
        pushed_on_by="chase_scans",
    ),
    Waiting.UNSCANNED: Wait(
        "the same files, for operators, who know that no result came and have it asked for again",
        set_by="submit_mail close_mail note_scan chase_scans",
        ended_by="close_mail note_scan chase_scans",
        pushed_on_by="chase_scans",
    ),
    Waiting.UNCHECKED: Wait(
        "the files of a mail that no scanner can look into, for the outcome: agents decide about them",
        set_by="submit_mail close_mail note_scan chase_scans",
        ended_by="close_mail resume_stalled note_scan chase_scans",
        pushed_on_by="",
    ),
    Waiting.COLLECTION: Wait(
        "a register entry, for an agent who collects the mail",
        set_by="submit_mail close_mail",
        ended_by="collect_mail close_mail",
        pushed_on_by="remind_organisms",
    ),
}

WAITS_NO_MORE: Final = "REMOVE waiting, waiting_since"
"""The update, or its last clause, that takes an item out of those that wait."""

_MAIL: Final = "MAIL"

Folder = Literal["attachments", "answers"]
"""The two lists of files of a mail: those that came with it, and those of its answer."""

_SCANS: Final[Mapping[Folder, str]] = {"attachments": "SCAN", "answers": "SCAN#ANSWERS"}


def organism_key(organism_id: str) -> Key:
    """An organism. All of them stand in one partition: about two thousand."""
    return ORGANISMS, organism_id


def code_key(code: str) -> Key:
    """The claim of one organism on a code, which no second one may use."""
    return f"{CODES}{code}", "CODE"


def register_partition(organism_id: str, year: int) -> str:
    """The partition of one organism's register of one year: its counter and its entries."""
    return f"{REGISTERS}{organism_id}#{year}"


def counter_key(organism_id: str, year: int) -> Key:
    """The counter of a register: the last number and its entry's digest."""
    return register_partition(organism_id, year), "COUNTER"


def entry_key(organism_id: str, number: Number) -> Key:
    """The register entry of a number."""
    return register_partition(organism_id, number.year), f"{ENTRIES}{number.rank:09d}"


def organism_of_entry(key: Mapping[str, Any]) -> str:
    """The organism in whose register an entry stands."""
    _, organism_id, _ = str(key["pk"]).split("#")
    return organism_id


def rank_of_entry(key: Mapping[str, Any]) -> int:
    """The number of an entry within its register."""
    return int(str(key["sk"]).removeprefix(ENTRIES))


def desk_status(organism_id: str, status: str) -> str:
    """The partition of the index `desk_status`: one organism's mails of one status."""
    return f"{organism_id}#{status}"


def arrived(submitted_at: str, number: str) -> str:
    """The sort key of an inbox: by time, and mails of one millisecond by number."""
    return f"{submitted_at}#{number}"


def mail_partition(mail_id: str) -> str:
    """The partition of a mail: itself, its events, who looked at it, and what waits for its files and its receipt."""
    return f"{MAILS}{mail_id}"


def mail_key(mail_id: str) -> Key:
    """A mail, from draft to closed."""
    return mail_partition(mail_id), _MAIL


def is_mail(item: Mapping[str, Any]) -> bool:
    """Whether an item of a mail's partition is the mail itself."""
    return bool(item["sk"] == _MAIL)


def mail_id_in(key: Mapping[str, Any]) -> str:
    """The mail in whose partition an item stands."""
    return str(key["pk"]).removeprefix(MAILS)


def event_key(mail_id: str, at: str, event: str) -> Key:
    """An event of a mail's history."""
    return mail_partition(mail_id), f"{EVENTS}{at}#{event}"


def is_event(item: Mapping[str, Any]) -> bool:
    """Whether an item of a mail's partition is an event."""
    return str(item["sk"]).startswith(EVENTS)


def event_in(key: Mapping[str, Any]) -> str:
    """The name of the event that stands under a key."""
    return str(key["sk"]).rpartition("#")[2]


def access_key(mail_id: str, at: str, access_id: str) -> Key:
    """A look that somebody of the organism took at a mail."""
    return mail_partition(mail_id), f"{ACCESSES}{at}#{access_id}"


def is_access(item: Mapping[str, Any]) -> bool:
    """Whether an item of a mail's partition is a look at it."""
    return str(item["sk"]).startswith(ACCESSES)


def scan_key(mail_id: str, folder: Folder) -> Key:
    """What a mail waits for because of its files, or because of those of its answer."""
    return mail_partition(mail_id), _SCANS[folder]


def folder_in(key: Mapping[str, Any]) -> Folder:
    """The files for which the item under a key waits."""
    return "answers" if key["sk"] == _SCANS["answers"] else "attachments"


def stamp_key(mail_id: str) -> Key:
    """That a mail's receipt waits for its time stamp."""
    return mail_partition(mail_id), "STAMP"


def statement_key(verification_code: str) -> Key:
    """What anyone who holds a receipt may learn of it."""
    return f"{STATEMENTS}{verification_code}", "RECEIPT"


def client_key(client_id: str) -> Key:
    """The organism for which a program acts."""
    return f"{CLIENTS}{client_id}", "CLIENT"


def address_cap_key(channel: str, pseudonym: str, day: str) -> Key:
    """The messages of one day to one address, which is known by its keyed hash."""
    return f"{CAPS}{channel}#address#{pseudonym}", day


def organism_cap_key(channel: str, organism_id: str, day: str) -> Key:
    """The messages of one day for one organism's mails."""
    return f"{CAPS}{channel}#organism#{organism_id}", day


def month_cap_key(month: str) -> Key:
    """The SMS of one month."""
    return f"{CAPS}sms#month", month


REFUSALS: Final = f"{CAPS}REFUSED"
"""The partition of messages that caps kept from being sent."""


def refusal_key(day: str, organism_id: str, channel: str, cap: str) -> Key:
    """The messages of one day that one cap kept from being sent."""
    return REFUSALS, f"{day}#{organism_id}#{channel}#{cap}"


def refusal_in(key: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Day, organism, channel and cap of what stands under a key."""
    day, organism_id, channel, cap = str(key["sk"]).split("#")
    return day, organism_id, channel, cap


def health_key(day: str) -> Key:
    """The e-mails of one day: sent, bounced, called spam."""
    return f"{CAPS}email#health", day


def known_address_key(pseudonym: str) -> Key:
    """A sender's address to which an e-mail went before, known by its keyed hash."""
    return f"{CAPS}email#known#{pseudonym}", "KNOWN"
