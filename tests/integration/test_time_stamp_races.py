"""A time stamp that is added later meets others who write: another run, a copy of a lost receipt, a stranger."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import boto3
import pytest
from botocore.client import BaseClient

from tests.support.in_process.mishaps import ProcessDiedError, before_transaction, dying_after_write, refusing
from tests.support.in_process.service import BUCKET, REGION, Mail, Service, sha256
from tests.support.in_process.stamping import Stage, is_stamped, lose, naming_an_authority, stored, versions
from tests.support.signed.time_stamps import says

BUSY = says(b"busy", 503)


@pytest.fixture
def stage(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with naming_an_authority(service, monkeypatch) as stage:
        yield stage


def together(operation: str, run: Callable[[], None]) -> None:
    """Run it twice at once: both come to the operation before either carries it out."""
    barrier, call = threading.Barrier(2, timeout=20), BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's one door
    waited = threading.local()

    def wait(client: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        if name == operation and not getattr(waited, "done", False):
            waited.done = True
            barrier.wait()
        return call(client, name, parameters)

    with mock.patch.object(BaseClient, "_make_api_call", wait):
        runs = [threading.Thread(target=run) for _ in range(2)]
        for each in runs:
            each.start()
        for each in runs:
            each.join()


def test_of_two_runs_that_each_have_a_token_one_is_used(stage: Stage) -> None:
    mail = stage.received(BUSY)
    before = stored(mail)
    together("TransactWriteItems", stage.add_late)
    assert len(stage.authority.asked) == 3
    stage.assert_stamped_once(mail, before)


@pytest.mark.parametrize("operation", ["PutObject", "TransactWriteItems"])
def test_two_runs_that_finish_what_one_began_make_one_version(stage: Stage, operation: str) -> None:
    mail = stage.received(BUSY)
    before = stored(mail)
    with dying_after_write(1 if operation == "PutObject" else 2), pytest.raises(ProcessDiedError):
        stage.add_late()
    together(operation, stage.add_late)
    stage.assert_known(mail)
    stage.add_late()
    stage.assert_stamped_once(mail, before)


def test_a_receipt_that_was_lost_is_waited_for_no_more_and_its_copy_has_its_own_time_stamp(stage: Stage) -> None:
    mail = stage.received(BUSY)
    original = stored(mail)
    lose(mail)
    stage.add_late()
    assert stage.waiting(mail) is None
    stage.receipt_made(mail)
    assert is_stamped(stored(mail))
    assert stage.waiting(mail) is None
    said = stage.statement(mail)
    assert (said["receipt_sha256"], said["versions"], said["copies"]) == (sha256(original), [], [sha256(stored(mail))])


def test_a_copy_that_went_out_without_gets_its_time_stamp_later(stage: Stage) -> None:
    mail = stage.received(BUSY)
    original = stored(mail)
    lose(mail)
    stage.receipt_made(mail, BUSY)
    copy = stored(mail)
    assert not is_stamped(copy)
    stage.add_late()
    assert_copy_stamped(stage, mail, original, copy)
    stage.add_late()
    assert_copy_stamped(stage, mail, original, copy)


def assert_copy_stamped(stage: Stage, mail: Mail, original: bytes, copy: bytes) -> None:
    after = stored(mail)
    assert is_stamped(after)
    assert len(after) == len(copy)
    assert stage.issued(mail) == sha256(after)
    said = stage.statement(mail)
    assert (said["receipt_sha256"], said["versions"]) == (sha256(original), [])
    assert said["copies"] == [sha256(copy), sha256(after)]
    assert stage.waiting(mail) is None


def test_a_receipt_that_is_made_a_copy_of_in_the_midst_keeps_the_copy(stage: Stage) -> None:
    """Lost and replaced between the announcement and the file: the condition on the version holds the file back."""
    mail = stage.received(BUSY)
    original = stored(mail)
    with dying_after_write(1), pytest.raises(ProcessDiedError):
        stage.add_late()
    announced = stage.statement(mail)["versions"]
    lose(mail)
    stage.receipt_made(mail, BUSY)
    copy = stored(mail)
    stage.add_late()
    after = stored(mail)
    assert is_stamped(after)
    said = stage.statement(mail)
    assert said["receipt_sha256"] == sha256(original)
    assert said["versions"] == announced
    assert said["copies"] == [sha256(copy), sha256(after)]
    assert stage.issued(mail) == sha256(after)


def test_a_receipt_that_is_lost_at_the_very_moment_is_not_made_up_for_by_an_old_one(stage: Stage) -> None:
    mail = stage.received(BUSY)
    with before_transaction(lambda: lose(mail)):
        stage.add_late()
    with pytest.raises(boto3.client("s3", REGION).exceptions.NoSuchKey):
        stored(mail)
    stage.receipt_made(mail)
    stage.add_late()
    assert is_stamped(stored(mail))
    assert stage.waiting(mail) is None
    stage.assert_known(mail)


def test_a_stamped_receipt_whose_digest_is_not_noted_yet_is_no_copy(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """The trigger comes again after the file was put and before the mail says so."""
    mail = stage.received(BUSY)
    before = stored(mail)
    with dying_after_write(2), pytest.raises(ProcessDiedError):
        stage.add_late()
    stage.receipt_made(mail)
    assert stage.statement(mail)["copies"] == []
    stage.add_late()
    stage.assert_stamped_once(mail, before)
    assert "lost receipt replaced by a copy" not in [each.getMessage() for each in caplog.records]


def test_a_file_that_the_register_does_not_know_gets_no_time_stamp(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    mail = stage.received(BUSY)
    other = stored(stage.received(BUSY))
    boto3.client("s3", REGION).put_object(Bucket=BUCKET, Key=f"receipts/{mail.mail_id}.pdf", Body=other)
    stage.add_late()
    assert stored(mail) == other
    assert len(versions(mail)) == 2
    assert stage.waiting(mail) is not None
    errors = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert errors == ["stored receipt is not the one that waits"]


def test_a_receipt_from_before_the_stage_named_an_authority_has_no_room_and_is_given_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The run that stored it died, and the next one, with an authority, does not know what the file holds."""
    monkeypatch.setenv("TIMESTAMP_AUTHORITY", "")
    mail = stage.service.sent()
    with dying_after_write(4), pytest.raises(ProcessDiedError):
        stage.service.receipt_trigger(mail.mail_id)
    before = stored(mail)
    monkeypatch.setenv("TIMESTAMP_AUTHORITY", stage.authority.url)
    stage.receipt_made(mail)
    stage.add_late()
    assert stored(mail) == before
    assert stage.waiting(mail) is None
    assert stage.issued(mail) == sha256(before)
    gave_up = [vars(each)["reason"] for each in caplog.records if "no time stamp any more" in each.getMessage()]
    assert gave_up == ["no_room"]


def test_one_receipt_that_aws_fails_for_holds_up_no_other(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    first, second = stage.received(BUSY), stage.received(BUSY)
    with refusing("GetObject", "AccessDenied", when=lambda asked: first.mail_id in asked["Key"]):
        stage.add_late()
    assert is_stamped(stored(second))
    assert not is_stamped(stored(first))
    assert "time stamp could not be added" in [each.getMessage() for each in caplog.records]
    stage.add_late()
    assert is_stamped(stored(first))
