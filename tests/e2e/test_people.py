"""People who are invited, sign in and leave, by the commands that operators and agents use."""

import json
import re
from base64 import b32decode, urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from infra.commands.accounts import Accounts, Admission, ShutOut
from infra.commands.deployed import Deployed, described
from infra.commands.sign_in import SignIn, Tokens
from infra.local.assembly import STAGE
from infra.local.local_stack import LocalStack
from infra.local.mail_catcher import Email
from infra.local.sender_client import until
from mailroom.domain import clock

CHOSEN = "Chosen-by-me-2026"


@dataclass
class Person:
    """Answers what is asked at sign-in."""

    known: str = CHOSEN
    codes: Callable[[], str] = str
    refusals: list[str | None] = field(default_factory=list)

    def password(self) -> str:
        return self.known

    def new_password(self, refusal: str | None) -> str:
        self.refusals.append(refusal)
        return CHOSEN

    def set_authenticator_up(self, uri: str, key: str) -> None:
        raise AssertionError(f"{uri} {key}")

    def authenticator_code(self, refusal: str | None) -> str:
        self.refusals.append(refusal)
        return self.codes()

    def mailed_code(self) -> str:
        return "654321"  # the local cloud's


@pytest.fixture(scope="module")
def accounts(stack: LocalStack) -> Accounts:
    return Accounts(where=described(stack.session(), STAGE))


@pytest.fixture(scope="module")
def way_in(accounts: Accounts) -> SignIn:
    where: Deployed = accounts.where
    return SignIn(
        client=where.session.client("cognito-idp"),
        pool_id=where.outputs["UserPoolId"],
        client_id=where.outputs["UserPoolClientId"],
    )


def mailed_to(stack: LocalStack, address: str) -> Email:
    return until(
        lambda: next((email for email in stack.emails() if address in email.to), None), f"an e-mail to {address}"
    )


def first_password_in(email: Email) -> str:
    """The password, which stands with the name under the labels of each language."""
    given = re.findall(r'<bdi class="given" dir="ltr">([^<]+)</bdi>', email.html or "")
    assert given == given[:2] * 3
    return str(given[1])


def inbox(api: httpx.Client, tokens: Tokens) -> int:
    return api.get("/v1/inbox", headers={"Authorization": f"Bearer {tokens.id_token}"}).status_code


def groups(tokens: Tokens) -> list[str]:
    claims = tokens.id_token.split(".")[1]
    found: list[str] = json.loads(urlsafe_b64decode(claims + "==")).get("cognito:groups", [])
    return found


def test_an_agent_is_invited_in_three_languages_and_signs_in_with_the_password_of_the_e_mail(
    stack: LocalStack, api: httpx.Client, accounts: Accounts, way_in: SignIn
) -> None:
    """The password is proved by SRP and replaced at once: the first one opens nothing any more."""
    invited = "new.agent@anam.example"
    assert accounts.admit_agent("anam", invited) is Admission.INVITED
    email = mailed_to(stack, invited)
    assert "مكتب الضبط الرقمي" in email.subject
    assert "Bureau d’ordre digital" in email.subject
    assert "ne-pas-repondre@bureau-ordre.example" in email.sender
    assert (email.html or "").count(invited) == 3
    first = Person(known=first_password_in(email))
    assert inbox(api, way_in.sign_in(invited, first)) == 200
    with pytest.raises(ClientError, match="NotAuthorized"):
        way_in.sign_in(invited, first)
    assert inbox(api, way_in.sign_in(invited, Person())) == 200


def test_an_invitation_that_was_not_used_goes_out_again(stack: LocalStack, accounts: Accounts, way_in: SignIn) -> None:
    invited = "slow.agent@anam.example"
    accounts.admit_agent("anam", invited)
    assert accounts.admit_agent("anam", invited) is Admission.INVITED_AGAIN
    until(lambda: [email for email in stack.emails() if invited in email.to][1:] or None, "a second e-mail")
    way_in.sign_in(invited, Person(known=first_password_in(mailed_to(stack, invited))))
    assert accounts.admit_agent("anam", invited) is Admission.KNOWN


def test_an_agent_who_left_gets_no_other_token_and_the_one_held_ends_by_itself(
    api: httpx.Client, accounts: Accounts, way_in: SignIn
) -> None:
    """API Gateway checks tokens by their signature alone, here as in AWS: hence their short life."""
    leaver = "leaver@anam.example"
    accounts.admit_agent("anam", leaver, CHOSEN)
    held = way_in.sign_in(leaver, Person())
    assert way_in.refresh(str(held.refresh_token)).id_token
    assert accounts.shut_agent_out("anam", leaver) == ShutOut(was_member=True, left=())
    assert accounts.shut_agent_out("anam", leaver) == ShutOut(was_member=False, left=())
    with pytest.raises(ClientError, match="NotAuthorized"):
        way_in.refresh(str(held.refresh_token))
    with pytest.raises(ClientError, match="NotAuthorized"):
        way_in.sign_in(leaver, Person())
    assert inbox(api, held) == 200


