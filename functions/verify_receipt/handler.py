"""Anyone who is shown a receipt finds out whether it is genuine."""

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel

from mailroom import aws, http, settings
from mailroom.organism import OrganismSummary
from mailroom.refusals import ReceiptNotFound, TryAgain
from mailroom.sender_view import SenderKind
from mailroom.store import Store
from mailroom.table import Table
from mailroom.tokens import as_printed
from mailroom.views import EventView, Instant, Number, Sha256, events

_LONGEST_CODE = 40


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str


class FileStatement(BaseModel):
    """A file that was sent, known by its digest alone."""

    sha256: Sha256
    size: int


class Statement(BaseModel):
    """What the register says about a receipt: no name, no subject, no text."""

    genuine: Literal[True]
    number: Number
    organism: OrganismSummary
    submitted_at: Instant
    sender_kind: SenderKind
    attachments: list[FileStatement]
    record_sha256: Sha256
    receipt_sha256: Sha256 | None
    history: list[EventView]


def table() -> Table:
    """The table."""
    return aws.table(Settings.read().table_name)


app = http.Api()


@app.get(
    "/v1/receipts/<verification_code>",
    operation_id="verify_receipt",
    summary="Whether a receipt is genuine",
    responses={
        200: {"description": "It is, and this is what it stands for"},
        **http.problem_responses(ReceiptNotFound, TryAgain),
    },
)
def verify_receipt(
    verification_code: Annotated[str, Path(examples=["7Q2M-4C9T-XV3E-8KHA"])],
) -> Response[Statement]:
    """The code is read as people type it: in any case, with or without hyphens."""
    if len(verification_code) > _LONGEST_CODE:
        raise ReceiptNotFound
    receipt = table().get(f"RECEIPT#{as_printed(verification_code)}", "RECEIPT")
    if receipt is None:
        raise ReceiptNotFound
    statement = Statement(
        genuine=True,
        number=receipt["number"],
        organism=OrganismSummary.model_validate(receipt["organism"]),
        submitted_at=receipt["submitted_at"],
        sender_kind=receipt["sender_kind"],
        attachments=[FileStatement.model_validate(file) for file in receipt["attachments"]],
        record_sha256=receipt["record_sha256"],
        receipt_sha256=receipt.get("receipt_sha256"),
        history=events(Store(table()).public_history(receipt["mail_id"])),
    )
    return http.answer(statement)


handler = http.entry(app)
