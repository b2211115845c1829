"""Operators invite people, shut them out, and reset a lost second factor."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
import time_machine

from infra.commands.accounts import AccessError, Accounts
from infra.commands.deployed import Deployed
from mailroom.domain import clock
from mailroom.settings import Settings
from manage_people import handler
from tests.support.in_process.mishaps import (
    ProcessDiedError,
    counting,
    dying_after_write,
    refusing,
    taking,
    watching,
)
from tests.support.in_process.refused import problem, wrong_fields
from tests.support.in_process.service import REGION, TABLE, Answer, Service

PEOPLE = "/v1/operations/people"
OPERATOR = "youssef@bureau-ordre.example"
UNKNOWN = "0f9b7c4e-0d3e-4a57-9a5b-4c1c2f6a7d10"
AGENT = {"cognito:username": "nadia", "cognito:groups": "[organism:anam]", "token_use": "id"}


class Office:
    """The service with a user pool, and one operator in it."""

    def __init__(self, service: Service, pool_id: str) -> None:
        self.service = service
        self.pool_id = pool_id
        self.cognito = boto3.client("cognito-idp", REGION)

    def claims(self, username: str = OPERATOR) -> dict[str, str]:
        """The claims of an operator's token, whatever the account says by now."""
        return {"token_use": "id", "cognito:username": username, "cognito:groups": "[operators]", "sub": "of-operator"}

    def call(self, method: str, path: str = "", body: object = None, **more: Any) -> Answer:  # noqa: ANN401 - as of `Service.call`
        return self.service.call(method, f"{PEOPLE}{path}", body, **({"claims": self.claims()} | more))

    def invite(self, email: str, organism_id: str | None = "anam", **more: object) -> Answer:
        body = (
            {"email": email, "role": "agent", "organism_id": organism_id}
            if organism_id
            else {"email": email, "role": "operator"}
        )
        return self.call("POST", "", body | more)

    def invited(self, email: str, organism_id: str | None = "anam") -> dict[str, Any]:
        answer = self.invite(email, organism_id)
        assert answer.status == 201, answer.body
        return dict(answer.json)

    def confirm(self, email: str) -> None:
        """The person signs in and chooses a password."""
        self.cognito.admin_set_user_password(
            UserPoolId=self.pool_id, Username=email, Password="Chosen-by-me-2026", Permanent=True
        )

    def groups(self, email: str) -> list[str]:
        answer = self.cognito.admin_list_groups_for_user(UserPoolId=self.pool_id, Username=email)
        return [group["GroupName"] for group in answer["Groups"]]

    def is_enabled(self, email: str) -> bool:
        return self.cognito.admin_get_user(UserPoolId=self.pool_id, Username=email)["Enabled"]


@pytest.fixture(scope="module")
def office(shared_service: Service) -> Iterator[Office]:
    """Each test has people of its own: moto takes a second to make a pool."""
    cognito = boto3.client("cognito-idp", REGION)
    pool_id = cognito.create_user_pool(PoolName="people")["UserPool"]["Id"]
    cognito.create_group(UserPoolId=pool_id, GroupName="operators")
    office = Office(shared_service, pool_id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USER_POOL_ID", pool_id)
        Settings.reset()
        cognito.admin_create_user(UserPoolId=pool_id, Username=OPERATOR)
        cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=OPERATOR, GroupName="operators")
        office.confirm(OPERATOR)
        yield office
        Settings.reset()


def test_an_agent_is_invited_to_one_organism(office: Office) -> None:
    answer = office.invite("Sara@ANAM.example", name="Sara Alaoui")
    assert answer.status == 201, answer.body
    person = answer.json
    assert {name: person[name] for name in person if name not in {"person_id", "changed_at"}} == {
        "username": "sara@anam.example",
        "name": "Sara Alaoui",
        "role": "agent",
        "organism_id": "anam",
        "state": "invited",
        "second_factor": False,
    }
    assert office.groups("sara@anam.example") == ["organism:anam"]
    office.confirm("sara@anam.example")
    listed = office.call("GET", "?organism_id=anam&limit=60").json["items"]
    assert [each["state"] for each in listed if each["person_id"] == person["person_id"]] == ["active"]


def test_an_operator_is_invited(office: Office) -> None:
    person = office.invited("aicha@bureau-ordre.example", None)
    assert (person["role"], person["organism_id"]) == ("operator", None)
    listed = {each["username"] for each in office.call("GET", "?role=operator").json["items"]}
    assert listed >= {OPERATOR, "aicha@bureau-ordre.example"}


