"""Whose seal receipts bear: published and signed, so that nobody else's passes for it.

An authority certifies others too. Whoever checks a receipt has to know which of its certificates is the service's:
`mailroom.check` takes what this answers as `--sealer`.
"""

import time
from functools import lru_cache
from typing import Final

from aws_lambda_powertools.event_handler import Response

from list_sealers.certificates import sealers
from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.domain import clock
from mailroom.domain.refusals import TryAgain
from mailroom.signatures import jws
from mailroom.signatures.jws import Signer

VERSION: Final = 1
_SECONDS_UNTIL_SIGNED_AGAIN = 300


class Settings(settings.Settings):
    """What this function is told."""

    bucket_name: str
    seal_chains: str
    """Where in the bucket the certificates lie, separated by commas: first those of the key that seals."""
    signing_key: str
    public_url: str


@lru_cache(maxsize=1)
def signed(_period: int) -> str:
    """The document; certificates are renewed without a deployment, so a process does not keep it for long."""
    told = Settings.read()
    found = sealers(aws.client("s3"), told.bucket_name, told.seal_chains.split(","))
    claims = {
        "version": VERSION,
        "iss": told.public_url,
        "iat": int(clock.now().timestamp()),
        "sealers": [each.model_dump() for each in found],
    }
    return Signer(aws.client("kms"), told.signing_key).sign(jws.SEALERS, claims)


app = resolver.Api()


@app.get(
    "/.well-known/receipt-sealers",
    operation_id="list_sealers",
    summary="The certificates of the seal, signed (JWS)",
    responses={
        200: {
            "description": "A compact JWS (ES256) by a key of `/.well-known/jwks.json`. Its payload lists the "
            "certificates that receipts are or were sealed under: `subject`, `key_sha256`, `certificate_sha256`, "
            "`certificate`, `not_before`, `not_after`, `current`",
            "content": {jws.MEDIA_TYPE: {"schema": {"type": "string"}}},
        },
        **resolver.problem_responses(TryAgain),
    },
)
def list_sealers() -> Response[str]:
    """Keep it with the keys: a receipt is checked with both, without a network."""
    body = signed(int(time.monotonic() // _SECONDS_UNTIL_SIGNED_AGAIN))
    cached = f"public, max-age={_SECONDS_UNTIL_SIGNED_AGAIN}"
    return Response(200, content_type=jws.MEDIA_TYPE, body=body, headers={"Cache-Control": cached})


handler = resolver.entry(app)
