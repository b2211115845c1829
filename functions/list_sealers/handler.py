"""The certificates of the service's seal, published and signed, so that no other seal passes for it.

An authority certifies others too. To check a receipt one has to know which of its certificates is the service's:
`mailroom.check` takes this answer as `--sealer`.
"""

from functools import cached_property

from aws_lambda_powertools.event_handler import Response

from list_sealers.signed_list import SECONDS_KEPT, SignedList
from mailroom.api import resolver, signed_documents
from mailroom.process import WithBucket, WithSigner


class Process(WithBucket, WithSigner):
    """Reads certificates in the bucket, and signs their list."""

    seal_chains: str
    """Where in the bucket the certificates are, separated by commas: first those of the key that seals."""

    @cached_property
    def document(self) -> SignedList:
        """The signed list."""
        return SignedList(
            s3=self.s3,
            bucket=self.bucket_name,
            chains=self.seal_chains.split(","),
            signer=self.signer,
            issuer=self.public_url,
        )


app = resolver.Api()


@app.get(
    "/.well-known/receipt-sealers",
    operation_id="list_sealers",
    summary="The certificates of the seal, signed (JWS)",
    responses={
        **signed_documents.described(
            "A compact JWS (ES256), signed by a key of `/.well-known/jwks.json`. The payload lists every "
            "certificate that has sealed receipts: `subject`, `key_sha256`, `certificate_sha256`, `certificate`, "
            "`not_before`, `not_after`, `current`"
        ),
        **resolver.problem_responses(),
    },
)
def list_sealers() -> Response[str]:
    """Keep it with the keys: a receipt is checked with both, without a network."""
    signed = Process.current().document.signed()
    return signed_documents.answer(signed, cache_control=f"public, max-age={SECONDS_KEPT}")


handler = resolver.entry(app)
