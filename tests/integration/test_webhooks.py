"""An organism's program is told of its mail: signed, again for a day, and never at an address that is not public."""

import json
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

import call_webhook.call
import call_webhook.handler
from tests.integration import receiver as program
from tests.integration.mishaps import watching
from tests.integration.receiver import Behaviour, Receiver, answers
from tests.integration.refused import wrong_fields
from tests.integration.service import NEW_ORGANISM, REGION, Service, context

type Running = Callable[..., AbstractContextManager[Receiver]]


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Running:
    """Makes programs whose certificate is trusted; calls have little patience."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    monkeypatch.setattr(call_webhook.call, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(call_webhook.call, "WHOLE_SECONDS", 1.0)

    def run(behaves: Behaviour = program.OK, **more: str) -> AbstractContextManager[Receiver]:
        return program.receiver(tmp_path, behaves, **more)

    return run


def joined(service: Service, url: str, organism_id: str = "cndp", **webhook: object) -> Any:  # noqa: ANN401 - JSON
    """An organism with a webhook; the answer to its enrolment."""
    body = NEW_ORGANISM | {"code": organism_id.upper(), "webhook": {"url": url, **webhook}}
    answer = service.put_organism(organism_id, body)
    assert answer.status in {200, 201}, answer.body
    return answer.json


def told(service: Service, organism_id: str = "cndp") -> list[dict[str, Any]]:
    """The messages that wait for the organism's program after one more mail."""
    mail = service.sent(organism_id)
    service.receipt_trigger(mail.mail_id)
    return [each for each in service.queued("webhooks") if json.loads(each["body"])["mail_id"] == mail.mail_id]


def called(records: list[dict[str, Any]], receives: int = 1) -> list[str]:
    """What the function leaves on the queue, of messages that were received so often."""
    event = {"Records": [record | {"attributes": {"ApproximateReceiveCount": str(receives)}} for record in records]}
    answer = call_webhook.handler.handler(event, context("call_webhook"))
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_program_is_told_of_its_mail_by_a_call_that_it_can_check(service: Service, running: Running) -> None:
    with running() as organism:
        secret = joined(service, organism.url)["webhook_secret"]
        mail = service.sent("cndp")
        service.receipt_trigger(mail.mail_id)
        assert called(service.queued("webhooks")) == []
    [request] = organism.received
    assert request.line == "POST /hooks/mail?desk=1 HTTP/1.1"
    assert request.headers["host"] == f"localhost:{organism.port}"
    assert request.headers["content-type"] == "application/json"
    payload = Webhook(secret).verify(request.body, request.headers)
    assert payload == {
        "type": "mail.submitted",
        "timestamp": mail.submitted["submitted_at"],
        "data": {"mail_id": mail.mail_id, "number": mail.submitted["number"], "organism_id": "cndp"},
    }
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(request.body.replace(b"CNDP-", b"ANAM-"), request.headers)


def test_the_queues_message_holds_ids_and_no_person(service: Service, running: Running) -> None:
    with running() as organism:
        joined(service, organism.url)
        [message] = told(service)
    assert json.loads(message["body"]).keys() == {
        "webhook_id",
        "type",
        "timestamp",
        "mail_id",
        "number",
        "organism_id",
    }


def test_an_organism_without_a_webhook_is_not_told_by_one(service: Service) -> None:
    assert told(service, "anam") == []


def test_an_organism_that_gave_its_webhook_up_is_left_alone(service: Service, running: Running) -> None:
    with running() as organism:
        joined(service, organism.url)
        messages = told(service)
        service.put_organism("cndp", NEW_ORGANISM)
        assert called(messages) == []
    assert organism.connections == 0


def test_a_secret_is_shown_when_the_webhook_is_set_and_at_no_other_time(service: Service, running: Running) -> None:
    with running() as organism:
        first = joined(service, organism.url)
        assert first["webhook_secret"].startswith("whsec_")
        assert joined(service, organism.url)["webhook_secret"] is None
        other = joined(service, organism.url, secret_version=2)
        assert other["webhook_secret"] not in {None, first["webhook_secret"]}
        assert called(told(service)) == []
        Webhook(other["webhook_secret"]).verify(organism.received[0].body, organism.received[0].headers)
    assert first["webhook_secret"] not in service.call("GET", "/v1/organisms/cndp").body
    assert "webhook" not in service.call("GET", "/v1/organisms/cndp").json


