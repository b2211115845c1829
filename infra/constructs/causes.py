"""What wakes operators: one alarm for each cause of trouble, whatever number of metrics show it.

A function that fails, its queue that fills and the mails that wait are three signs of one cause. Each sign has an
alarm, which the console shows and which wakes no one; a composite alarm for the cause does. No cause silences another:
a limit that is near for days must not hide that receipts have stopped.
"""

from collections.abc import Mapping
from enum import StrEnum


class Cause(StrEnum):
    """What is broken, for the people whom it concerns."""

    SUBMISSION = "submission"
    RECEIPTS = "receipts"
    MESSAGES = "messages"
    FILES = "files"
    DESK = "desk"
    REGISTERS = "registers"
    COPIES = "copies"
    LIMITS = "limits"
    MONEY = "money"

    @property
    def meaning(self) -> str:
        """The first sentence of the message to operators."""
        return _MEANINGS[self]

    @property
    def alarm(self) -> str:
        """The name of the alarm that wakes operators, without the stage's."""
        return f"wakes-{self}"


_MEANINGS: Mapping[Cause, str] = {
    Cause.SUBMISSION: "Senders cannot send or follow their mail, or wait long for it.",
    Cause.RECEIPTS: "Receipts are late, fail, or soon will.",
    Cause.MESSAGES: "Messages to senders or organisms are late, fail, or are held back.",
    Cause.FILES: "Files are not checked: agents cannot open them.",
    Cause.DESK: "Agents or operators cannot work.",
    Cause.REGISTERS: "The proofs of the registers, or open data, are not published.",
    Cause.COPIES: "The second copy of files is late, or lacks a file.",
    Cause.LIMITS: "The account's limits are reached, or soon will be.",
    Cause.MONEY: "More is spent than was planned.",
}

_OPERATIONS: Mapping[Cause, frozenset[str]] = {
    Cause.SUBMISSION: frozenset(
        {
            *("list_organisms", "start_mail", "write_letter", "attach_file", "identify_sender", "submit_mail"),
            *("follow_mail", "turn_codes", "describe_service", "verify_receipt", "canary"),
        }
    ),
    Cause.RECEIPTS: frozenset({"render_receipt", "resume_stalled", "stamp_receipts"}),
    Cause.MESSAGES: frozenset({"send_notification", "call_webhook", "note_bounce", "remind_organisms"}),
    Cause.FILES: frozenset({"scan_file", "note_scan", "chase_scans"}),
    Cause.DESK: frozenset(
        {
            *("open_session", "enter_mail", "list_inbox", "open_mail", "collect_mail", "close_mail", "keep_templates"),
            *("enrol_organism", "enrol_organisms", "manage_people", "operate"),
        }
    ),
    Cause.REGISTERS: frozenset(
        {
            *("sign_statement", "list_keys", "list_sealers", "list_heads", "publish_heads"),
            *("publish_open_data", "read_open_data"),
        }
    ),
}


def cause_of(operation: str) -> Cause:
    """What is broken where this function fails. Raises StopIteration for a function that no cause names."""
    return next(cause for cause, operations in _OPERATIONS.items() if operation in operations)
