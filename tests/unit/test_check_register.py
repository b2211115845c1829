"""Whoever kept a head can tell whether a register was rewritten since, without asking anybody."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.check.register_command import RegisterVerdict, main, words_of
from tests.support.signed.registers_to_check import (
    ANOTHERS,
    ISSUER,
    OURS,
    Line,
    World,
    chained,
    key,
    public,
    signed,
    what,
    world,
)


def test_a_whole_register_is_proven_up_to_the_last_head() -> None:
    found = world(3, 5).check(chained(5))
    assert (found.verdict, found.proven, found.notes) == (RegisterVerdict.WHOLE, 5, [])
    assert (found.register, found.issuer, found.dates) == (("anam", 2026), ISSUER, ("2026-11-01", "2026-11-02"))


def altered(lines: list[Line]) -> None:
    lines[1]["record_sha256"] = "f" * 64


def altered_with_its_digest(lines: list[Line]) -> None:
    lines[1:2] = chained(2, salt="x")[1:]


def removed(lines: list[Line]) -> None:
    del lines[1]


def slipped_in(lines: list[Line]) -> None:
    lines.insert(1, lines[1] | {"record_sha256": "f" * 64})


def swapped(lines: list[Line]) -> None:
    lines[1], lines[2] = lines[2], lines[1]


def contents_swapped(lines: list[Line]) -> None:
    lines[1]["record_sha256"], lines[2]["record_sha256"] = lines[2]["record_sha256"], lines[1]["record_sha256"]


def rewritten_from_the_first_to_the_last(lines: list[Line]) -> None:
    lines[:] = chained(len(lines), salt="x")


def cut_off(lines: list[Line]) -> None:
    del lines[3:]


def renumbered(lines: list[Line]) -> None:
    lines[1]["number"] = "ANAM-2026-000009"


def of_another_desk(lines: list[Line]) -> None:
    lines[1]["number"] = "ADM-2026-000002"


def with_a_line_that_is_none(lines: list[Line]) -> None:
    lines[1] = {"rank": 2}


def with_another_registers_entry(lines: list[Line]) -> None:
    lines.append(chained(1, year=2025)[0])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (altered, "entry_altered"),
        (altered_with_its_digest, "link_broken"),
        (removed, "entries_missing"),
        (slipped_in, "rank_twice"),
        (swapped, "out_of_order"),
        (contents_swapped, "entry_altered"),
        (rewritten_from_the_first_to_the_last, "head_differs"),
        (cut_off, "cut_off"),
        (renumbered, "number_wrong"),
        (of_another_desk, "number_wrong"),
        (with_a_line_that_is_none, "line_unreadable"),
        (with_another_registers_entry, "other_register"),
    ],
)
def test_what_was_done_to_a_register_shows(change: Callable[[list[Line]], None], expected: str) -> None:
    lines = chained(5)
    change(lines)
    found = world(3, 5).check(lines)
    assert found.verdict is RegisterVerdict.REWRITTEN
    assert expected in what(found)


@given(st.data())
def test_nothing_can_be_done_to_a_proven_register_without_its_showing(data: st.DataObject) -> None:
    """Any entries of a true and a false history, in any order, are whole only where they are the true ones."""
    true, false = chained(6), chained(6, salt="x")
    lines = data.draw(st.lists(st.sampled_from(true + false), max_size=8))
    found = world(4, 6).check(lines)
    assert (found.verdict is RegisterVerdict.WHOLE) == (lines == true)


@given(st.integers(0, 5), st.sampled_from(["record_sha256", "previous", "digest"]), st.integers(0, 63))
def test_one_changed_digit_shows_wherever_it_is(place: int, name: str, digit: int) -> None:
    lines = chained(6)
    digest = lines[place][name]
    lines[place][name] = digest[:digit] + ("0" if digest[digit] != "0" else "1") + digest[digit + 1 :]
    assert world(6).check(lines).verdict is RegisterVerdict.REWRITTEN


def test_entries_after_the_last_head_are_said_to_be_unproven() -> None:
    """Their end could be rewritten and nobody could tell: the check says so instead of promising more."""
    found = world(3).check(chained(5))
    assert (found.verdict, found.proven) == (RegisterVerdict.WHOLE, 3)
    assert found.notes == [("not_yet_proven", {"first": "4", "last": "5"})]
    rewritten = chained(3) + chained(5, salt="x")[3:]
    assert world(3).check(rewritten).verdict is RegisterVerdict.REWRITTEN  # where it does not even hold on to the rest


def test_without_a_head_of_it_a_register_is_not_proven() -> None:
    """A history made up from the first entry on holds together as well as the true one."""
    assert world(0).check(chained(5, salt="x")).verdict is RegisterVerdict.NOT_PROVEN
    assert World().check(chained(5)).verdict is RegisterVerdict.NOT_PROVEN
    assert world(3).check([]).verdict is RegisterVerdict.NOT_PROVEN


def test_an_old_head_alone_shows_what_was_rewritten_before_it() -> None:
    """Whoever kept but one head needs no other, whatever is shown to them now."""
    lines = chained(2) + chained(5, salt="x")[2:]
    assert what(world(3).check(lines)) >= {"link_broken", "head_differs"}


def test_a_forged_head_is_none_of_ours() -> None:
    forged = world(3)
    forged.publish("2026-11-02", chained(5, salt="x"), by=ANOTHERS)
    found = forged.check(chained(5))
    assert (found.verdict, what(found), found.proven) == (RegisterVerdict.HEADS_WRONG, {"head_not_ours"}, 3)


def test_a_head_of_another_environment_does_not_count() -> None:
    """Signed by a key of another stage; or, where both keys are trusted, named by another address."""
    other = World()
    other.publish("2026-11-01", chained(5), by=ANOTHERS, iss="https://dev.bod.example.org")
    assert (other.check(chained(5)).verdict, other.check(chained(5)).proven) == (RegisterVerdict.HEADS_WRONG, 0)
    found = other.check(chained(5), OURS, ANOTHERS, issuer=ISSUER)
    assert (found.verdict, what(found)) == (RegisterVerdict.HEADS_WRONG, {"head_of_another"})
    other.publish("2026-11-02", chained(5))
    assert what(other.check(chained(5), OURS, ANOTHERS)) == {"two_issuers"}


def test_a_key_that_signs_no_more_still_counts() -> None:
    turned = world(3)
    new = key()
    turned.publish("2026-11-02", chained(5), by=new)
    found = turned.check(chained(5), new, OURS)
    assert (found.verdict, found.proven) == (RegisterVerdict.WHOLE, 5)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a head",
        "é.é.é".encode(),
        signed({"version": 1}),
        signed({}, kid="nobody's"),
        signed({"version": 2, "iss": "", "iat": 1, "date": "2026-11-01", "previous": None, "registers": []}),
        b"eyJhbGciOiJub25lIn0.e30.",
    ],
)
def test_what_is_no_head_is_named_as_such(content: bytes) -> None:
    strange = world(5)
    strange.heads["x"] = content
    found = strange.check(chained(5))
    assert (found.verdict, found.heads_wrong) == (RegisterVerdict.HEADS_WRONG, [("head_not_ours", {"file": "x"})])


def test_a_signed_statement_does_not_pass_for_a_head() -> None:
    """The same key signs both: what a document is stands in its header."""
    claims = {"version": 1, "iss": ISSUER, "iat": 1, "date": "2026-11-01", "previous": None, "registers": []}
    passing = World({"x": signed(claims)})
    assert passing.held().faults == []
    assert World({"x": signed(claims, typ="receipt-statement+jwt")}).held().faults != []


def test_two_heads_of_one_day_show_that_somebody_was_told_something_else() -> None:
    double = world(3)
    other = world(0)
    double.heads["copy"] = double.heads["2026-11-01"]
    assert double.held().faults == []
    double.heads["other"] = other.heads["2026-11-01"]
    assert [fault.what for fault in double.held().faults] == ["two_heads"]


def test_a_head_that_names_another_predecessor_shows() -> None:
    broken = world(3, 4)
    broken.heads["2026-11-01"] = World().heads.get("", world(2).heads["2026-11-01"])
    assert "heads_not_linked" in what(broken.check(chained(4)))


def test_a_head_that_passes_over_a_published_one_shows() -> None:
    passed = world(3, 4)
    before = {"date": "2026-11-01", "sha256": hashlib.sha256(passed.heads["2026-11-01"]).hexdigest()}
    passed.publish("2026-11-03", chained(5), previous=before)
    assert what(passed.check(chained(5))) == {"heads_not_linked"}


@pytest.mark.parametrize("previous", [None, {"date": "2026-11-09", "sha256": "0" * 64}])
def test_a_head_that_begins_anew_or_names_one_that_comes_later_shows(previous: object) -> None:
    odd = world(3)
    odd.publish("2026-11-02", chained(4), previous=previous)
    assert "heads_not_linked" in what(odd.check(chained(4)))


def test_a_head_that_was_not_kept_is_named() -> None:
    some = world(3, 4, 5)
    del some.heads["2026-11-02"]
    found = some.check(chained(5))
    assert (found.verdict, found.notes) == (RegisterVerdict.WHOLE, [("head_not_given", {"date": "2026-11-02"})])


def test_a_head_that_goes_back_or_forgets_a_register_shows() -> None:
    assert what(world(4, 3).check(chained(4))) == {"head_goes_back"}
    assert what(world(4, 0).check(chained(4))) == {"head_forgets"}


def test_heads_of_the_next_year_close_a_register_and_then_name_it_no_more() -> None:
    closing = world(3)
    closing.publish("2027-01-02", chained(4), chained(1, year=2027))
    closing.publish("2027-02-01", chained(2, year=2027))
    found = closing.check(chained(4))
    assert (found.verdict, found.proven) == (RegisterVerdict.WHOLE, 4)
    assert what(closing.check(chained(3))) == {"cut_off"}


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A command line: an export, its heads and the keys, in files."""
    (tmp_path / "register.jsonl").write_text("".join(json.dumps(line) + "\n" for line in chained(4)))
    (tmp_path / "jwks.json").write_text(json.dumps(public(OURS)))
    heads = []
    for date, content in world(2, 3).heads.items():
        (tmp_path / f"{date}.jose").write_bytes(content + b"\n")
        heads.append(str(tmp_path / f"{date}.jose"))
    return [str(tmp_path / "register.jsonl"), "--keys", str(tmp_path / "jwks.json"), "--heads", *heads]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fr", "Registre intact"), ("en", "The register is whole"), ("ar", "السجل سليم")],
)
def test_the_command_says_it_in_plain_words(
    files: list[str], capsys: pytest.CaptureFixture[str], language: str, expected: str
) -> None:
    assert main([*files, "--language", language]) == 0
    said = capsys.readouterr().out
    assert expected in said.splitlines()[-1]
    assert "anam" in said
    assert ISSUER in said


