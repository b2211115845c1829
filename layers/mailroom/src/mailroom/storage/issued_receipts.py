"""What the table holds of receipts and slips that are made: on the mail, on the public statement, in the history."""

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

from mailroom.domain import clock
from mailroom.domain.mail import RECEIPT_ISSUED, IssuedReceipt, Submitted
from mailroom.storage.item_keys import mail_key, statement_key
from mailroom.storage.mail_items import event_item
from mailroom.storage.schema import WAITS_NO_MORE, Waiting
from mailroom.storage.table import ConditionFailedError, Table


class IssuedReceipts:
    """Notes that receipts and slips are in the bucket. A note that was taken before is not taken again."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, mail: Submitted, sha256: str, at: datetime, *writes: dict[str, Any]) -> bool:
        """Note receipt and slip, for the sender and for anyone who checks; False when they were noted before.

        The slip bears the code that is in force by `mail`. `writes` go into the same transaction.
        """
        issued = IssuedReceipt(sha256=sha256, issued_at=clock.iso(at))
        try:
            self._table.transact(
                self._table.change(
                    *mail_key(mail.mail_id),
                    update="SET receipt = :receipt, has_slip = :yes, slip_version = :slip, waiting = :alert",
                    condition="attribute_exists(submission) AND attribute_not_exists(receipt)",
                    values={
                        ":receipt": asdict(issued),
                        ":yes": True,
                        ":slip": mail.codes.slip,
                        ":alert": Waiting.ALERT,
                    },
                ),
                self._table.change(
                    *statement_key(mail.submission.verification_code),
                    update="SET receipt_sha256 = :sha256",
                    condition="attribute_exists(pk)",
                    values={":sha256": sha256},
                ),
                self._table.new(event_item(mail.mail_id, RECEIPT_ISSUED, issued.issued_at)),
                *writes,
            )
        except ConditionFailedError as refusal:
            if refusal.items[0] is None or "receipt" not in refusal.items[0]:
                raise
            return False
        return True

    def note_copy(
        self, mail: Submitted, lost: IssuedReceipt, sha256: str, at: datetime, *writes: dict[str, Any]
    ) -> bool:
        """Note the digest (hex) of the copy that replaces a lost receipt, beside the digest that people may hold.

        `writes` go into the same transaction. False when another receipt than the lost one is noted by now: the copy
        of another run stays.
        """
        copy = IssuedReceipt(sha256=sha256, issued_at=clock.iso(at))
        try:
            self._table.transact(
                self._table.change(
                    *mail_key(mail.mail_id),
                    update="SET receipt = :copy, first_receipt = if_not_exists(first_receipt, :lost)",
                    condition="receipt.sha256 = :known",
                    values={":copy": asdict(copy), ":lost": asdict(lost), ":known": lost.sha256},
                ),
                self._table.change(
                    *statement_key(mail.submission.verification_code),
                    update="SET copies = list_append(if_not_exists(copies, :none), :copies)",
                    condition="attribute_exists(pk)",
                    values={":none": [], ":copies": [sha256]},
                ),
                *writes,
            )
        except ConditionFailedError:
            return False
        return True

    def note_slip(self, mail: Submitted) -> None:
        """Note the slip with the code that is in force by `mail`; the mail waits for none any more."""
        noted = self._table.change(
            *mail_key(mail.mail_id),
            update="SET has_slip = :yes, slip_version = :slip",
            condition="attribute_exists(receipt) AND (attribute_not_exists(slip_version) OR slip_version <= :slip)",
            values={":yes": True, ":slip": mail.codes.slip},
        )
        done = self._table.change(
            *mail_key(mail.mail_id),
            update=WAITS_NO_MORE,
            condition="waiting = :what AND codes.slip = slip_version",
            values={":what": Waiting.SLIP},
        )
        for write in (noted, done):
            # The code was turned once more meanwhile, or the receipt's own run clears what waits.
            with suppress(ConditionFailedError):
                self._table.apply(write)

    def end_waiting(self, mail: Submitted) -> None:
        """Note that all messages about a mail with its receipt are queued: no sweep need look at it any more."""
        self._table.apply(
            self._table.change(*mail_key(mail.mail_id), update=WAITS_NO_MORE, condition="attribute_exists(receipt)")
        )