def test_an_agent_who_comes_back_is_let_in_with_the_password_that_is_known(
    api: httpx.Client, accounts: Accounts, way_in: SignIn
) -> None:
    back = "back@anam.example"
    accounts.admit_agent("anam", back, CHOSEN)
    accounts.shut_agent_out("anam", back)
    assert accounts.admit_agent("anam", back) is Admission.KNOWN
    assert inbox(api, way_in.sign_in(back, Person())) == 200


def test_who_leaves_one_organism_keeps_the_rest(accounts: Accounts, way_in: SignIn) -> None:
    """The next token of the session that is open holds what is left."""
    both = "both@anam.example"
    accounts.admit_agent("anam", both, CHOSEN)
    accounts.admit_operator(both, CHOSEN)
    held = way_in.sign_in(both, Person())
    assert sorted(groups(held)) == ["operators", "organism:anam"]
    assert accounts.shut_agent_out("anam", both) == ShutOut(was_member=True, left=("operators",))
    assert groups(way_in.refresh(str(held.refresh_token))) == ["operators"]
    assert accounts.shut_operator_out(both) == ShutOut(was_member=True, left=())
    with pytest.raises(ClientError, match="NotAuthorized"):
        way_in.refresh(str(held.refresh_token))


def test_to_be_shut_out_of_what_one_had_no_part_in_takes_nothing(accounts: Accounts, way_in: SignIn) -> None:
    """A slip of the operator's hand: the wrong organism."""
    stays = "stays@anam.example"
    accounts.admit_agent("anam", stays, CHOSEN)
    assert accounts.shut_agent_out("commune-rabat", stays) == ShutOut(was_member=False, left=("organism:anam",))
    assert groups(way_in.sign_in(stays, Person())) == ["organism:anam"]


def test_operators_invite_a_person_and_shut_the_person_out_without_a_command(
    stack: LocalStack, api: httpx.Client, way_in: SignIn
) -> None:
    """The function's role suffices for it: the local cloud enforces roles."""
    operator = {"Authorization": f"Bearer {stack.sign_in(stack.people.operator).id_token}"}
    invitation = {"email": "by.page@adm.example", "role": "agent", "organism_id": "adm"}
    answer = api.post("/v1/operations/people", json=invitation, headers=operator)
    assert answer.status_code == 201, answer.text
    person = answer.json()
    email = mailed_to(stack, "by.page@adm.example")
    held = way_in.sign_in("by.page@adm.example", Person(known=first_password_in(email)))
    assert inbox(api, held) == 200
    listed = api.get("/v1/operations/people?organism_id=adm", headers=operator).json()["items"]
    assert [(each["person_id"], each["state"]) for each in listed] == [(person["person_id"], "active")]

    path = f"/v1/operations/people/{person['person_id']}"
    assert api.post(f"{path}/factor-reset", headers=operator).status_code == 204
    assert api.delete(path, headers=operator).status_code == 204
    with pytest.raises(ClientError, match="NotAuthorized"):
        way_in.refresh(str(held.refresh_token))
    (left,) = api.get("/v1/operations/people?q=by.page@", headers=operator).json()["items"]
    assert (left["state"], left["role"]) == ("shut_out", None)
    again = api.post("/v1/operations/people", json=invitation, headers=operator)
    assert (again.status_code, again.json()["state"]) == (200, "active")


def test_a_forgotten_password_is_replaced_by_a_code_in_three_languages(
    stack: LocalStack, accounts: Accounts, way_in: SignIn
) -> None:
    forgetful = "forgetful@anam.example"
    accounts.admit_agent("anam", forgetful, "Forgotten-by-me-2026")
    way_in.replace_password(forgetful, Person())
    email = mailed_to(stack, forgetful)
    assert (email.html or "").count("654321") == 3
    assert "رمز" in email.subject
    way_in.sign_in(forgetful, Person())


def test_an_authenticators_code_is_asked_for_and_checked(stack: LocalStack) -> None:
    """In a pool that asks for a second factor; the local cloud leaves the set-up to the person who signed in."""
    client = stack.session().client("cognito-idp")
    pool_id = client.create_user_pool(PoolName="second-factor", MfaConfiguration="ON")["UserPool"]["Id"]
    client_id = client.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="people",
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
    )["UserPoolClient"]["ClientId"]
    client.admin_create_user(UserPoolId=pool_id, Username="someone", MessageAction="SUPPRESS")
    client.admin_set_user_password(UserPoolId=pool_id, Username="someone", Password=CHOSEN, Permanent=True)
    signed_in = client.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "someone", "PASSWORD": CHOSEN},
    )["AuthenticationResult"]
    key = client.associate_software_token(AccessToken=signed_in["AccessToken"])["SecretCode"]
    authenticator = TOTP(b32decode(key), 6, SHA1(), 30, enforce_key_length=False)  # noqa: S303 - as RFC 6238 has it
    client.verify_software_token(
        AccessToken=signed_in["AccessToken"], UserCode=authenticator.generate(clock.now().timestamp()).decode()
    )
    way_in = SignIn(client=client, pool_id=pool_id, client_id=client_id)
    asked = Person(codes=iter(["000000", authenticator.generate(clock.now().timestamp()).decode()]).__next__)
    assert way_in.sign_in("someone", asked).id_token
    assert [refusal is None for refusal in asked.refusals] == [True, False]
    client.delete_user_pool(UserPoolId=pool_id)
