"""Settings come from the environment alone; a missing one stops the function; nothing is kept beyond a reset."""

from collections.abc import Iterator
from functools import cached_property

import pytest
from pydantic import ValidationError

from mailroom.settings import Settings


class Own(Settings):
    """Two settings of different types, and something made from them."""

    table_name: str
    retention_days: int

    @cached_property
    def kept(self) -> list[str]:
        return [self.table_name]


@pytest.fixture(autouse=True)
def new_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TABLE_NAME", "mails")
    monkeypatch.setenv("RETENTION_DAYS", "30")
    Settings.reset()
    yield
    Settings.reset()


def test_settings_are_read_by_their_names_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER", "ignored")
    assert (Own.current().table_name, Own.current().retention_days) == ("mails", 30)
    assert set(Own.declared()) == {"table_name", "retention_days"}


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RETENTION_DAYS")
    with pytest.raises(ValidationError, match="retention_days"):
        Own.current()


def test_a_setting_of_another_type_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETENTION_DAYS", "a month")
    with pytest.raises(ValidationError, match="retention_days"):
        Own.current()


def test_settings_and_what_is_made_with_them_are_kept_until_a_reset(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Own.current()
    monkeypatch.setenv("TABLE_NAME", "others")
    assert Own.current() is first
    assert first.kept is first.kept
    Settings.reset()
    assert Own.current().kept == ["others"]
