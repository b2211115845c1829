"""The states of a file as a table: what each answer makes of each state, and what people are told of it."""

import itertools
import re
from pathlib import Path
from typing import get_args

import pytest

from mailroom.domain import file_reasons, file_states
from mailroom.domain.file_reasons import Reader, reason_in_words
from mailroom.domain.file_states import (
    MEANINGS,
    NEVER_CAME,
    WITHOUT_VERDICT,
    Check,
    FileReason,
    FileState,
    gives_way_to,
    judged,
    stronger_tag,
)
from mailroom.domain.letter import MEDIA_TYPES, Attachment

# What the scan says (rows) and what the content is (columns) make one state.
#                    in order       protected    too_deep    unsupported    of no type     not looked at
MADE_TOGETHER = """
NO_THREATS_FOUND     clean          protected    too_deep    unsupported    not_allowed    not_scanned
UNSUPPORTED          unsupported    protected    too_deep    unsupported    not_allowed    unsupported
FAILED               failed         protected    too_deep    unsupported    not_allowed    failed
ACCESS_DENIED        failed         protected    too_deep    unsupported    not_allowed    failed
SOMETHING_NEW        failed         protected    too_deep    unsupported    not_allowed    failed
NEVER_CAME           not_scanned    protected    too_deep    unsupported    not_allowed    not_scanned
THREATS_FOUND        infected       infected     infected    infected       infected       infected
"""

# A state (rows) and the one that a later answer makes (columns): which of the two is kept.
#              failed        not_scanned    protected    clean       not_allowed    infected
KEPT = """
nothing        failed        not_scanned    protected    clean       not_allowed    infected
failed         failed        not_scanned    protected    clean       not_allowed    infected
unreadable     unreadable    unreadable     protected    clean       not_allowed    infected
not_scanned    not_scanned   not_scanned    protected    clean       not_allowed    infected
mismatch       mismatch      mismatch       protected    clean       not_allowed    infected
protected      protected     protected      protected    clean       not_allowed    infected
unsupported    unsupported   unsupported    unsupported  clean       not_allowed    infected
too_deep       too_deep      too_deep       too_deep     clean       not_allowed    infected
clean          clean         clean          clean        clean       not_allowed    infected
not_allowed    not_allowed   not_allowed    not_allowed  not_allowed not_allowed    infected
infected       infected      infected       infected     infected    infected       infected
"""

# What people are told of each state, and whether its sender may send the file.
TOLD = """
nothing        pending      -            sent
failed         pending      -            sent
unreadable     unchecked    not_scanned  sent
not_scanned    unchecked    not_scanned  sent
protected      unchecked    protected    sent
unsupported    unchecked    unsupported  sent
too_deep       unchecked    too_deep     sent
clean          clean        -            sent
mismatch       refused      not_allowed  kept
not_allowed    refused      not_allowed  kept
infected       refused      infected     kept
"""

_CONTENTS = (
    ("clean", None),
    ("unchecked", "protected"),
    ("unchecked", "too_deep"),
    ("unchecked", "unsupported"),
    ("refused", "not_allowed"),
    (None, None),
)
_LATER: tuple[FileState, ...] = ("failed", "not_scanned", "protected", "clean", "not_allowed", "infected")
LANGUAGES = ("ar", "fr", "en")


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def named(state: str) -> FileState | None:
    return next((known for known in MEANINGS if known == state), None)


def a_file(state: FileState | None = None, name: str = "a.pdf", detected: str | None = None) -> Attachment:
    return Attachment(
        attachment_id="1",
        file_name=name,
        media_type=MEDIA_TYPES[name.rpartition(".")[2]],
        size=1,
        sha256="a",
        scan=state,
        detected_media_type=detected,
    )


@pytest.mark.parametrize("row", rows(MADE_TOGETHER), ids=lambda row: row[0])
def test_scan_and_content_make_one_state(row: list[str]) -> None:
    status, *states = row
    assert [judged(status, verdict, reason) for verdict, reason in _CONTENTS] == states  # type: ignore[arg-type]  # by table


@pytest.mark.parametrize("row", rows(KEPT), ids=lambda row: row[0])
def test_of_two_states_the_one_that_says_more_or_worse_is_kept(row: list[str]) -> None:
    before, *kept = row
    known = named(before)
    assert [later if known in gives_way_to(later) else before for later in _LATER] == kept


