"""Tokens of people and programs, and a webhook's secret, in hands that should not have them."""

from typing import Any

import pytest

from tests.attacks.test_ssrf import names
from tests.support.in_process.agents import Agent, program
from tests.support.in_process.service import NEW_ORGANISM, OPERATOR, Answer, Mail, Service

__all__ = ["names"]

AGENT_READS = ["", "/statistics", "/{number}"]
AGENT_WRITES: list[tuple[str, str, object]] = [
    ("POST", "/{number}/collection", None),
    ("POST", "/{number}/outcome", {"outcome": "answered", "message": "Voici."}),
    ("POST", "/{number}/attachments", {"file_name": "a.pdf", "media_type": "application/pdf", "size": 1}),
    ("DELETE", "/{number}/attachments/x", None),
]


@pytest.fixture(scope="module")
def mail(shared_service: Service) -> Mail:
    return shared_service.sent("anam")


def problem(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["type"].removeprefix("/problems/")


@pytest.mark.parametrize(
    "claims",
    [
        {"token_use": "access", "username": "nadia", "client_id": "people", "scope": "aws.cognito.signin.user.admin"},
        {"token_use": "access", "username": "nadia", "client_id": "people", "scope": "mailroom/inbox.read"},
        {"token_use": "access", "cognito:username": "nadia"},
        {"token_use": "refresh", "cognito:username": "nadia"},
    ],
)
def test_a_persons_access_token(shared_service: Service, mail: Mail, claims: dict[str, Any]) -> None:
    """Whoever got hold of an agent's or an operator's access token wants to use it as their identity token."""
    agent = Agent(shared_service)
    agent.claims = claims | {"cognito:groups": "[organism:anam operators]"}
    for path in AGENT_READS:
        answer = agent.call("GET", path.format(number=mail.submitted["number"]))
        assert problem(answer) == (401, "identity-token-needed")
    for method, path in (("GET", "/v1/operations/failures"), ("POST", "/v1/operations/failures/redrive")):
        answer = shared_service.call(method, path, claims=agent.claims)
        assert problem(answer) == (401, "identity-token-needed")
    answer = shared_service.call("PUT", "/v1/organisms/cndp", NEW_ORGANISM, claims=agent.claims)
    assert problem(answer) == (401, "identity-token-needed")


@pytest.mark.parametrize(("method", "path", "body"), AGENT_WRITES)
def test_a_program_that_may_only_read(
    shared_service: Service, mail: Mail, method: str, path: str, body: object
) -> None:
    """Whoever broke into a program that shows figures wants to answer or take over mail with its token."""
    reader = program(shared_service, scope="mailroom/inbox.read")
    before = shared_service.items(f"MAIL#{mail.mail_id}")
    answer = reader.call(method, path.format(number=mail.submitted["number"]), body)
    assert problem(answer) == (403, "scope-missing")
    assert shared_service.items(f"MAIL#{mail.mail_id}") == before
    assert reader.list().status == 200


@pytest.mark.parametrize("path", AGENT_READS)
def test_a_program_that_may_only_write(shared_service: Service, mail: Mail, path: str) -> None:
    """A program that hands in answers wants to read what else is in the inbox."""
    writer = program(shared_service, scope="mailroom/inbox.write")
    answer = writer.call("GET", path.format(number=mail.submitted["number"]))
    assert problem(answer) == (403, "scope-missing")
    assert "mailroom/inbox.read" in answer.json["detail"]


@pytest.mark.parametrize(
    "scope", ["", "openid", "mailroom/inboxes", "mailroom/inbox.*", "mailroom/*", "mailroom/inbox.read,mailroom/inbox"]
)
def test_a_scope_that_resembles_one(shared_service: Service, mail: Mail, scope: str) -> None:
    """A client of another resource wants in by a scope whose name begins, ends or matches like ours."""
    other = program(shared_service, scope=scope)
    assert other.list().status == 403
    assert other.collect(mail.submitted["number"]).status == 403


@pytest.mark.parametrize(
    "groups",
    ["[organism:anam organism:mi]", "[organism:anam] ", "organism:*", '["organism:anam"', "[organism:anam,operators]"],
)
def test_groups_that_are_read_in_two_ways(shared_service: Service, mail: Mail, groups: str) -> None:
    """Whoever can have a group named as they like wants its name read as another organism's, or as two groups."""
    agent = Agent(shared_service)
    agent.claims = {"token_use": "id", "cognito:username": "mallory", "cognito:groups": groups}
    assert agent.open(mail.submitted["number"]).status == 403
    assert shared_service.call("PUT", "/v1/organisms/mi", NEW_ORGANISM, claims=agent.claims).status == 403


def webhook(service: Service, url: str | None, version: int = 1) -> str | None:
    """The secret that an operator is shown for that webhook; None for no webhook, too."""
    wanted = {"url": url, "secret_version": version} if url else None
    answer = service.call("PUT", "/v1/organisms/cndp", NEW_ORGANISM | {"webhook": wanted}, claims=OPERATOR)
    assert answer.status in {200, 201}, answer.body
    secret: str | None = answer.json["webhook_secret"]
    return secret


def test_a_webhooks_secret_is_shown_once(service: Service, names: dict[str, list[list[str]]]) -> None:
    """An operator's stolen session wants the secret that a program uses, to forge calls to it."""
    names |= {"one.example": [["93.184.215.14"]], "two.example": [["93.184.215.14"]]}
    one, two = "https://one.example/", "https://two.example/"
    first = webhook(service, one)
    assert first is not None
    assert webhook(service, one) is None, "sent again"
    assert webhook(service, two) is None, "another address, the same secret"
    assert webhook(service, None) is None
    assert webhook(service, one) is None, "taken away, and set again"
    second = webhook(service, one, 2)
    assert second not in {None, first}
    assert webhook(service, one, 1) is None, "back to the one before"
    assert webhook(service, one, 2) is None
    assert webhook(service, two, 4) not in {None, first, second}
    assert webhook(service, two, 3) is None, "one that was passed over"
    listed = service.call("GET", "/v1/organisms/cndp").body
    assert "whsec" not in listed