def test_a_button_pressed_twice_invites_once(office: Office) -> None:
    """The second e-mail's password would make the first e-mail's wrong."""
    first = office.invited("twice@anam.example")
    with watching("AdminCreateUser") as asked:
        again = office.invite("twice@anam.example")
    assert (again.status, again.json) == (200, first)
    assert [each.get("MessageAction") for each in asked] == [None]


def test_an_invitation_that_was_not_used_goes_out_again(office: Office) -> None:
    office.invited("slow@anam.example")
    with (
        time_machine.travel(clock.now() + timedelta(minutes=2), tick=True),
        # moto refuses to send an invitation again
        resending() as sent,
    ):
        assert office.invite("slow@anam.example").status == 200
    assert [each["Username"] for each in sent] == ["slow@anam.example"]


def resending() -> Any:  # noqa: ANN401 - a context manager of `mishaps`
    return taking("AdminCreateUser", {}, when=lambda asked: asked.get("MessageAction") == "RESEND")


def test_a_person_who_uses_the_account_gets_no_second_invitation(office: Office) -> None:
    office.invited("known@anam.example")
    office.confirm("known@anam.example")
    with time_machine.travel(clock.now() + timedelta(days=2), tick=True), resending() as sent:
        assert office.invite("known@anam.example").status == 200
    assert sent == []


@pytest.mark.parametrize("organism_id", ["cnss", None], ids=["another organism", "operator"])
def test_a_person_has_one_role_and_one_organism(office: Office, organism_id: str | None) -> None:
    """Two organisms' groups would open neither inbox."""
    email = f"one.role.{organism_id or 'operator'}@anam.example"
    office.invited(email)
    problem(office.invite(email, organism_id), 409, "person-elsewhere")
    assert office.groups(email) == ["organism:anam"]


def test_who_is_invited_elsewhere_as_well_gets_no_e_mail(office: Office) -> None:
    """An invitation that is refused changes nothing: the first one's password still holds."""
    office.invited("stays@anam.example")
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=True), resending() as sent:
        problem(office.invite("stays@anam.example", "cnss"), 409, "person-elsewhere")
    assert sent == []


def test_an_operator_is_no_agent(office: Office) -> None:
    problem(office.invite(OPERATOR, "anam"), 409, "person-elsewhere")


def test_two_operators_who_invite_a_person_to_two_organisms_at_once(office: Office) -> None:
    """Each looks before the other has written: no account is left in two groups."""
    email = "contested@anam.example"
    office.invited(email)

    def meanwhile(_: dict[str, Any]) -> bool:
        if "organism:adm" not in office.groups(email):
            pool_id, group = office.pool_id, "organism:adm"
            office.cognito.create_group(UserPoolId=pool_id, GroupName=group)
            office.cognito.admin_add_user_to_group(UserPoolId=pool_id, GroupName=group, Username=email)
        return False

    with refusing(
        "CreateGroup", "never", when=lambda asked: asked["GroupName"] == "organism:anam" and meanwhile(asked)
    ):
        problem(office.invite(email), 409, "person-elsewhere")
    assert len(office.groups(email)) == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"email": "x@anam.example", "role": "agent"}, ["organism_id"]),
        ({"email": "x@anam.example", "role": "agent", "organism_id": "nowhere"}, ["organism_id"]),
        ({"email": "x@anam.example", "role": "agent", "organism_id": "ANAM É"}, ["organism_id"]),
        ({"email": "x@anam.example", "role": "operator", "organism_id": "anam"}, ["organism_id"]),
        ({"email": "x@", "role": "operator"}, ["email"]),
        ({"email": "x@anam.example", "role": "admin"}, ["role"]),
        ({"email": "x@anam.example", "role": "operator", "password": "p"}, ["password"]),
        ({"email": "x@anam.example", "role": "operator", "name": "a\nb"}, ["name"]),
        ({}, ["email", "role"]),
    ],
)
def test_wrong_invitations_are_422_and_invite_nobody(office: Office, body: object, fields: list[str]) -> None:
    with counting() as calls:
        assert wrong_fields(office.call("POST", "", body)) == fields
    assert "AdminCreateUser" not in calls


