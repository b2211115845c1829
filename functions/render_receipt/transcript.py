"""What receipt and slip print of a sealed record, and nothing else: the record is their only source."""

from datetime import date
from typing import Any

from mailroom.domain import clock, public_addresses
from mailroom.domain.channel import ONLINE
from mailroom.domain.sealed_record import Record
from mailroom.domain.sender_view import display_name, masked
from render_receipt.printed import Origin, PrintedAttachment, PrintedReceipt, PrintedSlip


def receipt_of(record: Record, record_sha256: str, public_url: str) -> PrintedReceipt:
    """The receipt of a record whose digest (hex) is `record_sha256`, checked under the stage's `public_url`."""
    letter, organism, sender = record["letter"], record["organism"], record["sender"]
    return PrintedReceipt(
        organism_fr=organism["name"]["fr"],
        organism_ar=organism["name"]["ar"],
        city=organism["city"],
        number=record["number"],
        submitted_at=clock.parse(record["submitted_at"]),
        language=record["language"],
        letter_kind=letter["kind"],
        subject=letter["subject"],
        reference=letter["reference"],
        dated=date.fromisoformat(letter["dated"]) if letter["dated"] else None,
        sender_kind=sender["kind"],
        sender_name=display_name(sender),
        identity=masked_identity(sender),
        attachments=tuple(
            PrintedAttachment(file_name=file["file_name"], size=file["size"], sha256=file["sha256"])
            for file in record["attachments"]
        ),
        record_sha256=record_sha256,
        verification_code=record["verification_code"],
        verification_url=public_addresses.verification(public_url, record["verification_code"]),
        redirected_from=origin_of(record),
        channel=record.get("channel", ONLINE),
    )


def slip_of(record: Record, follow_up_code: str, public_url: str) -> PrintedSlip:
    """The slip with a code that opens the mail."""
    name = record["organism"]["name"]
    return PrintedSlip(
        organism_fr=name["fr"],
        organism_ar=name["ar"],
        number=record["number"],
        submitted_at=clock.parse(record["submitted_at"]),
        language=record["language"],
        follow_up_url=public_addresses.follow_up(public_url),
        follow_up_code=follow_up_code,
    )


def origin_of(record: Record) -> Origin | None:
    """The organism that redirected the mail, and its number there; None where the mail was not redirected."""
    origin = record.get("redirected_from")
    if origin is None:
        return None
    return Origin(organism_fr=origin["name"]["fr"], organism_ar=origin["name"]["ar"], number=origin["number"])


def masked_identity(sender: dict[str, Any]) -> str | None:
    """The sender's identity number as the receipt shows it, with its label; None where the sender gave none."""
    if national_id := sender.get("national_id"):
        return f"CNIE {masked(national_id)}"
    if ice := sender.get("ice"):
        return f"ICE {masked(ice)}"
    if abroad := sender.get("foreign_registration"):
        return f"{abroad['country']} {masked(abroad['number'])}"
    return None
