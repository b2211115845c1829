"""What the register says about a receipt, to anyone who holds its verification code."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from mailroom.api.mail_views import ChannelShown, EventView, Instant, PrintedNumber, Sha256, events
from mailroom.domain.channel import ONLINE
from mailroom.domain.organism import OrganismSummary
from mailroom.domain.refusals import ReceiptNotFound
from mailroom.domain.sender_view import SenderKind
from mailroom.mails.tokens import as_printed
from mailroom.storage.item_keys import statement_key
from mailroom.storage.mails import Store
from mailroom.storage.table import Table

_LONGEST_CODE = 200
"""Characters: a code has 19, and invisible marks may stand beside each."""


class FileStatement(BaseModel):
    """A file of the mail, identified by its digest alone."""

    sha256: Sha256
    size: int


class Statement(BaseModel):
    """The register's statement on a receipt: no name, no subject, no text."""

    genuine: Literal[True]
    number: PrintedNumber
    organism: OrganismSummary
    submitted_at: Instant
    channel: ChannelShown
    sender_kind: SenderKind
    attachments: list[FileStatement]
    record_sha256: Sha256
    entry_sha256: Annotated[
        Sha256 | None,
        Field(description="The digest of the register entry, which the next entry and the daily head include."),
    ]
    receipt_sha256: Sha256 | None
    versions: Annotated[
        list[Sha256],
        Field(
            description=(
                "The digests of the receipt before and after a time stamp was added to it: both files are genuine. "
                "Empty if `receipt_sha256` is the only digest."
            )
        ),
    ]
    copies: Annotated[
        list[Sha256],
        Field(
            description=("The digests of copies made after storage lost the receipt. Each copy says that it is one.")
        ),
    ]
    history: list[EventView]


def statement_on(table: Table, verification_code: str) -> Statement:
    """The statement on the receipt of that code, read as people type it (`tokens.as_printed`).

    Raises:
        ReceiptNotFound: no receipt has it.

    """
    if len(verification_code) > _LONGEST_CODE:
        raise ReceiptNotFound
    receipt = table.get(*statement_key(as_printed(verification_code)))
    if receipt is None:
        raise ReceiptNotFound
    return Statement(
        genuine=True,
        number=receipt["number"],
        organism=OrganismSummary.model_validate(receipt["organism"]),
        submitted_at=receipt["submitted_at"],
        channel=receipt.get("channel", ONLINE),
        sender_kind=receipt["sender_kind"],
        attachments=[FileStatement.model_validate(file) for file in receipt["attachments"]],
        record_sha256=receipt["record_sha256"],
        entry_sha256=receipt.get("entry_sha256"),
        receipt_sha256=receipt.get("receipt_sha256"),
        versions=receipt.get("versions", []),
        copies=receipt.get("copies", []),
        history=events(Store(table).public_history(receipt["mail_id"])),
    )
