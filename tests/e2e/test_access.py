"""Programs that are let in and shut out again, by the commands that operators use."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from infra.commands.access import Machine, make_machine, remove_machine
from infra.commands.accounts import AccessError
from infra.commands.deployed import Deployed, described
from infra.local.assembly import STAGE
from infra.local.local_stack import LocalStack
from infra.names import BOTH_SCOPES, READ_SCOPE, WRITE_SCOPE


@pytest.fixture(scope="module")
def where(stack: LocalStack) -> Deployed:
    """The deployed stage, as the commands see it."""
    return described(stack.session(), STAGE)


@pytest.fixture
def machine(where: Deployed) -> Iterator[Machine]:
    """A program of a commune."""
    made = make_machine(where, "commune-rabat")
    yield made
    if made.client_id in admitted(where):
        remove_machine(where, made.client_id)


def admitted(where: Deployed) -> list[str]:
    """The clients that the API's authorizer takes."""
    apis = where.session.client("apigatewayv2")
    (api,) = apis.get_apis()["Items"]
    (authorizer,) = apis.get_authorizers(ApiId=api["ApiId"])["Items"]
    return authorizer["JwtConfiguration"]["Audience"]


def token(stack: LocalStack, machine: Machine, scope: str = BOTH_SCOPES) -> httpx.Response:
    with stack.storage() as client:
        return client.post(
            stack.people.machine.token_url,
            auth=(machine.client_id, machine.client_secret),
            data={"grant_type": "client_credentials", "scope": scope},
        )


def inbox(api: httpx.Client, access_token: str) -> int:
    return api.get("/v1/inbox", headers={"Authorization": f"Bearer {access_token}"}).status_code


def test_a_program_that_is_shut_out_opens_nothing_with_the_token_it_holds_and_gets_no_other(
    stack: LocalStack, where: Deployed, api: httpx.Client, machine: Machine
) -> None:
    held = token(stack, machine).json()["access_token"]
    assert inbox(api, held) == 200
    remove_machine(where, machine.client_id)
    assert inbox(api, held) == 401
    assert token(stack, machine).status_code in {400, 401}
    assert inbox(api, stack.machine_token()) == 200, "the other programs are none the wiser"


def test_people_and_the_programs_that_were_there_before_stay_admitted(
    stack: LocalStack, where: Deployed, machine: Machine
) -> None:
    assert admitted(where) == [
        stack.outputs["UserPoolClientId"],
        stack.people.machine.client_id,
        machine.client_id,
    ]


def test_nobody_is_let_in_for_an_organism_that_is_not_enrolled(where: Deployed) -> None:
    before = admitted(where)
    with pytest.raises(AccessError, match="enrol it first"):
        make_machine(where, "nobody")
    assert admitted(where) == before


def test_a_client_that_was_never_made_cannot_be_shut_out(where: Deployed, stack: LocalStack) -> None:
    with pytest.raises(AccessError, match="No program"):
        remove_machine(where, stack.outputs["UserPoolClientId"])


def test_a_program_that_may_only_read_gets_no_token_that_writes(
    stack: LocalStack, where: Deployed, api: httpx.Client
) -> None:
    reader = make_machine(where, "commune-rabat", read_only=True)
    try:
        assert token(stack, reader, WRITE_SCOPE).status_code == 400
        assert token(stack, reader, BOTH_SCOPES).status_code == 400
        held = token(stack, reader, READ_SCOPE).json()["access_token"]
        assert inbox(api, held) == 200
        refused = api.post("/v1/inbox/ANAM-2026-000001/collection", headers={"Authorization": f"Bearer {held}"})
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/scope-missing")
    finally:
        remove_machine(where, reader.client_id)


def test_the_deployed_pool_lets_people_neither_register_nor_change_what_it_keeps_of_them(stack: LocalStack) -> None:
    """Cognito enforces both; the local cloud keeps what the stack says of them, and no more."""
    pool = stack.session().client("cognito-idp")
    where: Any = {"UserPoolId": stack.outputs["UserPoolId"]}
    described = pool.describe_user_pool(**where)["UserPool"]
    assert described["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    people = pool.describe_user_pool_client(**where, ClientId=stack.outputs["UserPoolClientId"])["UserPoolClient"]
    assert people["WriteAttributes"] == ["locale"]
    program = pool.describe_user_pool_client(**where, ClientId=stack.people.machine.client_id)["UserPoolClient"]
    assert (program["WriteAttributes"], program["ExplicitAuthFlows"]) == (["locale"], ["ALLOW_REFRESH_TOKEN_AUTH"])
