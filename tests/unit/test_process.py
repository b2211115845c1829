"""One object holds the settings and the clients of a process; nothing is read or made before it is used."""

import subprocess
import sys
from functools import cached_property
from typing import Any

import boto3
import pytest

from mailroom.process import WithBucket, WithNotifications, WithRetention, WithTable, WithTokens
from mailroom.settings import Settings
from tests.support.in_process.service import ROOT

_PATHS = ("functions", "layers/mailroom/src", "layers/receipt/src")

_IMPORT_ALL = """
import importlib, pathlib, sys
import boto3
from mailroom.settings import Settings

def refuse(*_, **__):
    raise AssertionError("at import")

boto3.client = refuse
Settings.current = classmethod(refuse)
for path in sorted(pathlib.Path(sys.argv[1]).glob("*/handler.py")):
    importlib.import_module(f"{path.parent.name}.handler")
"""


class Process(WithTable, WithRetention, WithTokens, WithNotifications):
    """Many parts."""

    @cached_property
    def remembered(self) -> list[str]:
        return []


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The services whose clients were made."""
    services: list[str] = []

    class Client:
        def get_secret_value(self, SecretId: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
            services.append(f"read {SecretId}")
            return {"SecretString": "k" * 64}

    def client(service: str, **_: object) -> Client:
        services.append(service)
        return Client()

    monkeypatch.setattr(boto3, "client", client)
    for name, value in {
        "TABLE_NAME": "mails",
        "BUCKET_NAME": "files",
        "RETENTION_DAYS": "30",
        "RETENTION_MODE": "COMPLIANCE",
        "TOKENS_SECRET": "tokens",
        "NOTIFICATIONS_QUEUE_URL": "https://queue",
    }.items():
        monkeypatch.setenv(name, value)
    return services


def test_a_client_is_made_when_it_is_first_used_and_once(made: list[str]) -> None:
    process = Process.current()
    assert made == []
    assert process.table is process.table
    assert made == ["dynamodb"]
    assert process.files is process.files
    assert process.retention.days == 30
    assert made == ["dynamodb", "s3"]


def test_a_secret_is_read_once(made: list[str]) -> None:
    assert Process.current().tokens is Process.current().tokens
    assert made == ["secretsmanager", "read tokens"]


def test_a_reset_drops_clients_what_was_made_with_them_and_what_was_remembered(made: list[str]) -> None:
    first = Process.current()
    first.remembered.append("something")
    assert first.tokens.pseudonym("a")
    Settings.reset()
    second = Process.current()
    assert second.remembered == []
    assert second.tokens is not first.tokens
    assert made.count("read tokens") == 2


def test_a_part_needs_its_own_setting_and_no_other(made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - its environment
    class Reader(WithBucket):
        """Reads files."""

    for other in ("TABLE_NAME", "TOKENS_SECRET", "RETENTION_DAYS"):
        monkeypatch.delenv(other)
    assert Reader.current().files is Reader.current().files
    assert not hasattr(Reader.current(), "table")


def test_importing_any_handler_reads_no_setting_and_makes_no_client() -> None:
    path = ":".join(str(ROOT / part) for part in _PATHS)
    environment = {"PYTHONPATH": path, "PYTHONWARNINGS": "ignore"}
    subprocess.run([sys.executable, "-c", _IMPORT_ALL, str(ROOT / "functions")], check=True, env=environment)
