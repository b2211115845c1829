"""The user pool in moto, and the accounts that tests sign in with.

moto asks for an authenticator only after a first password (`FIRST_TIME`) or where an account has one (`WITH_FACTOR`):
the other accounts sign in by password alone, as on the local stage. Its authenticators all have one secret. It sends
no e-mail: `code_sent_to` is the code of a forgotten password.
"""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from moto.backends import get_backend
from moto.cognitoidp.models import COGNITO_TOTP_MFA_SECRET
from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.support.in_process.service import REGION

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import PasswordPolicyTypeTypeDef


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person's account."""

    username: str
    password: str
    group: str


AGENT: Final = Account(username="agent@anam.example.org", password="Aa1!agent-of-anam", group="organism:anam")
"""Signs in by password alone, as do `OTHER_AGENT` and `OPERATOR`."""
SECOND_AGENT: Final = Account(username="agent2@anam.example.org", password="Aa1!second-of-anam", group="organism:anam")
"""A colleague of `AGENT`."""
OTHER_AGENT: Final = Account(username="agent@cnss.example.org", password="Aa1!agent-of-cnss", group="organism:cnss")
OPERATOR: Final = Account(username="operator@example.org", password="Aa1!operator-here", group="operators")
WITH_FACTOR: Final = Account(username="factor@anam.example.org", password="Aa1!with-a-factor", group="organism:anam")
"""Is asked for an authenticator's code: `code_now()`."""
FIRST_TIME: Final = Account(username="first@anam.example.org", password="Aa1!first-of-all", group="organism:anam")
"""Has a first password: a new one is asked for, then an authenticator. `invite` makes such accounts."""

EVERYONE: Final = (AGENT, SECOND_AGENT, OTHER_AGENT, OPERATOR, WITH_FACTOR)
POLICY: "Final[PasswordPolicyTypeTypeDef]" = {
    "MinimumLength": 14,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
}
_PREFIX: Final = "moto-confirmation-code:"
_WHOLE: Final = 8
"""Base32 comes in groups of eight characters."""


def create_user_pool() -> dict[str, str]:
    """Make the pool, with its client and the key of cookies; what functions are told of them comes back."""
    cognito = boto3.client("cognito-idp", REGION)
    pool_id = cognito.create_user_pool(PoolName="people", Policies={"PasswordPolicy": POLICY})["UserPool"]["Id"]
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="ON"
    )
    client = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="people")["UserPoolClient"]
    key = boto3.client("kms", REGION).create_key()["KeyMetadata"]["Arn"]
    return {"USER_POOL_ID": pool_id, "USER_POOL_CLIENT_ID": client["ClientId"], "SESSION_KEY": key}


def admit_everyone(pool: Mapping[str, str]) -> None:
    """Make the accounts; `pool` is what `create_user_pool` gave."""
    for account in EVERYONE:
        invite(pool, account)
        boto3.client("cognito-idp", REGION).admin_set_user_password(
            UserPoolId=pool["USER_POOL_ID"], Username=account.username, Password=account.password, Permanent=True
        )
    invite(pool, FIRST_TIME)
    boto3.client("cognito-idp", REGION).admin_set_user_mfa_preference(
        UserPoolId=pool["USER_POOL_ID"],
        Username=_with_authenticator(pool, WITH_FACTOR),
        SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True},
    )


def invite(pool: Mapping[str, str], account: Account) -> None:
    """Make an account whose password is the first one."""
    cognito, pool_id = boto3.client("cognito-idp", REGION), pool["USER_POOL_ID"]
    cognito.admin_create_user(
        UserPoolId=pool_id,
        Username=account.username,
        TemporaryPassword=account.password,
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": account.username},
            {"Name": "email_verified", "Value": "true"},
        ],
    )
    if account.group:
        known = {group["GroupName"] for group in cognito.list_groups(UserPoolId=pool_id)["Groups"]}
        if account.group not in known:
            cognito.create_group(UserPoolId=pool_id, GroupName=account.group)
        cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=account.username, GroupName=account.group)


def code_now(secret: str = COGNITO_TOTP_MFA_SECRET, *, steps_ahead: int = 0) -> str:
    """What an authenticator with this secret shows now; moto's have this one secret."""
    padded = secret.upper() + "=" * (-len(secret) % _WHOLE)
    authenticator = TOTP(base64.b32decode(padded), 6, SHA1(), 30, enforce_key_length=False)  # noqa: S303 - RFC 6238
    return authenticator.generate(time.time() + 30 * steps_ahead).decode()


def code_sent_to(account: Account) -> str:
    """The code with which this account's forgotten password may be replaced; empty where none was asked for."""
    code: str = _user(account.username).confirmation_code or ""
    return code.removeprefix(_PREFIX)


def as_cognito_does(patch: pytest.MonkeyPatch) -> None:
    """Give moto what it lacks: codes are checked, tokens can be revoked, and an unknown one is refused.

    Also, an authenticator that was set up is asked for at the next sign-in.
    """
    patch.setenv("MOTO_COGNITO_IDP_USER_POOL_ENABLE_TOTP", "true")
    otherwise = BaseClient._make_api_call  # type: ignore[attr-defined]

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        if operation == "RevokeToken":
            for pool in _backend().user_pools.values():
                if parameters["Token"] in pool.refresh_tokens:
                    pool.refresh_tokens[parameters["Token"]] = None
            return {}
        if operation == "ConfirmForgotPassword":
            _require_code(parameters["Username"], parameters["ConfirmationCode"])
        answer = otherwise(client, operation, parameters)
        if operation == "AdminRespondToAuthChallenge" and parameters["ChallengeName"] == "MFA_SETUP":
            user = _user(parameters["ChallengeResponses"]["USERNAME"])
            user.software_token_mfa_enabled, user.preferred_mfa_setting = True, "SOFTWARE_TOKEN_MFA"
        return answer

    patch.setattr(BaseClient, "_make_api_call", call)


def _require_code(username: str, code: str) -> None:
    """Refuse a code that was not sent, which moto takes."""
    if _user(username).confirmation_code != f"{_PREFIX}{code}":
        raise ClientError({"Error": {"Code": "CodeMismatchException", "Message": "…"}}, "ConfirmForgotPassword")


def _user(username: str) -> Any:  # noqa: ANN401 - moto's own
    (pool,) = _backend().user_pools.values()
    return pool.users[username]


def _with_authenticator(pool: Mapping[str, str], account: Account) -> str:
    user = _backend().user_pools[pool["USER_POOL_ID"]].users[account.username]
    user.token_verified = True
    return account.username


def _backend() -> Any:  # noqa: ANN401 - moto's own
    return get_backend("cognito-idp")[DEFAULT_ACCOUNT_ID][REGION]
