"""Settings come from the environment alone; what is missing stops the function."""

import pytest
from pydantic import ValidationError

from mailroom import settings


class Settings(settings.Settings):
    """Two settings of different types."""

    table_name: str
    retention_days: int


def test_settings_are_read_by_their_names_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "mails")
    monkeypatch.setenv("RETENTION_DAYS", "30")
    monkeypatch.setenv("OTHER", "ignored")
    assert Settings.read() == Settings(table_name="mails", retention_days=30)


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "mails")
    monkeypatch.delenv("RETENTION_DAYS", raising=False)
    with pytest.raises(ValidationError, match="retention_days"):
        Settings.read()


def test_a_setting_of_another_type_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAME", "mails")
    monkeypatch.setenv("RETENTION_DAYS", "a month")
    with pytest.raises(ValidationError, match="retention_days"):
        Settings.read()


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_READ", {})
    monkeypatch.setenv("RETENTION_DAYS", "30")
    monkeypatch.setenv("TABLE_NAME", "mails")
    first = Settings.read()
    monkeypatch.setenv("TABLE_NAME", "others")
    assert Settings.read() is first
    settings.forget()
    assert Settings.read().table_name == "others"
