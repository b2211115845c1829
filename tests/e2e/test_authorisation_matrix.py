"""Who may call what: every route, by every kind of caller, to the letter.

The mail that is asked for was sent to ANAM, and answered: whoever is let in gets an answer that changes nothing. A
sender's token is of that mail; `agent` and `machine` are ANAM's, `other_agent` is another organism's; `access_token`
is the agent's, and `reader` a program of ANAM's that may only read.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
import pytest

from infra.constructs.http_api import routes
from infra.local.agent_client import AgentClient
from infra.local.local_stack import LocalStack
from infra.local.samples import LETTER, SENDER, a_pdf
from infra.local.sender_client import SenderClient, Sent
from infra.names import READ_SCOPE
from tests.support.samples import forged_tokens as tokens

CALLERS = (
    "nobody",
    "another_mail",
    "sender",
    "agent",
    "other_agent",
    "machine",
    "operator",
    "expired",
    "other_pool",
    "tampered",
    "access_token",
    "reader",
)

MATRIX = """
    GET /v1/health                                              200 200 200 200 200 200 200 200 200 200 200 200
    GET /v1/openapi.json                                        200 200 200 200 200 200 200 200 200 200 200 200
    GET /v1/organisms                                           200 200 200 200 200 200 200 200 200 200 200 200
    GET /v1/organisms/{organism_id}                             200 200 200 200 200 200 200 200 200 200 200 200
    GET /v1/receipts/{verification_code}                        200 200 200 200 200 200 200 200 200 200 200 200
    GET /v1/receipts/{verification_code}/statement              200 200 200 200 200 200 200 200 200 200 200 200
    GET /.well-known/jwks.json                                  200 200 200 200 200 200 200 200 200 200 200 200
    GET /.well-known/receipt-sealers                            200 200 200 200 200 200 200 200 200 200 200 200
    GET /v1/register-heads                                      200 200 200 200 200 200 200 200 200 200 200 200
    GET /v1/register-heads/{date}                               200 200 200 200 200 200 200 200 200 200 200 200
    GET /v1/open-data                                           200 200 200 200 200 200 200 200 200 200 200 200
    GET /v1/open-data.csv                                       200 200 200 200 200 200 200 200 200 200 200 200
    POST /v1/follow-up                                          200 200 200 200 200 200 200 200 200 200 200 200
    POST /v1/mails                                              201 201 201 201 201 201 201 201 201 201 201 201

    GET /v1/mails/{mail_id}                                     401 401 200 401 401 401 401 401 401 401 401 401
    GET /v1/mails/{mail_id}/receipt                             401 401 200 401 401 401 401 401 401 401 401 401
    PUT /v1/mails/{mail_id}/letter                              401 401 409 401 401 401 401 401 401 401 401 401
    PUT /v1/mails/{mail_id}/sender                              401 401 409 401 401 401 401 401 401 401 401 401
    POST /v1/mails/{mail_id}/attachments                        401 401 409 401 401 401 401 401 401 401 401 401
    DELETE /v1/mails/{mail_id}/attachments/{attachment_id}      401 401 409 401 401 401 401 401 401 401 401 401
    POST /v1/mails/{mail_id}/submission                         401 401 200 401 401 401 401 401 401 401 401 401

    POST /v1/session                                            400 400 400 400 400 400 400 400 400 400 400 400
    POST /v1/session/challenge                                  400 400 400 400 400 400 400 400 400 400 400 400
    POST /v1/session/forgotten                                  400 400 400 400 400 400 400 400 400 400 400 400
    POST /v1/session/reset                                      400 400 400 400 400 400 400 400 400 400 400 400
    GET /v1/session                                             401 401 401 401 401 401 401 401 401 401 401 401
    DELETE /v1/session                                          204 204 204 204 204 204 204 204 204 204 204 204

    GET /v1/inbox                                               401 401 401 200 200 200 403 401 401 401 401 200
    POST /v1/inbox/counter                                      401 401 401 201 201 201 403 401 401 401 401 403
    GET /v1/inbox/counts                                        401 401 401 200 200 200 403 401 401 401 401 200
    GET /v1/inbox/templates                                     401 401 401 200 200 200 403 401 401 401 401 200
    PUT /v1/inbox/templates/{template_id}                       401 401 401 400 400 400 403 401 401 401 401 403
    DELETE /v1/inbox/templates/{template_id}                    401 401 401 404 404 404 403 401 401 401 401 403
    GET /v1/inbox/statistics                                    401 401 401 200 200 200 403 401 401 401 401 200
    GET /v1/inbox/{number}                                      401 401 401 200 404 200 403 401 401 401 401 200
    GET /v1/inbox/{number}/attachments/{attachment_id}          401 401 401 200 404 200 403 401 401 401 401 200
    POST /v1/inbox/{number}/attachments                         401 401 401 409 404 409 403 401 401 401 401 403
    DELETE /v1/inbox/{number}/attachments/{attachment_id}       401 401 401 409 404 409 403 401 401 401 401 403
    POST /v1/inbox/{number}/collection                          401 401 401 200 404 200 403 401 401 401 401 403
    POST /v1/inbox/{number}/outcome                             401 401 401 200 404 200 403 401 401 401 401 403

    PUT /v1/organisms/{organism_id}                             401 401 401 403 403 403 422 401 401 401 401 403
    GET /v1/operations/failures                                 401 401 401 403 403 403 200 401 401 401 401 403
    POST /v1/operations/failures/redrive                        401 401 401 403 403 403 202 401 401 401 401 403
    GET /v1/operations/organisms                                401 401 401 403 403 403 200 401 401 401 401 403
    GET /v1/operations/organisms/{organism_id}                  401 401 401 403 403 403 200 401 401 401 401 403
    POST /v1/operations/organisms/check                         401 401 401 403 403 403 200 401 401 401 401 403
    POST /v1/operations/organisms/load                          401 401 401 403 403 403 409 401 401 401 401 403
    GET /v1/operations/people                                   401 401 401 403 403 403 200 401 401 401 401 403
    POST /v1/operations/people                                  401 401 401 403 403 403 422 401 401 401 401 403
    DELETE /v1/operations/people/{person_id}                    401 401 401 403 403 403 404 401 401 401 401 403
    POST /v1/operations/people/{person_id}/factor-reset         401 401 401 403 403 403 404 401 401 401 401 403

    POST /v1/mails/{mail_id}/not-mine                           401 401 204 401 401 401 401 401 401 401 401 401
    POST /v1/mails/{mail_id}/codes                              401 401 200 401 401 401 401 401 401 401 401 401
