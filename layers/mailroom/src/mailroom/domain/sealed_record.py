"""The sealed record: the canonical account of one submission, from which the receipt is made.

It is a pure function of what the register's transaction stored, so it can be written again after a
crash, byte for byte.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NewType

import rfc8785

from mailroom.domain.channel import ONLINE
from mailroom.domain.mail import Submitted
from mailroom.domain.sender_view import masked

Record = NewType("Record", dict[str, Any])
"""The record as plain JSON values; `sealed` says what it holds."""


_SEALED = {"attachment_id", "file_name", "media_type", "size", "sha256", "version_id"}
"""What a record says of a file: what was fixed by its submission, and nothing that became known later."""


_HOW_TO_REACH = {"email", "phone", "sms", "address"}
_IDENTITY = ("national_id", "ice")


def sealed(mail: Submitted) -> Record:
    """The record of a submitted mail.

    The letter's text is not in it, only digests, nor how its sender can be reached: the record is what the receipt
    stands for, not a second copy of the mail. Its salt keeps what is in it from being guessed from its digest, which
    anyone may see.

    Version 1 is the record of a mail sent online, which has no `channel`: every record from before there were counters
    is one, and is written again byte for byte. Version 2 says by `channel` that the mail was handed in at the counter.
    """
    record = Record(
        {
            "version": 1 if mail.channel == ONLINE else 2,
            "mail_id": mail.mail_id,
            "number": mail.submission.number,
            "submitted_at": mail.submission.submitted_at,
            "language": mail.language,
            "organism": mail.organism.model_dump(),
            "letter": {
                "kind": mail.letter.kind,
                "subject": mail.letter.subject,
                "reference": mail.letter.reference,
                "dated": mail.letter.dated,
                "body_sha256": hashlib.sha256(mail.letter.body.encode()).hexdigest(),
                "sha256": mail.letter.sha256,
            },
            "sender": _sender(mail.sender),
            "attachments": [attachment.model_dump(include=_SEALED) for attachment in mail.attachments],
            "verification_code": mail.submission.verification_code,
            **({"salt": mail.submission.salt} if mail.submission.salt else {}),
        }
    )
    if mail.channel != ONLINE:
        record["channel"] = mail.channel
    if mail.redirected_from is not None:
        record["redirected_from"] = {
            "number": mail.redirected_from.number,
            "organism_id": mail.redirected_from.organism.organism_id,
            "name": mail.redirected_from.organism.name.model_dump(),
        }
    return record


def _sender(sender: Mapping[str, Any]) -> dict[str, Any]:
    """The sender as the receipt shows it: identity numbers are masked.

    The record lies in the PDF, and a PDF is passed on: how to reach the sender concerns the organism alone.
    """
    shown = {name: value for name, value in sender.items() if name not in _HOW_TO_REACH}
    if abroad := shown.get("foreign_registration"):
        shown["foreign_registration"] = {**abroad, "number": masked(abroad["number"])}
    return shown | {name: masked(shown[name]) for name in _IDENTITY if name in shown}


def canonical(record: Record) -> bytes:
    """The one serialisation of a record (RFC 8785), over which its digest is taken."""
    return rfc8785.dumps(record)


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal, as the receipt prints it."""
    return hashlib.sha256(content).hexdigest()


def read(content: bytes) -> Record:
    """The record that `canonical` wrote."""
    return Record(json.loads(content))
