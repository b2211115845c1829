"""The public keys with which signed statements and the registers' heads are checked."""

from functools import cache
from typing import Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, ConfigDict

from mailroom import aws, settings
from mailroom.api import resolver
from mailroom.domain.refusals import TryAgain
from mailroom.signatures.jws import Signer

_CACHEABLE = "public, max-age=300"


class Settings(settings.Settings):
    """What this function is told: the keys' names, separated by commas."""

    signing_keys: str


class PublicKey(BaseModel):
    """A public key on P-256; `kid` is its thumbprint (RFC 7638)."""

    model_config = ConfigDict(frozen=True)

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str
    alg: Literal["ES256"]
    use: Literal["sig"]
    kid: str


class KeySet(BaseModel):
    """A JWK set (RFC 7517): the key that signs first, then those that did so or are about to."""

    keys: list[PublicKey]


@cache
def key_set() -> KeySet:
    """The keys, asked for once in a process: they change with a deployment."""
    signers = [Signer(aws.client("kms"), name) for name in Settings.read().signing_keys.split(",")]
    return KeySet(keys=[PublicKey.model_validate(each.public_key) for each in signers])


app = resolver.Api()


@app.get(
    "/.well-known/jwks.json",
    operation_id="list_keys",
    summary="The public keys of signed statements and heads",
    responses={
        200: {"description": "All keys, also those that sign no more"},
        304: {"description": "What the caller holds is current", "content": {}},
        **resolver.problem_responses(TryAgain),
    },
)
def list_keys() -> Response[KeySet]:
    """Keep it with what you keep: then it can be checked when this service is gone."""
    return resolver.cacheable(key_set(), app.current_event.raw_event, _CACHEABLE)


handler = resolver.entry(app)
