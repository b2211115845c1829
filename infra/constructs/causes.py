"""What wakes operators: one alarm for each cause of trouble, whatever number of metrics show it.

A function that fails, its queue that fills and the mails that wait are three signs of one cause. Each sign has an
alarm, which the console shows and which wakes no one; a composite alarm for the cause does. No cause silences another:
a limit that is near for days must not hide that receipts have stopped.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

MOST_CHARACTERS = 1024
"""Of an alarm's description.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""
_SIGN_OF_A_FUNCTION = re.compile("[a-z_]+-(?P<kind>errors|throttles)")


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

    def message(self, signs: Sequence[str]) -> str:
        """The message to operators, with the names of the signs; of functions their number, where all do not fit."""
        begin = f"{self.meaning} The console shows which of these rings:"
        whole = f"{begin} {', '.join(signs)}."
        return whole if len(whole) <= MOST_CHARACTERS else f"{begin} {', '.join(_counted(signs))}."


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


def _counted(signs: Sequence[str]) -> list[str]:
    """The signs, those of functions as `throttles of 39 functions`."""
    found = {sign: _SIGN_OF_A_FUNCTION.fullmatch(sign) for sign in signs}
    kinds = Counter(match["kind"] for match in found.values() if match)
    counted = [f"{kind} of {number} functions" for kind, number in kinds.items()]
    return counted + [sign for sign, match in found.items() if match is None]


def cause_of(operation: str) -> Cause:
    """What is broken where this function fails. Raises StopIteration for a function that no cause names."""
    return next(cause for cause, operations in _OPERATIONS.items() if operation in operations)
