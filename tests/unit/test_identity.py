"""Who calls is what the token's claims say, and nothing that the request says."""

from typing import Any

import pytest

from mailroom import identity
from mailroom.identity import Caller
from mailroom.refusals import NotSignedIn, NotYourOrganism
from tests.unit.table_in_memory import TableInMemory


def event(**claims: object) -> dict[str, Any]:
    """What API Gateway hands over; in the names of claims, a colon is written as two underscores."""
    named = {name.replace("__", ":"): value for name, value in claims.items()}
    return {"requestContext": {"authorizer": {"jwt": {"claims": named, "scopes": None}}}}


def table() -> TableInMemory:
    table = TableInMemory()
    table.put({"pk": "CLIENT#machine-1", "sk": "CLIENT", "organism_id": "anam"})
    return table


@pytest.mark.parametrize(
    "groups", ["[organism:anam]", ["organism:anam"], '["organism:anam"]', "organism:anam", "[operators organism:anam]"]
)
def test_an_agent_is_known_however_the_list_of_groups_arrives(groups: object) -> None:
    found = identity.caller_of(event(cognito__username="nadia", cognito__groups=groups), table)
    assert found == Caller("agent", "nadia", "anam")


def test_an_access_token_names_its_person_too() -> None:
    claims = event(
        username="nadia", client_id="site", scope="aws.cognito.signin.user.admin", cognito__groups="[organism:anam]"
    )
    assert identity.caller_of(claims, table) == Caller("agent", "nadia", "anam")


@pytest.mark.parametrize(
    "groups",
    [
        None,
        "",
        "[]",
        "[operators]",
        "[organism:anam organism:adm]",
        "[organism:]",
        "[organism:ANAM]",
        "[xorganism:anam]",
        "[organism:anam,organism:adm]",
        "[organism:anam/../adm]",
        '{"organism:anam": 1}',
        7,
        [7, None],
    ],
)
def test_who_acts_for_none_or_several_is_let_nowhere(groups: object) -> None:
    with pytest.raises(NotYourOrganism):
        identity.caller_of(event(cognito__username="nadia", cognito__groups=groups), table)


def test_a_program_acts_for_the_organism_that_the_table_says() -> None:
    claims = event(client_id="machine-1", scope="other/x mailroom/inbox", organism_id="adm")
    assert identity.caller_of(claims, table) == Caller("machine", "machine-1", "anam")


@pytest.mark.parametrize(
    "claims",
    [
        {"client_id": "machine-2", "scope": "mailroom/inbox"},
        {"client_id": "machine-1", "scope": "mailroom/inboxes"},
        {"client_id": "machine-1"},
        {"scope": "mailroom/inbox"},
        {"client_id": "machine-1", "scope": "x", "cognito__groups": "[organism:anam]"},
    ],
)
def test_a_program_that_is_not_bound_or_lacks_the_scope_is_let_nowhere(claims: dict[str, object]) -> None:
    with pytest.raises(NotYourOrganism):
        identity.caller_of(event(**claims), table)


def test_a_person_is_never_taken_for_the_program_they_signed_in_with() -> None:
    with pytest.raises(NotYourOrganism):
        identity.caller_of(event(username="nadia", client_id="machine-1", scope="mailroom/inbox"), table)


@pytest.mark.parametrize("context", [{}, {"authorizer": None}, {"authorizer": {"jwt": {"claims": {}}}}])
def test_without_claims_nobody_is_signed_in(context: dict[str, object]) -> None:
    with pytest.raises(NotSignedIn):
        identity.caller_of({"requestContext": context}, table)
    with pytest.raises(NotSignedIn):
        identity.operator_guard({"requestContext": context})


def test_an_operator_is_one_by_the_group_alone() -> None:
    operator = event(username="omar", cognito__groups="[operators]")
    identity.operator_guard(operator)
    assert identity.caller(operator) == Caller("operator", "omar")
    for other in (
        event(username="nadia", cognito__groups="[organism:anam]"),
        event(username="nadia", cognito__groups="[operators-of-nothing]"),
        event(client_id="machine-1", scope="mailroom/inbox operators"),
        event(client_id="machine-1", cognito__groups="[operators]"),
    ):
        with pytest.raises(NotYourOrganism):
            identity.operator_guard(other)


def test_the_guard_says_whom_it_let_through_and_without_it_nobody_is_known() -> None:
    agent = event(username="nadia", cognito__groups="[organism:anam]")
    with pytest.raises(KeyError):
        identity.caller(agent)
    identity.organism_guard(table)(agent)
    assert identity.caller(agent).organism_id == "anam"
