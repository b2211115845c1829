"""The accounts of people, where the local cloud cannot play Cognito: the second factor, and what commands print."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import boto3
import pytest
from botocore.stub import ANY, Stubber

from infra.commands.access import carry_out, described, person
from infra.commands.accounts import AccessError, Accounts, ShutOut, first_password
from infra.commands.deployed import Deployed
from mailroom.operating import members

EMAIL, POOL = "agent@anam.example", "eu-west-3_Ab12Cd34E"
WHO = {"UserPoolId": POOL, "Username": EMAIL}


@dataclass(frozen=True, kw_only=True)
class Cognito:
    """A stage whose user pool answers as written down beforehand."""

    where: Deployed
    stub: Stubber

    def asks_for(self, second_factor: str) -> None:
        """The pool's configuration."""
        self.stub.add_response(
            "describe_user_pool", {"UserPool": {"MfaConfiguration": second_factor}}, {"UserPoolId": POOL}
        )


@pytest.fixture
def cognito(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cognito]:
    session = boto3.Session(region_name="eu-west-3", aws_access_key_id="none", aws_secret_access_key="none")
    client = session.client("cognito-idp")
    monkeypatch.setattr(session, "client", lambda _: client)
    with Stubber(client) as stub:
        yield Cognito(where=Deployed(session=session, stage="local", outputs={"UserPoolId": POOL}), stub=stub)
        stub.assert_no_pending_responses()


def test_a_lost_authenticator_is_deleted_and_the_person_signed_out(cognito: Cognito) -> None:
    """The next sign-in answers MFA_SETUP, since the pool requires a second factor and there is no other.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteSoftwareToken.html;
    AdminSetUserMFAPreference "doesn't reset an existing TOTP MFA for a user".
    """
    cognito.asks_for("ON")
    cognito.stub.add_response("admin_get_user", {"Username": EMAIL, "UserMFASettingList": ["SOFTWARE_TOKEN_MFA"]}, WHO)
    cognito.stub.add_response("admin_delete_software_token", {}, WHO)
    cognito.stub.add_response("admin_user_global_sign_out", {}, WHO)
    assert Accounts(where=cognito.where).reset_second_factor(EMAIL) is True


def test_done_twice_it_deletes_nothing_and_signs_out_again(cognito: Cognito) -> None:
    cognito.asks_for("ON")
    cognito.stub.add_response("admin_get_user", {"Username": EMAIL}, WHO)
    cognito.stub.add_response("admin_user_global_sign_out", {}, WHO)
    assert Accounts(where=cognito.where).reset_second_factor(EMAIL) is False


def test_where_no_second_factor_is_asked_for_there_is_none_to_reset(cognito: Cognito) -> None:
    cognito.asks_for("OFF")
    with pytest.raises(AccessError, match="no second factor"):
        Accounts(where=cognito.where).reset_second_factor(EMAIL)


@pytest.mark.parametrize("kind", ["reset-factor", "no-operator", "no-agent"])
def test_an_address_without_an_account_is_said_to_be_one_and_not_repeated(cognito: Cognito, kind: str) -> None:
    if kind == "reset-factor":
        cognito.asks_for("ON")
    operation = "admin_get_user" if kind == "reset-factor" else "admin_list_groups_for_user"
    cognito.stub.add_client_error(operation, "UserNotFoundException")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EMAIL", EMAIL)
        with pytest.raises(AccessError, match="check its spelling") as refusal:
            carry_out(cognito.where, Namespace(kind=kind, organism="anam"))
    assert EMAIL not in str(refusal.value)


def test_an_account_is_disabled_before_it_is_signed_out(cognito: Cognito) -> None:
    """The other way round, the person could sign in again in between."""
    groups = {"Groups": [{"GroupName": "organism:anam"}]}
    cognito.stub.add_response("admin_list_groups_for_user", groups, WHO)
    cognito.stub.add_response("admin_remove_user_from_group", {}, WHO | {"GroupName": "organism:anam"})
    cognito.stub.add_response("admin_disable_user", {}, WHO)
    cognito.stub.add_response("admin_user_global_sign_out", {}, WHO)
    assert Accounts(where=cognito.where).shut_agent_out("anam", EMAIL) == ShutOut(was_member=True, left=())