def test_the_same_mail_told_twice_has_the_same_id_and_the_same_body(service: Service, running: Running) -> None:
    with running() as organism:
        joined(service, organism.url)
        messages = told(service)
        assert called(messages) + called(messages) == []
    first, second = organism.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


@pytest.mark.parametrize(
    "behaves",
    [
        answers("HTTP/1.1 500 No"),
        answers("HTTP/1.1 404 No"),
        answers("HTTP/1.1 429 No\r\nRetry-After: 1"),
        answers("HTTP/1.1 302 Found\r\nLocation: https://169.254.169.254/latest/meta-data"),
        answers("HTTP/1.1 307 Found\r\nLocation: https://localhost/"),
        answers("no HTTP at all"),
        answers("HTTP/1.1 200 OK\r\n" + "X: " + "x" * 70_000),
        program.hangs,
        program.drips,
        program.closes,
    ],
    ids=["500", "404", "429", "redirect", "307", "no HTTP", "endless header", "hangs", "drips", "closes"],
)
def test_whatever_a_program_does_the_call_ends_and_comes_back(
    service: Service, running: Running, behaves: Behaviour
) -> None:
    with running(behaves) as organism:
        joined(service, organism.url)
        messages = told(service)
        began = time.monotonic()
        assert called(messages) == [message["messageId"] for message in messages]
        assert time.monotonic() - began < 3
    assert organism.connections == 1


def test_an_endless_answer_is_not_fetched(service: Service, running: Running) -> None:
    with running(program.floods) as organism:
        joined(service, organism.url)
        began = time.monotonic()
        assert called(told(service)) == []
        assert time.monotonic() - began < 30


def test_a_program_that_nobody_answers_for_is_tried_again(service: Service, running: Running) -> None:
    with running() as organism:
        joined(service, organism.url)
    assert len(called(told(service))) == 1


def test_a_certificate_of_another_name_is_refused(service: Service, running: Running) -> None:
    with running(name="other.example") as organism:
        joined(service, organism.url)
        assert len(called(told(service))) == 1
    assert organism.received == []


