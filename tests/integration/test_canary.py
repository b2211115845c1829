"""The canary does what a sender does, and says which step failed and no more."""

import importlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from canary import public_client
from tests.support.in_process.metrics import metric
from tests.support.in_process.public_door import PublicDoor, public_door
from tests.support.in_process.service import TEST_ORGANISM, Service, context


@pytest.fixture
def enrolled(service: Service) -> Service:
    """The service with the test organism."""
    assert service.put_organism("essai", TEST_ORGANISM).status == 201
    return service


@pytest.fixture
def door(enrolled: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PublicDoor]:
    """The public address, which the canary knows and trusts."""
    with public_door(enrolled, tmp_path) as door:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        monkeypatch.setenv("PUBLIC_URL", door.url)
        monkeypatch.setenv("CANARY_ORGANISM", "essai")
        monkeypatch.setattr(public_client, "REQUEST_SECONDS", 60.0)
        yield door


def run(*, seconds: float = 120.0) -> None:
    own: SimpleNamespace = context("canary")
    own.get_remaining_time_in_millis = lambda: int(seconds * 1000)
    importlib.import_module("canary.handler").handler({}, own)


def logged(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    """The one line about a failure, with its fields."""
    (line,) = [vars(record) for record in caplog.records if record.getMessage() == "canary failed"]
    return line


def test_a_mail_goes_through_the_door_to_its_receipt(
    door: PublicDoor, enrolled: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    output = capsys.readouterr().out
    assert door.asked == [
        "GET /v1/organisms/…",
        "POST /v1/mails",
        "PUT /v1/mails/…/letter",
        "POST /v1/mails/…/attachments",
        "PUT /storage/attachments/…/…",
        "PUT /v1/mails/…/sender",
        "POST /v1/mails/…/submission",
        "GET /v1/mails/…/receipt",
        "GET /v1/mails/…/receipt",
        "GET /storage/receipts/…",
        "GET /v1/receipts/…",
    ]
    assert metric(output, "CanaryPassed") == [1]
    assert 0 < metric(output, "CanarySeconds")[0] < 120
    assert metric(output, "CanaryFailed") == []
    (entry,) = [item for item in enrolled.items("REGISTER#essai#2026") if item["sk"].startswith("ENTRY")]
    assert entry["number"] == "ESSAI-2026-000001"


def test_what_the_canary_alone_knows_is_in_no_log(
    door: PublicDoor, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Also where the last step fails, when it has seen everything: tokens, codes, addresses that open files."""
    door.instead["GET /v1/receipts/…"] = 500, b"{}"
    caplog.set_level(logging.INFO)
    run()
    assert logged(caplog)["step"] == "verification"
    output = "".join((*capsys.readouterr(), *(str(vars(record)) for record in caplog.records)))
    assert len(door.secrets) >= 5
    assert {secret for secret in door.secrets if secret in output} == set()


FAILING = {
    "start": ("POST /v1/mails", 503, b""),
    "letter": ("PUT /v1/mails/…/letter", 422, b""),
    "attachment": ("POST /v1/mails/…/attachments", 201, b'{"upload": null}'),
    "upload": ("PUT /storage/attachments/…/…", 403, b"<Error/>"),
    "sender": ("PUT /v1/mails/…/sender", 429, b""),
    "submission": ("POST /v1/mails/…/submission", 502, b"<html>"),
    "receipt": ("GET /v1/mails/…/receipt", 500, b""),
    "download": ("GET /storage/receipts/…", 200, b"%PDF-1.7 another"),
    "verification": (
        "GET /v1/receipts/…",
        200,
        b'{"genuine": true, "number": "ANAM-2026-000001", "receipt_sha256": null, "attachments": []}',
    ),
}


@pytest.mark.parametrize("step", FAILING)
def test_a_step_that_fails_is_counted_and_logged_by_its_name(
    door: PublicDoor, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, step: str
) -> None:
    place, status, body = FAILING[step]
    door.instead[place] = status, body
    run()
    output = capsys.readouterr().out
    assert door.asked[-1] == place
    assert logged(caplog)["step"] == step
    assert metric(output, "CanaryPassed") == [0]
    assert metric(output, "CanaryFailed") == [1]
    assert metric(output, "CanarySeconds") == []
    counted = [json.loads(line) for line in output.splitlines() if '"CanaryFailed"' in line]
    assert [line["step"] for line in counted] == [step]


def test_a_receipt_that_does_not_come_ends_the_run_and_not_the_function(
    door: PublicDoor, caplog: pytest.LogCaptureFixture
) -> None:
    door.instead["GET /v1/mails/…/receipt"] = 202, b'{"status": "pending"}'
    run(seconds=12)
    assert logged(caplog).items() >= {"step": "receipt", "reason": "not in time"}.items()


def test_a_certificate_that_nobody_trusts_is_no_door(
    door: PublicDoor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    run()
    assert (
        logged(caplog).items()
        >= {
            "step": "start",
            "reason": "SSLCertVerificationError",
        }.items()
    )
    assert door.asked == []
