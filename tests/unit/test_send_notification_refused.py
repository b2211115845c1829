"""Addresses that take no message: never tried again, never forgotten, and another way is used where one is left."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from botocore.awsrequest import AWSResponse

from mailroom.domain.mail import Submitted
from mailroom.domain.reach import DeliveryFailure
from mailroom.storage.mails import Store
from tests.support.fakes.sending_services import ENVIRONMENT, World, all_of, amid_aws, deliver, new_process
from tests.support.samples.notified_mail import MAIL_ID, mail, organism

PHONE_ALONE: dict[str, object] = {"email": None}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with amid_aws(monkeypatch) as made:
        yield made


def kept(world: World) -> Submitted:
    return Store(world.table).submitted(MAIL_ID)


def of_sender(messages: list[dict[str, object]]) -> list[dict[str, object]]:
    return [each for each in messages if '"sender_' in str(each["body"])]


def sns_refuses(world: World, code: str, text: str) -> list[int]:
    """Have SNS refuse each number with this error; how often it was asked comes back."""
    asked: list[int] = []

    def refuse(**_: object) -> AWSResponse:
        asked.append(1)
        error = f"<ErrorResponse><Error><Code>{code}</Code><Message>{text}</Message></Error></ErrorResponse>"
        return AWSResponse("https://sns", 400, {}, _Raw(error.encode()))  # type: ignore[arg-type]

    world.sns.meta.events.register_first("before-send.sns.Publish", refuse)  # type: ignore[arg-type]
    return asked


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self._body


REFUSALS = [
    ("OptedOut", "The number +212661223344 is opted out", "opted_out"),
    ("InvalidParameter", "Invalid parameter: PhoneNumber Reason: +212661223344 is opted out", "opted_out"),
    ("InvalidParameter", "Invalid parameter: PhoneNumber Reason: +212661223344 is not valid", "number_refused"),
    ("ParameterValueInvalid", "Invalid phone number +212661223344", "number_refused"),
]


@pytest.mark.parametrize(("code", "text", "reason"), REFUSALS)
def test_a_number_that_refuses_sms_is_asked_once_and_known_without_being_logged(
    world: World, code: str, text: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = mail()
    world.keep(sent)
    asked = sns_refuses(world, code, text)
    (message,) = [each for each in of_sender(all_of(sent)) if "+212661223344" in str(each["body"])]
    for _ in range(3):
        assert deliver(message) == []
        new_process()
    assert len(asked) == 1
    failure = kept(world).sms_failure
    assert failure is not None
    assert failure.reason == reason
    assert failure.until is not None
    assert "661223344" not in world.log.getvalue() + "".join(capsys.readouterr())
    assert "sender_not_informed" not in events(world)  # an e-mail arrives


def events(world: World) -> list[str]:
    return [event.event for event in Store(world.table).mail_and_history(MAIL_ID)[1]]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("InvalidParameter", "Invalid parameter: MessageAttributes Reason: SenderID is not valid"),
        ("AuthorizationError", "User is not authorized to perform: SNS:Publish"),
        ("InternalError", "phone number of the engineer on call"),
    ],
)
def test_a_refusal_that_is_not_about_the_number_comes_back_and_ends_with_operators(
    world: World, code: str, text: str
) -> None:
    sent = mail()
    world.keep(sent)
    asked = sns_refuses(world, code, text)
    (message,) = [each for each in of_sender(all_of(sent)) if "+212661223344" in str(each["body"])]
    for _ in range(2):
        assert deliver(message) == [message["messageId"]]
    assert len(asked) == 2
    assert kept(world).sms_failure is None


def test_a_sender_whom_no_message_reaches_is_known_to_be_untold(world: World) -> None:
    sent = mail(sender=PHONE_ALONE)
    world.keep(sent)
    sns_refuses(world, *REFUSALS[0][:2])
    assert deliver(*of_sender(all_of(sent))) == []
    assert "sender_not_informed" in events(world)
    assert "sender_informed" not in events(world)
    assert "sender_not_informed" not in world.history  # which anyone may read who has the receipt


@pytest.mark.parametrize(
    ("phone", "reason"),
    [("+212537123456", "not_mobile"), ("+870773111632", "country"), ("+33612345678", "country")],
)
def test_what_is_no_mobile_of_a_country_served_is_sent_nothing(world: World, phone: str, reason: str) -> None:
    """Whatever is on the queue: this is the last gate before money is spent."""
    sent = mail(sender={"email": None, "phone": phone})
    world.keep(sent)
    desk = organism(phones=(phone,))
    world.table.put({"pk": "ORGANISM", "sk": "anam", "alerts": {"emails": [], "phones": [phone]}})
    assert deliver(*all_of(sent, desk)) == []
    assert world.texts == []
    failure = kept(world).sms_failure
    assert failure is not None
    assert failure.reason == reason
    assert "sender_not_informed" in events(world)
    item = world.table.get("ORGANISM", "anam")
    assert item is not None
    assert item["failing"][phone]["reason"] == reason


def test_a_stage_without_sms_sends_none_and_the_mail_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(ENVIRONMENT, "SMS_COUNTRIES", "")
    with amid_aws(monkeypatch) as world:
        sent = mail(sender=PHONE_ALONE)
        world.keep(sent)
        assert deliver(*of_sender(all_of(sent))) == []
        assert world.texts == []
        assert "sender_not_informed" in events(world)
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["channel"] for each in metrics if "NotificationsUndeliverable" in each] == ["sms"]


def test_a_number_is_refused_on_top_of_a_full_mailbox(world: World) -> None:
    full = DeliveryFailure("mailbox_full", "2026-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z")
    sent = replace(mail(), email_failure=full)
    world.keep(sent)
    item = world.table.get(f"MAIL#{MAIL_ID}", "MAIL")
    assert item is not None
    world.table.put(item | {"email_failure": full.stored()})
    sns_refuses(world, *REFUSALS[0][:2])
    assert deliver(*of_sender(all_of(sent))) == []
    assert len(world.emails) == 1
    assert "sender_not_informed" in events(world)