"""


def expected() -> dict[str, dict[str, int]]:
    """The table: the status of each caller, by route."""
    rows = {}
    for line in filter(None, map(str.strip, MATRIX.splitlines())):
        method, path, *statuses = line.split()
        rows[f"{method} {path}"] = dict(zip(CALLERS, map(int, statuses), strict=True))
    return rows


_IDS = {"jti", "origin_jti"}
ANSWER = {"outcome": "answered", "message": "Votre demande est satisfaite."}
_FILE = {
    "file_name": "plan.pdf",
    "media_type": "application/pdf",
    "size": 4,
    "sha256": sha256(b"plan").hexdigest(),
}


@pytest.fixture(scope="module")
def sent(sender: SenderClient) -> Sent:
    """The mail that all is about."""
    started = sender.start("anam")
    sender.write(started)
    sender.attach(started, a_pdf())
    sender.identify(started)
    sent = sender.submit(started)
    sender.receipt(sent)
    return sent


@pytest.fixture(scope="module")
def asked(
    stack: LocalStack,
    sender: SenderClient,
    storage: httpx.Client,
    sent: Sent,
    in_head: Sent,  # noqa: ARG001 - a head to ask for
) -> Mapping[str, str]:
    """What paths name: the mail, answered, and its file, known to be clean."""
    inbox = AgentClient(sender, storage, stack.sign_in(stack.people.agents["anam"]).id_token)
    (file,) = inbox.open(sent)["attachments"]
    inbox.ask("POST", f"/{sent.number}/outcome", expect=201, json=ANSWER)
    return {
        "date": sender.ask("GET", "/register-heads")["items"][0]["date"],
        "organism_id": "anam",
        "person_id": str(UUID(int=0)),
        "template_id": "unknown",
        "mail_id": sent.mail_id,
        "number": sent.number,
        "attachment_id": file["attachment_id"],
        "verification_code": sent.verification_code,
    }


@pytest.fixture(scope="module")
def bodies(sender: SenderClient, in_head: Sent) -> Mapping[str, dict[str, Any]]:
    """What whoever is let in would send, by route: nothing that could be taken where that would change something.

    Follow-up is of a mail whose codes no row replaces.
    """
    version = sender.ask("GET", "/organisms/anam")["privacy_notice"]["version"]
    return {
        "POST /v1/mails": {"organism_id": "anam", "language": "fr"},
        "POST /v1/inbox/counter": {"language": "fr"},
        "POST /v1/follow-up": {"number": in_head.number, "follow_up_code": in_head.follow_up_code},
        "PUT /v1/mails/{mail_id}/letter": LETTER,
        "PUT /v1/mails/{mail_id}/sender": {**SENDER, "privacy_notice_version": version},
        "POST /v1/mails/{mail_id}/attachments": _FILE,
        "POST /v1/inbox/{number}/attachments": _FILE,
        "POST /v1/inbox/{number}/outcome": ANSWER,
        "PUT /v1/organisms/{organism_id}": {"code": "ANAM"},
        "POST /v1/operations/organisms/check": {"csv": ""},
        "POST /v1/operations/organisms/load": {"csv": ""},
        "POST /v1/operations/people": {"role": "agent"},
    }


@pytest.fixture(scope="module")
def held(stack: LocalStack, sender: SenderClient, sent: Sent) -> Mapping[str, str]:
    """The token of each caller."""
    people = stack.people
    agent = stack.sign_in(people.agents["anam"])
    operator = stack.sign_in(people.operator)
    return {
        "nobody": "",
        "another_mail": str(sender.start("anam")["access_token"]),
        "sender": sent.access_token,
        "agent": agent.id_token,
        "other_agent": stack.sign_in(people.agents["commune-rabat"]).id_token,
        "machine": stack.machine_token(),
        "operator": operator.id_token,
        "expired": tokens.expired(stack, agent.id_token),
        "other_pool": tokens.of_another_pool(stack, ["organism:anam", "operators"]),
        "tampered": tokens.tampered(agent.id_token, **{"cognito:groups": ["organism:anam", "operators"]}),
        "access_token": agent.access_token,
        "reader": stack.machine_token(READ_SCOPE),
    }


def test_every_route_of_the_contract_has_a_row_and_no_row_is_without_a_route() -> None:
    assert set(expected()) == {route.key for route in routes()}


@pytest.mark.parametrize("route", expected())
def test_each_caller_gets_what_the_table_says(
    api: httpx.Client,
    asked: Mapping[str, str],
    bodies: Mapping[str, dict[str, Any]],
    held: Mapping[str, str],
    route: str,
) -> None:
    method, path = route.split()
    got = {
        caller: api.request(
            method,
            path.format(**asked),
            headers={"Authorization": f"Bearer {token}"} if token else {},
            json=bodies.get(route),
        ).status_code
        for caller, token in held.items()
    }
    assert got == expected()[route]


BY_COOKIE = ("agent", "other_agent", "operator", "expired", "tampered", "access_token")
"""The callers whose token a browser could hold in the session's cookie."""


