"""The time stamp in the chain: at once in good weather, later in bad, and no receipt is ever late for it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest

from mailroom.operating import stamp_run
from mailroom.timestamps import exchange
from mailroom.timestamps.time_stamp_token import LARGEST_TOKEN
from tests.support.in_process.mishaps import ProcessDiedError, dying_after_write
from tests.support.in_process.receiver import answers, receiver
from tests.support.in_process.service import BUCKET, REGION, Service
from tests.support.in_process.stamping import Stage, is_stamped, naming_an_authority, printed, stored, versions
from tests.support.signed.time_stamps import (
    TALKS_SECONDS,
    Behaviour,
    by_a_seal,
    drips_a_body,
    drips_headers,
    forged,
    is_silent,
    of_another_digest,
    of_size,
    refused,
    says,
    says_more_than_it_signs,
    stamps,
    with_nonce,
    without_certificate,
)

BUSY = says(b"busy", 503)


@pytest.fixture
def stage(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with naming_an_authority(service, monkeypatch) as stage:
        yield stage


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """So many seconds for an exchange."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "WHOLE_SECONDS", seconds)
        yield


def test_in_good_weather_a_receipt_has_its_time_stamp_at_once(stage: Stage) -> None:
    mail = stage.received()
    assert is_stamped(stored(mail))
    assert stage.waiting(mail) is None
    assert len(stage.authority.asked) == 1
    said = stage.statement(mail)
    assert said["receipt_sha256"] == stage.issued(mail)
    assert said["versions"] == []


def test_where_the_stage_names_nobody_a_receipt_is_as_before_and_has_no_room_to_spare(service: Service) -> None:
    mail = service.sent()
    service.receipt_trigger(mail.mail_id)
    assert not is_stamped(stored(mail))
    assert [item["sk"] for item in service.items(f"MAIL#{mail.mail_id}") if item["sk"] == "STAMP"] == []
    assert stored(mail).count(b"0" * 1000) == 0


@pytest.mark.parametrize(
    ("behaves", "reason"),
    [
        (is_silent, "too_slow"),
        (drips_headers, "too_slow"),
        (drips_a_body, "too_slow"),
        (BUSY, "not_ok"),
        (says(b"<html>Bienvenue</html>"), "unreadable"),
        (stamps(refused), "refused"),
        (stamps(with_nonce(7)), "wrong_nonce"),
        (stamps(of_another_digest), "wrong_digest"),
        (stamps(without_certificate), "not_certified"),
        (stamps(by_a_seal), "not_certified"),
        (stamps(forged), "not_certified"),
        (stamps(says_more_than_it_signs), "not_exact"),
        (stamps(of_size(LARGEST_TOKEN + 1000)), "too_large"),
    ],
)
def test_an_authority_that_fails_for_a_while(
    stage: Stage,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    behaves: Behaviour,
    reason: str,
) -> None:
    """The receipt is not late for it, and gets its time stamp when the authority works again."""
    with patience(0.3 if reason == "too_slow" else 10):
        mail = stage.received(behaves)
    before = stored(mail)
    assert not is_stamped(before)
    assert stage.issued(mail)
    told = [vars(each)["reason"] for each in caplog.records if each.getMessage() == "receipt not time-stamped"]
    assert told == [reason]
    assert printed(capsys, "TimeStampsFailed") == [1.0]
    assert stage.waiting(mail) is not None

    stage.add_late()
    stage.assert_stamped_once(mail, before)
    assert printed(capsys, "TimeStampsAdded") == [1.0]


def test_a_receipt_is_out_while_the_authority_still_talks(stage: Stage) -> None:
    stage.received()  # what is slow the first time is slow here
    mail = stage.service.sent()
    begun = time.monotonic()
    with patience(0.3):
        stage.receipt_made(mail, drips_a_body)
    assert time.monotonic() - begun < TALKS_SECONDS
    assert stage.issued(mail)


def test_of_a_flood_one_receipt_waits_and_not_each(stage: Stage) -> None:
    stage.authority.behaves = BUSY
    mails = [stage.service.sent() for _ in range(4)]
    for mail in mails:
        stage.service.receipt_trigger(mail.mail_id)
    assert len(stage.authority.asked) == 1
    stage.authority.behaves = stamps()
    stage.add_late()
    assert [is_stamped(stored(mail)) for mail in mails] == [True] * 4


