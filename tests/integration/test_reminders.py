"""Nobody waits in silence: organisms are reminded of uncollected mail, and operators are told in the end."""

import importlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Protocol

import boto3
import pytest
import time_machine
from time_machine import Traveller

from mailroom.domain import clock
from mailroom.domain.organism import Reminders
from mailroom.mails.collection import collect
from mailroom.notifying.reminders import UncollectedMails
from mailroom.operating import reminder_run
from mailroom.storage.mails import Store
from mailroom.storage.table import Table
from tests.support.in_process.metrics import metric
from tests.support.in_process.mishaps import ProcessDiedError, counting, dying_after_write
from tests.support.in_process.scanning import Listening
from tests.support.in_process.service import TABLE, Mail, Service, context


class Morning(Protocol):
    """Runs the schedule one morning, with so much time left."""

    def __call__(self, day: str, *, hour: str = ..., left_ms: int = ...) -> None: ...


MONDAY = "2026-11-09T09:00:00Z"
"""The Wednesday of the week after it is a holiday."""


@pytest.fixture
def calendar(service: Service) -> Iterator[Traveller]:  # noqa: ARG001 - its AWS
    """The wall calendar: a Monday, until a page is torn off."""
    sqs = boto3.client("sqs")
    queue = sqs.get_queue_url(QueueName="notifications")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"MessageRetentionPeriod": "1209600"})
    with time_machine.travel(MONDAY, tick=True) as travelled:
        yield travelled


@pytest.fixture
def operators(calendar: Traveller, monkeypatch: pytest.MonkeyPatch) -> Listening:  # noqa: ARG001 - its time
    listening = Listening()
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", listening.topic_arn)
    # moto loses updates of transactions that run at once.
    monkeypatch.setattr(reminder_run, "_AT_ONCE", 1)
    return listening


@pytest.fixture
def morning(calendar: Traveller, operators: Listening) -> Morning:  # noqa: ARG001 - who is told
    """The schedule of one morning."""

    def run(day: str, *, hour: str = "07:15", left_ms: int = 280_000) -> None:
        own = context("remind_organisms")
        own.get_remaining_time_in_millis = lambda: left_ms
        calendar.move_to(f"{day}T{hour}:00Z")
        importlib.import_module("remind_organisms.handler").handler({}, own)

    return run


def sent(service: Service, organism_id: str = "anam") -> Mail:
    return service.sent(organism_id)


def reminders(service: Service) -> list[dict[str, Any]]:
    """The reminders in the queue, each once, however often it was queued."""
    bodies = [json.loads(message["body"]) for message in service.queued()]
    found = {body["notification_id"]: body for body in bodies if body["template"] == "organism_reminder"}
    return list(found.values())


def reminded(service: Service, mail: Mail) -> int:
    history = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).json["history"]
    return [event["event"] for event in history].count("reminded")


def test_an_organism_is_reminded_on_the_third_working_day_and_each_third_after_it(
    service: Service, operators: Listening, morning: Morning
) -> None:
    mail = sent(service)
    expected = {
        "2026-11-10": 0,
        "2026-11-11": 0,
        "2026-11-12": 1,  # Thursday
        "2026-11-13": 1,
        "2026-11-14": 1,
        "2026-11-15": 1,
        "2026-11-16": 1,
        "2026-11-17": 2,  # Friday, Monday, Tuesday
        "2026-11-18": 2,
        "2026-11-19": 2,
        "2026-11-20": 2,  # Wednesday was a holiday
        "2026-11-21": 2,
    }
    found = {}
    for day in expected:
        morning(day)
        found[day] = reminded(service, mail)
    assert found == expected
    assert len(reminders(service)) == 2
    assert operators.heard() == []