def test_who_is_shut_out_has_no_access_left(office: Office) -> None:
    person = office.invited("leaver@anam.example")
    with watching("AdminUserGlobalSignOut") as signed_out:
        assert office.call("DELETE", f"/{person['person_id']}").status == 204
    assert [each["Username"] for each in signed_out] == ["leaver@anam.example"]
    assert not office.is_enabled("leaver@anam.example")
    assert office.groups("leaver@anam.example") == []
    (shown,) = office.call("GET", "?q=LEAVER@").json["items"]
    assert (shown["state"], shown["role"], shown["organism_id"]) == ("shut_out", None, None)
    assert office.call("DELETE", f"/{person['person_id']}").status == 204


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_process_that_dies_while_it_shuts_out_leaves_no_way_in(office: Office, number: int) -> None:
    """The account is disabled first; asked again, the rest is done."""
    email = f"half.out.{number}@anam.example"
    person = office.invited(email)
    with dying_after_write(number), pytest.raises(ProcessDiedError):
        office.call("DELETE", f"/{person['person_id']}")
    assert not office.is_enabled(email)
    assert office.call("DELETE", f"/{person['person_id']}").status == 204
    assert office.groups(email) == []


@pytest.mark.parametrize(("number", "organism_id"), [(1, "anam"), (2, "mi"), (3, "commune-rabat")])
def test_a_process_that_dies_while_it_invites_is_made_good_by_the_same_request(
    office: Office, number: int, organism_id: str
) -> None:
    """After the account, the organism's group, or the membership."""
    email = f"half.in.{number}@anam.example"
    with dying_after_write(number), pytest.raises(ProcessDiedError):
        office.invite(email, organism_id)
    assert office.invite(email, organism_id).status == 200
    assert office.groups(email) == [f"organism:{organism_id}"]


def test_who_comes_back_may_belong_elsewhere(office: Office) -> None:
    email = "back@anam.example"
    person = office.invited(email)
    office.confirm(email)
    office.call("DELETE", f"/{person['person_id']}")
    answer = office.invite(email, "cnss")
    assert (answer.status, answer.json["state"], answer.json["organism_id"]) == (200, "active", "cnss")
    assert office.groups(email) == ["organism:cnss"]


def test_a_group_that_was_left_on_a_disabled_account_does_not_come_back_with_it(office: Office) -> None:
    email = "disabled.by.hand@anam.example"
    office.invited(email)
    office.cognito.admin_disable_user(UserPoolId=office.pool_id, Username=email)
    with resending():
        assert office.invite(email, "cnss").status == 200
    assert office.groups(email) == ["organism:cnss"]


def test_a_lost_authenticator_is_forgotten_and_sessions_end(office: Office) -> None:
    person = office.invited("lost.phone@anam.example")
    with (
        taking("AdminDeleteSoftwareToken", {}) as forgotten,
        watching("AdminUserGlobalSignOut") as signed_out,
        pytest.MonkeyPatch.context() as patch,
    ):
        assert office.call("POST", f"/{person['person_id']}/factor-reset").status == 204
        assert forgotten == []  # none was set up
        with_factor(patch)
        assert office.call("POST", f"/{person['person_id']}/factor-reset").status == 204
    assert [each["Username"] for each in forgotten] == ["lost.phone@anam.example"]
    assert len(signed_out) == 2


def with_factor(patch: pytest.MonkeyPatch) -> None:
    """Everybody has an authenticator: in moto, none can be set up without signing in."""
    cognito = handler.process().cognito
    otherwise = cognito.admin_get_user

    def asked(**request: str) -> object:
        return otherwise(**request) | {"UserMFASettingList": ["SOFTWARE_TOKEN_MFA"]}

    patch.setattr(cognito, "admin_get_user", asked)


@pytest.mark.parametrize(("method", "path"), [("DELETE", ""), ("POST", "/factor-reset")])
def test_nobody_shuts_themself_out(office: Office, method: str, path: str) -> None:
    (own,) = office.call("GET", f"?q={OPERATOR}").json["items"]
    problem(office.call(method, f"/{own['person_id']}{path}"), 409, "not-yourself")
    assert office.is_enabled(OPERATOR)


@pytest.mark.parametrize(("method", "path"), [("DELETE", ""), ("POST", "/factor-reset")])
@pytest.mark.parametrize("person_id", [UNKNOWN, "x", OPERATOR, "%22%20or%20%22", "a" * 300])
def test_a_person_whom_nobody_knows_is_404(office: Office, method: str, path: str, person_id: str) -> None:
    problem(office.call(method, f"/{person_id}{path}"), 404, "person-not-found")


