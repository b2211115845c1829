"""Files from strangers: each is known, or not yet known, or nobody gets it; and whom it concerns is told."""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from tests.support.in_process.mishaps import ProcessDiedError, dying_after_write
from tests.support.in_process.scanning import note, result, scanned, tags_of, version_of
from tests.support.in_process.service import BUCKET, REGION, ROOT, Mail, Service
from tests.support.samples.files_of_each_type import EICAR, HONEST, PROGRAM, WEB_PAGE

FINDING = "GuardDutyMalwareScanStatus"

TEXT: dict[str, object] = {"file_name": "note.txt", "media_type": "text/plain"}


def drafted(service: Service, content: bytes = HONEST["pdf"], **changes: object) -> tuple[Mail, str]:
    """A draft that lacks nothing, with one file; and the file's key."""
    mail = service.start()
    service.write(mail)
    attachment_id = service.attach(mail, content, **changes)
    service.identify(mail)
    return mail, f"attachments/{mail.mail_id}/{attachment_id}"


def sent(service: Service, content: bytes = HONEST["pdf"], **changes: object) -> tuple[Mail, str]:
    mail, key = drafted(service, content, **changes)
    assert service.submit(mail).status == 201
    return mail, key


def stored(service: Service, key: str) -> dict[str, Any]:
    """The file as its mail's item knows it."""
    _, mail_id, attachment_id = key.split("/")
    (item,) = [item for item in service.items(f"MAIL#{mail_id}") if item["sk"] == "MAIL"]
    found: dict[str, Any] = item["attachments"][attachment_id]
    return found


def waits(service: Service, mail: Mail) -> list[str]:
    return [item["waiting"] for item in service.items(f"MAIL#{mail.mail_id}") if item["sk"] == "SCAN"]


def warned(service: Service) -> list[str]:
    """Whom messages in the queue warn of a file."""
    bodies = [json.loads(message["body"]) for message in service.queued()]
    return [body["to"] for body in bodies if body["template"] == "organism_warned_file"]


def told_of_files(service: Service) -> set[tuple[str, str, str]]:
    """Who is told of files, by which message and way."""
    bodies = [json.loads(message["body"]) for message in service.queued()]
    return {(body["template"], body["channel"], body["to"]) for body in bodies if "file" in body["template"]}


def test_the_stand_in_puts_the_very_event_that_guardduty_puts(service: Service) -> None:
    _, key = drafted(service)
    real = json.loads((ROOT / "events" / "note_scan.json").read_text(encoding="utf-8"))
    event = scanned(key)
    assert {name: type(value) for name, value in event.items()} == {name: type(value) for name, value in real.items()}
    assert event["source"] == real["source"]
    assert event["detail-type"] == real["detail-type"]
    details = event["detail"].pop("s3ObjectDetails")
    assert set(details) == set(real["detail"].pop("s3ObjectDetails"))
    assert (details["bucketName"], details["objectKey"], details["versionId"]) == (BUCKET, key, version_of(key))
    assert event["detail"] == real["detail"]


def test_the_stand_in_finds_the_test_file_and_keeps_the_other_tags(service: Service) -> None:
    _, clean = drafted(service)
    _, infected = drafted(service, b"x" * (1024 * 1024 - 10) + EICAR, **TEXT)
    scanned(clean)
    details = scanned(infected)["detail"]["scanResultDetails"]
    assert details == {"scanResultStatus": "THREATS_FOUND", "threats": [{"name": "EICAR-Test-File (not a virus)"}]}
    assert tags_of(clean) == {"state": "draft", "GuardDutyMalwareScanStatus": "NO_THREATS_FOUND"}
    assert tags_of(infected) == {"state": "draft", "GuardDutyMalwareScanStatus": "THREATS_FOUND"}


def test_the_scans_tag_outlives_submission(service: Service) -> None:
    mail, key = drafted(service)
    scanned(key)
    service.submit(mail)
    service.receipt_trigger(mail.mail_id)
    assert tags_of(key) == {"state": "submitted", "GuardDutyMalwareScanStatus": "NO_THREATS_FOUND"}
    scanned(key)
    assert tags_of(key)["state"] == "submitted"


