"""What tests of webhooks do: an organism joins with one, mail comes, the queue's function runs."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import call_webhook.handler
from tests.support.in_process.receiver import Receiver
from tests.support.in_process.service import NEW_ORGANISM, Service, context

type Programs = Callable[..., AbstractContextManager[Receiver]]


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