@pytest.mark.parametrize("route", expected())
def test_the_cookie_opens_what_its_token_opens_to_the_sites_own_pages_and_nothing_to_others(  # noqa: PLR0913, PLR0917 - fixtures
    api: httpx.Client,
    stack: LocalStack,
    asked: Mapping[str, str],
    bodies: Mapping[str, dict[str, Any]],
    held: Mapping[str, str],
    route: str,
) -> None:
    """At the site, from its own page, from another's and from no page; and at the API's own address."""
    method, path = route.split()
    table = expected()[route]
    own = {"Origin": stack.site_url.rstrip("/")}
    foreign = {"Origin": "https://evil.example.ma"}
    with stack.visitor() as site:
        for caller in BY_COOKIE:
            cookie = {"Cookie": f"__Host-session={held[caller]}"}

            def got(client: httpx.Client, origin: Mapping[str, str], cookie: Mapping[str, str] = cookie) -> int:
                headers = {**cookie, **origin}
                return client.request(method, path.format(**asked), headers=headers, json=bodies.get(route)).status_code

            assert got(site, own) == table[caller], caller
            refused = table[caller] if method == "GET" else 403
            assert (got(site, foreign), got(site, {})) == (refused, refused), caller
            assert got(api, own) == table["nobody"], caller


def test_a_token_that_should_not_be_let_in_is_refused_for_what_is_wrong_with_it_alone(
    api: httpx.Client, held: Mapping[str, str], stack: LocalStack
) -> None:
    """The bad tokens differ from good ones in nothing else: else the table would show less than it says."""
    good = stack.sign_in(stack.people.agents["anam"]).id_token
    assert api.get("/v1/inbox", headers={"Authorization": f"Bearer {good}"}).status_code == 200
    jwt, old = tokens.Jwt.read(good), tokens.Jwt.read(held["expired"])
    assert old.header == jwt.header
    assert {name for name in jwt.claims if old.claims[name] != jwt.claims[name]} <= {"iat", "exp", "auth_time", *_IDS}
    renewed = tokens.expired(stack, good, by=0)
    assert api.get("/v1/inbox", headers={"Authorization": f"Bearer {renewed}"}).status_code == 200
    assert tokens.Jwt.read(held["other_pool"]).claims["cognito:groups"] == ["organism:anam", "operators"]


def test_a_program_whose_client_is_bound_to_no_organism_opens_nothing(api: httpx.Client, stack: LocalStack) -> None:
    """Neither a client that the stack does not list, nor one that the table does not know."""
    pool = stack.session().client("cognito-idp")
    client = pool.create_user_pool_client(
        UserPoolId=stack.outputs["UserPoolId"],
        ClientName="unbound",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=[READ_SCOPE],
    )["UserPoolClient"]
    with stack.storage() as http:
        token = http.post(
            stack.people.machine.token_url,
            auth=(client["ClientId"], client["ClientSecret"]),
            data={"grant_type": "client_credentials", "scope": READ_SCOPE},
        ).json()["access_token"]
    assert api.get("/v1/inbox", headers={"Authorization": f"Bearer {token}"}).status_code == 401

    table = stack.session().resource("dynamodb").Table(stack.outputs["TableName"])
    key = {"pk": f"CLIENT#{stack.people.machine.client_id}", "sk": "CLIENT"}
    bound = table.get_item(Key=key)["Item"]
    table.delete_item(Key=key)
    try:
        known = {"Authorization": f"Bearer {stack.machine_token()}"}
        assert api.get("/v1/inbox", headers=known).status_code == 403
    finally:
        table.put_item(Item=bound)
