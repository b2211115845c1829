"""Tokens of all kinds, good and bad, as a caller could hold them."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from infra.local.local_stack import LocalStack
from infra.local.people import Person


@dataclass(frozen=True)
class Jwt:
    """A token taken apart: its two halves of JSON, and the signature as it stands."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signature: str

    @classmethod
    def read(cls, token: str) -> "Jwt":
        header, claims, signature = token.split(".")
        return cls(_decoded(header), _decoded(claims), signature)

    def signed_by(self, key: rsa.RSAPrivateKey) -> str:
        """The token with a signature that holds."""
        signed = f"{_encoded(self.header)}.{_encoded(self.claims)}"
        signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    def unsigned(self) -> str:
        """The token with the signature it had, whatever was changed since."""
        return f"{_encoded(self.header)}.{_encoded(self.claims)}.{self.signature}"


def expired(stack: LocalStack, token: str, *, by: int = 7200) -> str:
    """The same identity token, signed by the pool's own key, so many seconds older: it lives an hour."""
    jwt = Jwt.read(token)
    times = {name: jwt.claims[name] - by for name in ("iat", "exp", "auth_time")}
    keys = stack.mail_catcher.cloud.place.state / "cognito-pool-keys"
    key = load_pem_private_key((keys / f"{stack.outputs['UserPoolId']}-id.pem").read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("Pools sign with RSA keys.")
    return Jwt(jwt.header, jwt.claims | times, jwt.signature).signed_by(key)


def tampered(token: str, **claims: object) -> str:
    """The same token claiming more, under its old signature."""
    jwt = Jwt.read(token)
    return Jwt(jwt.header, jwt.claims | claims, jwt.signature).unsigned()


def of_another_pool(stack: LocalStack, groups: list[str]) -> str:
    """A token of a pool that anybody could make, naming the same groups."""
    pools = stack.session().client("cognito-idp")
    pool = pools.create_user_pool(PoolName="another")["UserPool"]["Id"]
    client = pools.create_user_pool_client(
        UserPoolId=pool, ClientName="another", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    somebody = Person(username="somebody", password="Aa1!somebody-else")
    pools.admin_create_user(
        UserPoolId=pool, Username=somebody.username, TemporaryPassword=somebody.password, MessageAction="SUPPRESS"
    )
    pools.admin_set_user_password(
        UserPoolId=pool, Username=somebody.username, Password=somebody.password, Permanent=True
    )
    for group in groups:
        pools.create_group(UserPoolId=pool, GroupName=group)
        pools.admin_add_user_to_group(UserPoolId=pool, Username=somebody.username, GroupName=group)
    return pools.initiate_auth(
        ClientId=client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": somebody.username, "PASSWORD": somebody.password},
    )["AuthenticationResult"]["IdToken"]


def _decoded(part: str) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return decoded


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
