"""The statement on a receipt, signed, so that it can be kept and shown to others."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from mailroom.api import resolver, signed_documents
from mailroom.api.receipt_statement import statement_on
from mailroom.domain import clock
from mailroom.domain.refusals import ReceiptNotFound
from mailroom.process import WithSigner, WithTable
from mailroom.signatures import jws


class Process(WithTable, WithSigner):
    """Reads receipts for anyone who knows their codes, and signs."""


process = Process.current
app = resolver.Api()


@app.get(
    "/v1/receipts/<verification_code>/statement",
    operation_id="sign_statement",
    summary="The signed statement on a receipt (JWS)",
    responses={
        **signed_documents.described(
            "A compact JWS (ES256), signed by a key of `/.well-known/jwks.json`. The payload is the answer of "
            "`/v1/receipts/{verification_code}` with `iss`, the service, and `iat`, the time of signing"
        ),
        **resolver.problem_responses(ReceiptNotFound),
    },
)
def sign_statement(
    verification_code: Annotated[str, Path(examples=["7Q2M-4C9T-XV3E-8KHA"])],
) -> Response[str]:
    """It says what is true now: of later events a new one has to be asked for."""
    statement = statement_on(process().table, verification_code)
    issued = {"iss": process().public_url, "iat": int(clock.now().timestamp())}
    signed = process().signer.sign(jws.STATEMENT, statement.model_dump() | issued)
    return signed_documents.answer(signed)


handler = resolver.entry(app)
