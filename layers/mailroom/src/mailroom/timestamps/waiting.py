"""Receipts that went out without their time stamp: each waits in the sparse index until it has one.

A token is noted before it is used, in one transaction with the digest that the receipt will have, which the public
statement knows from then on. So after a crash at any point the same token makes the same file, and the service
knows the digest of every receipt that a sender may hold: the digest is announced first, then the file is put, then the
mail says that this is its receipt.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailroom.domain import clock
from mailroom.domain.mail import Submission, Submitted
from mailroom.storage.item_keys import mail_id_in, mail_key, stamp_key, statement_key
from mailroom.storage.mails import Store
from mailroom.storage.schema import Waiting
from mailroom.storage.table import ConditionFailedError, Item, Table

_IS_OF_THIS_RECEIPT = "sha256 = :known"


@dataclass(frozen=True)
class AnnouncedStamp:
    """The time stamp that a receipt is about to bear, and the digest (hex) that it then has."""

    token: bytes
    sha256: str


@dataclass(frozen=True)
class UnstampedReceipt:
    """A receipt that waits for its time stamp; `sha256` is its digest (hex) without."""

    mail_id: str
    sha256: str
    is_copy: bool
    announced: AnnouncedStamp | None


def wait_item(mail_id: str, sha256: str, at: datetime, *, is_copy: bool = False) -> Item:
    """That a receipt of that digest waits from now on, as it is stored: in the transaction that notes the receipt."""
    pk, sk = stamp_key(mail_id)
    since = clock.iso(at)
    return {"pk": pk, "sk": sk, "waiting": Waiting.STAMP, "waiting_since": since, "sha256": sha256, "is_copy": is_copy}


class Stamps:
    """What waits for a time stamp, in the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def waiting(self, *, until: datetime) -> Iterator[str]:
        """Ids of the mails whose receipts wait since before `until`, the longest waiting first."""
        for item in self._table.waiting(Waiting.STAMP, until=clock.iso(until)):
            yield mail_id_in(item)

    def wait_of(self, mail_id: str) -> UnstampedReceipt | None:
        """What a mail's receipt waits for; None when it does not."""
        item = self._table.get(*stamp_key(mail_id))
        if item is None:
            return None
        announced = AnnouncedStamp(bytes(item["token"]), item["stamped_sha256"]) if "token" in item else None
        return UnstampedReceipt(mail_id, item["sha256"], item["is_copy"], announced)

    def mail(self, mail_id: str) -> Submitted:
        """The mail whose receipt waits. Raises MailNotFound, NotYetSubmitted."""
        return Store(self._table).submitted(mail_id)

    def announce(self, wait: UnstampedReceipt, submission: Submission, announced: AnnouncedStamp) -> bool:
        """Note the token and let the statement know the digest; False when another run noted its own before.

        The statement names all digests of the first receipt in `versions`, and those of copies in `copies`.
        """
        pk, sk = stamp_key(wait.mail_id)
        names, known = ("copies", []) if wait.is_copy else ("versions", [wait.sha256])
        noted = self._table.change(
            pk,
            sk,
            update="SET #token = :token, stamped_sha256 = :sha256",
            condition=f"{_IS_OF_THIS_RECEIPT} AND attribute_not_exists(#token)",
            values={":token": announced.token, ":sha256": announced.sha256, ":known": wait.sha256},
            names={"#token": "token"},
        )
        in_register = self._table.change(
            *statement_key(submission.verification_code),
            update="SET #names = list_append(if_not_exists(#names, :known), :new)",
            condition="attribute_exists(pk)",
            values={":known": known, ":new": [announced.sha256]},
            names={"#names": names},
        )
        try:
            self._table.transact(noted, in_register)
        except ConditionFailedError:
            return False
        return True

    def done(self, wait: UnstampedReceipt, submission: Submission, announced: AnnouncedStamp) -> bool:
        """Note that the receipt in storage is the stamped one; False when that, or a later one, was noted before."""
        values = {":known": wait.sha256, ":new": announced.sha256}
        writes = [
            self._table.change(
                *mail_key(wait.mail_id),
                update="SET receipt.sha256 = :new",
                condition="receipt.sha256 = :known",
                values=values,
            ),
            self._gone(wait),
        ]
        if not wait.is_copy:  # a statement's own digest stays that of the first receipt, whatever copies there are
            writes.append(
                self._table.change(
                    *statement_key(submission.verification_code),
                    update="SET receipt_sha256 = :new",
                    condition="receipt_sha256 = :known",
                    values=values,
                )
            )
        try:
            self._table.transact(*writes)
        except ConditionFailedError:
            return False
        return True

    def waits_no_more(self, wait: UnstampedReceipt) -> None:
        """Forget what a receipt waits for, unless another receipt of the mail began to wait meanwhile."""
        with contextlib.suppress(ConditionFailedError):
            self._table.transact(self._gone(wait))

    def _gone(self, wait: UnstampedReceipt) -> dict[str, Any]:
        return self._table.gone(*stamp_key(wait.mail_id), condition=_IS_OF_THIS_RECEIPT, values={":known": wait.sha256})
