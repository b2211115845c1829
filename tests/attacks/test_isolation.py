"""One organism's mail, another's token."""

import pytest

from tests.support.in_process.agents import Agent, program
from tests.support.in_process.service import CITIZEN, LETTER, Mail, Service, sha256

ANSWER = {"outcome": "answered", "message": "Pris."}
FILE = {"file_name": "plan.pdf", "media_type": "application/pdf", "size": 4, "sha256": sha256(b"plan")}

AGENT_ROUTES = [
    ("GET", "/{number}", None),
    ("GET", "/{number}/attachments/{attachment_id}", None),
    ("POST", "/{number}/attachments", FILE),
    ("DELETE", "/{number}/attachments/{attachment_id}", None),
    ("POST", "/{number}/collection", None),
    ("POST", "/{number}/outcome", ANSWER),
]

SENDER_ROUTES = [
    ("GET", "", None),
    ("GET", "/receipt", None),
    ("PUT", "/letter", LETTER),
    ("PUT", "/sender", CITIZEN),
    ("POST", "/attachments", FILE),
    ("DELETE", "/attachments/{attachment_id}", None),
    ("POST", "/submission", None),
]


@pytest.fixture(scope="module")
def victim(shared_service: Service) -> Mail:
    """A mail that was sent to ANAM."""
    return shared_service.sent("anam")


def attachment_of(service: Service, mail: Mail) -> str:
    (file,) = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).json["attachments"]
    return str(file["attachment_id"])


@pytest.mark.parametrize(("method", "path", "body"), AGENT_ROUTES)
@pytest.mark.parametrize("kind", ["agent", "machine"])
def test_another_organisms_mail_stays_shut(  # noqa: PLR0913, PLR0917 - a case and its fixtures
    shared_service: Service, victim: Mail, method: str, path: str, body: object, kind: str
) -> None:
    """An agent or a program of another organism wants to read, take or answer a mail whose number it knows."""
    stranger = Agent(shared_service, "mi", "mallory") if kind == "agent" else program(shared_service, "mi")
    known = {"number": victim.submitted["number"], "attachment_id": attachment_of(shared_service, victim)}
    before = shared_service.items(f"MAIL#{victim.mail_id}")
    answer = stranger.call(method, path.format(**known), body)
    assert answer.status == 404, answer.body
    assert victim.mail_id not in answer.body
    assert shared_service.items(f"MAIL#{victim.mail_id}") == before


@pytest.mark.parametrize("query", ["", "?q=attestation", "?status=submitted", "/statistics"])
def test_another_organisms_list_shows_nothing(shared_service: Service, victim: Mail, query: str) -> None:
    """An agent of another organism wants a list, a search or a count with a stranger's mail in it."""
    answer = Agent(shared_service, "mi", "mallory").list(query)
    assert answer.status in {200, 422}, answer.body
    assert victim.submitted["number"] not in answer.body


@pytest.mark.parametrize(("method", "path", "body"), SENDER_ROUTES)
def test_one_mails_token_opens_no_other(
    shared_service: Service, victim: Mail, method: str, path: str, body: object
) -> None:
    """A sender wants another sender's mail by its id, with a token of their own."""
    own = shared_service.start("anam")
    before = shared_service.items(f"MAIL#{victim.mail_id}")
    attachment_id = attachment_of(shared_service, victim)
    address = f"/v1/mails/{victim.mail_id}{path.format(attachment_id=attachment_id)}"
    assert shared_service.call(method, address, body, token=own.token).status == 401
    assert shared_service.items(f"MAIL#{victim.mail_id}") == before


@pytest.mark.parametrize("organism_id", ["anam", "ANAM", "anam ", "../anam", "anam#2026", ""])
def test_the_organism_is_never_the_requests_word(shared_service: Service, victim: Mail, organism_id: str) -> None:
    """An agent of another organism wants in by naming the organism in query, header or body."""
    stranger = Agent(shared_service, "mi", "mallory")
    named = {"organism_id": organism_id, "organism": organism_id}
    listed = stranger.call("GET", f"?organism_id={organism_id}".replace(" ", "%20").replace("#", "%23"))
    headers = stranger.call("GET", "", headers={"x-organism-id": organism_id, "cognito:groups": "organism:anam"})
    written = stranger.call("POST", f"/{victim.submitted['number']}/outcome", ANSWER | named)
    assert [listed.status, headers.status, written.status] in ([422, 200, 422], [422, 200, 404])
    assert victim.submitted["number"] not in listed.body + headers.body