def test_a_program_that_answers_500_for_a_day_is_told_in_the_end(
    service: Service, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each attempt puts the message off further, and from the first to the last more than 24 hours go by."""
    with running(answers("HTTP/1.1 500 No")) as organism, watching("ChangeMessageVisibility") as put_off:
        joined(service, organism.url)
        messages = told(service)
        for receives in range(1, 12):
            call_webhook.handler.failing.cache_clear()
            assert len(called(messages, receives)) == 1
        assert len(organism.received) == 11
        delays = [timedelta(seconds=request["VisibilityTimeout"]) for request in put_off]
        assert sum(delays, timedelta()) > timedelta(hours=24)
        assert max(delays) < timedelta(hours=12)
        monkeypatch.setattr(organism, "behaves", program.OK)
        call_webhook.handler.failing.cache_clear()
        assert called(messages, 12) == []
    assert len({request.headers["webhook-id"] for request in organism.received}) == 1


def test_an_organism_that_hangs_holds_up_no_other(
    service: Service, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_webhook.call, "CONNECT_SECONDS", 2.0)
    with running() as quick:
        joined(service, quick.url, "quick")
        hanging = socket.create_server(("127.0.0.1", 0))
        with hanging:
            joined(service, f"https://localhost:{hanging.getsockname()[1]}/", "slow")
            slow = [message for _ in range(3) for message in told(service, "slow")]
            began = time.monotonic()
            assert len(called([*slow, *told(service, "quick")])) == 3
    assert len(quick.received) == 1
    # One call had to be waited for; the other two were put off without one.
    assert time.monotonic() - began < 2 * 2.0 + 1


def test_messages_carry_their_organism_as_group_so_that_queues_are_fair(service: Service, running: Running) -> None:
    with running() as organism, watching("SendMessage") as sent:
        joined(service, organism.url)
        told(service)
    assert [request["MessageGroupId"] for request in sent] == ["cndp"]


def test_a_message_that_nobody_can_read_goes_to_the_dead_letters(service: Service) -> None:
    url = boto3.client("sqs", REGION).get_queue_url(QueueName="webhooks")["QueueUrl"]
    boto3.client("sqs", REGION).send_message(QueueUrl=url, MessageBody="{}")
    assert len(called(service.queued("webhooks"))) == 1


# --- addresses that may not be called


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What names mean: for each host its numbers, look-up by look-up; the last ones stay."""
    known: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *arguments: object, **more: object) -> object:
        if host not in known:
            return real(host, port, *arguments, **more)  # type: ignore[arg-type]  # as the caller gave them
        found = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize(
    "numbers",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["172.16.0.1"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],  # noqa: S104 - an address that must be refused
        ["224.0.0.1"],
        ["::1"],
        ["fd00:ec2::254"],
        ["fe80::1%eth0"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        ["2002:7f00:1::"],
        ["93.184.215.14", "10.0.0.1"],
    ],
)
def test_an_address_that_is_not_public_is_refused_at_enrolment(
    service: Service, names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch, numbers: list[str]
) -> None:
    monkeypatch.setenv("WEBHOOKS_ALLOW_LOOPBACK", "false")
    names["hooks.example"] = [numbers]
    answer = service.put_organism("cndp", NEW_ORGANISM | {"webhook": {"url": "https://hooks.example/"}})
    assert wrong_fields(answer) == ["webhook.url"]
    assert "cndp" not in {item["sk"] for item in service.items("ORGANISM")}


def test_loopback_alone_is_let_through_where_the_local_stage_says_so(
    service: Service, names: dict[str, list[list[str]]]
) -> None:
    names["hooks.example"] = [["127.0.0.1"], ["10.0.0.1"]]
    webhook = {"webhook": {"url": "https://hooks.example/"}}
    assert service.put_organism("cndp", NEW_ORGANISM | webhook).status == 201
    assert wrong_fields(service.put_organism("other", NEW_ORGANISM | webhook)) == ["webhook.url"]


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "https://user:password@hooks.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://hooks.example:22/",
        "https://hooks.example/#fragment",
        "https://hooks.example\\@10.0.0.1/",
        "ftp://hooks.example/",
        "hooks.example",
        "",
    ],
)
def test_an_address_of_another_form_is_refused_at_enrolment(service: Service, url: str) -> None:
    answer = service.put_organism("cndp", NEW_ORGANISM | {"webhook": {"url": url}})
    assert wrong_fields(answer) == ["webhook.url"]


def test_an_unknown_name_is_refused_at_enrolment(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: object, **_more: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    answer = service.put_organism("cndp", NEW_ORGANISM | {"webhook": {"url": "https://hooks.example/"}})
    assert wrong_fields(answer) == ["webhook.url"]


def test_a_name_that_turned_private_since_its_enrolment_is_not_called(
    service: Service, running: Running, names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOKS_ALLOW_LOOPBACK", "false")
    with running(name="hooks.example") as organism:
        names["hooks.example"] = [["93.184.215.14"], ["127.0.0.1"]]
        joined(service, f"https://hooks.example:{organism.port}/")
        assert len(called(told(service))) == 1
    assert organism.connections == 0


def test_a_name_that_turns_private_between_look_and_call_is_called_where_it_was_looked_at(
    service: Service, running: Running, names: dict[str, list[list[str]]]
) -> None:
    """DNS rebinding: the name is asked for once for each call, and the certificate is the name's all the same."""
    with running(name="hooks.example") as organism:
        names["hooks.example"] = [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]
        joined(service, f"https://hooks.example:{organism.port}/")
        assert called(told(service)) == []
    assert [request.headers["host"] for request in organism.received] == [f"hooks.example:{organism.port}"]
    assert names["hooks.example"] == [["10.0.0.1"]]