def test_the_reminder_names_the_oldest_and_nothing_that_people_wrote(
    service: Service, operators: Listening, morning: Morning
) -> None:
    first, second = sent(service), sent(service)
    morning("2026-11-12")
    (reminder,) = reminders(service)
    assert reminder["to"] == "bureau-ordre@anam.example.org"
    assert reminder["channel"] == "email"
    assert reminder["overdue"] == {"count": 2, "numbers": ["ANAM-2026-000001", "ANAM-2026-000002"]}
    assert reminder["mail_id"] == first.mail_id
    assert service.deliver(service.queued()) == {"batchItemFailures": []}
    assert [reminded(service, first), reminded(service, second)] == [1, 1]
    assert operators.heard() == []


def test_the_schedule_may_fire_as_often_as_it_likes(service: Service, operators: Listening, morning: Morning) -> None:
    mail = sent(service)
    for hour in ("07:00", "07:15", "07:30", "10:45", "16:00"):
        morning("2026-11-12", hour=hour)
    assert len(reminders(service)) == 1
    assert reminded(service, mail) == 1
    assert operators.heard() == []


def test_what_a_morning_without_a_run_missed_is_done_the_next(
    service: Service, operators: Listening, morning: Morning
) -> None:
    mail = sent(service)
    morning("2026-11-13")
    assert reminded(service, mail) == 1
    morning("2026-11-17")
    assert reminded(service, mail) == 1
    morning("2026-11-19")
    assert reminded(service, mail) == 2
    assert operators.heard() == []


def test_collected_mail_is_not_brought_to_mind(service: Service, operators: Listening, morning: Morning) -> None:
    mail, other = sent(service), sent(service)
    table = Table(boto3.client("dynamodb"), TABLE)
    collect(table, Store(table).submitted(mail.mail_id), "agent")
    morning("2026-11-12")
    (reminder,) = reminders(service)
    assert reminder["overdue"]["count"] == 1
    assert [reminded(service, mail), reminded(service, other)] == [0, 1]
    morning("2026-12-15")
    (told,) = operators.heard()
    assert told["subject"] == "Mails not collected: 1"


def test_mail_that_is_collected_while_the_schedule_runs_is_left_alone(
    service: Service, calendar: Traveller, operators: Listening
) -> None:
    mail, other = sent(service), sent(service)
    calendar.move_to("2026-11-12T07:15:00Z")
    table = Table(boto3.client("dynamodb"), TABLE)
    register, today = UncollectedMails(table), date(2026, 11, 12)
    (desk,) = register.desks(clock.now())
    first, second = register.overdue(desk, Reminders(), today)
    collect(table, Store(table).submitted(mail.mail_id), "agent")
    assert register.overdue(desk, Reminders(), today) == [second]
    assert not register.reminded(first, clock.now())
    assert not register.escalated(first, clock.now())
    assert register.reminded(second, clock.now())
    assert not register.reminded(second, clock.now())
    assert [reminded(service, mail), reminded(service, other)] == [0, 1]
    assert operators.heard() == []


def test_operators_are_told_once_after_fourteen_days(
    service: Service, operators: Listening, morning: Morning, capsys: pytest.CaptureFixture[str]
) -> None:
    sent(service)
    sent(service, organism_id="adm")
    morning("2026-11-20")
    assert operators.heard() == []
    assert metric(capsys.readouterr().out, "MailsUncollected") == [0.0]
    morning("2026-11-23")
    (told,) = operators.heard()
    assert told["subject"] == "Mails not collected: 2"
    assert "anam: 1 (ANAM-2026-000001)" in told["message"]
    assert "adm: 1 (ADM-2026-000001)" in told["message"]
    assert "Amina" not in told["message"]
    morning("2026-11-23", hour="08:00")
    morning("2026-11-24")
    assert operators.heard() == []
    assert metric(capsys.readouterr().out, "MailsUncollected") == [2.0, 2.0, 2.0]


