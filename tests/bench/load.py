"""(e) Mails over HTTP on a local cloud: how many a second, how soon the receipt, and whether anything is lost."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from statistics import quantiles
from typing import Any

import httpx
from boto3.dynamodb.conditions import Key

from infra.local.local_stack import LocalStack
from infra.local.samples import SampleFile
from infra.local.sender_client import JobError, SenderClient, Sent, until
from mailroom.domain.clock import parse

ORGANISM = "anam"
PLAN = SampleFile(name="plan.pdf", media_type="application/pdf", content=b"%PDF-1.7\n" + bytes(20_000))
_BUSY = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_PATIENCE = 180.0
_FIRST_LOOK, _LONGEST_PAUSE = 0.1, 1.0
"""Seconds between two looks for the receipt, doubled each time up to what `Retry-After` says."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail that was sent; durations in seconds."""

    sent: Sent
    repeats: int
    """How often the sender was told to try again, and did."""
    answered: float
    """From the request that submits it to the answer with its number."""
    seen: float
    """From that request until the sender, who asks ever less often, had the receipt's address."""
    made: float
    """From submission to receipt by the mail's own history, to the millisecond."""


@dataclass(frozen=True, kw_only=True)
class Burst:
    """Some senders at once."""

    senders: int
    seconds: float
    mails: Sequence[Mail]
    starting: bool
    """Whether functions had to be started for it: the first mails of so many senders."""

    @property
    def per_second(self) -> float:
        """Mails a second, each through all four steps and with its receipt."""
        return len(self.mails) / self.seconds

    def percentile(self, what: str, percent: int) -> float:
        """Seconds that `percent` of the mails did not exceed."""
        values: list[float] = [getattr(mail, what) for mail in self.mails]
        return quantiles(values, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True, kw_only=True)
class Loss:
    """What is missing after all mails were sent; all zeros when nothing was lost."""

    entries: int
    """Mails that the register does not hold under the number their sender was told."""
    gaps: int
    """Numbers that the register left out or gave twice."""
    receipts: int
    """Mails without a receipt in storage."""
    untold: int
    """Mails whose organism or sender was not told."""
    dead_letters: int
    """Messages and events that were given up."""

    @property
    def anything(self) -> bool:
        """Whether there is one."""
        return any((self.entries, self.gaps, self.receipts, self.untold, self.dead_letters))


