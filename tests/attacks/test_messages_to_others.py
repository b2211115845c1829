"""What somebody without an account makes the service send, and to whom: contact details are typed by strangers."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
import time_machine

from mailroom.domain import clock
from mailroom.mails.tokens import Tokens
from mailroom.notifying.caps import Caps, Counters
from mailroom.notifying.notifications import Notification, notification_id
from mailroom.storage.table import Table
from tests.support.in_process.agents import Agent
from tests.support.in_process.mishaps import counting, refusing
from tests.support.in_process.service import CITIZEN, OPERATOR, REGION, TABLE, Mail, Service
from tests.support.samples.message_caps import CAPS

VICTIM = "0661223344"
VICTIMS_EMAIL = "victim@exemple.ma"
NOON = "2026-11-22T12:00:00Z"


def sent(service: Service, organism_id: str = "anam", **changes: object) -> Mail:
    """A mail whose sender is who the attacker says; a field that is None is left out."""
    sender = {name: value for name, value in (CITIZEN | changes).items() if value is not None}
    mail = service.start(organism_id)
    service.write(mail)
    assert service.identify(mail, sender).status == 200
    mail.submitted = service.submit(mail).json
    assert mail.submitted["status"] == "submitted"
    service.receipt_trigger(mail.mail_id)
    return mail


def delivered(service: Service) -> dict[str, int]:
    """How many e-mails and SMS went out for all that waits in the queue, which is empty then."""
    sqs = boto3.client("sqs", REGION)
    url = sqs.get_queue_url(QueueName="notifications")["QueueUrl"]
    calls: list[str] = []
    while waiting := service.queued():
        with counting() as some:
            assert service.deliver(waiting) == {"batchItemFailures": []}
        calls += some
        for record in waiting:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=record["receiptHandle"])
    return {"email": calls.count("SendEmail"), "sms": calls.count("Publish")}


def without_desk(service: Service, organism_id: str = "anam") -> None:
    """Leave the organism's own messages out of what is counted."""
    boto3.resource("dynamodb").Table(TABLE).update_item(
        Key={"pk": "ORGANISM", "sk": organism_id},
        UpdateExpression="SET alerts = :none",
        ExpressionAttributeValues={":none": {"emails": [], "phones": []}},
    )
    assert service.items("CAP#REFUSED") == []


def seen(service: Service, mail: Mail) -> dict[str, Any]:
    answer = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token)
    view: dict[str, Any] = answer.json
    return view


def capped(service: Service) -> list[dict[str, Any]]:
    failures: list[dict[str, Any]] = service.call("GET", "/v1/operations/failures", claims=OPERATOR).json["capped"]
    return failures


@pytest.mark.parametrize("phone", ["+5352345678", "+252612345678", "+688901234", "+870773111632", "+881612345678"])
def test_sms_to_countries_that_pay_the_attacker(service: Service, phone: str) -> None:
    """The attacker has a share in what SMS to Cuba, Somalia, Tuvalu or a satellite cost, and sends mail from there."""
    without_desk(service)
    mail = sent(service, phone=phone, email=None)
    assert delivered(service) == {"email": 0, "sms": 0}
    assert "sender_not_informed" in [event["event"] for event in seen(service, mail)["history"]]


def test_sms_to_one_number_without_end(service: Service) -> None:
    """The attacker wants somebody's telephone to ring all day: one mail after the other, from as many organisms."""
    without_desk(service)
    without_desk(service, "adm")
    with time_machine.travel(NOON, tick=False) as time:
        mails = [sent(service, ["anam", "adm"][rank % 2], phone=VICTIM, email=None) for rank in range(8)]
        assert delivered(service)["sms"] == CAPS["sms_number"]["hour"]
        untold = [mail for mail in mails if "sender_not_informed" in str(seen(service, mail)["history"])]
        assert len(untold) == 8 - CAPS["sms_number"]["hour"]
        assert {seen(service, mail)["sender"]["reachable_by_sms"] for mail in untold} == {False}
        assert sum(each["messages"] for each in capped(service)) == len(untold)
        assert {(each["channel"], each["cap"]) for each in capped(service)} == {("sms", "address")}
        total = CAPS["sms_number"]["hour"]
        for _ in range(3):
            time.shift(3600)
            for _ in range(4):
                sent(service, phone=VICTIM, email=None)
            total += delivered(service)["sms"]
        assert total == CAPS["sms_number"]["day"]
        time.shift(24 * 3600)
        sent(service, phone=VICTIM, email=None)
        assert delivered(service)["sms"] == 1


def test_one_number_written_in_many_ways(service: Service) -> None:
    """The attacker hopes that 0661…, +212661… and 00212 661 … are counted apart."""
    without_desk(service)
    with time_machine.travel(NOON, tick=False):
        for spelling in (VICTIM, "+212661223344", "00212661223344", "0661-22-33-44", "06 61 22 33 44", "٠٦٦١٢٢٣٣٤٤"):
            sent(service, phone=spelling, email=None)
        assert delivered(service)["sms"] == CAPS["sms_number"]["hour"]


