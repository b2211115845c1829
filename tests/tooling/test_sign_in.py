"""Signing in on the command line: Cognito's challenges, one after the other, as botocore's own model has them."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber

from infra.commands.sign_in import SignIn, SignInError, Terminal, Tokens, authenticator_uri

EMAIL, POOL, CLIENT = "agent@anam.example", "eu-west-3_Ab12Cd34E", "client"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
GRANTED = {"AuthenticationResult": {"IdToken": "id", "AccessToken": "access", "RefreshToken": "next", "ExpiresIn": 900}}


@dataclass
class Person:
    """Answers what is asked."""

    codes: list[str] = field(default_factory=lambda: ["123456"])
    new_passwords: list[str] = field(default_factory=lambda: ["Chosen-by-me-2026"])
    refusals: list[str | None] = field(default_factory=list)
    authenticator: list[str] = field(default_factory=list)

    def password(self) -> str:
        return "Kf7m-Qw3x-Zt9b-Hn4r"

    def new_password(self, refusal: str | None) -> str:
        self.refusals.append(refusal)
        return self.new_passwords.pop(0)

    def set_authenticator_up(self, uri: str, key: str) -> None:
        self.authenticator += [uri, key]

    def authenticator_code(self, refusal: str | None) -> str:
        self.refusals.append(refusal)
        return self.codes.pop(0)

    def mailed_code(self) -> str:
        return "654321"


@dataclass(frozen=True, kw_only=True)
class Cognito:
    """Cognito's side of a conversation, written down beforehand."""

    way: SignIn
    stub: Stubber

    def verifies_the_password_then(self, answer: Mapping[str, object]) -> None:
        """Ask for a proof of the password; `answer` follows it."""
        begun = {
            "ChallengeName": "PASSWORD_VERIFIER",
            "ChallengeParameters": {
                "USERNAME": EMAIL,
                "USER_ID_FOR_SRP": EMAIL,
                "SALT": "7d1f",
                "SRP_B": "5e" * 384,
                "SECRET_BLOCK": "c2VjcmV0",
            },
        }
        self.stub.add_response(
            "initiate_auth",
            begun,
            {
                "AuthFlow": "USER_SRP_AUTH",
                "AuthParameters": {"USERNAME": EMAIL, "SRP_A": ANY},
                "ClientId": CLIENT,
            },
        )
        proof = {
            "USERNAME": EMAIL,
            "TIMESTAMP": ANY,
            "PASSWORD_CLAIM_SECRET_BLOCK": "c2VjcmV0",
            "PASSWORD_CLAIM_SIGNATURE": ANY,
        }
        self.gets("PASSWORD_VERIFIER", proof, answer)

    def gets(
        self, challenge: str, responses: Mapping[str, object], answer: Mapping[str, object], **session: str
    ) -> None:
        """Get a response to a challenge."""
        asked = {"ClientId": CLIENT, "ChallengeName": challenge, "ChallengeResponses": responses, **session}
        self.stub.add_response("respond_to_auth_challenge", answer, asked)

    def refuses(self, operation: str, code: str, message: str = "no") -> None:
        """Refuse the next call."""
        self.stub.add_client_error(operation, code, message)


@pytest.fixture
def cognito() -> Iterator[Cognito]:
    client = boto3.client(
        "cognito-idp", region_name="eu-west-3", aws_access_key_id="none", aws_secret_access_key="none"
    )
    with Stubber(client) as stub:
        yield Cognito(way=SignIn(client=client, pool_id=POOL, client_id=CLIENT), stub=stub)
        stub.assert_no_pending_responses()