def burst(stack: LocalStack, senders: int, mails: int, *, starting: bool = False) -> Burst:
    """Let `senders` send `mails` together, each one after the other. Raises JobError when one is refused."""
    with ExitStack() as opened, ThreadPoolExecutor(senders) as pool:
        clients = [
            (opened.enter_context(stack.client()), opened.enter_context(stack.storage())) for _ in range(senders)
        ]
        for client in (client for pair in clients for client in pair):
            # A slow answer is a figure to show; API Gateway would end it after 30 seconds.
            client.timeout = httpx.Timeout(_PATIENCE)
        started = time.monotonic()
        done = pool.map(lambda pair: [_mail(*pair) for _ in range(mails // senders)], clients)
        sent = [mail for each in done for mail in each]
        return Burst(senders=senders, seconds=time.monotonic() - started, mails=sent, starting=starting)


class _BusyError(Exception):
    """The API asks to try again, or its function ran out of time."""


class _PatientSender(SenderClient):
    """A sender who tries again when told so, and counts how often."""

    def __init__(self, client: httpx.Client, storage: httpx.Client) -> None:
        super().__init__(client, storage)
        self.repeats = 0

    def ask(self, method: str, path: str, *, expect: int = 200, token: str = "", json: object = None) -> Any:  # noqa: ANN401 - as its base
        """Return the answer's JSON; a submission that was answered too late is answered again with 200."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self._client.request(method, f"/v1{path}", headers=headers, json=json)
        if answer.status_code in _BUSY:
            self.repeats += 1
            time.sleep(1)
            raise _BusyError
        if answer.status_code not in {expect, HTTPStatus.OK}:
            raise JobError(f"{method} {path}: {answer.status_code}, not {expect}: {answer.text}")
        return answer.json()

    def ready(self) -> dict[str, Any]:
        """Begin a mail and take it up to the last step, anew where that is interrupted."""
        try:
            started = self.start(ORGANISM)
            self.write(started)
            self.attach(started, PLAN)
            self.identify(started)
        except _BusyError:
            return self.ready()
        return started

    def sent(self, started: Mapping[str, Any]) -> Sent:
        """Submit it, again and again if need be: it is registered once."""
        try:
            return self.submit(started)
        except _BusyError:
            return self.sent(started)


def _mail(client: httpx.Client, storage: httpx.Client) -> Mail:
    sender = _PatientSender(client, storage)
    started = sender.ready()
    pressed = time.monotonic()
    sent = sender.sent(started)
    answered = time.monotonic()
    _wait_for_receipt(client, sent)
    seen = time.monotonic()
    at = {event["event"]: parse(event["at"]) for event in _mail_as_it_stands(sender, sent)["history"]}
    made = (at["receipt_issued"] - at["submitted"]).total_seconds()
    return Mail(sent=sent, repeats=sender.repeats, answered=answered - pressed, seen=seen - pressed, made=made)


def _wait_for_receipt(client: httpx.Client, sent: Sent) -> None:
    path = f"/v1/mails/{sent.mail_id}/receipt"
    deadline = time.monotonic() + _PATIENCE
    pause = _FIRST_LOOK
    while time.monotonic() < deadline:
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
        answer = client.get(path, headers={"Authorization": f"Bearer {sent.access_token}"})
        if answer.status_code == HTTPStatus.OK:
            return
        if answer.status_code not in {HTTPStatus.ACCEPTED, *_BUSY}:
            raise JobError(f"GET {path}: {answer.status_code} {answer.text}")
    raise JobError(f"No receipt for {sent.number} within {_PATIENCE:.0f} s.")


def _mail_as_it_stands(sender: SenderClient, sent: Sent) -> dict[str, Any]:
    mail: dict[str, Any] = sender.ask("GET", f"/mails/{sent.mail_id}", token=sent.access_token)
    return mail


def loss(stack: LocalStack, mails: Sequence[Mail]) -> Loss:
    """Look, once all notifications are out, for what should be there and is not."""
    session = stack.session()
    s3, bucket = session.client("s3"), stack.outputs["BucketName"]
    receipts = {
        found["Key"]
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="receipts/")
        for found in page.get("Contents", ())
    }
    table = session.resource("dynamodb").Table(stack.outputs["TableName"])
    year = mails[0].sent.number.split("-")[1]
    entries = table.query(KeyConditionExpression=Key("pk").eq(f"REGISTER#{ORGANISM}#{year}"))["Items"]
    numbers = {str(entry["number"]): entry["mail_id"] for entry in entries if entry["sk"] != "COUNTER"}
    ranks = [int(number.rpartition("-")[2]) for number in numbers]
    return Loss(
        entries=sum(numbers.get(mail.sent.number) != mail.sent.mail_id for mail in mails),
        gaps=len(set(range(1, len(entries))) ^ set(ranks)) + len(ranks) - len(set(ranks)),
        receipts=sum(f"receipts/{mail.sent.mail_id}.pdf" not in receipts for mail in mails),
        untold=_untold(stack, mails),
        dead_letters=sum(_waiting(stack, stack.outputs[name]) for name in ("NotificationsDlqUrl", "ReceiptsDlqUrl")),
    )


def _untold(stack: LocalStack, mails: Sequence[Mail]) -> int:
    until(lambda: None if _waiting(stack, stack.outputs["NotificationsQueueUrl"]) else True, "the queue", _PATIENCE)
    with stack.client() as client:
        sender = SenderClient(client, client)
        histories = ({event["event"] for event in _mail_as_it_stands(sender, mail.sent)["history"]} for mail in mails)
        return sum(not {"organism_alerted", "sender_informed"} <= events for events in histories)


def _waiting(stack: LocalStack, queue: str) -> int:
    names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = stack.session().client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)
    return sum(int(count) for count in answer["Attributes"].values())
