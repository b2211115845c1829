"""AWS says "not now": the message comes later, once, and never counts as failed."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from send_notification.handler import Process
from tests.support.in_process.metrics import metric
from tests.support.in_process.mishaps import refusing, watching
from tests.support.in_process.polling import Poller
from tests.support.in_process.service import IDEMPOTENCY, Service
from tests.support.in_process.webhook_calls import Programs, joined

EACH_ONCE = {"SendEmail": 2, "Publish": 2}
"""The messages about one mail: to the organism and to its sender, by e-mail and by SMS."""


@pytest.fixture
def notifications(service: Service, monkeypatch: pytest.MonkeyPatch) -> Poller:
    """A mail's four notifications on the queue."""
    monkeypatch.setattr(Process.current().post_office._outbox, "_pause", lambda _: None)
    service.receipt_trigger(service.sent().mail_id)
    return Poller("notifications", "send_notification")


@contextmanager
def taken() -> Iterator[Counter[str]]:
    """How often SES and SNS took a message."""
    found: Counter[str] = Counter()
    otherwise = BaseClient._make_api_call  # type: ignore[attr-defined]  # or a mishap's

    def call(client: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        answer = otherwise(client, name, parameters)
        found.update([name] if name in EACH_ONCE else [])
        return answer

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield found


FOR_HOURS = [
    ("SendEmail", "TooManyRequestsException", "Maximum sending rate exceeded."),
    ("SendEmail", "ThrottlingException", "Daily message quota exceeded"),
    ("Publish", "MonthlySpendLimitReachedException", "No quota left for account"),
]


@pytest.mark.parametrize(("operation", "code", "text"), FOR_HOURS)
def test_a_message_that_aws_refuses_for_hours_is_sent_once_and_fails_never(
    notifications: Poller, operation: str, code: str, text: str
) -> None:
    """Forty refusals, where five failures make a dead letter.

    https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
    """
    said = {"Error": {"Code": code, "Message": text}}
    with refusing(operation, code, times=3 * 40, more=said) as refused, taken() as sent:
        notifications.run(hours=30)
    assert len(refused) == 3 * 40
    assert sent == EACH_ONCE
    assert (notifications.waiting, notifications.failed) == (0, 0)


OF_OURS = [
    ("GetItem", "ProvisionedThroughputExceededException"),
    ("PutItem", "RequestLimitExceeded"),
    ("UpdateItem", "TransactionConflictException"),
    ("DeleteItem", "ThrottlingException"),
]


@pytest.mark.parametrize(("operation", "code"), OF_OURS)
def test_a_table_or_key_in_demand_does_not_make_a_message_fail(
    notifications: Poller, operation: str, code: str
) -> None:
    def is_before_sending(asked: dict[str, Any]) -> bool:
        return operation != "UpdateItem" or bool(asked["TableName"] != IDEMPOTENCY)

    with refusing(operation, code, times=20, when=is_before_sending), taken() as sent:
        notifications.run(hours=30)
    assert sent == EACH_ONCE
    assert (notifications.waiting, notifications.failed) == (0, 0)


@pytest.mark.parametrize("crashes", [1, 3])
def test_a_process_that_dies_between_putting_off_and_deleting_sends_nothing_twice(
    notifications: Poller, crashes: int
) -> None:
    """The message is on the queue twice then, or more often."""
    notifications.crashes = crashes
    with refusing("SendEmail", "TooManyRequestsException", times=3 * 8), taken() as sent:
        notifications.run(hours=30)
    assert sent == EACH_ONCE
    assert (notifications.waiting, notifications.failed) == (0, 0)


def test_a_message_that_went_out_and_could_not_be_noted_is_not_put_off(notifications: Poller) -> None:
    """Put off for ever, it could be sent for ever: it comes back as one that failed, as often as others do."""

    def is_note_of_success(asked: dict[str, Any]) -> bool:
        return bool(asked["TableName"] == IDEMPOTENCY)

    with refusing("UpdateItem", "ThrottlingException", when=is_note_of_success), watching("SendMessage") as put_off:
        notifications.poll()
    assert put_off == []
    assert notifications.waiting == 4


def test_a_message_that_cannot_be_put_off_fails_and_comes_back(notifications: Poller) -> None:
    with refusing("SendEmail", "TooManyRequestsException", times=3 * 2):
        with refusing_too("SendMessage", "KMS.ThrottlingException"):
            notifications.poll()
        assert notifications.waiting == 2
        with taken() as sent:
            notifications.run(hours=1)
    assert sent == {"SendEmail": 2}
    assert notifications.failed == 0


@contextmanager
def refusing_too(operation: str, code: str) -> Iterator[None]:
    """AWS refuses this as well as what is refused already."""
    otherwise = BaseClient._make_api_call  # type: ignore[attr-defined]  # the other mishap's

    def call(client: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        if name == operation:
            raise ClientError({"Error": {"Code": code, "Message": "injected"}}, name)
        return otherwise(client, name, parameters)

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("MessageRejected", 'Address is not verified: "maximum sending rate exceeded"@evil.example'),
        ("BadRequestException", "Daily message quota exceeded, says a subject"),
        ("MailFromDomainNotVerifiedException", "Maximum sending rate exceeded"),
        ("InternalServiceErrorException", "Try again"),
    ],
)
def test_a_message_that_is_refused_for_itself_ends_with_operators(notifications: Poller, code: str, text: str) -> None:
    """A stranger's address may hold any words; an error of AWS's own may have sent the message."""
    with refusing("SendEmail", code, more={"Error": {"Code": code, "Message": text}}):
        notifications.run(hours=2)
    assert (notifications.waiting, notifications.failed) == (0, 2)


def test_operators_see_how_many_messages_wait_and_since_when(
    notifications: Poller, capsys: pytest.CaptureFixture[str]
) -> None:
    with refusing("SendEmail", "TooManyRequestsException", more={"Error": {"Code": "Throttling"}}):
        notifications.run(hours=3)
    printed = capsys.readouterr().out
    assert len(metric(printed, "NotificationsPostponed")) > 10
    assert 2.5 * 3600 < max(metric(printed, "SecondsPostponed")) < 3 * 3600
    assert metric(printed, "NotificationsFailed") == []
    assert "amina.alaoui" not in printed


def test_a_message_that_is_put_off_keeps_its_body_and_the_ids_that_logs_follow(notifications: Poller) -> None:
    with refusing("SendEmail", "Throttling"), watching("SendMessage") as again:
        notifications.run(hours=2)
    first = again[0]
    last = [each for each in again if each["MessageBody"] == first["MessageBody"]][-1]
    assert len({each["MessageBody"] for each in again}) == 2
    for name in ("correlation_id", "first_sent_at"):
        assert last["MessageAttributes"][name] == first["MessageAttributes"][name]
    assert int(last["MessageAttributes"]["postponed"]["StringValue"]) > 4


@pytest.mark.parametrize("operation", ["GetItem", "GetSecretValue", "ChangeMessageVisibility"])
def test_a_call_to_a_program_is_put_off_without_using_up_its_attempts(
    service: Service, programs: Programs, operation: str
) -> None:
    with programs() as organism:
        joined(service, organism.url)
        service.receipt_trigger(service.sent("cndp").mail_id)
        webhooks = Poller("webhooks", "call_webhook")
        with refusing(operation, "ThrottlingException", times=20) as refused, watching("SendMessage") as again:
            webhooks.run(hours=30)
        assert len(refused) == 20
        assert len(organism.received) == 1
        assert {each["MessageGroupId"] for each in again} == {"cndp"}
        assert (webhooks.waiting, webhooks.failed) == (0, 0)