@pytest.mark.parametrize("lost", ["state", "GuardDutyMalwareScanStatus"])
def test_tags_that_scan_and_lock_undid_for_each_other_are_put_back(service: Service, lost: str) -> None:
    """S3 replaces tags as a whole: of two who read and write at once, the later takes the other's back."""
    mail, key = sent(service)
    service.receipt_trigger(mail.mail_id)
    event = scanned(key)
    whole = tags_of(key)
    undone = {"state": "draft", "GuardDutyMalwareScanStatus": "NO_THREATS_FOUND"} if lost == "state" else whole.copy()
    if lost != "state":
        del undone[lost]
    boto3.client("s3", REGION).put_object_tagging(
        Bucket=BUCKET, Key=key, Tagging={"TagSet": [{"Key": name, "Value": undone[name]} for name in undone]}
    )
    note(event)
    assert tags_of(key) == whole == {"state": "submitted", "GuardDutyMalwareScanStatus": "NO_THREATS_FOUND"}


@contextmanager
def policy_of_findings(*, comes_late: tuple[str, dict[str, str]] | None = None) -> Iterator[list[dict[str, Any]]]:
    """The bucket's policy in AWS: only the scanner adds or removes its finding. The scans requested are yielded.

    `comes_late` is a key, and the tags that the scanner writes on it just before the first other tags are written.
    """
    asked: list[dict[str, Any]] = []
    late = [comes_late] if comes_late else []
    real = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's one door to AWS

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        if operation == "SendObjectMalwareScan":
            asked.append(parameters["S3Object"])
            return {}
        if operation != "PutObjectTagging":
            return real(client, operation, parameters)
        if late:
            key, tags = late.pop()
            put_tags(client, real, key, tags)
        written = {tag["Key"]: tag["Value"] for tag in parameters["Tagging"]["TagSet"]}
        if written.get(FINDING) != tags_of(parameters["Key"]).get(FINDING):
            refusal: Any = {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
            raise ClientError(refusal, operation)
        return real(client, operation, parameters)

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield asked


def put_tags(client: BaseClient, real: Callable[..., object], key: str, tags: dict[str, str]) -> None:
    """Tags as the scanner writes them, whom no policy refuses."""
    tag_set = [{"Key": name, "Value": value} for name, value in tags.items()]
    real(client, "PutObjectTagging", {"Bucket": BUCKET, "Key": key, "Tagging": {"TagSet": tag_set}})


def test_the_lock_repeats_a_finding_that_comes_while_it_writes(service: Service) -> None:
    mail, key = sent(service)
    with policy_of_findings(comes_late=(key, {"state": "draft", FINDING: "NO_THREATS_FOUND"})):
        service.receipt_trigger(mail.mail_id)
    assert tags_of(key) == {"state": "submitted", FINDING: "NO_THREATS_FOUND"}


def test_a_finding_that_was_lost_is_not_forged_but_scanned_for_again_once(service: Service) -> None:
    """A bucket policy cannot be checked and the tags written in one step, so the lock may still undo a finding."""
    mail, key = sent(service)
    service.receipt_trigger(mail.mail_id)
    event = scanned(key)
    boto3.client("s3", REGION).put_object_tagging(
        Bucket=BUCKET, Key=key, Tagging={"TagSet": [{"Key": "state", "Value": "draft"}]}
    )
    with policy_of_findings() as asked:
        note(event)
        assert asked == [{"Bucket": BUCKET, "Key": key, "VersionId": version_of(key)}]
        assert tags_of(key) == {"state": "submitted", "scanned-again": "yes"}
        with pytest.raises(ClientError):
            note(event)
        assert len(asked) == 1, "for ever, and for money"
    note(scanned(key))
    assert tags_of(key) == {"state": "submitted", "scanned-again": "yes", FINDING: "NO_THREATS_FOUND"}


def test_a_drafts_file_stays_marked_as_one_when_its_scan_comes(service: Service) -> None:
    _, key = drafted(service)
    note(scanned(key))
    assert tags_of(key)["state"] == "draft"


@pytest.mark.parametrize("is_early", [True, False], ids=["before submission", "after submission"])
def test_a_clean_file_is_noted_whenever_the_scan_comes(service: Service, *, is_early: bool) -> None:
    mail, key = drafted(service)
    event = scanned(key)
    if is_early:
        note(event)
    assert service.submit(mail).status == 201
    assert waits(service, mail) == ([] if is_early else ["SCAN"])
    if not is_early:
        note(event)
    assert stored(service, key)["scan"] == "clean"
    assert stored(service, key)["scanned_at"].endswith("Z")
    assert waits(service, mail) == []
    service.receipt_trigger(mail.mail_id)
    assert warned(service) == []


@pytest.mark.parametrize(
    ("content", "declared", "scan"),
    [
        (EICAR, TEXT, "infected"),
        (PROGRAM, {}, "not_allowed"),
        (WEB_PAGE, {"file_name": "a.jpg", "media_type": "image/jpeg"}, "not_allowed"),
    ],
    ids=["malware", "a program as pdf", "a page as jpg"],
)
def test_a_dangerous_file_is_flagged_and_desk_and_sender_are_told(
    service: Service, capsys: pytest.CaptureFixture[str], content: bytes, declared: dict[str, object], scan: str
) -> None:
    mail, key = sent(service, content, **declared)
    service.receipt_trigger(mail.mail_id)
    assert told_of_files(service) == set()
    note(scanned(key))
    assert stored(service, key)["scan"] == scan
    assert told_of_files(service) == {
        ("organism_warned_file", "email", "bureau-ordre@anam.example.org"),
        ("sender_file_blocked", "email", "amina.alaoui@exemple.ma"),
        ("sender_file_blocked", "sms", "+212612345678"),
    }
    assert waits(service, mail) == []
    assert capsys.readouterr().out.count('"FilesFlagged":[1.0]') == 1
    stays = boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=key)["Body"].read()
    assert stays == content


