"""Whatever crashes, retries or arrives twice: no mail is lost, doubled or stuck, and nobody is told twice."""

import json
from typing import Any

import boto3
import pytest
import time_machine

import resume_stalled.handler
from mailroom.domain import clock
from tests.support.in_process.metrics import metric
from tests.support.in_process.mishaps import ProcessDiedError, counting, dying_after_write, refusing
from tests.support.in_process.service import BUCKET, REGION, TABLE, Mail, Service, context, sha256
from tests.support.signed.chained import assert_chained


def stored(key: str) -> bytes:
    return boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=key)["Body"].read()


def register(service: Service, organism_id: str = "anam") -> list[int]:
    """The numbers in this year's register of an organism, which is a whole chain."""
    year = clock.register_year(clock.now())
    entries = service.items(f"REGISTER#{organism_id}#{year}")
    assert_chained(entries, organism_id, year)
    return [int(entry["sk"].removeprefix("ENTRY#")) for entry in entries if entry["sk"] != "COUNTER"]


def versions(prefix: str) -> list[str]:
    answer = boto3.client("s3", REGION).list_object_versions(Bucket=BUCKET, Prefix=prefix)
    return [version["Key"] for version in answer.get("Versions", [])]


def told(service: Service) -> list[str]:
    """The addresses for which messages wait, one for each message."""
    return sorted(json.loads(message["body"])["to"] for message in service.queued())


def history(service: Service, mail: Mail) -> list[str]:
    answer = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token)
    return [event["event"] for event in answer.json["history"]]


@pytest.mark.parametrize("write", [1, 2])
def test_a_submission_that_dies_after_any_write_is_finished_by_the_next(service: Service, write: int) -> None:
    mail = service.ready()
    with dying_after_write(write) as writes, pytest.raises(ProcessDiedError):
        service.submit(mail)
    assert writes == ["TransactWriteItems", "PutObject"][:write]

    again = service.submit(mail)
    assert again.status == 200
    assert again.json["number"].endswith("-000001")
    assert register(service) == [1]
    assert versions("submissions/") == [f"submissions/{mail.mail_id}.json"]
    service.receipt_trigger(mail.mail_id)
    assert history(service, mail).count("submitted") == 1


def test_submission_has_no_write_that_the_crash_test_does_not_know(service: Service) -> None:
    mail = service.ready()
    with dying_after_write(99) as writes:
        service.submit(mail)
    assert writes == ["TransactWriteItems", "PutObject"]


_RENDER_WRITES = [
    "PutObjectRetention",
    "PutObjectTagging",
    "Sign",
    "PutObject",  # the receipt
    "PutObject",  # its slip
    "TransactWriteItems",
    "SendMessageBatch",
    "UpdateItem",
]


@pytest.mark.parametrize("write", range(1, len(_RENDER_WRITES) + 1))
def test_a_receipt_that_dies_after_any_write_is_finished_by_the_next(service: Service, write: int) -> None:
    mail = service.sent()
    with dying_after_write(write) as writes, pytest.raises(ProcessDiedError):
        service.receipt_trigger(mail.mail_id)
    assert writes == _RENDER_WRITES[:write]

    service.receipt_trigger(mail.mail_id)
    assert versions("receipts/") == [f"receipts/{mail.mail_id}.pdf"]
    answer = service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token)
    assert answer.json["sha256"] == sha256(stored(f"receipts/{mail.mail_id}.pdf"))
    assert answer.json["slip"]
    assert stored(f"slips/{mail.mail_id}.pdf").startswith(b"%PDF-")
    assert history(service, mail).count("receipt_issued") == 1
    assert set(told(service)) == {
        "+212600000001",
        "+212612345678",
        "amina.alaoui@exemple.ma",
        "bureau-ordre@anam.example.org",
    }
    # Messages may stand in the queue twice after the crash; each person is told once all the same.
    sent: list[dict[str, Any]] = []
    with counting() as calls:
        service.deliver(service.queued())
        sent += [{"operation": call} for call in calls if call in {"SendEmail", "Publish"}]
    assert sorted(call["operation"] for call in sent) == ["Publish", "Publish", "SendEmail", "SendEmail"]


def test_rendering_has_no_write_that_the_crash_test_does_not_know(service: Service) -> None:
    mail = service.sent()
    with dying_after_write(99) as writes:
        service.receipt_trigger(mail.mail_id)
    assert writes == _RENDER_WRITES


