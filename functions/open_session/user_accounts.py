"""The user pool: a person signs in step by step, stays signed in, signs out, and replaces a forgotten password.

The function asks with its role (`AdminInitiateAuth`), so that no program without it can try passwords this way, and
Cognito's threat protection learns the address of the person and not that of the function.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from botocore.exceptions import ClientError

from mailroom.domain import refusals
from mailroom.domain.refusals import FieldError, FieldsWrong, Refusal

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

NEW_PASSWORD, SET_UP, CODE = "NEW_PASSWORD_REQUIRED", "MFA_SETUP", "SOFTWARE_TOKEN_MFA"
"""Cognito's names for the steps."""
_ISSUER: Final = "Bureau d’ordre digital"


type _Refusals = Mapping[str, Callable[[], Refusal]]


@dataclass(frozen=True, kw_only=True)
class Browser:
    """The person's browser, as Cognito's threat protection judges it."""

    address: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def context(self) -> dict[str, Any]:
        """The parameter `ContextData`."""
        named = [{"headerName": name, "headerValue": value} for name, value in self.headers.items()]
        return {
            "IpAddress": self.address,
            "ServerName": "bureau-ordre",
            "ServerPath": "/v1/session",
            "HttpHeaders": named,
        }


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The tokens of a session."""

    id_token: str
    refresh_token: str

    @property
    def claims(self) -> dict[str, Any]:
        """What the ID token says; Cognito sent it over TLS, so that its signature is not checked here."""
        payload = self.id_token.split(".")[1]
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return claims


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A step that Cognito asks for."""

    step: str
    """`NEW_PASSWORD`, `SET_UP` or `CODE`."""
    username: str
    session: str
    """Cognito's state of the sign-in: with the answer to the step, it opens the account."""


@dataclass(frozen=True, kw_only=True)
class UserAccounts:
    """The accounts of one user pool, through its client for people."""

    client: "CognitoIdentityProviderClient"
    pool_id: str
    client_id: str

    def sign_in(self, username: str, password: str, browser: Browser) -> Tokens | Asked:
        """Prove the password. Raises SignInRefused, for a name that no account has too."""
        return self._next(
            username,
            _REFUSED,
            lambda: self.client.admin_initiate_auth(
                UserPoolId=self.pool_id,
                ClientId=self.client_id,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": username, "PASSWORD": password},
                ContextData=browser.context,  # type: ignore[arg-type]  # a mapping of its shape
            ),
        )

    def choose_password(self, asked: Asked, password: str, browser: Browser) -> Tokens | Asked:
        """Replace the first password. Raises FieldsWrong, SignInEnded."""
        return self._answer(asked, {"NEW_PASSWORD": password}, browser)

    def give_code(self, asked: Asked, code: str, browser: Browser) -> Tokens | Asked:
        """Give the authenticator's code; the first one proves that it was set up. Raises CodeWrong, SignInEnded."""
        if asked.step == CODE:
            return self._answer(asked, {"SOFTWARE_TOKEN_MFA_CODE": code}, browser)
        verified = _asked(_CHALLENGED, lambda: self.client.verify_software_token(Session=asked.session, UserCode=code))
        proven = Asked(step=SET_UP, username=asked.username, session=verified["Session"])
        return self._answer(proven, {}, browser)

    def authenticator(self, asked: Asked) -> tuple[Asked, str]:
        """The step, and the secret for the authenticator that is to be set up. Raises SignInEnded."""
        begun = _asked(_CHALLENGED, lambda: self.client.associate_software_token(Session=asked.session))
        return Asked(step=SET_UP, username=asked.username, session=begun["Session"]), begun["SecretCode"]

    def renew(self, refresh_token: str, browser: Browser) -> Tokens:
        """The next ID token. Raises SessionEnded: it was signed out, the account shut, or the working day is over."""
        answer = _asked(
            _RENEWED,
            lambda: self.client.admin_initiate_auth(
                UserPoolId=self.pool_id,
                ClientId=self.client_id,
                AuthFlow="REFRESH_TOKEN_AUTH",
                AuthParameters={"REFRESH_TOKEN": refresh_token},
                ContextData=browser.context,  # type: ignore[arg-type]  # a mapping of its shape
            ),
        )
        result = answer["AuthenticationResult"]
        return Tokens(id_token=result["IdToken"], refresh_token=result.get("RefreshToken", refresh_token))

    def sign_out(self, refresh_token: str) -> None:
        """End the session: neither this token nor those that came from it renew anything again."""
        self.client.revoke_token(Token=refresh_token, ClientId=self.client_id)

    def send_code(self, username: str) -> None:
        """Have Cognito e-mail a code; nothing happens, and nothing is said, where there is none to send it to."""
        try:
            self.client.forgot_password(ClientId=self.client_id, Username=username)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NO_CODE_SENT:
                raise

    def replace_password(self, username: str, code: str, password: str) -> None:
        """Replace a forgotten password. Raises CodeWrong, for a name that no account has too; FieldsWrong."""
        _asked(
            _REPLACED,
            lambda: self.client.confirm_forgot_password(
                ClientId=self.client_id, Username=username, ConfirmationCode=code, Password=password
            ),
        )

    def _answer(self, asked: Asked, answer: Mapping[str, str], browser: Browser) -> Tokens | Asked:
        return self._next(
            asked.username,
            _CHALLENGED,
            lambda: self.client.admin_respond_to_auth_challenge(
                UserPoolId=self.pool_id,
                ClientId=self.client_id,
                ChallengeName=asked.step,  # type: ignore[arg-type]  # one of Cognito's names
                ChallengeResponses={"USERNAME": asked.username, **answer},
                Session=asked.session,
                ContextData=browser.context,  # type: ignore[arg-type]  # a mapping of its shape
            ),
        )

    def _next(self, username: str, table: _Refusals, call: Callable[[], Any]) -> Tokens | Asked:
        answer = _asked(table, call)
        if result := answer.get("AuthenticationResult"):
            return Tokens(id_token=result["IdToken"], refresh_token=result["RefreshToken"])
        given: Mapping[str, str] = answer.get("ChallengeParameters") or {}
        return Asked(
            step=answer["ChallengeName"], username=given.get("USER_ID_FOR_SRP", username), session=answer["Session"]
        )


