"""What failed and waits for operators: dead-letter queues, late mails, addresses that refuse what is sent to them.

Redriving is done by receiving, sending and deleting, message by message, everywhere: SQS's own
``StartMessageMoveTask`` can't put back what a function gave up, knows no bound, and is not on the local stage. It
sends first and deletes then, so what dies in between is done twice, which every reader of these queues can stand.
"""

import heapq
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import BaseModel

from mailroom.domain import clock
from mailroom.notifying.bounces import failing_in, is_unreachable
from mailroom.operating.waiting_mails import MOST_COUNTED
from mailroom.storage import object_keys
from mailroom.storage.item_keys import mail_id_in
from mailroom.storage.schema import ORGANISMS, Waiting
from mailroom.storage.table import Table

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

LATE_AFTER = timedelta(minutes=2)
UNCOLLECTED_AFTER = timedelta(days=14)

Lack = Literal["receipt", "alert", "scan", "news"]
_LACKS: dict[Waiting, Lack] = {
    Waiting.RECEIPT: "receipt",
    Waiting.ALERT: "alert",
    Waiting.UNSCANNED: "scan",
    Waiting.UNCHECKED: "scan",
    Waiting.NEWS: "news",
}

_IN_HAND_SECONDS = 60
"""How long a message that is being redriven is hidden from a second redrive."""

_ENOUGH_SECONDS = 15.0
"""API Gateway waits for 30 seconds: the operator repeats the request for what is left."""

_BATCH = 10
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_ERROR_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}", re.ASCII)
_ARN_PARTS_TO_NAME = 7
"""``arn:aws:lambda:<region>:<account>:function:<name>``, then perhaps a version."""


class DeadLetterSource(BaseModel):
    """A dead-letter queue, and the queue it belongs to; without one it holds what functions gave up."""

    dlq_url: str
    url: str | None = None
    alias: str = "$LATEST"
    """Which version of those functions is invoked again."""


class Failed(NamedTuple):
    """A message that waits in a dead-letter queue: the ids in it, the function that gave it up, and since when."""

    ids: dict[str, str]
    function: str | None
    cause: str
    """Why it is there: `attempts_spent`, `too_old`, `unreadable`, or the kind of the last error. No text of an error,
    which may quote a person."""
    sent_at: float


class Late(NamedTuple):
    """A mail, what it lacks, and since when it waits for it."""

    since: str
    mail_id: str
    lacks: Lack


class Refusing(NamedTuple):
    """An organism's address that alerts do not reach."""

    organism_id: str
    address: str
    reason: str
    since: str
    until: str | None
    unreachable: bool


