"""Copies of receipts: made when storage lost the one that was issued."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from mailroom.domain import clock
from mailroom.domain.mail import IssuedReceipt, Submitted
from mailroom.storage.item_keys import mail_key, statement_key
from mailroom.storage.table import ConditionFailedError, Table


def note_copy(
    table: Table, mail: Submitted, lost: IssuedReceipt, sha256: str, at: datetime, *besides: dict[str, Any]
) -> bool:
    """Note the digest (hex) of the copy that replaces a lost receipt, beside the first one's, which people may hold.

    `besides` are writes of the same transaction. False when the register knows of another receipt than the lost one by
    now: where a run beside this one noted its copy, that stays.
    """
    pk, sk = mail_key(mail.mail_id)
    copy = IssuedReceipt(sha256=sha256, issued_at=clock.iso(at))
    try:
        table.transact(
            table.change(
                pk,
                sk,
                update="SET receipt = :copy, first_receipt = if_not_exists(first_receipt, :lost)",
                condition="receipt.sha256 = :known",
                values={":copy": asdict(copy), ":lost": asdict(lost), ":known": lost.sha256},
            ),
            table.change(
                *statement_key(mail.submission.verification_code),
                update="SET copies = list_append(if_not_exists(copies, :none), :copies)",
                condition="attribute_exists(pk)",
                values={":none": [], ":copies": [sha256]},
            ),
            *besides,
        )
    except ConditionFailedError:
        return False
    return True
