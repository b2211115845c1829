"""Sign in to a stage on the command line: `make sign-in STAGE=… EMAIL=…`, for programs that act for a person.

The password never leaves this machine: Cognito is shown a proof of it (SRP). The first sign-in asks for a password of
one's own, and for an authenticator application, whose key is shown as a QR code. Questions go to the terminal and the
token alone to the output: `TOKEN=$(make sign-in …)`. A person without AWS credentials names the pool and its client
(`POOL=… CLIENT=…`): Cognito asks for none.
"""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlencode

import boto3
import segno
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP

from infra.commands.deployed import NotDeployedError, deployed
from infra.commands.local_run import NotRunningError
from infra.stage_file import StageError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

_ISSUER = "Bureau d’ordre digital"
_TRIES = 3
"""How often a code or a new password is asked for that Cognito did not take."""

type Answer = Mapping[str, Any]
"""An answer of Cognito: a challenge, or tokens."""


class SignInError(Exception):
    """The person was not signed in; the message says why."""


class Questions(Protocol):
    """What a person is asked."""

    def password(self) -> str:
        """Ask for the password, or the first password of the invitation."""

    def new_password(self, refusal: str | None) -> str:
        """Ask for a new password; `refusal` says why the one before was not taken."""

    def set_authenticator_up(self, uri: str, key: str) -> None:
        """Show what an authenticator application reads."""

    def authenticator_code(self, refusal: str | None) -> str:
        """Ask for the six digits of the authenticator."""

    def mailed_code(self) -> str:
        """Ask for the code that came by e-mail."""


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The tokens of a person. The API takes the ID token."""

    id_token: str
    refresh_token: str | None
    """It fetches the next ID token for twelve hours, without a question: `REFRESH_TOKEN=… make sign-in`."""
    expires_in: int
    """Seconds."""


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """The way into one user pool."""

    client: "CognitoIdentityProviderClient"
    pool_id: str
    client_id: str

    def sign_in(self, email: str, questions: Questions) -> Tokens:
        """Answer Cognito's challenges one after the other. Raises SignInError, ClientError."""
        srp = AWSSRP(
            username=email,
            password=questions.password(),
            pool_id=self.pool_id,
            client_id=self.client_id,
            client=self.client,
        )
        parameters: dict[str, str] = srp.get_auth_params()
        answer: Answer = self.client.initiate_auth(
            AuthFlow="USER_SRP_AUTH", AuthParameters=parameters, ClientId=self.client_id
        )
        refusal: str | None = None
        refusals = 0
        while not answer.get("AuthenticationResult"):
            try:
                answer = self._answer_challenge(answer, srp, email, questions, refusal)
                refusal = None
            except ClientError as error:
                refusal, refusals = refusal_to_ask_again(error), refusals + 1
                if refusal is None or refusals == _TRIES or answer["ChallengeName"] == "MFA_SETUP":
                    raise
        return tokens_of(answer)

    def _answer_challenge(
        self, asked: Answer, srp: AWSSRP, email: str, questions: Questions, refusal: str | None
    ) -> Answer:
        given: Mapping[str, str] = asked.get("ChallengeParameters", {})
        responses = {"USERNAME": given.get("USER_ID_FOR_SRP", email)}
        session = asked.get("Session")
        match asked["ChallengeName"]:
            case "PASSWORD_VERIFIER":
                responses = srp.process_challenge(given, {"USERNAME": email})
            case "NEW_PASSWORD_REQUIRED":
                responses["NEW_PASSWORD"] = questions.new_password(refusal)
            case "SOFTWARE_TOKEN_MFA":
                responses["SOFTWARE_TOKEN_MFA_CODE"] = questions.authenticator_code(refusal)
            case "MFA_SETUP":
                session = self._set_authenticator_up(str(session), email, questions)
            case other:
                raise SignInError(f"Cognito asks for {other}, which this command does not know.")
        return self.client.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName=asked["ChallengeName"],
            ChallengeResponses=responses,
            **({"Session": session} if session else {}),
        )

    def _set_authenticator_up(self, session: str, email: str, questions: Questions) -> str:
        begun = self.client.associate_software_token(Session=session)
        questions.set_authenticator_up(authenticator_uri(email, begun["SecretCode"]), begun["SecretCode"])
        refusal: str | None = None
        for tries_left in reversed(range(_TRIES)):
            code = questions.authenticator_code(refusal)
            try:
                return self.client.verify_software_token(Session=begun["Session"], UserCode=code)["Session"]
            except ClientError as error:
                refusal = refusal_to_ask_again(error)
                if refusal is None or not tries_left:
                    raise
        raise SignInError("No code was right.")

    def refresh(self, refresh_token: str) -> Tokens:
        """Fetch the next ID token. Raises ClientError once the session has ended."""
        return tokens_of(
            self.client.initiate_auth(
                AuthFlow="REFRESH_TOKEN_AUTH",
                AuthParameters={"REFRESH_TOKEN": refresh_token},
                ClientId=self.client_id,
            )
        )

    def replace_password(self, email: str, questions: Questions) -> None:
        """Replace a forgotten password, by a code that comes by e-mail. Raises ClientError."""
        self.client.forgot_password(ClientId=self.client_id, Username=email)
        code = questions.mailed_code()
        self.client.confirm_forgot_password(
            ClientId=self.client_id,
            Username=email,
            ConfirmationCode=code,
            Password=questions.new_password(None),
        )


