"""What the check says: in three languages, all of it, and not to be turned round by what strangers wrote."""

import json
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import rfc8785

from mailroom.check import findings, findings_in_words
from mailroom.check.language import LANGUAGES, language_of_this_machine
from tests.support.signed.receipts_to_check import RECORD, SENDER, VALUES, Desk, sealed

WORDS: dict[str, dict[str, Any]] = {language: dict(findings_in_words.words_of(language)) for language in LANGUAGES}


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def sentences(words: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in words.items():
        if isinstance(value, dict):
            yield from sentences(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_language_says_the_same_things(language: str) -> None:
    french, other = dict(sentences(WORDS["fr"])), dict(sentences(WORDS[language]))
    assert french.keys() == other.keys()
    dates = {"moment"}
    for name in french.keys() - dates:
        assert fields(french[name]) == fields(other[name]), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_words_for_every_finding(language: str) -> None:
    words = WORDS[language]
    assert words["verdict"].keys() == {v.name.lower() for v in findings.ReceiptVerdict} - {"not_checkable"}
    for key, states in (
        ("integrity", findings.Integrity),
        ("authority", findings.AuthorityFound),
        ("identity", findings.Identity),
        ("purpose", findings.Purpose),
        ("certificate", findings.Validity),
        ("time", findings.Proof),
        ("notes", findings.Note),
        ("record", findings.RecordState),
        ("file", findings.CheckedState),
    ):
        assert words[key].keys() == set(get_args(states.__value__))


@pytest.mark.parametrize(
    ("language", "verdict"),
    [
        ("fr", "Cet accusé de réception est authentique."),
        ("en", "This receipt is genuine."),
        ("ar", "هذا الإشعار بالتوصل أصلي."),
    ],
)
def test_the_last_line_is_the_verdict(desk: Desk, language: str, verdict: str) -> None:
    lines = desk.check(sealed(), "--language", language).text.splitlines()
    assert lines[-1] == f"→ {verdict}"
    assert any(str(VALUES["number"]) in line for line in lines)


def test_what_is_no_receipt_is_told_in_words_too(desk: Desk) -> None:
    assert "password" in WORDS["en"]["not_checkable"]["encrypted"]
    assert desk.check(b"no", "--language", "en").text == "✘ This file is not a PDF. A receipt always is.\n"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ar_MA.UTF-8"}, "ar"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "ar_MA.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "fr"),
        ({"LANG": "C"}, "fr"),
    ],
)
def test_the_language_is_the_machines_and_french_where_it_is_none_of_ours(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language_of_this_machine() == language


def test_a_strangers_words_move_nothing_on_the_screen(desk: Desk) -> None:
    evil = "\x1b[2J\u202egenuine\r\n✔ \u2069\u2067فاطمة"
    record = rfc8785.dumps(VALUES | {"sender": {"kind": evil, "name": SENDER}})
    assert record != RECORD
    text = desk.check(sealed(record=record), "--all", "--language", "en").text
    assert not {"\x1b", "\u202e", "\r", "\u2067"} & set(text)
    assert text.count("\u2068") == text.count("\u2069")
    assert not any(line.startswith("✔ \ufffd") for line in text.splitlines())
    assert json.loads(desk.check(sealed(record=record), "--json").text)["record"]["said"]["sender_kind"] == evil