def test_the_warning_says_what_to_do_and_nothing_that_the_sender_wrote(service: Service) -> None:
    mail, key = sent(service, EICAR, **TEXT)
    note(scanned(key))
    messages = [each for each in service.queued() if json.loads(each["body"])["template"] == "organism_warned_file"]
    assert service.deliver(messages) == {"batchItemFailures": []}
    history = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token).json["history"]
    assert [event["event"] for event in history] == ["started", "submitted"]


def test_the_same_event_twice_changes_nothing_and_warns_once(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    mail, key = sent(service, EICAR, **TEXT)
    event = scanned(key)
    note(event)
    before = service.items(f"MAIL#{mail.mail_id}")
    note(event)
    assert service.items(f"MAIL#{mail.mail_id}") == before
    told = [json.loads(each["body"])["notification_id"] for each in service.queued()]
    assert (len(told), len(set(told))) == (6, 3)
    assert capsys.readouterr().out.count('"FilesFlagged":[1.0]') == 1


@pytest.mark.parametrize("write", [1, 2, 3, 4])
def test_a_note_that_dies_after_any_write_is_finished_by_the_next(service: Service, write: int) -> None:
    mail, key = sent(service, EICAR, **TEXT)
    event = scanned(key)
    with dying_after_write(write) as writes, pytest.raises(ProcessDiedError):
        note(event)
    assert writes == ["UpdateItem", "SendMessageBatch", "TransactWriteItems", "PutObjectTagging"][:write]
    note(event)
    assert tags_of(key) == {"state": "submitted", "GuardDutyMalwareScanStatus": "THREATS_FOUND"}
    assert stored(service, key)["scan"] == "infected"
    assert set(warned(service)) == {"bureau-ordre@anam.example.org"}
    assert waits(service, mail) == []


def test_what_is_worse_stays_in_whatever_order_events_come(service: Service) -> None:
    _, key = sent(service)
    for status, scan in (
        ("FAILED", "failed"),
        ("UNSUPPORTED", "unsupported"),
        ("FAILED", "unsupported"),
        ("NO_THREATS_FOUND", "clean"),
        ("ACCESS_DENIED", "clean"),
        ("THREATS_FOUND", "infected"),
        ("NO_THREATS_FOUND", "infected"),
        ("UNSUPPORTED", "infected"),
    ):
        note(result(key, status))
        assert stored(service, key)["scan"] == scan


@pytest.mark.parametrize("status", ["FAILED", "ACCESS_DENIED", "SOMETHING_NEW"])
def test_a_scan_that_found_nothing_out_is_no_open_door_and_not_forgotten(service: Service, status: str) -> None:
    mail, key = sent(service)
    note(result(key, status))
    assert stored(service, key)["scan"] == "failed"
    assert waits(service, mail) == ["SCAN"]


def test_the_mail_waits_until_its_last_file_is_known(service: Service) -> None:
    mail = service.ready()
    second = service.attach(mail, HONEST["png"], file_name="b.png", media_type="image/png")
    third = service.attach(mail, HONEST["docx"], file_name="c.docx", media_type=_DOCX)
    service.submit(mail)
    for attachment_id in (second, third):
        note(scanned(f"attachments/{mail.mail_id}/{attachment_id}"))
        assert stored(service, f"attachments/{mail.mail_id}/{attachment_id}")["scan"] == "clean"
    assert waits(service, mail) == ["SCAN"]
    (first,) = {file["attachment_id"] for file in _files(service, mail)} - {second, third}
    note(scanned(f"attachments/{mail.mail_id}/{first}"))
    assert waits(service, mail) == []


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _files(service: Service, mail: Mail) -> list[dict[str, Any]]:
    answer = service.call("GET", f"/v1/mails/{mail.mail_id}", token=mail.token)
    found: list[dict[str, Any]] = answer.json["attachments"]
    return found


def test_events_of_files_that_are_no_mails_or_no_longer_are_harmless(service: Service) -> None:
    mail, key = drafted(service)
    withdrawn = service.attach(mail, b"%PDF-1.7 other", file_name="other.pdf")
    event = scanned(f"attachments/{mail.mail_id}/{withdrawn}")
    path = f"/v1/mails/{mail.mail_id}/attachments/{withdrawn}"
    assert service.call("DELETE", path, token=mail.token).status == 204
    before = service.items(f"MAIL#{mail.mail_id}")
    note(event)
    gone = str(uuid.uuid4())
    for other in (f"attachments/{gone}/{gone}", f"answers/{gone}/{gone}", f"submissions/{gone}.json", "x", ""):
        note(result(other, "NO_THREATS_FOUND", version="v"))
    elsewhere = result(key, "THREATS_FOUND")
    elsewhere["detail"]["s3ObjectDetails"]["bucketName"] = "somebody-elses"
    note(elsewhere)
    note(result(key, "THREATS_FOUND").copy() | {"detail": result(key, "NO_THREATS_FOUND", version="null")["detail"]})
    assert service.items(f"MAIL#{mail.mail_id}") == before
    assert warned(service) == []


def test_another_version_than_the_submitted_one_says_nothing_of_the_file(service: Service) -> None:
    _, key = sent(service)
    boto3.client("s3", REGION).put_object(Bucket=BUCKET, Key=key, Body=HONEST["pdf"], Tagging="state=draft")
    note(result(key, "NO_THREATS_FOUND"))
    note(result(key, "THREATS_FOUND"))
    assert "scan" not in stored(service, key)


def test_an_event_of_another_shape_is_refused_without_quoting_it(service: Service) -> None:
    _, key = sent(service)
    event = result(key, "NO_THREATS_FOUND")
    event["detail"]["s3ObjectDetails"]["versionId"] = {"Zanzibar": 1}
    with pytest.raises(ValueError, match="version") as refusal:
        note(event)
    assert "Zanzibar" not in str(refusal.value)
