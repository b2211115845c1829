"""What is said of a receipt, signed, so that it can be kept and shown to others."""

from functools import cache
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.api.pace import Pace, pace_of
from mailroom.api.receipt_statement import statement_on
from mailroom.domain import clock
from mailroom.domain.refusals import ReceiptNotFound, TooFast, TryAgain
from mailroom.signatures import jws
from mailroom.signatures.jws import Signer


class Settings(settings.Settings):
    """What this function is told."""

    table_name: str
    signing_key: str
    public_url: str
    caller_rate: float
    caller_burst: int


@cache
def signer() -> Signer:
    """What signs."""
    return Signer(aws.client("kms"), Settings.read().signing_key)


def pace() -> Pace:
    """How fast one caller may try codes."""
    told = Settings.read()
    return pace_of(told.caller_rate, told.caller_burst)


app = resolver.Api()


@app.get(
    "/v1/receipts/<verification_code>/statement",
    operation_id="sign_statement",
    summary="The statement on a receipt, signed (JWS)",
    responses={
        200: {
            "description": "A compact JWS (ES256) by a key of `/.well-known/jwks.json`. Its payload is what "
            "`/v1/receipts/{verification_code}` answers, with `iss`, the service, and `iat`, the time",
            "content": {jws.MEDIA_TYPE: {"schema": {"type": "string"}}},
        },
        **resolver.problem_responses(ReceiptNotFound, TooFast, TryAgain),
    },
)
def sign_statement(
    verification_code: Annotated[str, Path(examples=["7Q2M-4C9T-XV3E-8KHA"])],
) -> Response[str]:
    """It says what is true now: of later events a new one has to be asked for."""
    told = Settings.read()
    statement = statement_on(aws.table(told.table_name), verification_code)
    issued = {"iss": told.public_url, "iat": int(clock.now().timestamp())}
    signed = signer().sign(jws.STATEMENT, statement.model_dump() | issued)
    return Response(200, content_type=jws.MEDIA_TYPE, body=signed)


handler = resolver.entry(app, resolver.unhurried(pace))