def test_an_authority_that_is_down_or_whose_certificate_is_not_trusted_holds_nothing_up(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver(tmp_path, answers("HTTP/1.1 200 OK")) as stranger:
        for url in (stranger.url, "https://127.0.0.1:1/tsr", "http://127.0.0.1:1/tsr"):
            monkeypatch.setenv("TIMESTAMP_AUTHORITY", url)
            mail = stage.received()
            assert not is_stamped(stored(mail))
            assert stage.waiting(mail) is not None
        assert stranger.received == []


def test_the_version_without_stays_and_the_one_with_is_locked_as_long(stage: Stage) -> None:
    mail = stage.received(BUSY)
    stage.add_late()
    s3, key = boto3.client("s3", REGION), f"receipts/{mail.mail_id}.pdf"
    heads = [
        s3.head_object(Bucket=BUCKET, Key=key, VersionId=each["VersionId"])
        for each in s3.list_object_versions(Bucket=BUCKET, Prefix=key)["Versions"]
    ]
    for what in ("ObjectLockMode", "ObjectLockRetainUntilDate", "ContentDisposition", "ContentType", "ContentLength"):
        assert dict(heads[0])[what] == dict(heads[1])[what]
    assert heads[0]["ObjectLockMode"] == "COMPLIANCE"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_run_that_died_after_any_write_leaves_only_what_is_known_and_the_next_finishes(
    stage: Stage, number: int
) -> None:
    mail = stage.received(BUSY)
    before = stored(mail)
    with dying_after_write(number) as writes, pytest.raises(ProcessDiedError):
        stage.add_late()
    assert writes == ["TransactWriteItems", "PutObject", "TransactWriteItems"][:number]
    stage.assert_known(mail)
    stage.add_late()
    stage.assert_stamped_once(mail, before)
    assert len(stage.authority.asked) == 2


def test_a_run_after_the_last_changes_nothing(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    mail = stage.received(BUSY)
    before = stored(mail)
    for _ in range(3):
        stage.add_late()
    stage.assert_stamped_once(mail, before)
    assert printed(capsys, "TimeStampsAdded") == [1.0, 0.0, 0.0]


def test_the_first_failure_ends_a_run(
    stage: Stage, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    mails = [stage.received(BUSY) for _ in range(3)]
    before = len(stage.authority.asked)
    capsys.readouterr()
    stage.authority.behaves = BUSY
    stage.add_late()
    assert len(stage.authority.asked) == before + 1
    assert all(stage.waiting(mail) for mail in mails)
    told = [vars(each)["reason"] for each in caplog.records if each.getMessage() == "no time stamp to be had"]
    assert told == ["not_ok"]
    assert printed(capsys, "TimeStampsFailed") == [1.0]


def test_a_run_takes_so_many_and_no_longer_than_it_has(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    mails = [stage.received(BUSY) for _ in range(3)]
    stage.add_late(milliseconds=10_000)
    assert sum(is_stamped(stored(mail)) for mail in mails) == 0
    monkeypatch.setattr(stamp_run, "_MOST_AT_ONCE", 2)
    stage.add_late()
    assert [is_stamped(stored(mail)) for mail in mails] == [True, True, False]
    stage.add_late()
    assert [is_stamped(stored(mail)) for mail in mails] == [True, True, True]


def test_what_waits_for_more_than_a_day_is_counted(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    mails = [stage.received(BUSY) for _ in range(2)]
    table = boto3.resource("dynamodb", REGION).Table("bod")
    waiting = stage.waiting(mails[0])
    assert waiting is not None
    table.put_item(Item=waiting | {"waiting_since": "2026-01-01T00:00:00.000Z"})
    stage.authority.behaves = BUSY
    capsys.readouterr()
    stage.add_late()
    assert printed(capsys, "ReceiptsUnstamped") == [1.0]


def test_where_the_stage_names_nobody_any_more_what_waits_is_left_and_wakes_nobody(
    stage: Stage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = stage.received(BUSY)
    before = stored(mail)
    monkeypatch.setenv("TIMESTAMP_AUTHORITY", "")
    stage.add_late()
    assert printed(capsys, "ReceiptsUnstamped") == [0.0]
    assert stage.waiting(mail) is not None
    monkeypatch.setenv("TIMESTAMP_AUTHORITY", stage.authority.url)
    stage.add_late()
    stage.assert_stamped_once(mail, before)


def test_a_stamped_receipt_of_a_run_that_died(
    stage: Stage,
) -> None:
    """It waits for a time stamp, is looked at, and stays as it is."""
    mail = stage.service.sent()
    with dying_after_write(4) as writes, pytest.raises(ProcessDiedError):
        stage.service.receipt_trigger(mail.mail_id)
    assert writes[-2:] == ["Sign", "PutObject"]
    stage.service.receipt_trigger(mail.mail_id)
    made = versions(mail)
    stage.add_late()
    assert versions(mail) == made
    assert is_stamped(stored(mail))
    assert stage.waiting(mail) is None
    stage.assert_known(mail)
