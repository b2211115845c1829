"""What AWS does by itself after a request: scans of files, receipts, messages. Here one thread does it, in order."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Queue
from threading import Thread
from typing import Any, Final

import boto3
from botocore.client import BaseClient

from tests.support.in_process import scanning
from tests.support.in_process.service import REGION, Service, context

AS_FOUND: Final = "as found"
"""Files are scanned as the local stage scans them."""
_QUEUES: Final = {"notifications": "send_notification"}


@dataclass(frozen=True, kw_only=True)
class Message:
    """An e-mail or an SMS that left."""

    kind: str
    """`email` or `sms`."""
    to: str
    subject: str
    text: str


@dataclass
class Outbox:
    """What leaves through SES and SNS, in order."""

    messages: list[Message] = field(default_factory=list)

    def watch(self, otherwise: Callable[..., Any]) -> Callable[..., Any]:
        """Call AWS through `otherwise`, and keep a copy of each message that it took."""

        def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
            answer = otherwise(client, operation, parameters)
            if operation == "SendEmail":
                content = parameters["Content"]
                simple = content.get("Simple", {})
                raw = content.get("Raw", {}).get("Data", b"")
                text = simple.get("Body", {}).get("Text", {}).get("Data") or raw.decode(errors="replace")
                subject = simple.get("Subject", {}).get("Data", "")
                to = parameters["Destination"]["ToAddresses"][0]
                self.messages.append(Message(kind="email", to=to, subject=subject, text=text))
            if operation == "Publish" and "PhoneNumber" in parameters:
                text = parameters["Message"]
                self.messages.append(Message(kind="sms", to=parameters["PhoneNumber"], subject="", text=text))
            return answer

        return call


@dataclass
class Chain:
    """The triggers of the bucket and of the queues."""

    service: Service
    scans: str | None = AS_FOUND
    """What scans say: `AS_FOUND`, a status of GuardDuty such as `THREATS_FOUND`, or None where none comes."""
    failures: list[BaseException] = field(default_factory=list)
    """What functions of the chain raised: a test with one fails."""
    _jobs: "Queue[Callable[[], object] | None]" = field(default_factory=Queue)
    _held: list[str] | None = None
    """The mails whose receipt waits; None: none has to."""

    def hold_receipts(self) -> None:
        """Make no receipt until `let_receipts_go`."""
        self._held = self._held or []

    def let_receipts_go(self) -> None:
        """Make the receipts that waited, and each one at once from now on."""
        held, self._held = self._held or [], None
        for mail_id in held:
            self.submitted(mail_id)

    def submitted(self, mail_id: str) -> None:
        """A sealed record appeared: its receipt is made, and the messages about it leave."""
        if self._held is not None:
            self._held.append(mail_id)
            return

        def work() -> None:
            self.service.receipt_trigger(mail_id)
            self.deliver()

        self._jobs.put(work)

    def uploaded(self, key: str) -> None:
        """A file appeared: it is scanned."""
        status = self.scans
        if status is not None:
            self._jobs.put(lambda: self.scan(key, status))

    def scan(self, key: str, status: str = AS_FOUND) -> None:
        """Let a scan of the object say this."""
        scanning.note(scanning.scanned(key) if status == AS_FOUND else scanning.result(key, status))

    def deliver(self) -> None:
        """Hand over what waits in the queues."""
        sqs = boto3.client("sqs", REGION)
        for name, operation in _QUEUES.items():
            if records := self.service.queued(name):
                importlib.import_module(f"{operation}.handler").handler({"Records": records}, context(operation))
                url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
                for record in records:
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=record["receiptHandle"])

    def settle(self) -> None:
        """Wait until all that was begun is done."""
        self._jobs.join()

    def run(self, within: Any) -> Callable[[], None]:  # noqa: ANN401 - a lock
        """Begin; each step is done `within` the lock that handlers run in. What comes back ends it."""

        def loop() -> None:
            while (job := self._jobs.get()) is not None:
                try:
                    with within:
                        job()
                except BaseException as error:  # noqa: BLE001 - the thread goes on; the test fails
                    self.failures.append(error)
                finally:
                    self._jobs.task_done()
            self._jobs.task_done()

        thread = Thread(target=loop, daemon=True)
        thread.start()

        def end() -> None:
            self._jobs.put(None)
            thread.join()

        return end
