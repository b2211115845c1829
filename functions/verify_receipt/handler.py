"""Anyone who is shown a receipt finds out whether it is genuine."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from mailroom import aws, http, settings
from mailroom.pace import Pace, pace_of
from mailroom.refusals import ReceiptNotFound, TooFast, TryAgain
from mailroom.statement import Statement, statement_on


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    caller_rate: float
    caller_burst: int


def pace() -> Pace:
    """How fast one caller may try codes."""
    told = Settings.read()
    return pace_of(told.caller_rate, told.caller_burst)


app = http.Api()


@app.get(
    "/v1/receipts/<verification_code>",
    operation_id="verify_receipt",
    summary="Whether a receipt is genuine",
    responses={
        200: {"description": "It is, and this is what it stands for"},
        **http.problem_responses(ReceiptNotFound, TooFast, TryAgain),
    },
)
def verify_receipt(
    verification_code: Annotated[str, Path(examples=["7Q2M-4C9T-XV3E-8KHA"])],
) -> Response[Statement]:
    """The code is read as people type it: in any case, with or without hyphens."""
    return http.answer(statement_on(aws.table(Settings.read().table_name), verification_code))


handler = http.entry(app, http.unhurried(pace))