def test_the_command_answers_programs_in_json(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*files, "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (answer["verdict"], answer["entries"], answer["proven"], answer["heads"]) == ("whole", 4, 3, 2)
    assert answer["notes"] == [{"what": "not_yet_proven", "first": "4", "last": "4"}]


@pytest.mark.parametrize("spoilt", ["{}", "[]", "no json", '{"keys": 1}', '{"keys": []}', '{"keys": [{"kty": "EC"}]}'])
def test_keys_that_are_none_leave_nothing_to_check(files: list[str], spoilt: str) -> None:
    Path(files[2]).write_text(spoilt)
    assert main([*files, "--json"]) == RegisterVerdict.NOT_CHECKABLE


def test_the_command_runs_alone_without_aws_or_a_network(files: list[str]) -> None:
    """In a process of its own in which no address can be reached, and without boto3."""
    alone = (
        "import sys, socket\n"
        "sys.modules['boto3'] = sys.modules['botocore'] = None\n"
        "def refused(*_): raise OSError('no network')\n"
        "socket.socket.connect = refused\n"
        "import runpy\n"
        "runpy.run_module('mailroom.check', run_name='__main__', alter_sys=True)\n"
    )
    source = Path(__file__).parents[2] / "layers" / "mailroom" / "src"
    run = subprocess.run(
        [sys.executable, "-c", alone, "register", *files, "--language", "en"],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(source), "PATH": ""},
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "whole" in run.stdout


def test_a_hostile_file_name_or_text_stays_on_its_line(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    strange = Path(files[0]).with_name("x\n✔ whole.jose")
    strange.write_bytes(b"")
    assert main([*files, str(strange), "--language", "en"]) == RegisterVerdict.HEADS_WRONG
    assert "\n✔" not in capsys.readouterr().out


def test_each_language_has_the_same_words_with_the_same_gaps() -> None:
    def gaps(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    french = words_of("fr")
    for language in ("ar", "en"):
        words = words_of(language)
        assert {name: gaps(text) for name, text in words.items()} == {name: gaps(text) for name, text in french.items()}
    assert set(french) >= {verdict.name.lower() for verdict in RegisterVerdict}
