"""The data model: what the table holds, under which keys, who writes it, and what waits for whom.

One table in DynamoDB. `Waiting` and `WAITS` list the states in which an item waits for the next step. `item_keys`
builds each key of the table and `object_keys` each key of the bucket: no other module does.
"""

from enum import StrEnum
from typing import Final, Literal, NamedTuple

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

REFUSALS: Final = f"{CAPS}REFUSED"
"""The partition of messages that caps kept from being sent."""

Folder = Literal["attachments", "answers"]
"""The two lists of files of a mail: those that came with it, and those of its answer."""

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
