"""The service's public keys as the API answers them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


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
    """A JWK set (RFC 7517): the current signing key first, then former and future ones."""

    keys: list[PublicKey]
