"""A scan that never comes is asked for again, then told to operators: never an open door, never silence."""

import importlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
import time_machine
from botocore.client import BaseClient

from mailroom.domain import clock
from tests.integration.test_scans import TEXT, drafted, sent, stored, waits, warned
from tests.support.in_process.metrics import metric
from tests.support.in_process.mishaps import ProcessDiedError, dying_after_write, refusing
from tests.support.in_process.scanning import Listening, note, scanned, tags_of
from tests.support.in_process.service import BUCKET, Service, context
from tests.support.samples.files_of_each_type import EICAR


@pytest.fixture
def operators(service: Service, monkeypatch: pytest.MonkeyPatch) -> Listening:  # noqa: ARG001 - its AWS
    listening = Listening()
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", listening.topic_arn)
    monkeypatch.setenv("SCANNER", "guardduty")
    return listening


@contextmanager
def asked() -> Iterator[list[dict[str, Any]]]:
    """What GuardDuty, or the function that stands in for it, is asked for; it never answers."""
    requests: list[dict[str, Any]] = []
    real = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's one door to AWS

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        if operation not in {"SendObjectMalwareScan", "Invoke"}:
            return real(client, operation, parameters)
        requests.append(parameters)
        return {}

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield requests


def chase(minutes: float, event: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """A run of the schedule so many minutes from now; what was asked for comes back."""
    with time_machine.travel(clock.now().timestamp() + minutes * 60, tick=False), asked() as requests:
        importlib.import_module("chase_scans.handler").handler(event or {}, context("chase_scans"))
    return requests


def test_after_a_quarter_of_an_hour_the_scan_is_asked_for_once_more(service: Service, operators: Listening) -> None:
    mail, key = sent(service)
    assert chase(14) == []
    (request,) = chase(16)
    version = stored(service, key)["version_id"]
    assert request == {"S3Object": {"Bucket": BUCKET, "Key": key, "VersionId": version}}
    assert waits(service, mail) == ["SCAN_ASKED"]
    assert chase(21) == []
    assert operators.heard() == []
    note(scanned(key))
    assert waits(service, mail) == []
    assert chase(70) == []
    assert operators.heard() == []


def test_on_the_local_stage_the_stand_in_is_asked(
    service: Service, operators: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCANNER", "bureau-ordre-local-scan-file")
    _, key = sent(service)
    (request,) = chase(16)
    assert request["FunctionName"] == "bureau-ordre-local-scan-file"
    (record,) = json.loads(request["Payload"])["Records"]
    assert record["s3"]["object"] == {"key": key, "versionId": stored(service, key)["version_id"]}
    assert operators.heard() == []


def test_after_an_hour_operators_are_told_once_and_agents_get_the_file_knowingly(
    service: Service, operators: Listening, capsys: pytest.CaptureFixture[str]
) -> None:
    mail, key = sent(service)
    chase(16)
    chase(59)
    assert operators.heard() == []
    assert metric(capsys.readouterr().out, "FilesUnscanned") == [0.0, 0.0]
    chase(61)
    (told,) = operators.heard()
    assert told["subject"] == "Files not scanned: 1 mails"
    assert mail.submitted == {}
    assert "ANAM-" in told["message"]
    assert "Demande" not in told["message"]
    assert stored(service, key)["scan"] == "not_scanned"
    assert tags_of(key)["GuardDutyMalwareScanStatus"] == "NEVER_CAME"
    assert waits(service, mail) == ["UNSCANNED"]
    chase(66)
    chase(24 * 60)
    assert operators.heard() == []
    assert metric(capsys.readouterr().out, "FilesUnscanned") == [1.0, 1.0, 1.0]

    note(scanned(key))
    assert stored(service, key)["scan"] == "clean"
    assert waits(service, mail) == []
    chase(24 * 60 + 5)
    assert metric(capsys.readouterr().out, "FilesUnscanned") == [0.0]


@pytest.mark.parametrize(("content", "scan"), [(b"%PDF-1.7 plan", "clean"), (EICAR, "infected")])
def test_an_event_that_was_lost_is_made_good_from_the_tag(
    service: Service, operators: Listening, content: bytes, scan: str
) -> None:
    mail, key = sent(service, content, **(TEXT if scan == "infected" else {}))
    scanned(key)  # and the event goes nowhere
    assert chase(16) == []
    assert stored(service, key)["scan"] == scan
    assert waits(service, mail) == []
    assert len(warned(service)) == (scan == "infected")
    assert operators.heard() == []


def test_a_draft_is_not_chased(service: Service, operators: Listening) -> None:
    drafted(service)
    assert chase(120) == []
    assert operators.heard() == []


def test_a_scanner_that_cannot_be_asked(service: Service, operators: Listening) -> None:
    """It stops neither the next mail nor the message to operators."""
    mails = [sent(service)[0], sent(service)[0]]
    later = time_machine.travel(clock.now().timestamp() + 16 * 60, tick=False)
    with later, refusing("SendObjectMalwareScan", "InternalServerErrorException") as refused:
        importlib.import_module("chase_scans.handler").handler({}, context())
    assert len(refused) == 2
    assert [waits(service, mail) for mail in mails] == [["SCAN_ASKED"], ["SCAN_ASKED"]]
    chase(61)
    (told,) = operators.heard()
    assert told["subject"] == "Files not scanned: 2 mails"


def test_a_run_that_dies_tells_operators_rather_twice_than_never(service: Service, operators: Listening) -> None:
    mail, key = sent(service)
    chase(16)
    # It dies once the mail was moved on, and once operators were told.
    for minutes, write in ((61, 1), (66, 2)):
        with dying_after_write(write), pytest.raises(ProcessDiedError):
            chase(minutes)
        assert waits(service, mail) == ["SCAN_ASKED"]
    chase(71)
    assert waits(service, mail) == ["UNSCANNED"]
    assert stored(service, key)["scan"] == "not_scanned"
    assert len(operators.heard()) == 2


def test_a_run_short_of_time_leaves_the_rest_to_the_next(
    service: Service, operators: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = [sent(service)[0] for _ in range(3)]
    left = iter([60_000, 60_000, 1_000])
    hurried = context()
    monkeypatch.setattr(hurried, "get_remaining_time_in_millis", lambda: next(left))
    with time_machine.travel(clock.now().timestamp() + 16 * 60, tick=False), asked() as requests:
        importlib.import_module("chase_scans.handler").handler({}, hurried)
    assert len(requests) == 2
    assert len(chase(17)) == 1
    assert [waits(service, mail) for mail in mails] == [["SCAN_ASKED"]] * 3
    assert operators.heard() == []


def test_when_the_scanner_is_mended_operators_have_everything_asked_for_again(
    service: Service, operators: Listening
) -> None:
    mail, _ = sent(service)
    chase(16)
    chase(61)
    operators.heard()
    assert len(chase(200, {"again": True})) == 1
    assert waits(service, mail) == ["SCAN_ASKED"]
    chase(205)
    assert operators.heard() == []
    chase(250)
    assert len(operators.heard()) == 1
