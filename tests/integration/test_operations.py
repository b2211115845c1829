"""Operators see what failed and what is late, without anybody's data, and give it back to the byte."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
import time_machine

from mailroom.domain import clock
from mailroom.domain.problems import LANGUAGES
from mailroom.operating.waiting_mails import REASONS
from mailroom.storage.waits import WAITS
from tests.support.in_process.mishaps import ProcessDiedError, dying_after_write, refusing, taking
from tests.support.in_process.refused import problem, wrong_fields
from tests.support.in_process.service import OPERATOR, REGION, TABLE, Answer, Service

AGENT = {"cognito:username": "nadia", "cognito:groups": "[organism:anam]"}
ARN = f"arn:aws:lambda:{REGION}:123456789012:function:bureau-ordre-dev-render-receipt"
SITE = Path(__file__).parents[2] / "site"
MAIL_ID = "0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11"


def failures(service: Service, query: str = "") -> Answer:
    return service.call("GET", f"/v1/operations/failures{query}", claims=OPERATOR)


def redriven(service: Service) -> dict[str, Any]:
    answer = service.call("POST", "/v1/operations/failures/redrive", claims=OPERATOR)
    assert answer.status == 202, answer.body
    return dict(answer.json)


def url(name: str) -> str:
    return boto3.client("sqs", REGION).get_queue_url(QueueName=name)["QueueUrl"]


def given_up(name: str, body: str, **attributes: Any) -> None:  # noqa: ANN401 - as SQS takes them
    """A message that waits in a dead-letter queue."""
    boto3.client("sqs", REGION).send_message(
        QueueUrl=url(f"{name}-failed"), MessageBody=body, MessageAttributes=attributes
    )


def received(name: str) -> list[dict[str, Any]]:
    """The messages of a queue as they are."""
    answer = boto3.client("sqs", REGION).receive_message(
        QueueUrl=url(name),
        MaxNumberOfMessages=10,
        VisibilityTimeout=0,
        MessageAttributeNames=["All"],
        MessageSystemAttributeNames=["All"],
    )
    return [dict(message) for message in answer.get("Messages", [])]


def envelope(payload: object, arn: str = ARN) -> str:
    """What Lambda puts into a queue about an event that a function gave up."""
    return json.dumps(
        {
            "version": "1.0",
            "timestamp": "2026-11-22T10:15:30.123Z",
            "requestContext": {
                "requestId": "r",
                "functionArn": f"{arn}:$LATEST",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": 3,
            },
            "requestPayload": payload,
            "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
            "responsePayload": {"errorMessage": "marked"},
        }
    )


EVENT = {"Records": [{"s3": {"object": {"key": f"submissions/{MAIL_ID}.json"}}, "é": "م"}]}


def test_in_good_weather_nothing_is_shown(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    answer = failures(service)
    assert answer.status == 200, answer.body
    assert answer.json == {
        "dead_letters": [
            {"queue": name, "messages": 0, "sample": []} for name in ("notifications", "webhooks", "receipts")
        ],
        "mails": {"items": [], "more": False},
        "waiting": {"items": [], "kinds": [{"kind": kind, "count": 0, "more": False} for kind in REASONS]},
        "addresses": {"items": [], "more": False},
        "capped": [],
        "sending": {"sent": 0, "bounced": 0, "complained": 0, "paused": False},
        "uncollected": {"after_days": 14, "count": 0, "more": False},
    }


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/redrive")])
def test_only_operators_see_and_redrive(service: Service, method: str, path: str) -> None:
    route = f"/v1/operations/failures{path}"
    problem(service.call(method, route), 401, "not-signed-in")
    problem(service.call(method, route, claims=AGENT), 403, "not-your-organism")


@pytest.mark.parametrize("query", ["?limit=0", "?limit=101", "?limit=x", "?page=1"])
def test_wrong_parameters_are_422(service: Service, query: str) -> None:
    assert len(wrong_fields(failures(service, query))) == 1


def test_dead_letters_are_shown_by_their_ids_and_stay_where_they_are(service: Service) -> None:
    notification = {"notification_id": "a" * 32, "mail_id": MAIL_ID, "to": "marked@exemple.ma", "template": "x"}
    given_up("notifications", json.dumps(notification))
    given_up("receipts", envelope(EVENT))
    given_up("webhooks", "marked: not even JSON")
    for _ in range(2):
        answer = failures(service)
        assert "marked" not in answer.body
        shown = {each["queue"]: each for each in answer.json["dead_letters"]}
        assert {name: each["messages"] for name, each in shown.items()} == {
            "notifications": 1,
            "webhooks": 1,
            "receipts": 1,
        }
        [first] = shown["notifications"]["sample"]
        assert (first["template"], first["cause"]) == ("x", "attempts_spent")
        assert (first["mail_id"], first["notification_id"], first["function"]) == (MAIL_ID, "a" * 32, None)
        assert 0 <= first["age_seconds"] < 60
        [second] = shown["receipts"]["sample"]
        assert (second["template"], second["cause"]) == (None, "attempts_spent")
        assert (second["mail_id"], second["function"]) == (MAIL_ID, "bureau-ordre-dev-render-receipt")
        [third] = shown["webhooks"]["sample"]
        assert third["cause"] == "unreadable"
        assert (third["mail_id"], third["notification_id"], third["webhook_id"]) == (None, None, None)


def test_a_redriven_message_is_the_original_to_the_byte(service: Service) -> None:
    """Body, attributes of every type and group: what the reader gets is what it got the first time."""
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    sqs = boto3.client("sqs", REGION)
    [original, *_] = received("notifications")
    more = {"flag": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}, "n": {"DataType": "Number", "StringValue": "1"}}
    attributes = original["MessageAttributes"] | more
    body = original["Body"] + ' \t{"é": "\\u0645", "م": 1.0}'
    sqs.purge_queue(QueueUrl=url("notifications"))
    sqs.send_message(
        QueueUrl=url("notifications-failed"), MessageBody=body, MessageAttributes=attributes, MessageGroupId="anam"
    )

    assert redriven(service) == {"redriven": 1, "queues": {"notifications": 1, "webhooks": 0, "receipts": 0}}
    [again] = received("notifications")
    assert again["Body"].encode() == body.encode()
    assert again["MessageAttributes"] == attributes
    assert again["Attributes"]["MessageGroupId"] == "anam"
    assert received("notifications-failed") == []
    assert redriven(service)["redriven"] == 0


def test_a_redriven_notification_goes_out_and_is_not_wrapped(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    originals = service.queued()
    boto3.client("sqs", REGION).purge_queue(QueueUrl=url("notifications"))
    for record in originals:
        correlation = record["messageAttributes"]["correlation_id"]["stringValue"]
        attribute = {"DataType": "String", "StringValue": correlation}
        given_up("notifications", record["body"], correlation_id=attribute)
    assert redriven(service)["redriven"] == len(originals) == 4
    assert service.deliver(service.queued()) == {"batchItemFailures": []}
    history = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).json["history"]
    assert {"organism_alerted", "sender_informed"} <= {event["event"] for event in history}


def test_what_a_function_gave_up_it_is_given_again_and_not_the_report_on_it(service: Service) -> None:
    given_up("receipts", envelope(EVENT))
    with taking("Invoke", {"StatusCode": 202}) as invoked:
        assert redriven(service)["queues"]["receipts"] == 1
    [request] = invoked
    deployed = "bureau-ordre-dev-render-receipt:live"
    assert (request["FunctionName"], request["InvocationType"]) == (deployed, "Event")
    assert json.loads(request["Payload"]) == EVENT
    assert received("receipts-failed") == []


@pytest.mark.parametrize("body", ["", "{}", "[]", "not JSON", json.dumps({"requestContext": 1, "requestPayload": {}})])
def test_what_can_not_be_read_stays_for_people(service: Service, body: str) -> None:
    given_up("receipts", body or " ")
    given_up("receipts", envelope(EVENT))
    with taking("Invoke", {"StatusCode": 202}) as invoked:
        assert redriven(service)["queues"]["receipts"] == 1
    assert len(invoked) == 1
    assert failures(service).json["dead_letters"][2]["messages"] == 1


def test_a_call_redrives_a_hundred_of_each_queue_and_the_next_the_rest(service: Service) -> None:
    for number in range(103):
        given_up("webhooks", str(number))
    assert redriven(service)["queues"]["webhooks"] == 100
    assert redriven(service)["queues"]["webhooks"] == 3
    seen = boto3.client("sqs", REGION).get_queue_attributes(
        QueueUrl=url("webhooks"), AttributeNames=["ApproximateNumberOfMessages"]
    )
    assert seen["Attributes"]["ApproximateNumberOfMessages"] == "103"


def test_what_dies_between_sending_and_deleting_is_twice_rather_than_lost(service: Service) -> None:
    given_up("webhooks", "once")
    with dying_after_write(1) as writes, pytest.raises(ProcessDiedError):
        redriven(service)
    assert writes == ["SendMessage"]
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=True):
        assert redriven(service)["queues"]["webhooks"] == 1
    assert [message["Body"] for message in received("webhooks")] == ["once", "once"]


def test_a_queue_that_refuses_loses_nothing(service: Service) -> None:
    given_up("webhooks", "once")
    with refusing("SendMessage", "ThrottlingException"):
        answer = service.call("POST", "/v1/operations/failures/redrive", claims=OPERATOR)
    problem(answer, 503, "try-again")
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=True):
        assert redriven(service)["queues"]["webhooks"] == 1


def test_late_mails_are_shown_with_what_they_lack_the_oldest_first(service: Service) -> None:
    now = clock.now()
    with time_machine.travel(now - timedelta(minutes=30), tick=True):
        unmade = service.sent()
    with time_machine.travel(now - timedelta(minutes=20), tick=True):
        untold = service.sent()
        with refusing("SendMessageBatch", "AccessDenied"), pytest.raises(Exception, match="AccessDenied"):
            service.receipt_trigger(untold.mail_id)
    service.sent()  # just now, and so not late
    with time_machine.travel(clock.now(), tick=False):  # a second that passes between two looks would show
        shown = failures(service).json["mails"]
        first = failures(service, "?limit=1").json["mails"]
    assert [(mail["mail_id"], mail["lacks"]) for mail in shown["items"]] == [
        (unmade.mail_id, "receipt"),
        (untold.mail_id, "alert"),
    ]
    assert [mail["age_seconds"] // 60 for mail in shown["items"]] == [30, 20]
    assert first == {"items": shown["items"][:1], "more": True}


def test_failing_addresses_are_shown_while_they_fail_and_are_the_organisms(service: Service) -> None:
    since, desk = "2026-11-22T10:00:00.000Z", "bureau-ordre@anam.example.org"
    lasting = {"reason": "bounce", "since": since}
    over = {"reason": "mailbox_full", "since": since, "until": clock.iso(clock.now() - timedelta(seconds=1))}
    passing = over | {"until": clock.iso(clock.now() + timedelta(days=1))}
    organisms = boto3.resource("dynamodb", REGION).Table(TABLE)
    for organism_id, failing in {
        "anam": {desk: lasting, "old@anam.example": lasting},
        "cnss": {"over@cnss.example": over, "full@cnss.example": passing},
    }.items():
        organisms.update_item(
            Key={"pk": "ORGANISM", "sk": organism_id},
            UpdateExpression="SET failing = :failing, alerts = :alerts",
            ExpressionAttributeValues={
                ":failing": failing,
                ":alerts": {"emails": [desk, "over@cnss.example", "full@cnss.example"], "phones": []}
                if organism_id == "cnss"
                else {"emails": [desk], "phones": []},
            },
        )
    assert failures(service).json["addresses"] == {
        "items": [
            {"organism_id": "anam", "address": desk, "until": None, "unreachable": True} | lasting,
            {"organism_id": "cnss", "address": "full@cnss.example", "unreachable": False} | passing,
        ],
        "more": False,
    }


def test_mails_that_nobody_collected_for_a_fortnight_are_counted(service: Service) -> None:
    with time_machine.travel(clock.now() - timedelta(days=14, minutes=1), tick=True):
        service.sent()
        service.sent("mi")
    service.sent()
    assert failures(service).json["uncollected"] == {"after_days": 14, "count": 2, "more": False}


REPORT = json.loads(envelope(EVENT))


@pytest.mark.parametrize(
    ("report", "cause"),
    [
        (REPORT | {"responsePayload": {"errorType": "ClientError", "errorMessage": "marked"}}, "ClientError"),
        (REPORT | {"responsePayload": {"errorType": "mailroom.Corrupt", "stackTrace": ["marked"]}}, "mailroom.Corrupt"),
        (REPORT | {"responsePayload": {"errorType": "marked by hand!"}}, "attempts_spent"),
        (REPORT | {"responsePayload": None}, "attempts_spent"),
        (REPORT | {"requestContext": REPORT["requestContext"] | {"condition": "EventAgeExceeded"}}, "too_old"),
        ({"requestContext": {}}, "unreadable"),
    ],
    ids=["error", "error of a module", "no kind of error", "timeout", "age", "no report"],
)
def test_a_dead_letter_says_why_it_is_there_and_quotes_nobody(
    service: Service, report: dict[str, Any], cause: str
) -> None:
    given_up("receipts", json.dumps(report))
    answer = failures(service)
    [shown] = answer.json["dead_letters"][2]["sample"]
    assert shown["cause"] == cause
    assert "marked" not in answer.body


def test_one_queue_can_be_redriven_alone(service: Service) -> None:
    given_up("webhooks", "{}")
    given_up("notifications", "{}")
    answer = service.call("POST", "/v1/operations/failures/redrive?queue=webhooks", claims=OPERATOR)
    assert (answer.status, answer.json) == (202, {"redriven": 1, "queues": {"webhooks": 1}})
    left = {each["queue"]: each["messages"] for each in failures(service).json["dead_letters"]}
    assert left == {"notifications": 1, "webhooks": 0, "receipts": 0}


@pytest.mark.parametrize("queue", ["other", "Webhooks", "webhooks-failed"])
def test_a_queue_that_is_not_there_is_422_and_moves_nothing(service: Service, queue: str) -> None:
    given_up("webhooks", "{}")
    answer = service.call("POST", f"/v1/operations/failures/redrive?queue={queue}", claims=OPERATOR)
    assert wrong_fields(answer) == ["queue"]
    assert failures(service).json["dead_letters"][1]["messages"] == 1


def test_mails_that_wait_are_shown_with_their_number_and_why(service: Service) -> None:
    """The most urgent first; nothing that a person wrote is in the answer."""
    now = clock.now()
    with time_machine.travel(now - timedelta(days=15), tick=True):
        uncollected = service.sent("mi")
        service.receipt_trigger(uncollected.mail_id)
        assert service.deliver(service.queued()) == {"batchItemFailures": []}
    with time_machine.travel(now - timedelta(minutes=30), tick=True):
        unmade, given = service.sent(), service.sent()
    given_up("receipts", envelope({"Records": [{"s3": {"object": {"key": f"submissions/{given.mail_id}.json"}}}]}))
    answer = failures(service)
    shown = answer.json["waiting"]
    fields = ("kind", "cause", "acts", "number", "mail_id", "organism_id")
    items = [item for item in shown["items"] if item["kind"] in {"RECEIPT", "COLLECTION"}]
    number, second, third = (each.submitted["number"] for each in (uncollected, unmade, given))
    assert [tuple(item[name] for name in fields) for item in items] == [
        ("RECEIPT", "retried", "service", second, unmade.mail_id, "anam"),
        ("RECEIPT", "given_up", "operators", third, given.mail_id, "anam"),
        ("COLLECTION", "not_collected", "agents", number, None, "mi"),
    ]
    assert [item["age_seconds"] // 60 for item in shown["items"] if item["kind"] == "RECEIPT"] == [30, 30]
    counts = {each["kind"]: each["count"] for each in shown["kinds"]}
    assert (counts["RECEIPT"], counts["COLLECTION"]) == (2, 1)
    assert not {"subject", "sender"} & {name for item in shown["items"] for name in item}


def test_every_state_of_waiting_has_its_reason() -> None:
    """A state that is added to the data model is shown to operators, and named on their pages, or this fails."""
    assert REASONS.keys() == WAITS.keys()
    for language in LANGUAGES:
        words = json.loads((SITE / f"words/{language}.json").read_text(encoding="utf-8"))["operations"]
        assert {f"kind_{kind.lower()}" for kind in WAITS} <= words.keys(), language


def test_no_more_mails_of_a_kind_are_shown_than_were_asked_for(service: Service) -> None:
    with time_machine.travel(clock.now() - timedelta(minutes=30), tick=True):
        sent = [service.sent() for _ in range(3)]
    shown = failures(service, "?limit=2").json["waiting"]
    receipts = [item["mail_id"] for item in shown["items"] if item["kind"] == "RECEIPT"]
    assert receipts == [mail.mail_id for mail in sent[:2]]
    assert {each["kind"]: each["count"] for each in shown["kinds"]}["RECEIPT"] == 3