def test_e_mails_to_one_address_without_end(service: Service) -> None:
    """The attacker buries somebody's mailbox in receipts, under all the spellings that reach it."""
    without_desk(service)
    most = CAPS["email_address"]["hour"]
    with time_machine.travel(NOON, tick=False):
        mails, e_mails = [], 0
        for rank in range(most + 2):
            spelling = VICTIMS_EMAIL.replace("@", f"+{rank}@") if rank % 2 else VICTIMS_EMAIL
            mails.append(sent(service, email=spelling, phone=None))
            e_mails += delivered(service)["email"]
        assert e_mails == most
        last = seen(service, mails[-1])
        assert last["status"] == "submitted"
        assert last["sender"]["reachable_by_email"] is False
        assert "sender_not_informed" in str(last["history"])
        agent = Agent(service).open(mails[-1].submitted["number"]).json
        assert agent["sender"]["reachable_by_email"] is False
        assert [(each["cap"], each["messages"]) for each in capped(service)] == [("address", 2)]


def test_a_flood_of_mail_to_an_organism_whose_agents_have_telephones(service: Service) -> None:
    """The attacker has a desk's telephone ring for each of a thousand mails: its e-mails go on, the SMS end."""
    boto3.resource("dynamodb").Table(TABLE).update_item(
        Key={"pk": "ORGANISM", "sk": "anam"},
        UpdateExpression="SET alerts = :desk",
        ExpressionAttributeValues={":desk": {"emails": ["desk@anam.example"], "phones": ["+212612000001"]}},
    )
    counters = counted(service)
    with time_machine.travel(NOON, tick=False):
        to_desk = [message("organism_alert", "sms", "+212612000001", rank) for rank in range(70)]
        reached = [counters.reached(each, "anam", clock.now()) for each in to_desk]
        assert reached.count(None) == CAPS["sms_desk"]["hour"]
        e_mails = [message("organism_alert", "email", "desk@anam.example", rank) for rank in range(70)]
        assert {counters.reached(each, "anam", clock.now()) for each in e_mails} == {None}


def counted(service: Service, **caps: object) -> Counters:
    """The counters as `send_notification` has them, with other caps where a test says so."""
    assert service is not None
    return Counters(
        Table(boto3.client("dynamodb"), TABLE), Caps.model_validate(CAPS | caps), Tokens(b"k" * 64).pseudonym
    )


def message(template: Any, channel: Any, to: str, rank: int) -> Notification:  # noqa: ANN401 - literals
    return Notification(
        notification_id=notification_id(str(rank), template, channel, to),
        mail_id=str(rank),
        template=template,
        channel=channel,
        to=to,
        language="fr",
    )


@pytest.mark.parametrize("cap", ["organism", "month"])
def test_a_thousand_numbers_once_each(service: Service, cap: str) -> None:
    """The attacker stays below each number's cap, and has the month's money spent on as many numbers as there are."""
    few = {"sms_organism": {"hour": 3, "day": 3}} if cap == "organism" else {"sms_month": 3}
    counters = counted(service, **few)
    with time_machine.travel(NOON, tick=False):
        messages = [message("sender_receipt", "sms", f"+2126612233{rank:02}", rank) for rank in range(10)]
        reached = [counters.reached(each, "anam", clock.now()) for each in messages]
        assert reached == [None] * 3 + [cap] * 7
        elsewhere = message("sender_receipt", "sms", "+212661223399", 99)
        assert counters.reached(elsewhere, "adm", clock.now()) == (None if cap == "organism" else "month")


def test_a_hundred_at_once(service: Service) -> None:
    """The attacker submits all in the same second, so that each looks at the counter before any has raised it."""
    counters = counted(service)
    messages = [message("sender_receipt", "sms", "+212661223344", rank) for rank in range(30)]
    with time_machine.travel(NOON, tick=False), ThreadPoolExecutor(8) as pool:
        reached = list(pool.map(lambda each: counters.reached(each, "anam", clock.now()), messages))
    assert reached.count(None) == CAPS["sms_number"]["hour"]


def test_messages_that_are_tried_again_use_up_nobodys_cap(service: Service) -> None:
    """Bad luck: AWS refuses for a while, and the same message comes back from the queue again and again."""
    without_desk(service)
    with time_machine.travel(NOON, tick=False):
        sent(service, phone=VICTIM, email=None)
        waiting = service.queued()
        for _ in range(7):
            with refusing("Publish", "InternalError"):
                assert service.deliver(waiting)["batchItemFailures"]
        with counting() as calls:
            assert service.deliver(waiting) == {"batchItemFailures": []}
        assert calls.count("Publish") == 1
        (day,) = [item for item in service.items("CAP#sms#organism#anam") if item["sk"] == "2026-11-22"]
        assert day["day"] == 1


def test_reading_the_counters(service: Service) -> None:
    """Whoever gets a copy of the table wants to know whom messages went to: counters hold keyed hashes, for days."""
    without_desk(service)
    sent(service, phone=VICTIM, email=VICTIMS_EMAIL)
    delivered(service)
    items: list[dict[str, Any]] = boto3.resource("dynamodb").Table(TABLE).scan()["Items"]
    counters = [item for item in items if item["pk"].startswith("CAP#")]
    assert len(counters) >= 4
    text = json.dumps(counters, default=str)
    assert "661223344" not in text
    assert "victim" not in text
    assert all(int(item["ttl"]) > clock.now().timestamp() for item in counters)