def test_the_same_s3_event_twice_makes_one_receipt_and_queues_nothing_anew(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    first = stored(f"receipts/{mail.mail_id}.pdf")
    service.deliver(service.queued())
    service.receipt_trigger(mail.mail_id)
    assert stored(f"receipts/{mail.mail_id}.pdf") == first
    assert versions("receipts/") == [f"receipts/{mail.mail_id}.pdf"]
    assert versions("slips/") == [f"slips/{mail.mail_id}.pdf"]
    with counting() as calls:
        service.deliver(service.queued())
    assert "SendEmail" not in calls
    assert "Publish" not in calls
    assert history(service, mail).count("sender_informed") == 1


def test_the_same_sqs_message_twice_tells_once(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    messages = service.queued()
    with counting() as calls:
        service.deliver(messages)
        service.deliver(messages)
        service.deliver(messages[:1] + messages[:1])
    assert calls.count("SendEmail") == 2
    assert calls.count("Publish") == 2
    assert history(service, mail).count("organism_alerted") == 1


def test_ses_refusing_one_address_fails_that_message_alone(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    messages = service.queued()

    def is_sender(request: dict[str, Any]) -> bool:
        return bool(request["Destination"]["ToAddresses"] == ["amina.alaoui@exemple.ma"])

    with refusing("SendEmail", "MessageRejected", when=is_sender):
        answer = service.deliver(messages)
    failed = [
        message["messageId"] for message in messages if json.loads(message["body"])["to"] == "amina.alaoui@exemple.ma"
    ]
    assert answer == {"batchItemFailures": [{"itemIdentifier": failed[0]}]}
    assert "organism_alerted" in history(service, mail)

    retried = [message for message in messages if message["messageId"] in failed]
    with counting() as calls:
        assert service.deliver(retried) == {"batchItemFailures": []}
    assert calls.count("SendEmail") == 1


def test_a_second_submission_gets_the_very_same_answer_a_day_later(service: Service) -> None:
    mail = service.sent()
    with time_machine.travel(clock.now().timestamp() + 86_400 * 2, tick=False):
        again = service.submit(mail)
    assert again.status == 200
    assert again.json == mail.submitted
    assert register(service) == [1]


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_losing_the_race_for_a_number_takes_the_next_one(service: Service, reason: str) -> None:
    """Others are at work on the counter while we send: three times refused, then registered, with no number lost."""
    first, second = service.ready(), service.ready()
    cancelled = {"CancellationReasons": [{"Code": "None"}, {"Code": reason}]}
    with refusing("TransactWriteItems", "TransactionCanceledException", times=3, more=cancelled) as refused:
        assert service.submit(first).json["number"].endswith("-000001")
    assert len(refused) == 3
    assert service.submit(second).json["number"].endswith("-000002")
    assert register(service) == [1, 2]


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("GetItem", "ProvisionedThroughputExceededException"),
        ("BatchGetItem", "ThrottlingException"),
        ("TransactWriteItems", "ThrottlingException"),
        ("TransactWriteItems", "TransactionInProgressException"),
        ("TransactWriteItems", "RequestLimitExceeded"),
        ("TransactWriteItems", "KMSThrottlingException"),
        ("HeadObject", "503"),
        ("PutObject", "SlowDown"),
    ],
)
def test_throttling_answers_try_again_and_loses_nothing(service: Service, operation: str, code: str) -> None:
    mail = service.ready()
    with refusing(operation, code):
        answer = service.submit(mail)
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.json["type"] == "/problems/try-again"
    assert service.submit(mail).json["number"].endswith("-000001")
    assert register(service) == [1]


def test_a_write_that_meets_a_transaction_tries_again_and_gives_up_without_harm(service: Service) -> None:
    mail = service.start()
    with refusing("UpdateItem", "TransactionConflictException", times=2) as refused:
        assert service.write(mail).status == 200
    assert len(refused) == 2
    with refusing("UpdateItem", "TransactionConflictException"):
        answer = service.write(mail, subject="another")
    assert answer.status == 503
    assert service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).json["letter"]["subject"] != "another"


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", "/v1/mails", "PutItem"),
        ("PUT", "/v1/mails/{id}/letter", "UpdateItem"),
        ("GET", "/v1/mails/{id}", "Query"),
        ("GET", "/v1/organisms", "Query"),
    ],
)
def test_every_step_says_try_again_when_the_table_throttles(
    service: Service, method: str, path: str, operation: str
) -> None:
    mail = service.start()
    bodies: dict[str, object] = {
        "/v1/mails": {"organism_id": "anam", "language": "ar"},
        "/v1/mails/{id}/letter": {"kind": "other", "subject": "x", "body": ""},
    }
    with refusing(operation, "ProvisionedThroughputExceededException"):
        answer = service.call(method, path.replace("{id}", mail.mail_id), bodies.get(path), token=mail.token)
    assert answer.status == 503


