"""The operators' side over HTTP alone, each function with no more than its own grants."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from infra.local.local_stack import LocalStack
from infra.local.sender_client import SenderClient, Sent, until
from tests.support.in_process.receiver import listening

ORGANISM: dict[str, Any] = {
    "code": "CNDP",
    "category": "public_establishment",
    "name": {"fr": "Commission nationale", "ar": "اللجنة الوطنية"},
    "city": "Rabat",
    "status": "active",
    "alerts": {"emails": ["desk@cndp.example"], "phones": ["0612345678"]},
    "accepts": {"national_id": False, "max_attachments": 5, "max_attachment_bytes": 1000},
    "language": "fr",
}


@pytest.fixture(scope="module")
def operator(stack: LocalStack) -> str:
    """An operator's token."""
    return stack.sign_in(stack.people.operator).id_token


def sent(sender: SenderClient, organism_id: str) -> Sent:
    started = sender.start(organism_id)
    sender.write(started)
    sender.identify(started)
    return sender.submit(started)


def waiting(stack: LocalStack, queue: str) -> int:
    """How many messages are in a queue, in sight or not."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    known = (
        stack.session()
        .client("sqs")
        .get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=["All"])["Attributes"]
    )
    return sum(int(value) for name, value in known.items() if name in names)


def test_an_organism_joins_changes_is_told_by_webhook_and_is_suspended(
    stack: LocalStack, sender: SenderClient, operator: str
) -> None:
    tls = Path(stack.ca_file).parent

    def put(expect: int, /, **changes: object) -> Any:  # noqa: ANN401 - JSON
        return sender.ask("PUT", "/organisms/cndp", token=operator, json=ORGANISM | changes, expect=expect)

    with listening(tls / "server.pem", key=tls / "server.key") as program:
        put(201, code="CNPD")
        webhook = {"url": program.url}
        enrolled = put(200, webhook=webhook)  # a slip in the code is put right before the first entry
        assert put(200, webhook=webhook)["webhook_secret"] is None
        mail = sent(sender, "cndp")
        assert mail.number.startswith("CNDP-")
        until(lambda: program.received or None, "the webhook's call")
    [request] = program.received
    told = Webhook(enrolled["webhook_secret"]).verify(request.body, request.headers)
    about = {"mail_id": mail.mail_id, "number": mail.number, "organism_id": "cndp", "channel": "online"}
    assert told["data"] == about

    put(409, code="CNDP2")
    put(409, code="ANAM")
    put(422, alerts={"emails": []})
    put(422, webhook={"url": "https://169.254.169.254/"})
    put(200, status="suspended")
    sender.ask("POST", "/mails", json={"organism_id": "cndp", "language": "fr"}, expect=409)
    put(200)
    sent(sender, "cndp")


def test_what_failed_is_seen_and_goes_back(
    stack: LocalStack, sender: SenderClient, operator: str, api: httpx.Client
) -> None:
    mail = sent(sender, "anam")
    sender.follow(mail)
    sqs, functions = stack.session().client("sqs"), stack.session().client("lambda")
    notification = {"notification_id": "f" * 32, "mail_id": mail.mail_id, "template": "sender_receipt"}
    notification |= {"channel": "email", "to": "twice@usager.example", "language": "fr"}
    sqs.send_message(
        QueueUrl=stack.outputs["NotificationsDlqUrl"],
        MessageBody=json.dumps(notification),
        MessageAttributes={"correlation_id": {"DataType": "String", "StringValue": "test"}},
    )
    names = [
        each["FunctionName"]
        for page in functions.get_paginator("list_functions").paginate()
        for each in page["Functions"]
    ]
    render = next(name for name in names if name.endswith("render-receipt"))
    arn = functions.get_function(FunctionName=render)["Configuration"]["FunctionArn"]
    report = {
        "requestContext": {"functionArn": f"{arn}:$LATEST", "condition": "RetriesExhausted"},
        "requestPayload": {"Records": [{"s3": {"object": {"key": f"submissions/{mail.mail_id}.json"}}}]},
    }
    sqs.send_message(QueueUrl=stack.outputs["ReceiptsDlqUrl"], MessageBody=json.dumps(report))

    shown = sender.ask("GET", "/operations/failures", token=operator)
    samples = {each["queue"]: each["sample"] for each in shown["dead_letters"]}
    assert [one["mail_id"] for one in samples["notifications"]] == [mail.mail_id]
    assert [(one["mail_id"], one["function"]) for one in samples["receipts"]] == [(mail.mail_id, render)]
    assert "usager.example" not in json.dumps(shown)

    redriven = sender.ask("POST", "/operations/failures/redrive", token=operator, expect=202)
    assert (redriven["redriven"], redriven["queues"]["notifications"], redriven["queues"]["receipts"]) == (2, 1, 1)
    until(lambda: [one for one in stack.emails() if "twice@usager.example" in one.to] or None, "the redriven e-mail")
    assert waiting(stack, "NotificationsDlqUrl") == waiting(stack, "ReceiptsDlqUrl") == 0
    assert api.get("/v1/operations/failures").status_code == 401
