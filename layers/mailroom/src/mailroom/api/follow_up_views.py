"""What a sender shows to come back to a mail, and what the API answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mailroom.api.mail_views import Instant, MailId, Sha256
from mailroom.domain import clock
from mailroom.domain.mail import IssuedReceipt, Submitted
from mailroom.fields.forms import Form
from mailroom.fields.text import Typed
from mailroom.storage.bucket import Files


class SlipIssued(BaseModel):
    """The slip with the codes that give access to the mail, for the sender to print and keep."""

    url: str
    expires_at: Instant


class ReceiptIssued(BaseModel):
    """The receipt's download address, valid for five minutes.

    The receipt may be shown to anyone; the slip is confidential.
    """

    status: Literal["issued"]
    url: str
    sha256: Sha256
    expires_at: Instant
    slip: Annotated[
        SlipIssued | None,
        Field(
            description=(
                "Null for a reader who came by a link in a message, while a slip with new codes is being made, and "
                "for older receipts that bear the follow-up code themselves."
            )
        ),
    ]


class ReceiptPending(BaseModel):
    """The receipt is being made: ask again after one second."""

    status: Literal["pending"]


class PaperInHand(Form):
    """The register number and follow-up code printed on the slip."""

    model_config = ConfigDict(strict=True)

    number: Annotated[Typed, StringConstraints(max_length=60), Field(examples=["ANAM-2026-000001"])]
    follow_up_code: Annotated[Typed, StringConstraints(max_length=60), Field(examples=["K4ZP-90WD-3RTB-6YMJ"])]


class Returned(BaseModel):
    """Access by follow-up code. The `access_token` is read-only."""

    mail_id: MailId
    access_token: str


class NewCodes(BaseModel):
    """The codes now in force. The new `access_token` gives the same access as the one it replaces."""

    access_token: Annotated[str, Field(examples=["access.1.x3JQm0f0H1k5bQyJr4Jp3m8mQ2r9v5mYp3d0b7VZkXo"])]
    follow_up_code: Annotated[str, Field(examples=["K4ZP-90WD-3RTB-6YMJ"])]


def receipt_issued(mail: Submitted, receipt: IssuedReceipt, files: Files, *, with_slip: bool) -> ReceiptIssued:
    """The receipt of a mail and, where the reader may have it, the slip."""
    download = files.receipt_download(mail.mail_id)
    slip = None
    if with_slip and mail.has_slip:
        address = files.slip_download(mail)
        slip = SlipIssued(url=address.url, expires_at=clock.iso(address.expires_at))
    return ReceiptIssued(
        status="issued",
        url=download.url,
        sha256=receipt.sha256,
        expires_at=clock.iso(download.expires_at),
        slip=slip,
    )