@pytest.mark.parametrize("row", rows(TOLD), ids=lambda row: row[0])
def test_each_state_means_one_thing_to_people(row: list[str]) -> None:
    state, check, reason, fate = row
    file = a_file(named(state))
    assert (file.check, file.reason or "-") == (check, reason)
    assert (file.check == "refused") == (fate == "kept")


def test_the_tables_above_hold_every_state() -> None:
    states = {"nothing", *get_args(FileState)}
    assert {row[0] for row in rows(KEPT)} == states == {row[0] for row in rows(TOLD)}
    assert set(MEANINGS) == {None, *get_args(FileState)}


@pytest.mark.parametrize("order", list(itertools.permutations(_LATER, 4)))
def test_in_whatever_order_answers_come_the_same_is_known_in_the_end(order: tuple[FileState, ...]) -> None:
    known: FileState | None = None
    for later in order * 2:
        known = later if known in gives_way_to(later) else known
    assert known == max(order, key=lambda state: MEANINGS[state].rank)


def test_a_tag_says_the_strongest_status_that_was_ever_found() -> None:
    statuses = ("FAILED", "UNSUPPORTED", "NO_THREATS_FOUND", "THREATS_FOUND")
    for order in itertools.permutations(statuses):
        tag: str | None = None
        for status in order:
            tag = stronger_tag(tag, status)
        assert tag == "THREATS_FOUND"
    assert stronger_tag("NO_THREATS_FOUND", NEVER_CAME) == "NO_THREATS_FOUND"
    assert stronger_tag("UNSUPPORTED", NEVER_CAME) == "UNSUPPORTED"
    assert stronger_tag(None, NEVER_CAME) == NEVER_CAME


def test_the_stack_lets_agents_accept_the_very_statuses_that_say_nothing() -> None:
    """The grant stands in `infra`, which knows nothing of the layer."""
    text = (Path(__file__).parents[2] / "infra" / "constructs" / "scan_findings.py").read_text(encoding="utf-8")
    listed = re.findall(r"^_(?:ENDED_WITHOUT|NEVER_CAME) = (.*)$", text, re.MULTILINE)
    assert set(re.findall(r'"(\w+)"', " ".join(listed))) == set(WITHOUT_VERDICT)


@pytest.mark.parametrize(
    ("name", "detected", "delivered"),
    [
        ("photo.jpg", "image/png", "photo.png"),
        ("photo.JPEG", "image/jpeg", "photo.JPEG"),
        ("photo.jpg", None, "photo.jpg"),
        ("plan.v2.pdf", MEDIA_TYPES["docx"], "plan.v2.docx"),
        ("صورة.jpg", "image/tiff", "صورة.tif"),
    ],
)
def test_a_file_is_handed_over_with_the_ending_of_what_it_is(name: str, detected: str | None, delivered: str) -> None:
    file = a_file(name=name.lower(), detected=detected).model_copy(update={"file_name": name})
    assert file.delivered_name == delivered
    assert file.file_name == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_reads_of_a_file_that_is_not_clean_reads_why_and_what_to_do(language: str) -> None:
    for state, meaning in MEANINGS.items():
        for reader in get_args(Reader):
            said = reason_in_words(a_file(state), reader, language)
            assert (said is None) == (meaning.reason is None)
            if said:
                assert said.endswith(".")
                assert said.count(".") >= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_about_files_are_complete_and_hold_no_other(language: str) -> None:
    words = file_reasons._words(language)
    assert words["found"].keys() == set(get_args(FileReason))
    assert words["advice"].keys() == set(get_args(Reader))
    assert all(set(advice) == {"unchecked", "refused"} <= set(get_args(Check)) for advice in words["advice"].values())


def test_a_password_is_not_called_dangerous() -> None:
    for reader in get_args(Reader):
        said = reason_in_words(a_file("protected"), reader, "fr") or ""
        assert "mot de passe" in said
        assert not re.search(r"danger|malveillant|bloqu", said)


def test_each_state_has_its_line_in_the_table_of_the_module() -> None:
    written = set(re.findall(r"`(\w+)`", file_states.__doc__ or ""))
    assert {*get_args(FileState)} - {"unreadable", "mismatch"} <= written
