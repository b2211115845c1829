"""An organism's program is told of its mail: signed, again for a day, and never at an address that is not public."""

import json
import socket
import time
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError
from standardwebhooks import Webhook, WebhookVerificationError

import call_webhook.call
import call_webhook.handler
from mailroom.settings import Settings
from tests.support.in_process import receiver as program
from tests.support.in_process.agents import Agent
from tests.support.in_process.mishaps import refusing, watching
from tests.support.in_process.receiver import Behaviour, answers
from tests.support.in_process.service import NEW_ORGANISM, REGION, Mail, Service
from tests.support.in_process.webhook_calls import Programs, called, joined, told


def test_a_program_is_told_of_its_mail_by_a_call_that_it_can_check(service: Service, programs: Programs) -> None:
    with programs() as organism:
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
        "data": {
            "mail_id": mail.mail_id,
            "number": mail.submitted["number"],
            "organism_id": "cndp",
            "channel": "online",
        },
    }
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(request.body.replace(b"CNDP-", b"ANAM-"), request.headers)


def test_the_queues_message_holds_ids_and_no_person(service: Service, programs: Programs) -> None:
    with programs() as organism:
        joined(service, organism.url)
        [message] = told(service)
    assert json.loads(message["body"]).keys() == {
        "webhook_id",
        "type",
        "timestamp",
        "mail_id",
        "number",
        "organism_id",
        "channel",
    }


def test_a_program_is_told_of_paper_from_the_counter_as_such(service: Service, programs: Programs) -> None:
    with programs() as organism:
        joined(service, organism.url)
        answer = Agent(service, "cndp").call("POST", "/counter", {"language": "fr"})
        mail = Mail(answer.json["mail_id"], answer.json["access_token"])
        assert service.write(mail).status == service.identify(mail).status == 200
        assert service.submit(mail).status == 201
        service.receipt_trigger(mail.mail_id)
        assert called(service.queued("webhooks")) == []
    [request] = organism.received
    assert json.loads(request.body)["data"]["channel"] == "counter"


def test_an_organism_without_a_webhook_is_not_told_by_one(service: Service) -> None:
    assert told(service, "anam") == []


def test_an_organism_that_gave_its_webhook_up_is_left_alone(service: Service, programs: Programs) -> None:
    with programs() as organism:
        joined(service, organism.url)
        messages = told(service)
        service.put_organism("cndp", NEW_ORGANISM)
        assert called(messages) == []
    assert organism.connections == 0


def test_a_secret_is_shown_when_the_webhook_is_set_and_at_no_other_time(service: Service, programs: Programs) -> None:
    with programs() as organism:
        first = joined(service, organism.url)
        assert first["webhook_secret"].startswith("whsec_")
        assert joined(service, organism.url)["webhook_secret"] is None
        other = joined(service, organism.url, secret_version=2)
        assert other["webhook_secret"] not in {None, first["webhook_secret"]}
        assert called(told(service)) == []
        Webhook(other["webhook_secret"]).verify(organism.received[0].body, organism.received[0].headers)
    assert first["webhook_secret"] not in service.call("GET", "/v1/organisms/cndp").body
    assert "webhook" not in service.call("GET", "/v1/organisms/cndp").json


def test_the_same_mail_told_twice_has_the_same_id_and_the_same_body(service: Service, programs: Programs) -> None:
    with programs() as organism:
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
    service: Service, programs: Programs, behaves: Behaviour
) -> None:
    with programs(behaves) as organism:
        joined(service, organism.url)
        messages = told(service)
        began = time.monotonic()
        assert called(messages) == [message["messageId"] for message in messages]
        assert time.monotonic() - began < 3
    assert organism.connections == 1


def test_an_endless_answer_is_not_fetched(service: Service, programs: Programs) -> None:
    with programs(program.floods) as organism:
        joined(service, organism.url)
        began = time.monotonic()
        assert called(told(service)) == []
        assert time.monotonic() - began < 30


def test_a_program_that_nobody_answers_for_is_tried_again(service: Service, programs: Programs) -> None:
    with programs() as organism:
        joined(service, organism.url)
    assert len(called(told(service))) == 1


def test_a_message_is_put_off_before_the_key_is_read_that_secrets_manager_may_refuse(
    service: Service, programs: Programs
) -> None:
    """Else it would come back at once, and its attempts be used up within minutes instead of a day."""
    with programs() as organism:
        joined(service, organism.url)
        messages = told(service)
        Settings.reset()
        with (
            refusing("GetSecretValue", "AccessDeniedException"),
            watching("ChangeMessageVisibility") as put_off,
            pytest.raises(ClientError),
        ):
            called(messages)
    assert len(put_off) == 1
    assert put_off[0]["VisibilityTimeout"] >= 60
    assert organism.received == []


def test_a_certificate_of_another_name_is_refused(service: Service, programs: Programs) -> None:
    with programs(name="other.example") as organism:
        joined(service, organism.url)
        assert len(called(told(service))) == 1
    assert organism.received == []


def test_a_program_that_answers_500_for_a_day_is_told_in_the_end(
    service: Service, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each attempt puts the message off further, and from the first to the last more than 24 hours go by."""
    with programs(answers("HTTP/1.1 500 No")) as organism, watching("ChangeMessageVisibility") as put_off:
        joined(service, organism.url)
        messages = told(service)
        for receives in range(1, 12):
            Settings.reset()
            assert len(called(messages, receives)) == 1
        assert len(organism.received) == 11
        delays = [timedelta(seconds=request["VisibilityTimeout"]) for request in put_off]
        assert sum(delays, timedelta()) > timedelta(hours=24)
        assert max(delays) < timedelta(hours=12)
        monkeypatch.setattr(organism, "behaves", program.OK)
        Settings.reset()
        assert called(messages, 12) == []
    assert len({request.headers["webhook-id"] for request in organism.received}) == 1


def test_an_organism_that_hangs_holds_up_no_other(
    service: Service, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_webhook.call, "CONNECT_SECONDS", 2.0)
    with programs() as quick:
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


def test_messages_carry_their_organism_as_group_so_that_queues_are_fair(service: Service, programs: Programs) -> None:
    with programs() as organism, watching("SendMessage") as sent:
        joined(service, organism.url)
        told(service)
    assert [request["MessageGroupId"] for request in sent] == ["cndp"]


def test_a_message_that_nobody_can_read_goes_to_the_dead_letters(service: Service) -> None:
    url = boto3.client("sqs", REGION).get_queue_url(QueueName="webhooks")["QueueUrl"]
    boto3.client("sqs", REGION).send_message(QueueUrl=url, MessageBody="{}")
    assert len(called(service.queued("webhooks"))) == 1