def test_a_run_that_stopped_half_way_is_finished_by_the_next(cognito: Cognito) -> None:
    """The group is gone; the account is still enabled."""
    cognito.stub.add_response("admin_list_groups_for_user", {"Groups": []}, WHO)
    cognito.stub.add_response("admin_disable_user", {}, WHO)
    cognito.stub.add_response("admin_user_global_sign_out", {}, WHO)
    assert Accounts(where=cognito.where).shut_agent_out("anam", EMAIL) == ShutOut(was_member=False, left=())


def test_of_many_groups_none_is_overlooked(cognito: Cognito) -> None:
    """Cognito answers in pages: a group on the second one is access that is left."""
    cognito.stub.add_response(
        "admin_list_groups_for_user", {"Groups": [{"GroupName": "organism:anam"}], "NextToken": "more"}, WHO
    )
    cognito.stub.add_response(
        "admin_list_groups_for_user", {"Groups": [{"GroupName": "operators"}]}, WHO | {"NextToken": "more"}
    )
    cognito.stub.add_response("admin_remove_user_from_group", {}, WHO | {"GroupName": "organism:anam"})
    assert Accounts(where=cognito.where).shut_agent_out("anam", EMAIL).left == ("operators",)


def test_an_invitation_that_ran_out_goes_out_again_and_a_disabled_account_is_enabled(cognito: Cognito) -> None:
    cognito.stub.add_client_error("admin_create_user", "UsernameExistsException")
    found = {"Username": EMAIL, "Enabled": False, "UserStatus": "FORCE_CHANGE_PASSWORD"}
    cognito.stub.add_response("admin_get_user", found, WHO)
    cognito.stub.add_response("admin_enable_user", {}, WHO)
    again = {"TemporaryPassword": ANY, "DesiredDeliveryMediums": ["EMAIL"], "MessageAction": "RESEND"}
    cognito.stub.add_response("admin_create_user", {}, WHO | again)
    cognito.stub.add_response("admin_add_user_to_group", {}, WHO | {"GroupName": "operators"})
    assert "another one goes by e-mail" in Accounts(where=cognito.where).admit_operator(EMAIL)


@pytest.mark.parametrize("make", [first_password, members.first_password], ids=["commands", "operators' page"])
def test_first_passwords_are_of_the_pools_policy_and_read_without_mistakes(make: Callable[[], str]) -> None:
    """Fourteen characters, a capital, a small letter, a digit, a sign; no sign that HTML takes for mark-up."""
    made = [make() for _ in range(500)]
    assert len(set(made)) == len(made)
    for password in made:
        assert len(password) >= 14
        assert (any(map(str.isupper, password)), any(map(str.islower, password))) == (True, True)
        assert any(map(str.isdigit, password))
        assert "-" in password
        assert not set("0O1lI<>&\"'") & set(password)


@pytest.mark.parametrize("given", ["", "   ", "anam", "a b@c", "@", "agent@"])
def test_who_is_meant_must_be_said(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL", given)
    with pytest.raises(AccessError, match="EMAIL="):
        person()


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (ShutOut(was_member=True, left=()), "no longer an operator. No access is left: the account is disabled"),
        (ShutOut(was_member=False, left=()), "was not an operator. No access is left"),
        (
            ShutOut(was_member=True, left=("organism:anam",)),
            "no longer an operator. Access that is left: organism:anam",
        ),
        (ShutOut(was_member=False, left=("organism:anam",)), "was not an operator. Access that is left: organism:anam"),
    ],
)
def test_what_was_taken_and_what_is_left_is_said(done: ShutOut, said: str) -> None:
    assert said in described(done, "an operator")