def tokens_of(answer: Answer) -> Tokens:
    """The tokens in an answer of Cognito."""
    result: Mapping[str, str] = answer["AuthenticationResult"]
    return Tokens(
        id_token=result["IdToken"],
        refresh_token=result.get("RefreshToken"),
        expires_in=int(result["ExpiresIn"]),
    )


def refusal_to_ask_again(error: ClientError) -> str | None:
    """Say what is asked for again; None where another answer would not help."""
    match error.response["Error"]["Code"]:
        case "InvalidPasswordException":
            return f"Not taken: {error.response['Error']['Message']}"
        case "CodeMismatchException" | "EnableSoftwareTokenMFAException" | "ExpiredCodeException":
            return "Not the right code: wait for the next one. The clock of the telephone must be right."
        case _:
            return None


def authenticator_uri(email: str, key: str) -> str:
    """The address that an authenticator application reads: https://github.com/google/google-authenticator/wiki/Key-Uri-Format."""
    label = quote(f"{_ISSUER}:{email}", safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': key, 'issuer': _ISSUER}, quote_via=quote)}"


class Terminal:
    """Asks on the terminal; the output stays free for the token."""

    def password(self) -> str:
        """Ask without showing what is typed."""
        return getpass.getpass("Password (the first time: the one in the e-mail): ", sys.stderr)

    def new_password(self, refusal: str | None) -> str:
        """Ask twice, until both are the same."""
        say(refusal or "Choose a password: at least 14 characters, with a capital, a small letter, a digit, a sign.")
        while True:
            password = getpass.getpass("New password: ", sys.stderr)
            if getpass.getpass("Once more: ", sys.stderr) == password:
                return password
            say("The two differ.")

    def set_authenticator_up(self, uri: str, key: str) -> None:
        """Show a QR code, and the key for a telephone that cannot scan it."""
        say("Scan this with an authenticator application on your telephone:")
        segno.make(uri, error="l").terminal(sys.stderr, border=2, compact=True)
        say(f"Or type this key into it: {key}")

    def authenticator_code(self, refusal: str | None) -> str:
        """Ask for the code, spaces allowed."""
        say(*([refusal] if refusal else []))
        return asked("Code of the authenticator (six digits): ").replace(" ", "")

    def mailed_code(self) -> str:
        """Ask for the code that came by e-mail."""
        return asked("Code in the e-mail that was sent to you: ")


def say(*lines: str) -> None:
    """Write to the terminal, not to the output."""
    sys.stderr.writelines(f"{line}\n" for line in lines)


def asked(question: str) -> str:
    """Ask on the terminal, not in the output."""
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def way_in(stage: str, pool_id: str | None, client_id: str | None) -> SignIn:
    """Find the user pool: the one that is named, else the stage's."""
    if pool_id and client_id:
        client = boto3.client(
            "cognito-idp", region_name=pool_id.partition("_")[0], config=Config(signature_version=UNSIGNED)
        )
        return SignIn(client=client, pool_id=pool_id, client_id=client_id)
    where = deployed(stage)
    return SignIn(
        client=where.session.client("cognito-idp"),
        pool_id=where.outputs["UserPoolId"],
        client_id=where.outputs["UserPoolClientId"],
    )


def main() -> None:
    """Sign a person in, and print the token that the API takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True)
    parser.add_argument("--pool", help="the user pool's id, where it cannot be looked up")
    parser.add_argument("--client", help="the id of its client for people")
    parser.add_argument("--json", action="store_true", help="print the refresh token too")
    parser.add_argument(
        "--forgotten", action="store_true", help="choose a new password first, by a code that is mailed"
    )
    arguments = parser.parse_args()
    email, refresh_token = os.environ.get("EMAIL", "").strip(), os.environ.get("REFRESH_TOKEN")
    questions = Terminal()
    try:
        way = way_in(arguments.stage, arguments.pool, arguments.client)
        if arguments.forgotten:
            way.replace_password(email, questions)
        tokens = way.refresh(refresh_token) if refresh_token else way.sign_in(email, questions)
    except (SignInError, NotDeployedError, NotRunningError, StageError) as refusal:
        sys.exit(str(refusal))
    except ClientError as error:
        sys.exit(f"Not signed in: {error.response['Error']['Message']}")
    print(json.dumps(asdict(tokens), indent=2) if arguments.json else tokens.id_token)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
