"""What is finished late is locked all the same: no lock ends in the past, and none is shortened.

A stage whose retention is one day finishes a mail when its dead letters are redriven, or after a repair: days later.
"""

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError

from mailroom.domain import clock
from mailroom.process import WithRetention, WithTable
from mailroom.settings import Settings
from mailroom.storage.mails import Store
from tests.support.in_process.agents import Agent
from tests.support.in_process.mishaps import ProcessDiedError, dying_after_write, refusing
from tests.support.in_process.object_lock import Locks, as_s3_locks
from tests.support.in_process.service import BUCKET, REGION, Mail, Service, context

LATE = [timedelta(days=2), timedelta(days=15), timedelta(days=3 * 365)]
DEAD_LETTERS_LIVE = timedelta(days=14) - timedelta(seconds=1)
"""S3 tells the end of a lock in whole seconds."""


class Process(WithTable, WithRetention):
    """The bucket as functions have it that write there."""


@pytest.fixture
def locks(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Locks]:  # noqa: ARG001 - its stores
    """The locks that are set on a stage with a retention of one day, under S3's own rules."""
    monkeypatch.setenv("RETENTION_DAYS", "1")
    Settings.reset()
    with as_s3_locks() as found:
        yield found


def later(late: timedelta) -> time_machine.travel:
    return time_machine.travel(clock.now() + late, tick=False)


def locked_until(key: str) -> datetime:
    found: datetime = boto3.client("s3", REGION).head_object(Bucket=BUCKET, Key=key)["ObjectLockRetainUntilDate"]
    return found


def file_of(mail: Mail, where: str = "attachments") -> str:
    listed = boto3.client("s3", REGION).list_objects_v2(Bucket=BUCKET, Prefix=f"{where}/{mail.mail_id}/")
    (file,) = listed["Contents"]
    return file["Key"]


@pytest.mark.parametrize("late", LATE, ids=str)
def test_a_receipt_that_is_made_late(service: Service, locks: Locks, late: timedelta) -> None:
    mail = service.sent()
    with later(late):
        service.receipt_trigger(mail.mail_id)
        (lock,) = locks.values()
        for until in (lock["RetainUntilDate"], locked_until(f"receipts/{mail.mail_id}.pdf")):
            assert until >= clock.now() + DEAD_LETTERS_LIVE
        answer = service.call("GET", f"/v1/mails/{mail.mail_id}/receipt", token=mail.token)
        assert answer.json["status"] == "issued"


@pytest.mark.parametrize("late", LATE, ids=str)
def test_a_sealed_record_that_is_written_late(service: Service, locks: Locks, late: timedelta) -> None:
    mail = service.ready()
    with dying_after_write(1), pytest.raises(ProcessDiedError):
        service.submit(mail)
    with later(late):
        importlib.import_module("resume_stalled.handler").handler({}, context())
        assert locked_until(f"submissions/{mail.mail_id}.json") >= clock.now() + DEAD_LETTERS_LIVE
        service.receipt_trigger(mail.mail_id)
    assert locks


@pytest.mark.parametrize("late", LATE, ids=str)
def test_an_answers_file_that_is_locked_late(service: Service, locks: Locks, late: timedelta) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    agent = Agent(service)
    agent.attach(mail)
    with dying_after_write(1), pytest.raises(ProcessDiedError):
        agent.close(mail.submitted["number"])
    with later(late):
        importlib.import_module("resume_stalled.handler").handler({}, context())
        (lock,) = [lock for (key, _), lock in locks.items() if key == file_of(mail, "answers")]
        assert lock["RetainUntilDate"] >= clock.now() + DEAD_LETTERS_LIVE


def test_a_lock_that_is_set_again_is_lengthened_and_never_shortened(service: Service, locks: Locks) -> None:
    """Two runs whose clocks differ: the one that believes it to be earlier is not refused for it."""
    process = Process.current()
    mail = Store(process.table).submitted(service.sent().mail_id)
    with later(timedelta(days=2)):
        process.files.lock(mail)
        (first,) = locks.values()
        with later(timedelta(seconds=-3)):
            assert process.files.lock(mail)
    assert list(locks.values()) == [first]
    with later(timedelta(days=3)):
        process.files.lock(mail)
    (second,) = locks.values()
    assert second["RetainUntilDate"] > first["RetainUntilDate"]


def test_a_receipt_is_made_after_a_redirection_locked_its_files_for_longer(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both mails have the same files, and the second keeps them for longer: its retention began later."""
    monkeypatch.setenv("RETENTION_DAYS", "3653")
    Settings.reset()
    with as_s3_locks() as locks:
        mail = service.sent()
        with later(timedelta(hours=1)):
            assert Agent(service).redirect(mail.submitted["number"], "adm").status == 201
            (redirected,) = {Path(key).stem for key in keys("submissions/")} - {mail.mail_id}
            service.receipt_trigger(redirected)
            (longest,) = locks.values()
            service.receipt_trigger(mail.mail_id)
    assert list(locks.values()) == [longest]
    assert {Path(key).stem for key in keys("receipts/")} == {mail.mail_id, redirected}


def keys(prefix: str) -> list[str]:
    return [
        each["Key"] for each in boto3.client("s3", REGION).list_objects_v2(Bucket=BUCKET, Prefix=prefix)["Contents"]
    ]


@pytest.mark.parametrize(
    "found",
    [
        {"Mode": "COMPLIANCE", "RetainUntilDate": datetime(2026, 1, 1, tzinfo=UTC)},
        {"Mode": "GOVERNANCE", "RetainUntilDate": datetime(2099, 1, 1, tzinfo=UTC)},
    ],
    ids=["shorter", "weaker"],
)
def test_a_file_that_is_not_locked_does_not_pass_for_one_that_is(service: Service, found: dict[str, Any]) -> None:
    """S3 says AccessDenied of a missing permission too."""
    mail = service.sent()
    (version,) = boto3.client("s3", REGION).list_object_versions(Bucket=BUCKET, Prefix=file_of(mail))["Versions"]
    forbidden = {"ResponseMetadata": {"HTTPStatusCode": 403}}
    with refusing("PutObjectRetention", "AccessDenied", more=forbidden), as_s3_locks() as locks:
        locks[file_of(mail), version["VersionId"]] = found
        with pytest.raises(ClientError, match="AccessDenied"):
            service.receipt_trigger(mail.mail_id)
