"""What agents are answered is of the shape that the contract promises, and what they write stays out of the logs."""

from collections.abc import Callable

import pytest

from tests.integration.test_contract_kept import keeps
from tests.integration.test_privacy import MARKED, logged, spilled, written_and_sent
from tests.support.in_process.agents import Agent, mails, scanned
from tests.support.in_process.mishaps import refusing
from tests.support.in_process.service import Service

__all__ = ["logged"]

ONE = "/v1/inbox/{number}"


def test_answers_are_what_the_contract_promises_from_list_to_outcome(service: Service) -> None:
    mail = service.sent()
    number = mail.submitted["number"]
    nadia = Agent(service)
    keeps(nadia.list("?limit=1"), "get", "/v1/inbox", 200)
    keeps(nadia.list("?limit=0"), "get", "/v1/inbox", 422)
    keeps(service.call("GET", "/v1/inbox"), "get", "/v1/inbox", 401)
    keeps(nadia.call("GET", "/statistics"), "get", "/v1/inbox/statistics", 200)
    keeps(nadia.open(number), "get", ONE, 200)
    keeps(nadia.open("ANAM-2026-000009"), "get", ONE, 404)
    file = nadia.open(number).json["attachments"][0]["attachment_id"]
    one = f"{ONE}/attachments/{{attachment_id}}"
    keeps(nadia.download(number, file), "get", one, 409)
    scanned(mail, file, "clean")
    keeps(nadia.download(number, file), "get", one, 200)
    scanned(mail, file, "infected")
    keeps(nadia.download(number, file), "get", one, 410)
    keeps(nadia.collect(number), "post", f"{ONE}/collection", 201)
    keeps(nadia.collect(number), "post", f"{ONE}/collection", 200)
    withdrawn = nadia.announce(number)
    keeps(withdrawn, "post", f"{ONE}/attachments", 201)
    keeps(nadia.close(number), "post", f"{ONE}/outcome", 409)
    path = f"/{number}/attachments/{withdrawn.json['attachment_id']}"
    keeps(nadia.call("DELETE", path), "delete", one, 204)
    answer = nadia.attach(mail)
    scanned(mail, answer, "clean", "answers")
    keeps(nadia.close(number), "post", f"{ONE}/outcome", 201)
    keeps(nadia.close(number), "post", f"{ONE}/outcome", 200)
    keeps(nadia.close(number, "rejected"), "post", f"{ONE}/outcome", 409)
    keeps(nadia.close(number, "rejected", ""), "post", f"{ONE}/outcome", 422)
    keeps(nadia.open(number), "get", ONE, 200)
    keeps(service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token), "get", "/v1/mails/{mail_id}", 200)


def test_a_redirected_mails_answers_are_what_the_contract_promises(service: Service) -> None:
    mail = service.sent()
    closed = Agent(service).redirect(mail.submitted["number"], "adm")
    keeps(closed, "post", f"{ONE}/outcome", 201)
    keeps(Agent(service, "adm").open(closed.json["outcome"]["redirected_to"]["number"]), "get", ONE, 200)
    keeps(service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token), "get", "/v1/mails/{mail_id}", 200)


def test_nothing_that_senders_or_agents_write_gets_into_logs_problems_or_messages(
    service: Service, capfd: pytest.CaptureFixture[str], logged: Callable[[], str]
) -> None:
    mail = written_and_sent(service)
    number = mail.submitted["number"]
    nadia = Agent(service, name=MARKED["first name"])
    nadia.open(number)
    nadia.collect(number)
    refused = [
        nadia.close(number, MARKED["subject"]),
        nadia.close(number, "answered", MARKED["body"] + "\x00"),
        nadia.redirect(number, MARKED["company"].lower()),
        nadia.announce(number, file_name="../" + MARKED["file"]),
        nadia.open(MARKED["reference"]),
        nadia.list(f"?from={MARKED['reference']}&cursor={MARKED['company']}"),
    ]
    with refusing("TransactWriteItems", "AccessDeniedException"):
        refused.append(nadia.close(number, "answered", MARKED["body"]))
    for answer in refused:
        assert answer.status >= 400
        assert spilled(answer.body) == []
    nadia.announce(number, file_name=MARKED["file"])
    assert nadia.close(number, "answered", MARKED["body"]).status == 409
    opened = nadia.open(number).json
    nadia.call("DELETE", f"/{number}/attachments/{opened['answer_attachments'][0]['attachment_id']}")
    assert nadia.close(number, "answered", MARKED["body"]).status == 201
    messages = str([message["body"] for message in service.queued()])
    assert spilled(messages) == ["e-mail", "phone"]
    assert service.deliver(service.queued()) == {"batchItemFailures": []}
    output = capfd.readouterr()
    said = output.out + output.err + logged()
    assert said.count('"message":"answered"') > 10
    assert f'"mail_id":"{mail.mail_id}"' in said
    assert spilled(said) == []


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "", "Query"),
        ("GET", "/statistics", "Query"),
        ("GET", "/{number}", "GetItem"),
        ("POST", "/{number}/collection", "TransactWriteItems"),
        ("POST", "/{number}/outcome", "TransactWriteItems"),
        ("POST", "/{number}/attachments", "TransactWriteItems"),
    ],
)
def test_every_step_says_try_again_when_the_table_throttles(
    service: Service, method: str, path: str, operation: str
) -> None:
    mail = mails(service, 1)[0]
    bodies: dict[str, object] = {
        "/{number}/outcome": {"outcome": "answered", "message": "x"},
        "/{number}/attachments": {"file_name": "x.pdf", "media_type": "application/pdf", "size": 1, "sha256": "0" * 64},
    }
    nadia = Agent(service)
    with refusing(operation, "ProvisionedThroughputExceededException"):
        answer = nadia.call(method, path.replace("{number}", mail.submitted["number"]), bodies.get(path))
    assert (answer.status, answer.json["type"]) == (503, "/problems/try-again")
    assert int(answer.headers["Retry-After"]) >= 1