def test_what_stopped_half_way_is_pushed_on_and_counted(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """The submission died before the sealed record: the schedule writes it, and the metric shows what waits."""
    mail = service.ready()
    with dying_after_write(1), pytest.raises(ProcessDiedError):
        service.submit(mail)
    assert versions("submissions/") == []
    resume_stalled.handler.handler({}, context())
    assert versions("submissions/") == []  # a minute old at most: left to its own course

    with time_machine.travel(clock.now().timestamp() + 6 * 60, tick=False):
        resume_stalled.handler.handler({}, context())
    assert versions("submissions/") == [f"submissions/{mail.mail_id}.json"]
    assert metric(capsys.readouterr().out, "MailsWaitingForReceipt") == [0.0, 1.0]

    service.receipt_trigger(mail.mail_id)
    with time_machine.travel(clock.now().timestamp() + 6 * 60, tick=False):
        resume_stalled.handler.handler({}, context())
    assert metric(capsys.readouterr().out, "MailsWaitingForReceipt") == [0.0]
    assert history(service, mail) == ["started", "submitted", "receipt_issued"]


def test_a_record_that_was_replaced_makes_no_receipt(service: Service) -> None:
    mail = service.sent()
    forged = json.loads(stored(f"submissions/{mail.mail_id}.json"))
    forged["letter"]["subject"] = "something else"
    boto3.client("s3", REGION).put_object(
        Bucket=BUCKET, Key=f"submissions/{mail.mail_id}.json", Body=json.dumps(forged).encode()
    )
    with pytest.raises(Exception, match=r"^$") as refusal:
        service.receipt_trigger(mail.mail_id)
    assert refusal.typename == "RecordReplacedError"
    assert versions("receipts/") == []


def test_after_submission_the_stored_versions_cannot_be_deleted(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    s3 = boto3.client("s3", REGION)
    listed = [each for each in s3.list_object_versions(Bucket=BUCKET)["Versions"] if "seal/" not in each["Key"]]
    places = sorted(version["Key"].partition("/")[0] for version in listed)
    assert places == ["attachments", "receipts", "slips", "submissions"]
    for version in listed:
        if version["Key"].startswith("slips/"):
            continue  # never locked, since it is replaced when codes are turned
        with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
            s3.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
    attachment = next(version["Key"] for version in listed if version["Key"].startswith("attachments/"))
    assert s3.get_object_tagging(Bucket=BUCKET, Key=attachment)["TagSet"] == [{"Key": "state", "Value": "submitted"}]


def test_a_suspended_organism_takes_no_submission_of_an_older_draft(service: Service) -> None:
    mail = service.ready()
    boto3.client("dynamodb", REGION).update_item(
        TableName=TABLE,
        Key={"pk": {"S": "ORGANISM"}, "sk": {"S": "anam"}},
        UpdateExpression="SET #s = :s",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":s": {"S": "suspended"}},
    )
    answer = service.submit(mail)
    assert answer.status == 409
    assert answer.json["type"] == "/problems/organism-suspended"
    assert register(service) == []


def test_the_register_begins_anew_with_the_year_in_casablanca(service: Service) -> None:
    """At +01:00, half past eleven in the evening UTC is next year; at +00:00, Ramadan's offset too, it is not yet."""
    numbers = []
    for instant in ("2025-12-31T22:30:00Z", "2025-12-31T23:30:00Z", "2030-12-31T23:30:00Z", "2031-01-01T00:30:00Z"):
        with time_machine.travel(instant, tick=True):
            numbers.append(service.sent().submitted["number"])
    assert numbers == ["ANAM-2025-000001", "ANAM-2026-000001", "ANAM-2030-000001", "ANAM-2031-000001"]