class DeadLetterQueue:
    """One dead-letter queue."""

    def __init__(self, name: str, source: DeadLetterSource, sqs: "SQSClient", functions: "LambdaClient") -> None:
        self.name = name
        self._source = source
        self._sqs = sqs
        self._functions = functions

    def count(self) -> int:
        """How many messages are in it, as nearly as SQS knows."""
        known = self._sqs.get_queue_attributes(
            QueueUrl=self._source.dlq_url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        return int(known["ApproximateNumberOfMessages"]) + int(known["ApproximateNumberOfMessagesNotVisible"])

    def sample(self) -> list[Failed]:
        """Some of its messages, ten at most, which stay in it as they are."""
        failed: list[Failed] = []
        for message in self._received(_BATCH, hidden=0):
            body, known = message["Body"], message.get("Attributes", {})
            function, _ = _given_up(body)
            cause = _cause_of_report(body) if self._source.url is None else _cause_of_message(body)
            failed.append(Failed(_ids(body), function, cause, int(known.get("SentTimestamp", "0")) / 1000))
        return failed

    def redrive(self, most: int) -> int:
        """Give up to `most` messages, as they were, back to what reads them; how many it was.

        A message that can't be read stays. Raises botocore's ClientError where AWS refuses.
        """
        until = time.monotonic() + _ENOUGH_SECONDS
        redriven = 0
        while redriven < most and time.monotonic() < until:
            messages = self._received(min(_BATCH, most - redriven), hidden=_IN_HAND_SECONDS)
            if not messages:
                break
            for message in messages:
                if self._sent_again(message):
                    self._sqs.delete_message(QueueUrl=self._source.dlq_url, ReceiptHandle=message["ReceiptHandle"])
                    redriven += 1
        return redriven

    def _received(self, most: int, *, hidden: int) -> list["MessageTypeDef"]:
        answer = self._sqs.receive_message(
            QueueUrl=self._source.dlq_url,
            MaxNumberOfMessages=most,
            VisibilityTimeout=hidden,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def _sent_again(self, message: "MessageTypeDef") -> bool:
        if self._source.url is None:
            return self._invoked_again(message["Body"])
        more: dict[str, Any] = {}
        known = message.get("Attributes", {})
        if "MessageGroupId" in known:
            more["MessageGroupId"] = known["MessageGroupId"]
        if "AWSTraceHeader" in known:
            trace = {"DataType": "String", "StringValue": known["AWSTraceHeader"]}
            more["MessageSystemAttributes"] = {"AWSTraceHeader": trace}
        self._sqs.send_message(
            QueueUrl=self._source.url,
            MessageBody=message["Body"],
            MessageAttributes=message.get("MessageAttributes", {}),
            **more,
        )
        return True

    def _invoked_again(self, body: str) -> bool:
        """Lambda wraps what a function gave up in a report of its own; the function gets what is in it."""
        name, payload = _given_up(body)
        if name is None or payload is None:
            return False
        self._functions.invoke(
            FunctionName=f"{name}:{self._source.alias}",
            InvocationType="Event",
            Payload=json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(),
        )
        return True


def _ids(body: str) -> dict[str, str]:
    """The ids in a message, and nothing else of it."""
    values = _object(body)
    names = ("mail_id", "notification_id", "webhook_id", "template")
    ids = {name: str(values[name]) for name in names if _ID.fullmatch(str(values.get(name, "")))}
    if not ids and (mail_id := object_keys.mail_id_in(body)):
        ids["mail_id"] = mail_id
    return ids


def _given_up(body: str) -> tuple[str | None, object]:
    """The function's name and its event, from Lambda's report on an event that failed for good."""
    report = _object(body)
    context = report.get("requestContext")
    parts = str(context.get("functionArn", "")).split(":") if isinstance(context, dict) else []
    if len(parts) < _ARN_PARTS_TO_NAME:
        return None, None
    return parts[_ARN_PARTS_TO_NAME - 1], report.get("requestPayload")


def _cause_of_message(body: str) -> str:
    return "attempts_spent" if _object(body) else "unreadable"


def _cause_of_report(body: str) -> str:
    """The kind of the last error in Lambda's report, or that the event became too old before it was taken.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    if _given_up(body)[0] is None:
        return "unreadable"
    report = _object(body)
    if report["requestContext"].get("condition") == "EventAgeExceeded":
        return "too_old"
    answer = report.get("responsePayload")
    kind = str(answer.get("errorType", "")) if isinstance(answer, dict) else ""
    return kind if _ERROR_TYPE.fullmatch(kind) else "attempts_spent"


def _object(body: str) -> dict[str, Any]:
    try:
        values = json.loads(body)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def late_mails(table: Table, *, until: str) -> Iterator[Late]:
    """The mails that wait since before `until`, the longest waiting first."""

    def lacking(what: Waiting, lacks: Lack) -> Iterator[Late]:
        for item in table.waiting(what, until=until):
            yield Late(item["waiting_since"], mail_id_in(item), lacks)

    return heapq.merge(*(lacking(what, lacks) for what, lacks in _LACKS.items()))


def uncollected(table: Table, *, until: str) -> int:
    """The number of mails that wait for their collection since before `until`, counted to a thousand."""
    return sum(1 for _ in islice(table.waiting(Waiting.COLLECTION, until=until), MOST_COUNTED))


def refusing_addresses(table: Table) -> Iterator[Refusing]:
    """The addresses of organisms that fail at present, as far as they are still theirs."""
    now = clock.now()
    for item in table.query(ORGANISMS, attributes=("organism_id", "failing", "alerts"), consistent=False):
        failing = failing_in(item, now)
        unreachable = bool(failing) and is_unreachable(item, set(failing))
        for address, found in sorted(failing.items()):
            yield Refusing(item["organism_id"], address, found.reason, found.at, found.until, unreachable)
