"""Who is told of a submission, and the queue that carries it."""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws
from pydantic import ValidationError

from mailroom.notifying.notification_queue import NotificationQueue, NotificationsNotQueuedError
from mailroom.notifying.notifications import (
    Notification,
    for_submission,
    notification_id,
)
from tests.support.samples.notified_mail import MAIL_ID, mail, organism

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import (
        SendMessageBatchRequestEntryTypeDef,
        SendMessageBatchResultTypeDef,
    )


def told(notifications: list[Notification]) -> list[tuple[str, str, str, str]]:
    return [(each.template, each.channel, each.to, each.language) for each in notifications]


def test_each_address_of_the_organism_and_the_sender_is_told_in_its_own_language() -> None:
    desk = organism(emails=("desk@anam.example", "chief@anam.example"), phones=("+212612345678",)).model_copy(
        update={"language": "ar"}
    )
    assert told(for_submission(mail(language="en"), desk)) == [
        ("organism_alert", "email", "desk@anam.example", "ar"),
        ("organism_alert", "email", "chief@anam.example", "ar"),
        ("organism_alert", "sms", "+212612345678", "ar"),
        ("sender_receipt", "email", "amina.alaoui@exemple.ma", "en"),
        ("sender_receipt", "sms", "+212661223344", "en"),
    ]


def test_an_address_that_stands_twice_is_told_once() -> None:
    desk = organism(
        emails=("desk@anam.example", "Desk@ANAM.example", "desk@anam.example"),
        phones=("+212612345678", "+212612345678"),
    )
    alerts = [each for each in for_submission(mail(), desk) if each.template == "organism_alert"]
    assert [each.to for each in alerts] == ["desk@anam.example", "+212612345678"]


def test_the_id_depends_on_what_is_told_to_whom_and_on_nothing_else() -> None:
    first, again = for_submission(mail(), organism()), for_submission(mail(), organism())
    assert first == again
    assert len({each.notification_id for each in first}) == len(first)
    text = f"{MAIL_ID}|sender_receipt|email|a@b.ma"
    expected = hashlib.sha256(text.encode()).hexdigest()[:32]
    assert notification_id(MAIL_ID, "sender_receipt", "email", "a@b.ma") == expected


def test_a_message_with_a_field_that_nobody_knows_is_refused() -> None:
    body = for_submission(mail(), organism())[0].model_dump() | {"surprise": 1}
    with pytest.raises(ValidationError):
        Notification.model_validate(body)


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator["SQSClient"]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield boto3.client("sqs", region_name="eu-west-3")


def many(count: int) -> list[Notification]:
    desk = organism(phones=())
    template = for_submission(mail(), desk)[0]
    return [
        template.model_copy(update={"notification_id": f"{rank:032x}", "to": f"{rank}@anam.example"})
        for rank in range(count)
    ]


def queued(sqs: "SQSClient", queue: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]).get(
        "Messages", []
    ):
        found += [(each["Body"], each["MessageAttributes"]["correlation_id"]["StringValue"]) for each in messages]
    return found


def test_every_notification_reaches_the_queue_whole_with_its_correlation_id(
    sqs: "SQSClient",
) -> None:
    queue = sqs.create_queue(QueueName="notifications")["QueueUrl"]
    notifications = many(23)
    NotificationQueue(sqs, queue).put(notifications, "correlation")
    found = queued(sqs, queue)
    assert {Notification.model_validate_json(body) for body, _ in found} == set(notifications)
    assert len(found) == 23
    assert {correlation_id for _, correlation_id in found} == {"correlation"}


def test_nothing_to_tell_asks_nothing_of_the_queue(sqs: "SQSClient") -> None:
    NotificationQueue(sqs, "https://no.such.queue.example").put([], "correlation")


class RefusingQueue:
    """SQS that refuses some ids of each batch, some number of times."""

    def __init__(self, refused: dict[str, int]) -> None:
        self.refused = refused
        self.taken: list[str] = []

    def send_message_batch(
        self,
        *,
        QueueUrl: str,  # noqa: N803 - SQS's own name
        Entries: "list[SendMessageBatchRequestEntryTypeDef]",  # noqa: N803 - SQS's own name
    ) -> "SendMessageBatchResultTypeDef":
        assert QueueUrl == "queue"
        assert len(Entries) <= 10
        failed = []
        for entry in Entries:
            if self.refused.get(entry["Id"], 0):
                self.refused[entry["Id"]] -= 1
                failed.append({"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"})
            else:
                self.taken.append(entry["Id"])
        return {"Successful": [], "Failed": failed}  # type: ignore[typeddict-item]


def test_what_the_queue_refuses_of_a_batch_is_sent_again_and_the_rest_is_not() -> None:
    notifications = many(12)
    queue = RefusingQueue({notifications[2].notification_id: 2, notifications[11].notification_id: 1})
    pauses: list[float] = []
    NotificationQueue(queue, "queue", pause=pauses.append).put(notifications, "c")  # type: ignore[arg-type]
    assert sorted(queue.taken) == [each.notification_id for each in notifications]
    assert pauses == [0.1, 0.2, 0.1]


def test_a_refusal_to_the_end_is_raised_by_id_once_all_others_are_queued() -> None:
    notifications = many(12)
    stubborn = notifications[2]
    queue = RefusingQueue({stubborn.notification_id: 99})
    with pytest.raises(NotificationsNotQueuedError) as caught:
        NotificationQueue(queue, "queue", pause=lambda _: None).put(notifications, "c")  # type: ignore[arg-type]
    assert caught.value.notification_ids == (stubborn.notification_id,)
    assert stubborn.to not in str(caught.value)
    assert len(queue.taken) == 11
