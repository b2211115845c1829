"""Anyone who is shown a receipt finds out whether it is genuine."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.api.pace import Pace, pace_of
from mailroom.api.receipt_statement import Statement, statement_on
from mailroom.domain.refusals import ReceiptNotFound, TooFast, TryAgain


class PageWantedError(Exception):
    """A person looks at this with a browser: the QR on a receipt is read by telephones as well as by programs."""

    def __init__(self, verification_code: str) -> None:
        super().__init__("page wanted")
        # The code goes behind `#`: from there on no server sees it.
        self.page = f"../../verifier#{quote(verification_code, safe='')}"


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    caller_rate: float
    caller_burst: int


def pace() -> Pace:
    """How fast one caller may try codes."""
    told = Settings.read()
    return pace_of(told.caller_rate, told.caller_burst)


app = resolver.Api()
_VARY = {"Vary": "Accept"}


def show_page(wanted: PageWantedError) -> Response[str]:
    """Lead on to the page that asks this route, and says in the reader's language what it answers."""
    return Response(HTTPStatus.SEE_OTHER.value, headers={"Location": wanted.page, **_VARY})


app.exception_handler(PageWantedError)(show_page)


@app.get(
    "/v1/receipts/<verification_code>",
    operation_id="verify_receipt",
    summary="Whether a receipt is genuine",
    responses={
        200: {"description": "It is, and this is what it stands for"},
        303: {"description": "To the page that shows it to people, for browsers: who asks for HTML and not for JSON"},
        **resolver.problem_responses(ReceiptNotFound, TooFast, TryAgain),
    },
)
def verify_receipt(
    verification_code: Annotated[str, Path(examples=["7Q2M-4C9T-XV3E-8KHA"])],
) -> Response[Statement]:
    """The code is read as people type it: in any case, with or without hyphens."""
    accepted = app.current_event.headers.get("accept", "").lower()
    if "text/html" in accepted and resolver.JSON not in accepted:
        raise PageWantedError(verification_code)
    return resolver.answer(statement_on(aws.table(Settings.read().table_name), verification_code), headers=_VARY)


handler = resolver.entry(app, resolver.unhurried(pace))
