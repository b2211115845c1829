"""Anyone who is shown a receipt finds out whether it is genuine."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from mailroom.api import resolver
from mailroom.api.receipt_statement import Statement, statement_on
from mailroom.api.request import asks_for_page
from mailroom.domain.refusals import ReceiptNotFound
from mailroom.process import WithTable


class Process(WithTable):
    """Reads receipts for anyone who knows their codes."""


process = Process.current
app = resolver.Api()
_VARY = {"Vary": "Accept"}


@app.get(
    "/v1/receipts/<verification_code>",
    operation_id="verify_receipt",
    summary="Check whether a receipt is genuine",
    responses={
        200: {"description": "The receipt is genuine; its statement"},
        303: {"description": "Redirects browsers, which ask for HTML and not JSON, to the verification page"},
        **resolver.problem_responses(ReceiptNotFound),
    },
)
def verify_receipt(
    verification_code: Annotated[str, Path(examples=["7Q2M-4C9T-XV3E-8KHA"])],
) -> Response[Statement]:
    """The code is read as people type it: in any case, with or without hyphens."""
    if asks_for_page(app.current_event.raw_event):
        # The QR code on a receipt is read by telephones as well as by programs.
        # The code goes behind `#`: from there on no server sees it.
        page = f"../../verifier#{quote(verification_code, safe='')}"
        raise resolver.BareAnswer(HTTPStatus.SEE_OTHER, {"Location": page, **_VARY})
    return resolver.answer(statement_on(process().table, verification_code), headers=_VARY)


handler = resolver.entry(app)
