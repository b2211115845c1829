"""Identity tokens that nobody was given: API Gateway refuses each before a function runs."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.local.local_stack import LocalStack
from tests.support.samples.forged_tokens import Jwt

STRANGERS_KEY = rsa.generate_private_key(65537, 2048)
PUBLIC = STRANGERS_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def symmetric(jwt: Jwt) -> str:
    """Signed by HMAC under a public key, which everybody has."""
    signed = f"{part(jwt.header | {'alg': 'HS256'})}.{part(jwt.claims)}"
    mac = hmac.digest(PUBLIC, signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


FORGERIES: dict[str, Callable[[Jwt], str]] = {
    "no signature": lambda jwt: f"{part(jwt.header | {'alg': 'none'})}.{part(jwt.claims)}.",
    "no signature, in capitals": lambda jwt: f"{part(jwt.header | {'alg': 'NONE'})}.{part(jwt.claims)}.",
    "the signature left out": lambda jwt: f"{part(jwt.header)}.{part(jwt.claims)}.",
    "two parts": lambda jwt: f"{part(jwt.header)}.{part(jwt.claims)}",
    "HMAC under a public key": symmetric,
    "a stranger's key under the pool's name": lambda jwt: jwt.signed_by(STRANGERS_KEY),
    "a stranger's key that it names itself": lambda jwt: Jwt(
        jwt.header | {"jwk": {"kty": "RSA"}, "jku": "https://mallory.example/keys", "kid": "mallory"}, jwt.claims, ""
    ).signed_by(STRANGERS_KEY),
    "a key's name that leads elsewhere": lambda jwt: Jwt(
        jwt.header | {"kid": "../../dev/null"}, jwt.claims, jwt.signature
    ).unsigned(),
    "another group": lambda jwt: Jwt(
        jwt.header, jwt.claims | {"cognito:groups": ["organism:anam", "operators"]}, jwt.signature
    ).unsigned(),
    "another life": lambda jwt: Jwt(jwt.header, jwt.claims | {"exp": 4_000_000_000}, jwt.signature).unsigned(),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_opens_nothing(stack: LocalStack, api: httpx.Client, forge: Callable[[Jwt], str]) -> None:
    """A stranger, or an agent of another organism, wants an inbox, or to be an operator."""
    good = stack.sign_in(stack.people.agents["anam"]).id_token
    token = forge(Jwt.read(good))
    for path in ("/v1/inbox", "/v1/operations/failures"):
        assert api.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert api.get("/v1/inbox", headers={"Authorization": f"Bearer {good}"}).status_code == 200