def test_each_organism_has_its_own_patience(service: Service, operators: Listening, morning: Morning) -> None:
    key = {"pk": "ORGANISM", "sk": "anam"}
    boto3.resource("dynamodb").Table(TABLE).update_item(
        Key=key,
        UpdateExpression="SET reminders = :r",
        ExpressionAttributeValues={":r": {"after_working_days": 1, "escalate_after_days": 2}},
    )
    patient, hasty = sent(service, organism_id="adm"), sent(service)
    morning("2026-11-10")
    assert [reminded(service, patient), reminded(service, hasty)] == [0, 1]
    morning("2026-11-11")
    assert [reminded(service, patient), reminded(service, hasty)] == [0, 2]
    (told,) = operators.heard()
    assert "adm" not in told["message"]


@pytest.mark.parametrize("write", [1, 2, 3])
def test_a_run_that_dies_is_finished_by_the_next_and_says_nothing_twice(
    service: Service, operators: Listening, morning: Morning, write: int
) -> None:
    mails = [sent(service), sent(service)]
    with dying_after_write(write) as writes, pytest.raises(ProcessDiedError):
        morning("2026-11-12")
    assert writes[:write] == ["SendMessageBatch", "TransactWriteItems", "TransactWriteItems"][:write]
    morning("2026-11-12", hour="07:30")
    assert [reminded(service, mail) for mail in mails] == [1, 1]
    messages = [each for each in service.queued() if json.loads(each["body"])["template"] == "organism_reminder"]
    with counting() as calls:
        service.deliver(messages)
    assert calls.count("SendEmail") == 1
    assert operators.heard() == []


def test_an_escalation_that_dies_is_said_again_rather_than_lost(
    service: Service, operators: Listening, morning: Morning
) -> None:
    sent(service)
    morning("2026-11-20")
    with dying_after_write(1) as writes, pytest.raises(ProcessDiedError):
        morning("2026-11-23")
    assert writes == ["Publish"]
    morning("2026-11-23", hour="07:30")
    morning("2026-11-23", hour="07:45")
    assert len(operators.heard()) == 2


def test_a_run_short_of_time_leaves_the_rest_to_the_next(
    service: Service, operators: Listening, morning: Morning
) -> None:
    mail = sent(service)
    morning("2026-11-12", left_ms=30_000)
    assert reminders(service) == []
    morning("2026-11-12", hour="07:30")
    assert reminded(service, mail) == 1
    assert operators.heard() == []


def test_many_uncollected_mails_make_one_email_and_few_reads(
    service: Service, operators: Listening, morning: Morning
) -> None:
    sent(service)
    table = boto3.resource("dynamodb").Table(TABLE)
    (entry,) = [item for item in service.items("REGISTER#anam#2026") if item["sk"] != "COUNTER"]
    with table.batch_writer() as batch:
        for rank in range(2, 121):
            batch.put_item(
                Item=entry
                | {
                    "sk": f"ENTRY#{rank:09d}",
                    "mail_id": f"0199a0e2-6a0b-7c55-9e0f-{rank:012d}",
                    "number": f"ANAM-2026-{rank:06d}",
                }
            )
    with counting() as calls:
        morning("2026-11-12")
    (reminder,) = reminders(service)
    assert reminder["overdue"] == {"count": 120, "numbers": [f"ANAM-2026-{rank:06d}" for rank in range(1, 6)]}
    assert calls.count("BatchGetItem") == 2
    assert calls.count("GetItem") == 1
    assert calls.count("SendMessageBatch") == 1
    assert calls.count("TransactWriteItems") == 120
    noted = [item for item in service.items("REGISTER#anam#2026") if "reminded_at" in item]
    assert len(noted) == 120
    with counting() as calls:
        morning("2026-11-12", hour="07:30")
    assert "TransactWriteItems" not in calls
    assert operators.heard() == []


def test_on_days_off_nobody_is_disturbed(service: Service, operators: Listening, morning: Morning) -> None:
    sent(service)
    for day in ("2026-11-14", "2026-11-15", "2026-11-18"):
        with counting() as calls:
            morning(day)
        assert calls == []
    assert operators.heard() == []
