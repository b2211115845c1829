"""Made-up addresses by the hundred: SES would end all sending of the account, and no organism would be alerted."""

import json

import boto3
import pytest
import time_machine

from mailroom.domain import clock
from mailroom.notifying.sending_health import FEWEST_BOUNCES, EmailCounts, count
from mailroom.storage.table import Table
from tests.attacks.test_messages_to_others import delivered, seen, sent, without_desk
from tests.support.in_process.scanning import Listening
from tests.support.in_process.sending_failures import came_back, complained, note
from tests.support.in_process.service import OPERATOR, TABLE, Service

NOON = "2026-11-22T12:00:00Z"
OLD, NEW = "amina@known.example", "omar@new.example"


@pytest.fixture
def operators(service: Service, monkeypatch: pytest.MonkeyPatch) -> Listening:  # noqa: ARG001 - its AWS
    listening = Listening()
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", listening.topic_arn)
    return listening


def bounces(many: int, **more: str) -> None:
    for rank in range(many):
        note(came_back(f"nobody{rank}@made-up.example", template="sender_receipt", mail_id="gone", **more))


def test_mail_from_hundreds_of_made_up_addresses(
    service: Service, operators: Listening, capsys: pytest.CaptureFixture[str]
) -> None:
    """The attacker wants the service's e-mail stopped; new addresses are paused, and those that worked are told."""
    without_desk(service)
    with time_machine.travel(NOON, tick=False) as time:
        sent(service, email=OLD, phone=None)
        assert delivered(service)["email"] == 1
        time.shift(25 * 3600)
        bounces(FEWEST_BOUNCES - 1)
        sent(service, email="before@new.example", phone=None)
        assert delivered(service)["email"] == 1
        bounces(1)
        time.shift(60)
        capsys.readouterr()
        bounces(1)
        paused = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "SendingPaused" in line]
        assert [each["SendingPaused"] for each in paused] == [[1.0]]
        refused = sent(service, email=NEW, phone=None)
        assert delivered(service)["email"] == 0
        assert seen(service, refused)["sender"]["reachable_by_email"] is False
        assert "sender_not_informed" in str(seen(service, refused)["history"])
        sent(service, email=OLD, phone=None)
        assert delivered(service)["email"] == 1
        by_sms = sent(service, email=NEW)
        assert delivered(service) == {"email": 0, "sms": 1}
        assert "sender_informed" in str(seen(service, by_sms)["history"])
        health = service.call("GET", "/v1/operations/failures", claims=OPERATOR).json["sending"]
        assert health == {"sent": 3, "bounced": FEWEST_BOUNCES + 1, "complained": 0, "paused": True}
        time.shift(3 * 24 * 3600)
        sent(service, email=NEW, phone=None)
        assert delivered(service)["email"] == 1
    assert operators.heard() == []


def test_what_ses_did_not_send_counts_for_nothing(service: Service, operators: Listening) -> None:
    """The attacker repeats addresses that SES refuses by itself, to have sending paused for everybody."""
    with time_machine.travel(NOON, tick=False):
        bounces(FEWEST_BOUNCES, sub_kind="OnAccountSuppressionList")
        bounces(FEWEST_BOUNCES, kind="Transient", sub_kind="MailboxFull")
        note(complained("x@made-up.example", sub_kind="OnAccountSuppressionList"))
        health = service.call("GET", "/v1/operations/failures", claims=OPERATOR).json["sending"]
        assert health == {"sent": 0, "bounced": 0, "complained": 0, "paused": False}
    assert operators.heard() == []


@pytest.mark.parametrize(
    ("health", "paused"),
    [
        (EmailCounts(), False),
        (EmailCounts(sent=19, bounced=19), False),
        (EmailCounts(sent=20, bounced=20), True),
        (EmailCounts(sent=1_000, bounced=29), False),
        (EmailCounts(sent=1_000, bounced=30), True),  # SES looks at 50, and ends it at 100
        (EmailCounts(sent=100_000, bounced=2_999), False),
        (EmailCounts(sent=10, complained=2), False),
        (EmailCounts(sent=3_000, complained=3), True),
        (EmailCounts(sent=10_000, complained=7), False),
        (EmailCounts(sent=10_000, complained=8), True),  # SES looks at 10
    ],
)
def test_how_many_are_too_many(health: EmailCounts, paused: bool) -> None:
    """The attacker looks for the share of bounces at which SES acts and the service does not."""
    assert health.is_paused is paused


def test_counting_at_midnight(service: Service) -> None:
    """The attacker spreads the bounces over two days of UTC: yesterday's count too."""
    assert service is not None
    table = Table(boto3.client("dynamodb"), TABLE)
    with time_machine.travel("2026-11-22T23:59:00Z", tick=False) as time:
        for _ in range(10):
            count(table, "bounced", clock.now())
        time.shift(120)
        for _ in range(10):
            count(table, "bounced", clock.now())
        answer = service.call("GET", "/v1/operations/failures", claims=OPERATOR).json["sending"]
        assert answer["paused"] is True
