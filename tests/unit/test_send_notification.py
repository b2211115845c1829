"""One message, one e-mail or SMS: whatever is repeated, refused or cut off in between."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.awsrequest import AWSResponse
from moto import mock_aws
from moto.core.botocore_stubber import MockRawResponse

from mailroom import aws, clock
from mailroom.mail import Mail
from mailroom.notifications import Notification, for_submission
from mailroom.organism import Organism
from mailroom.refusals import MailNotFound
from mailroom.store import Store, event_item, mail_key
from mailroom.table import Table
from mailroom.tokens import Tokens
from send_notification import handler as function
from tests.unit.notified_mail import MAIL_ID, mail, organism

if TYPE_CHECKING:
    from botocore.client import BaseClient

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-west-3",
    "POWERTOOLS_SERVICE_NAME": "send_notification",
    "POWERTOOLS_METRICS_NAMESPACE": "BureauOrdre",
    "TABLE_NAME": "mails",
    "IDEMPOTENCY_TABLE_NAME": "sent",
    "TOKENS_SECRET": "tokens",
    "PUBLIC_URL": "https://courrier.exemple.ma/",
    "EMAIL_FROM": "ne-pas-repondre@exemple.ma",
    "SMS_SENDER_ID": "BOD",
}


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

    def keep(self, kept: Mail) -> None:
        """Put a submitted mail in the table, as submission leaves it."""
        store = Store(self.table)
        submission = kept.submission
        assert submission is not None
        assert kept.letter is not None
        store.start(kept.mail_id, organism(), kept.language, clock.now())
        item = self.table.get(*mail_key(kept.mail_id))
        assert item is not None
        self.table.put(
            item
            | {
                "status": "submitted",
                "letter": kept.letter.model_dump(),
                "sender": kept.sender,
                "submission": vars(submission),
            }
        )
        self.table.put(event_item(kept.mail_id, "submitted", submission.submitted_at))

    @property
    def history(self) -> list[str]:
        """The events of the mail."""
        return [each.event for each in Store(self.table).public_history(MAIL_ID)]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        aws._client.cache_clear()
        function.post_office.cache_clear()
        dynamodb = boto3.client("dynamodb")
        for name, keys in (("mails", ("pk", "sk")), ("sent", ("id",))):
            dynamodb.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
                KeySchema=[{"AttributeName": key, "KeyType": "HASH" if key == keys[0] else "RANGE"} for key in keys],
            )
        secrets = boto3.client("secretsmanager")
        secrets.create_secret(Name="tokens", SecretString="k" * 64)
        boto3.client("sesv2").create_email_identity(EmailIdentity=ENVIRONMENT["EMAIL_FROM"])
        log = io.StringIO()
        cast("Any", function.logger.registered_handler).setStream(log)
        outbox = function.post_office()._outbox
        yield World(
            cast("BaseClient", outbox._ses),
            cast("BaseClient", outbox._sns),
            Table(dynamodb, "mails"),
            log,
        )
        aws._client.cache_clear()
        function.post_office.cache_clear()


def new_process() -> None:
    """Forget what the function remembers outside AWS, as a new process does."""
    earlier = function.post_office()
    function.post_office.cache_clear()
    fresh = function.post_office()
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


def all_of(kept: Mail, desk: Organism | None = None) -> list[dict[str, Any]]:
    return [message(each) for each in for_submission(kept, desk or organism())]


def test_everyone_is_told_once_and_the_history_says_so(world: World) -> None:
    world.keep(mail())
    assert deliver(*all_of(mail())) == []
    assert world.addresses == ["desk@anam.example", "amina.alaoui@exemple.ma"]
    assert [each["PhoneNumber"] for each in world.texts] == ["+212612345678", "+212661223344"]
    assert sorted(world.history) == ["organism_alerted", "sender_informed", "submitted"]


def test_an_email_comes_from_the_service_and_says_that_no_person_wrote_it(world: World) -> None:
    world.keep(mail(language="ar"))
    deliver(*all_of(mail(language="ar")))
    to_sender = world.emails[1]
    assert to_sender["FromEmailAddress"].startswith("=?utf-8?")
    assert to_sender["FromEmailAddress"].endswith(" <ne-pas-repondre@exemple.ma>")
    simple = to_sender["Content"]["Simple"]
    assert {"Name": "Auto-Submitted", "Value": "auto-generated"} in simple["Headers"]
    parts = [simple["Subject"], simple["Body"]["Text"], simple["Body"]["Html"]]
    assert {each["Charset"] for each in parts} == {"UTF-8"}
    assert to_sender["EmailTags"][0]["Value"] == for_submission(mail(), organism())[2].notification_id


def test_an_sms_names_its_sender_and_is_transactional(world: World) -> None:
    world.keep(mail())
    deliver(*all_of(mail()))
    attributes = world.texts[0]["MessageAttributes"]
    assert attributes["AWS.SNS.SMS.SenderID"]["StringValue"] == "BOD"
    assert attributes["AWS.SNS.SMS.SMSType"]["StringValue"] == "Transactional"


def test_the_way_into_the_mail_is_told_to_its_sender_alone(world: World) -> None:
    world.keep(mail())
    deliver(*all_of(mail()))
    code = Tokens(b"k" * 64).follow_up_code(MAIL_ID)
    link = f"https://courrier.exemple.ma/suivi#ANAM-2026-000001/{code}"
    sent = [json.dumps(each) for each in (*world.emails, *world.texts)]
    assert [link in each for each in sent] == [False, True, False, True]
    assert [code in each for each in sent] == [False, True, False, True]


def test_nothing_that_the_sender_wrote_goes_to_the_senders_unchecked_address(world: World) -> None:
    hostile = mail(subject="Zanzibar", sender={"first_name": "Gagnez\r\nBcc: x@y.z", "last_name": "Vite"})
    world.keep(hostile)
    deliver(*all_of(hostile))
    to_sender = json.dumps([world.emails[1], world.texts[1]])
    assert not [each for each in ("Zanzibar", "Gagnez", "Bcc", "Vite") if each in to_sender]
    assert not [each for each in ("Gagnez", "Bcc", "Vite") if each in json.dumps(world.emails[0])]


def test_the_same_message_twice_in_one_batch_sends_once(world: World) -> None:
    world.keep(mail())
    first = all_of(mail())[0]
    assert deliver(first, first | {"messageId": "again"}) == []
    assert len(world.emails) == 1


def test_a_redelivery_to_another_process_sends_nothing_and_succeeds(world: World) -> None:
    world.keep(mail())
    messages = all_of(mail())
    deliver(*messages)
    new_process()
    assert deliver(*messages) == []
    assert len(world.emails) == len(world.texts) == 2
    assert sorted(world.history) == ["organism_alerted", "sender_informed", "submitted"]


def test_what_went_out_is_remembered_for_thirty_days(world: World) -> None:
    world.keep(mail())
    first = all_of(mail())[0]
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as time:
        deliver(first)
        new_process()
        time.shift(29 * 24 * 3600)
        assert deliver(first) == []
    assert len(world.emails) == 1


def test_one_refused_address_of_three_comes_back_alone_and_goes_out_once_accepted(
    world: World,
) -> None:
    world.keep(mail())
    desk = organism(emails=("a@anam.example", "b@anam.example", "c@anam.example"), phones=())
    messages = all_of(mail(sender={"phone": "+212537123456"}), desk)
    world.refused["b@anam.example"] = "MessageRejected", 2
    assert deliver(*messages) == [messages[1]["messageId"]]
    assert world.addresses == ["a@anam.example", "c@anam.example", "amina.alaoui@exemple.ma"]
    assert deliver(messages[1]) == [messages[1]["messageId"]]
    assert deliver(messages[1]) == []
    assert world.addresses[3:] == ["b@anam.example"]


def test_a_batch_that_fails_whole_answers_each_id_instead_of_breaking(world: World) -> None:
    messages = all_of(mail())
    assert deliver(*messages) == [each["messageId"] for each in messages]
    assert world.emails == world.texts == []
    assert MailNotFound.__name__ in world.log.getvalue()


def test_a_mail_that_was_not_submitted_tells_nobody(world: World) -> None:
    Store(world.table).start(MAIL_ID, organism(), "fr", clock.now())
    messages = all_of(mail())
    assert deliver(*messages) == [each["messageId"] for each in messages]
    assert world.emails == world.texts == []


@pytest.mark.parametrize("body", ["", "not json", "[]", '{"notification_id": "x"}', "{}"])
def test_a_message_that_cannot_be_read_fails_alone(world: World, body: str) -> None:
    world.keep(mail())
    good = all_of(mail())[0]
    bad = {"messageId": "bad", "body": body, "messageAttributes": {}, "eventSource": "aws:sqs"}
    assert deliver(bad, good) == ["bad"]
    assert len(world.emails) == 1


def test_throttling_is_waited_for_within_the_same_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.keep(mail())
    pauses: list[float] = []
    monkeypatch.setattr(function.post_office()._outbox, "_pause", pauses.append)
    first = all_of(mail())[0]
    world.refused["desk@anam.example"] = "TooManyRequestsException", 2
    assert deliver(first) == []
    assert pauses == [0.25, 1.0]
    assert len(world.emails) == 1
    new_process()


def test_throttling_that_lasts_gives_the_message_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.keep(mail())
    monkeypatch.setattr(function.post_office()._outbox, "_pause", lambda _: None)
    first = all_of(mail())[0]
    world.refused["desk@anam.example"] = "TooManyRequestsException", 3
    assert deliver(first) == [first["messageId"]]
    assert world.emails == []
    assert deliver(first) == []
    assert len(world.emails) == 1


def test_history_that_could_not_be_written_is_written_at_the_redelivery_without_sending(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.keep(mail())
    first = all_of(mail())[0]
    with monkeypatch.context() as broken:
        broken.setattr(function.post_office()._store.table, "name", "no-such-table")
        broken.setattr(function.post_office()._store, "mail", Store(world.table).mail)
        assert deliver(first) == [first["messageId"]]
    assert world.history == ["submitted"]
    assert deliver(first) == []
    assert sorted(world.history) == ["organism_alerted", "submitted"]
    assert len(world.emails) == 1


def test_a_process_killed_after_the_send_does_not_send_again_while_its_time_runs(
    world: World,
) -> None:
    """Past that time nobody can tell whether the message went out: twice rather than never."""
    world.keep(mail())
    first = all_of(mail())[0]
    world.killed_after.add("desk@anam.example")
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as time:
        with pytest.raises(Killed):
            deliver(first)
        new_process()
        assert deliver(first) == [first["messageId"]]
        assert len(world.emails) == 1
        time.shift(6)
        assert deliver(first) == []
        assert len(world.emails) == 2
    assert "organism_alerted" in world.history


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
    code = Tokens(b"k" * 64).follow_up_code(MAIL_ID)
    assert not [mark for mark in (*MARKS, code) if mark in told]
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
    emf = metrics[0]["_aws"]["CloudWatchMetrics"][0]
    assert emf["Namespace"] == "BureauOrdre"
    assert [set(each) for each in emf["Dimensions"]] == [{"channel", "service"}]
