"""What leaves the system, by which way and to whom, and what its logs may hold."""

import io
import json
from collections.abc import Iterator
from typing import get_args

import pytest

from mailroom.domain.reach import Way
from mailroom.mails.tokens import Tokens
from mailroom.notifying.notifications import for_submission
from tests.support.fakes.sending_services import World, all_of, amid_aws, deliver
from tests.support.samples.notified_mail import MAIL_ID, mail, organism


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with amid_aws(monkeypatch) as made:
        yield made


def test_an_email_comes_from_the_service_and_says_that_no_person_wrote_it(world: World) -> None:
    world.keep(mail(language="ar"))
    deliver(*all_of(mail(language="ar")))
    to_sender = world.emails[1]
    assert to_sender["FromEmailAddress"].startswith("=?utf-8?")
    assert to_sender["FromEmailAddress"].endswith(" <bureau-ordre@example.org>")
    simple = to_sender["Content"]["Simple"]
    assert world.emails[0]["ConfigurationSetName"] == "bod-email"
    assert {"Name": "Auto-Submitted", "Value": "auto-generated"} in simple["Headers"]
    parts = [simple["Subject"], simple["Body"]["Text"], simple["Body"]["Html"]]
    assert {each["Charset"] for each in parts} == {"UTF-8"}
    # By these a bounce is traced to what was sent, without its address.
    notification = for_submission(mail(), organism())[2]
    assert {tag["Name"]: tag["Value"] for tag in to_sender["EmailTags"]} == {
        "notification_id": notification.notification_id,
        "template": "sender_receipt",
        "mail_id": MAIL_ID,
    }


def test_an_sms_names_its_sender_and_is_transactional(world: World) -> None:
    world.keep(mail())
    deliver(*all_of(mail()))
    attributes = world.texts[0]["MessageAttributes"]
    assert attributes["AWS.SNS.SMS.SenderID"]["StringValue"] == "BOD"
    assert attributes["AWS.SNS.SMS.SMSType"]["StringValue"] == "Transactional"


def test_the_way_into_the_mail_is_told_to_its_sender_alone(world: World) -> None:
    world.keep(mail())
    deliver(*all_of(mail()))
    tokens = Tokens(b"k" * 64)
    sent = [json.dumps(each) for each in (*world.emails, *world.texts)]
    ways: tuple[tuple[Way, str, list[bool]], ...] = (
        ("email", "suivi", [False, True, False, False]),
        ("sms", "s", [False, False, False, True]),
    )
    for way, page, told in ways:
        code = tokens.link_code(MAIL_ID, way)
        link = f"https://bod.example.org/{page}#ANAM-2026-000001/{code}"
        assert [link in each for each in sent] == told
        assert [code in each for each in sent] == told
    assert not [each for each in sent if tokens.follow_up_code(MAIL_ID) in each], "it is for the slip"


def test_nothing_that_the_sender_wrote_goes_to_the_senders_unchecked_address(world: World) -> None:
    hostile = mail(subject="Zanzibar", sender={"first_name": "Gagnez\r\nBcc: x@y.z", "last_name": "Vite"})
    world.keep(hostile)
    deliver(*all_of(hostile))
    to_sender = json.dumps([world.emails[1], world.texts[1]])
    assert not [each for each in ("Zanzibar", "Gagnez", "Bcc", "Vite") if each in to_sender]
    assert not [each for each in ("Gagnez", "Bcc", "Vite") if each in json.dumps(world.emails[0])]


MARKS = ("marked-desk", "612345678", "marked-sender", "661223344", "MarkedSubject", "MarkedFirst")


def test_logs_and_metrics_hold_ids_and_nothing_that_anybody_wrote(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = mail(
        subject="MarkedSubject",
        sender={"email": "marked-sender@exemple.ma", "first_name": "MarkedFirst"},
    )
    world.keep(marked)
    desk = organism(emails=("marked-desk@anam.example", "marked-desk-2@anam.example"))
    messages = all_of(marked, desk)
    world.refused["marked-desk-2@anam.example"] = "BadRequestException", 1
    bad = messages[0] | {
        "messageId": "bad",
        "body": json.dumps({"marked-desk@anam.example": "MarkedSubject"}),
    }
    root_log = io.StringIO()
    monkeypatch.setattr("sys.stderr", root_log)
    assert set(deliver(*messages, bad)) == {messages[1]["messageId"], "bad"}
    told = world.log.getvalue() + "".join(capsys.readouterr()) + root_log.getvalue()
    codes = [Tokens(b"k" * 64).link_code(MAIL_ID, way) for way in get_args(Way)]
    assert not [mark for mark in (*MARKS, *codes) if mark in told]
    lines = [json.loads(line) for line in world.log.getvalue().splitlines()]
    failed = [line for line in lines if line["level"] == "ERROR"]
    assert [line["errors"] for line in failed] == [
        ["BadRequestException SendEmail BadRequestException"],
        ["ValidationError extra_forbidden missing"],
    ]
    assert failed[0]["mail_id"] == MAIL_ID
    assert failed[0]["correlation_id"] == "the-correlation"
    assert all("notification_id" in line for line in lines if line["level"] == "INFO")


def test_metrics_count_what_went_out_and_what_failed_by_channel_once(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.keep(mail())
    world.refused["desk@anam.example"] = "MessageRejected", 1
    messages = all_of(mail())
    deliver(*messages)
    deliver(*messages)
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    counted = [
        (name, each["channel"])
        for each in metrics
        for name in ("NotificationsFailed", "NotificationsSent")
        if name in each
    ]
    assert sorted(counted) == [
        ("NotificationsFailed", "email"),
        ("NotificationsSent", "email"),
        ("NotificationsSent", "email"),
        ("NotificationsSent", "sms"),
        ("NotificationsSent", "sms"),
    ]
    emf = next(each for each in metrics if "NotificationsSent" in each)["_aws"]["CloudWatchMetrics"][0]
    assert emf["Namespace"] == "BureauOrdre"
    assert [set(each) for each in emf["Dimensions"]] == [{"channel", "service"}]
