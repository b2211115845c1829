"""The public keys with which signed statements and the registers' heads are checked."""

from functools import cached_property

from aws_lambda_powertools.event_handler import Response

from mailroom.api import resolver
from mailroom.api.key_views import KeySet, PublicKey
from mailroom.process import Clients
from mailroom.signatures.jws import Signer


class Process(Clients):
    """Reads public keys."""

    signing_keys: str
    """The keys' names in KMS, separated by commas."""

    @cached_property
    def key_set(self) -> KeySet:
        """The keys, asked for once: they change with a deployment."""
        signers = [Signer(self.kms, name) for name in self.signing_keys.split(",")]
        return KeySet(keys=[PublicKey.model_validate(each.public_key) for each in signers])


app = resolver.Api()


@app.get(
    "/.well-known/jwks.json",
    operation_id="list_keys",
    summary="The public keys of signed statements and heads",
    responses={
        200: {"description": "All public keys, retired ones included"},
        **resolver.NOT_CHANGED,
        **resolver.problem_responses(),
    },
)
def list_keys() -> Response[KeySet]:
    """Keep it with what you keep: then it can be checked when this service is gone."""
    return resolver.cacheable(Process.current().key_set, app.current_event.raw_event, "public, max-age=300")


handler = resolver.entry(app)