def authenticator_uri(username: str, secret: str) -> str:
    """What an authenticator reads: https://github.com/google/google-authenticator/wiki/Key-Uri-Format."""
    label = quote(f"{_ISSUER}:{username}", safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': _ISSUER}, quote_via=quote)}"


def _asked(table: _Refusals, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - an answer of Cognito
    """Cognito's answer, or the refusal that `table` has for its error."""
    try:
        return call()
    except ClientError as error:
        refusal = table.get(error.response["Error"]["Code"])
        if refusal is None:
            raise
        raise refusal() from error


_NO_CODE_SENT = frozenset(
    {
        "CodeDeliveryFailureException",
        "InvalidParameterException",  # no address that was confirmed
        "LimitExceededException",  # too many codes for this account
        "NotAuthorizedException",  # the account is shut, or its first password was never used
        "UserNotConfirmedException",
        "UserNotFoundException",
    }
)
_REFUSED: _Refusals = dict.fromkeys(
    (
        "InvalidParameterException",  # characters that no name has
        "NotAuthorizedException",
        "PasswordResetRequiredException",
        "UserNotConfirmedException",
        "UserNotFoundException",
    ),
    refusals.SignInRefused,
)
_WEAK: _Refusals = {
    "InvalidPasswordException": lambda: FieldsWrong(FieldError("new_password", "password_refused")),
    "PasswordHistoryPolicyViolationException": lambda: FieldsWrong(FieldError("new_password", "password_used")),
}
_WRONG_CODE: _Refusals = dict.fromkeys(
    # a code that was used before has "expired"
    ("CodeMismatchException", "EnableSoftwareTokenMFAException", "ExpiredCodeException"),
    refusals.CodeWrong,
)
_CHALLENGED: _Refusals = {
    **_WEAK,
    **_WRONG_CODE,
    **dict.fromkeys(
        ("NotAuthorizedException", "ResourceNotFoundException", "UserNotFoundException"), refusals.SignInEnded
    ),
}
_RENEWED: _Refusals = dict.fromkeys(("NotAuthorizedException", "UserNotFoundException"), refusals.SessionEnded)
_REPLACED: _Refusals = {
    **_WEAK,
    **_WRONG_CODE,
    **dict.fromkeys(
        (
            "InvalidParameterException",
            "NotAuthorizedException",
            "UserNotConfirmedException",
            "UserNotFoundException",
        ),
        refusals.CodeWrong,
    ),
    **dict.fromkeys(("LimitExceededException", "TooManyFailedAttemptsException"), refusals.TooManyTries),
}
"""Cognito's errors, as the refusals that answer them. Every other error is one of ours, or of a moment."""
