"""What a registration writes, as the table holds it: the register's entry, and the public statement on the receipt."""

from mailroom.domain.mail import SUBMITTED, Submitted
from mailroom.domain.register_chain import Link
from mailroom.domain.register_number import Number
from mailroom.domain.sender_view import display_name
from mailroom.storage.item_keys import arrived, desk_status, entry_key, statement_key
from mailroom.storage.mail_items import channel_marks
from mailroom.storage.schema import Waiting
from mailroom.storage.table import Item


def entry_item(mail: Submitted, number: Number, link: Link, *, is_test: bool) -> Item:
    """A register entry: what the inbox shows of a mail, the keys of its indexes, and the link of the chain.

    The mail of a test organism does not wait for an agent: no reminder is sent about it.
    """
    organism_id, submitted_at = mail.organism.organism_id, mail.submission.submitted_at
    pk, sk = entry_key(organism_id, number)
    return {
        "pk": pk,
        "sk": sk,
        "mail_id": mail.mail_id,
        "organism_id": organism_id,
        "number": str(number),
        "submitted_at": submitted_at,
        "status": SUBMITTED,
        "kind": mail.letter.kind,
        "subject": mail.letter.subject,
        "sender": {"kind": mail.sender["kind"], "display_name": display_name(mail.sender)},
        "attachments": len(mail.attachments),
        **channel_marks(mail),
        **({"entered_by": mail.entered_by} if mail.entered_by else {}),
        "record_sha256": link.record_sha256,
        "previous": link.previous,
        "digest": link.digest,
        "desk": organism_id,
        "desk_status": desk_status(organism_id, SUBMITTED),
        "arrived": arrived(submitted_at, str(number)),
        **({} if is_test else {"waiting": Waiting.COLLECTION, "waiting_since": submitted_at}),
    }


def is_unread(entry: Item) -> bool:
    """Whether no agent or program of the organism has opened or collected the mail of an entry.

    The whole organism counts, and not each agent: the mark says which mail has not been seen at all. Marks for each
    agent would cost one write for each agent and mail, and say of mail that a colleague deals with that it is new.
    """
    return entry["status"] == SUBMITTED and "opened_at" not in entry


def is_late(entry: Item, overdue_before: str) -> bool:
    """Whether the mail of an entry waits for an agent since before an instant (`working_days.overdue_before`)."""
    return "waiting" in entry and bool(entry["submitted_at"] < overdue_before)


def statement_item(mail: Submitted, link: Link) -> Item:
    """What anyone may learn of a receipt from its verification code: no name, no subject, no text."""
    pk, sk = statement_key(mail.submission.verification_code)
    return {
        "pk": pk,
        "sk": sk,
        "mail_id": mail.mail_id,
        "number": mail.submission.number,
        "organism": mail.organism.model_dump(),
        "submitted_at": mail.submission.submitted_at,
        **channel_marks(mail),
        "sender_kind": mail.sender["kind"],
        "attachments": [{"sha256": attachment.sha256, "size": attachment.size} for attachment in mail.attachments],
        "record_sha256": link.record_sha256,
        "entry_sha256": link.digest,
    }