def test_the_first_sign_in_sets_a_password_and_an_authenticator_up(cognito: Cognito) -> None:
    """The order of the challenges is Cognito's where the pool demands a second factor.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html
    """
    cognito.verifies_the_password_then({"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "s" * 20})
    cognito.gets(
        "NEW_PASSWORD_REQUIRED",
        {"USERNAME": EMAIL, "NEW_PASSWORD": "Chosen-by-me-2026"},
        {"ChallengeName": "MFA_SETUP", "Session": "t" * 20},
        Session="s" * 20,
    )
    cognito.stub.add_response(
        "associate_software_token", {"SecretCode": KEY, "Session": "u" * 20}, {"Session": "t" * 20}
    )
    cognito.stub.add_response(
        "verify_software_token",
        {"Status": "SUCCESS", "Session": "v" * 20},
        {"Session": "u" * 20, "UserCode": "123456"},
    )
    cognito.gets("MFA_SETUP", {"USERNAME": EMAIL}, GRANTED, Session="v" * 20)
    person = Person()
    assert cognito.way.sign_in(EMAIL, person) == Tokens(id_token="id", refresh_token="next", expires_in=900)
    assert person.authenticator == [authenticator_uri(EMAIL, KEY), KEY]


def test_a_later_sign_in_asks_for_the_authenticators_code(cognito: Cognito) -> None:
    cognito.verifies_the_password_then({"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "s" * 20})
    responses = {"USERNAME": EMAIL, "SOFTWARE_TOKEN_MFA_CODE": "123456"}
    cognito.gets("SOFTWARE_TOKEN_MFA", responses, GRANTED, Session="s" * 20)
    assert cognito.way.sign_in(EMAIL, Person()).id_token == "id"


def test_what_was_mistyped_is_asked_for_again_with_the_reason(cognito: Cognito) -> None:
    cognito.verifies_the_password_then({"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "s" * 20})
    cognito.refuses("respond_to_auth_challenge", "InvalidPasswordException", "Password not long enough")
    cognito.gets(
        "NEW_PASSWORD_REQUIRED",
        {"USERNAME": EMAIL, "NEW_PASSWORD": "Chosen-by-me-2026"},
        {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "t" * 20},
        Session="s" * 20,
    )
    cognito.refuses("respond_to_auth_challenge", "CodeMismatchException")
    responses = {"USERNAME": EMAIL, "SOFTWARE_TOKEN_MFA_CODE": "654321"}
    cognito.gets("SOFTWARE_TOKEN_MFA", responses, GRANTED, Session="t" * 20)
    person = Person(codes=["111111", "654321"], new_passwords=["short", "Chosen-by-me-2026"])
    cognito.way.sign_in(EMAIL, person)
    assert person.refusals[0] is None
    assert "not long enough" in str(person.refusals[1])
    assert person.refusals[2] is None
    assert "right code" in str(person.refusals[3])


def test_a_wrong_code_of_a_new_authenticator_is_asked_for_again_and_the_key_is_shown_once(cognito: Cognito) -> None:
    cognito.verifies_the_password_then({"ChallengeName": "MFA_SETUP", "Session": "t" * 20})
    cognito.stub.add_response("associate_software_token", {"SecretCode": KEY, "Session": "u" * 20})
    cognito.refuses("verify_software_token", "EnableSoftwareTokenMFAException")
    cognito.stub.add_response("verify_software_token", {"Status": "SUCCESS", "Session": "v" * 20})
    cognito.gets("MFA_SETUP", {"USERNAME": EMAIL}, GRANTED, Session="v" * 20)
    person = Person(codes=["111111", "123456"])
    cognito.way.sign_in(EMAIL, person)
    assert len(person.authenticator) == 2


def test_after_three_wrong_codes_it_ends(cognito: Cognito) -> None:
    cognito.verifies_the_password_then({"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "s" * 20})
    for _ in range(3):
        cognito.refuses("respond_to_auth_challenge", "CodeMismatchException")
    with pytest.raises(ClientError, match="CodeMismatch"):
        cognito.way.sign_in(EMAIL, Person(codes=["1", "2", "3", "4"]))


@pytest.mark.parametrize(
    "code", ["NotAuthorizedException", "PasswordResetRequiredException", "TooManyRequestsException"]
)
def test_a_refusal_that_no_other_answer_changes_ends_it_at_once(cognito: Cognito, code: str) -> None:
    """A wrong password, a disabled account, an invitation that ran out."""
    cognito.refuses("initiate_auth", code)
    with pytest.raises(ClientError, match=code):
        cognito.way.sign_in(EMAIL, Person())


def test_a_challenge_that_is_not_known_is_named(cognito: Cognito) -> None:
    cognito.verifies_the_password_then({"ChallengeName": "SMS_MFA", "Session": "s" * 20})
    with pytest.raises(SignInError, match="SMS_MFA"):
        cognito.way.sign_in(EMAIL, Person())


def test_a_session_is_renewed_without_a_question(cognito: Cognito) -> None:
    renewed = {"AuthenticationResult": {"IdToken": "fresh", "AccessToken": "access", "ExpiresIn": 900}}
    parameters = {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": "next"}, "ClientId": CLIENT}
    cognito.stub.add_response("initiate_auth", renewed, parameters)
    assert cognito.way.refresh("next") == Tokens(id_token="fresh", refresh_token=None, expires_in=900)


def test_a_forgotten_password_is_replaced_by_a_code_that_is_mailed(cognito: Cognito) -> None:
    cognito.stub.add_response("forgot_password", {}, {"ClientId": CLIENT, "Username": EMAIL})
    replaced = {
        "ClientId": CLIENT,
        "Username": EMAIL,
        "ConfirmationCode": "654321",
        "Password": "Chosen-by-me-2026",
    }
    cognito.stub.add_response("confirm_forgot_password", {}, replaced)
    cognito.way.replace_password(EMAIL, Person())


@pytest.mark.parametrize("email", [EMAIL, "o'connor+tag@anam.example", "agent&x=1@anam.example"])
def test_an_authenticator_reads_name_and_key_from_the_code(email: str) -> None:
    uri = urlsplit(authenticator_uri(email, KEY))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == f"/Bureau d’ordre digital:{email}"
    assert parse_qs(uri.query) == {"secret": [KEY], "issuer": ["Bureau d’ordre digital"]}


def test_the_terminal_shows_the_code_and_leaves_the_output_to_the_token(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("123 456\n"))
    terminal = Terminal()
    terminal.set_authenticator_up(authenticator_uri(EMAIL, KEY), KEY)
    assert terminal.authenticator_code(None) == "123456"
    written = capsys.readouterr()
    assert written.out == ""
    assert KEY in written.err
    assert "█" in written.err or "▀" in written.err
