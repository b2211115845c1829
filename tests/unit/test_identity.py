"""Who calls is what the token's claims say, and nothing that the request says."""

from typing import Any

import pytest

from mailroom.domain.refusals import IdentityTokenNeeded, NotSignedIn, NotYourOrganism, ScopeMissing
from mailroom.organisms import callers
from mailroom.organisms.callers import Caller
from tests.support.fakes.table_in_memory import TableInMemory


def event(**claims: object) -> dict[str, Any]:
    """What API Gateway hands over; in the names of claims, a colon is written as two underscores."""
    named = {name.replace("__", ":"): value for name, value in claims.items()}
    return asking("GET", named)


def asking(method: str, claims: dict[str, object]) -> dict[str, Any]:
    """What API Gateway hands over of a request by that method."""
    return {"requestContext": {"http": {"method": method}, "authorizer": {"jwt": {"claims": claims, "scopes": None}}}}


def table() -> TableInMemory:
    table = TableInMemory()
    table.put({"pk": "CLIENT#machine-1", "sk": "CLIENT", "organism_id": "anam"})
    return table


@pytest.mark.parametrize(
    "groups", ["[organism:anam]", ["organism:anam"], '["organism:anam"]', "organism:anam", "[operators organism:anam]"]
)
def test_an_agent_is_known_however_the_list_of_groups_arrives(groups: object) -> None:
    found = callers.caller_of(event(cognito__username="nadia", cognito__groups=groups), table)
    assert found == Caller("agent", "nadia", "anam")


@pytest.mark.parametrize(
    "claims",
    [
        {"username": "nadia", "client_id": "site", "scope": "aws.cognito.signin.user.admin"},
        {"username": "nadia", "client_id": "machine-1", "scope": "mailroom/inbox"},
        {"username": "nadia"},
        {"username": ""},
        {"token_use": "access", "cognito__username": "nadia"},
        {"token_use": "", "cognito__username": "nadia"},
        {"token_use": "id", "cognito__username": "nadia", "username": "nadia"},
    ],
)
def test_a_persons_access_token_opens_nothing(claims: dict[str, object]) -> None:
    for asked in (event(**claims, cognito__groups="[organism:anam]"), event(**claims, cognito__groups="[operators]")):
        with pytest.raises(IdentityTokenNeeded):
            callers.caller_of(asked, table)
        with pytest.raises(IdentityTokenNeeded):
            callers.operator_guard(asked)


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
        callers.caller_of(event(cognito__username="nadia", cognito__groups=groups), table)


def test_a_program_acts_for_the_organism_that_the_table_says() -> None:
    claims = event(token_use="access", client_id="machine-1", scope="other/x mailroom/inbox.read", organism_id="adm")
    assert callers.caller_of(claims, table) == Caller("machine", "machine-1", "anam")


@pytest.mark.parametrize(
    ("scope", "reads", "writes"),
    [
        ("mailroom/inbox.read", True, False),
        ("mailroom/inbox.write", False, True),
        ("mailroom/inbox.read mailroom/inbox.write", True, True),
        ("mailroom/inbox", True, True),
        ("mailroom/inboxes", False, False),
        ("mailroom/inbox.reader", False, False),
        ("MAILROOM/INBOX.READ", False, False),
        ("x-mailroom/inbox.read", False, False),
        ("", False, False),
    ],
)
def test_a_program_does_what_its_scopes_say(scope: str, *, reads: bool, writes: bool) -> None:
    for method, may in {
        "GET": reads,
        "HEAD": reads,
        "POST": writes,
        "PUT": writes,
        "DELETE": writes,
        "X": writes,
    }.items():
        asked = asking(method, {"token_use": "access", "client_id": "machine-1", "scope": scope})
        if may:
            assert callers.caller_of(asked, table) == Caller("machine", "machine-1", "anam")
        else:
            with pytest.raises(ScopeMissing):
                callers.caller_of(asked, table)


@pytest.mark.parametrize(
    "claims",
    [
        {"client_id": "machine-2", "scope": "mailroom/inbox"},
        {"scope": "mailroom/inbox"},
        {"client_id": "machine-1", "scope": "mailroom/inbox", "token_use": "id"},
        {"client_id": ["machine-1"], "scope": "mailroom/inbox"},
    ],
)
def test_a_program_that_is_not_bound_is_let_nowhere(claims: dict[str, object]) -> None:
    with pytest.raises(NotYourOrganism):
        callers.caller_of(event(**claims), table)


@pytest.mark.parametrize("context", [{}, {"authorizer": None}, {"authorizer": {"jwt": {"claims": {}}}}])
def test_without_claims_nobody_is_signed_in(context: dict[str, object]) -> None:
    with pytest.raises(NotSignedIn):
        callers.caller_of({"requestContext": context}, table)
    with pytest.raises(NotSignedIn):
        callers.operator_guard({"requestContext": context})


def test_an_operator_is_one_by_the_group_alone() -> None:
    operator = event(cognito__username="omar", cognito__groups="[operators]")
    callers.operator_guard(operator)
    assert callers.caller(operator) == Caller("operator", "omar")
    for other in (
        event(cognito__username="nadia", cognito__groups="[organism:anam]"),
        event(cognito__username="nadia", cognito__groups="[operators-of-nothing]"),
        event(client_id="machine-1", scope="mailroom/inbox operators"),
        event(client_id="machine-1", cognito__groups="[operators]"),
    ):
        with pytest.raises(NotYourOrganism):
            callers.operator_guard(other)


def test_the_guard_says_whom_it_let_through_and_without_it_nobody_is_known() -> None:
    agent = event(cognito__username="nadia", cognito__groups="[organism:anam]")
    with pytest.raises(KeyError):
        callers.caller(agent)
    callers.organism_guard(table)(agent)
    assert callers.caller(agent).organism_id == "anam"
