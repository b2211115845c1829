"""The function `send_notification` amid AWS, which refuses, throttles and cuts off as a test says."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.awsrequest import AWSResponse
from moto import mock_aws
from moto.core.botocore_stubber import MockRawResponse

from mailroom.domain import clock
from mailroom.domain.mail import Submitted
from mailroom.domain.organism import Organism
from mailroom.notifying.notifications import Notification, for_submission
from mailroom.storage.item_keys import mail_key
from mailroom.storage.mail_items import event_item
from mailroom.storage.mails import Store
from mailroom.storage.table import Table
from send_notification import handler as function
from tests.support.in_process.service import REGION
from tests.support.in_process.stores import create_stores_without_keys
from tests.support.samples.notified_mail import MAIL_ID, organism

if TYPE_CHECKING:
    from botocore.client import BaseClient


ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
    "POWERTOOLS_SERVICE_NAME": "send_notification",
    "POWERTOOLS_METRICS_NAMESPACE": "BureauOrdre",
}
"""What `create_stores_without_keys` does not say, and what a test changes."""


class Killed(BaseException):
    """The process ends here, as when Lambda's time is up."""


class Context(LambdaContext):
    """Lambda's account of one invocation that has five seconds."""

    _function_name = "send-notification"
    _memory_limit_in_mb = 512
    _invoked_function_arn = "arn:aws:lambda:eu-west-3:123456789012:function:send-notification"
    _aws_request_id = "request"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 5000


@dataclass
class World:
    """The function amid AWS: what it sent, and what AWS refuses or cuts off."""

    ses: "BaseClient"
    sns: "BaseClient"
    table: Table
    log: io.StringIO
    emails: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    refused: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Address → SES's error code and how many times it says so."""
    killed_after: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.ses.meta.events.register("provide-client-params.sesv2.SendEmail", self._email)
        self.ses.meta.events.register_first("before-send.sesv2.SendEmail", cast("Any", self._refuse))
        self.ses.meta.events.register("after-call.sesv2.SendEmail", self._kill)
        self.sns.meta.events.register("provide-client-params.sns.Publish", self._text)

    @property
    def addresses(self) -> list[str]:
        """Where e-mails that SES took went, in order."""
        return [each["Destination"]["ToAddresses"][0] for each in self.emails]

    def _email(self, params: dict[str, Any], **_: object) -> None:
        self.emails.append(params)

    def _refuse(self, **_: object) -> AWSResponse | None:
        address = self.addresses[-1]
        code, times = self.refused.get(address, ("", 0))
        if not times:
            return None
        self.refused[address] = code, times - 1
        self.emails.pop()
        body = json.dumps({"message": f"Address {address} is not accepted: {address}"}).encode()
        headers = {"x-amzn-errortype": code, "content-type": "application/json"}
        return AWSResponse("https://ses", 400, cast("Any", headers), cast("Any", MockRawResponse(body)))

    def _kill(self, **_: object) -> None:
        if self.addresses and self.addresses[-1] in self.killed_after:
            self.killed_after.discard(self.addresses[-1])
            raise Killed

    def _text(self, params: dict[str, Any], **_: object) -> None:
        self.texts.append(params)

    def keep(self, kept: Submitted) -> None:
        """Put a submitted mail in the table, as submission leaves it."""
        store = Store(self.table)
        store.start(kept.mail_id, organism(), kept.language, clock.now())
        item = self.table.get(*mail_key(kept.mail_id))
        assert item is not None
        self.table.put(
            item
            | {
                "status": "submitted",
                "letter": kept.letter.model_dump(),
                "sender": kept.sender,
                "submission": vars(kept.submission),
            }
        )
        self.table.put(event_item(kept.mail_id, "submitted", kept.submission.submitted_at))

    @property
    def history(self) -> list[str]:
        """The events of the mail."""
        return [each.event for each in Store(self.table).public_history(MAIL_ID)]


@contextmanager
def amid_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The function's own process and AWS's services, made anew."""
    with mock_aws():
        for name, value in (create_stores_without_keys() | ENVIRONMENT).items():
            monkeypatch.setenv(name, value)
        function.Process.reset()
        log = io.StringIO()
        cast("Any", function.logger.registered_handler).setStream(log)
        outbox = function.Process.current().post_office._outbox
        yield World(
            cast("BaseClient", outbox._ses),
            cast("BaseClient", outbox._sns),
            function.Process.current().table,
            log,
        )
        function.Process.reset()


def new_process() -> None:
    """Forget what the function remembers outside AWS, as a new process does."""
    earlier = function.Process.current().post_office
    function.Process.reset()
    fresh = function.Process.current().post_office
    fresh._outbox = earlier._outbox


def message(notification: Notification, message_id: str = "") -> dict[str, Any]:
    return {
        "messageId": message_id or f"message-{notification.notification_id}",
        "body": notification.model_dump_json(),
        "messageAttributes": {"correlation_id": {"stringValue": "the-correlation", "dataType": "String"}},
        "eventSource": "aws:sqs",
    }


def deliver(*messages: dict[str, Any]) -> list[str]:
    """Hand a batch to the function; the ids of the messages that failed."""
    answer = function.handler({"Records": list(messages)}, Context())
    return [str(each["itemIdentifier"]) for each in answer["batchItemFailures"]]


def all_of(kept: Submitted, desk: Organism | None = None) -> list[dict[str, Any]]:
    return [message(each) for each in for_submission(kept, desk or organism())]