ROUTES = [("GET", ""), ("POST", ""), ("DELETE", f"/{UNKNOWN}"), ("POST", f"/{UNKNOWN}/factor-reset")]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_only_operators_manage_people(office: Office, method: str, path: str) -> None:
    problem(office.call(method, path, claims=None), 401, "not-signed-in")
    problem(office.call(method, path, claims=AGENT), 403, "not-your-organism")


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_an_operator_who_was_shut_out_does_nothing_with_a_token_that_is_left(
    office: Office, method: str, path: str
) -> None:
    """It is valid for up to 15 minutes, in which the person could invite himself again."""
    email = "former@bureau-ordre.example"
    person = office.invite(email, None).json
    assert office.call("DELETE", f"/{person['person_id']}").status == 204
    problem(office.call(method, path, claims=office.claims(email)), 403, "not-your-organism")
    problem(office.call(method, path, claims=office.claims("never@bureau-ordre.example")), 403, "not-your-organism")


def test_people_are_listed_in_pages(office: Office) -> None:
    expected = {office.invited(f"paged.{number}@mj.example", "mj")["person_id"] for number in range(5)}
    found: list[str] = []
    more: str | None = ""
    while more is not None:
        page = office.call("GET", f"?organism_id=mj&limit=2{more}").json
        assert len(page["items"]) <= 2
        found += [each["person_id"] for each in page["items"]]
        more = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    assert sorted(found) == sorted(expected)


def test_an_organism_without_agents_has_none(office: Office) -> None:
    assert office.call("GET", "?organism_id=maecamre").json == {"items": [], "next_cursor": None}


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "role=agent", "q=%22", "q=a%20b", "organism_id=%C3%89", "page=2"],
)
def test_wrong_parameters_are_422(office: Office, query: str) -> None:
    assert len(wrong_fields(office.call("GET", f"?{query}"))) == 1


@pytest.mark.parametrize(("query", "operation"), [("", "ListUsers"), ("&role=operator", "ListUsersInGroup")])
def test_a_cursor_that_cognito_did_not_make_is_422(office: Office, query: str, operation: str) -> None:
    with refusing(operation, "InvalidParameterException"):
        assert wrong_fields(office.call("GET", f"?cursor=zz{query}")) == ["cursor"]


def test_two_filters_at_once_are_422(office: Office) -> None:
    assert wrong_fields(office.call("GET", "?role=operator&organism_id=anam")) == ["organism_id", "role"]


def test_logs_name_people_by_their_ids(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        person = office.invite("zmarkedq@anam.example", name="Zmarkedq").json
        office.call("DELETE", f"/{person['person_id']}")
    said = [vars(record) for record in caplog.records]
    assert "zmarkedq" not in json.dumps(said, default=str).lower()
    assert [each["person_id"] for each in said if "person_id" in each] == [person["person_id"]] * 2
    assert {each["by"] for each in said if "by" in each} == {"of-operator"}


def test_commands_and_routes_mean_the_same(office: Office) -> None:
    """What `make agent` does, operators see and undo on their page; and the other way round."""
    where = Deployed(
        stage="test",
        session=SimpleNamespace(client=lambda _: office.cognito, resource=lambda name: boto3.resource(name, REGION)),  # type: ignore[arg-type]  # all that a session is asked for
        outputs={"UserPoolId": office.pool_id, "TableName": TABLE},
    )
    accounts = Accounts(where=where)
    accounts.admit_agent("anam", "by.command@anam.example")
    (person,) = office.call("GET", "?q=by.command@").json["items"]
    assert (person["role"], person["organism_id"], person["state"]) == ("agent", "anam", "invited")
    assert office.invite("by.command@anam.example").json == person

    with pytest.raises(AccessError, match="another organism"):
        accounts.admit_agent("cnss", "by.command@anam.example")
    assert office.groups("by.command@anam.example") == ["organism:anam"]

    assert office.call("DELETE", f"/{person['person_id']}").status == 204
    assert accounts.shut_agent_out("anam", "by.command@anam.example").was_member is False

    invited = office.invited("by.route@anam.example")
    assert accounts.shut_agent_out("anam", "by.route@anam.example").left == ()
    (person,) = office.call("GET", "?q=by.route@").json["items"]
    assert (person["person_id"], person["state"]) == (invited["person_id"], "shut_out")
