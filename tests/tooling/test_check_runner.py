"""`make test`: checks of one core run two at a time, every check runs though another one failed, and it is said."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import run
from tests.run import Check

WAITS_FOR = """
import pathlib, time
mine, other = pathlib.Path({folder!r}, {mine!r}), pathlib.Path({folder!r}, {other!r})
mine.touch()
ends = time.monotonic() + 60
while not other.exists():
    assert time.monotonic() < ends, "the other one does not run beside"
    time.sleep(0.02)
print("met", {other!r})
"""


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run programs as checks, `alone` those that take both cores; the exit code."""

    def exit_code(one_core: dict[str, str], alone: dict[str, str], left: str = "", quiet: str = "") -> int:
        programs = one_core | alone
        made = [
            Check(
                name=name,
                what=name,
                module=(name,),
                one_core=name in one_core,
                takes_what_is_left=name == left,
                needs_quiet=name == quiet,
            )
            for name in programs
        ]
        monkeypatch.setattr(run, "CHECKS", made)
        monkeypatch.setattr(run, "_command", lambda check: [sys.executable, "-c", programs[check.name]])
        monkeypatch.setattr(run, "_COVERAGE", tmp_path / "coverage")
        monkeypatch.setattr(sys, "argv", ["tests.run"])
        return run.main()

    return exit_code


def test_two_of_one_core_run_at_once_and_each_output_is_whole(
    checks: Callable[..., int], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pair = {
        mine: WAITS_FOR.format(folder=str(tmp_path), mine=mine, other=other)
        for mine, other in (("first", "second"), ("second", "first"))
    }
    assert checks(pair, {}) == 0
    shown = capfd.readouterr().out
    for mine, other in (("first", "second"), ("second", "first")):
        assert f"— {mine}: {mine}\nmet {other}\n" in shown


def test_what_takes_the_time_that_is_left_runs_beside_and_ends_before_what_needs_quiet(
    checks: Callable[..., int], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pair = {
        mine: WAITS_FOR.format(folder=str(tmp_path), mine=mine, other=other)
        for mine, other in (("left", "alone"), ("alone", "left"))
    }
    assert checks({}, pair | {"quiet": "print('measures')"}, left="left", quiet="quiet") == 0
    shown = capfd.readouterr().out
    assert shown.index("met alone") < shown.index("measures")


@pytest.mark.parametrize("fails", ["beside", "alone", "none"])
def test_a_failure_is_counted_and_the_others_run(
    checks: Callable[..., int], capfd: pytest.CaptureFixture[str], fails: str
) -> None:
    programs = {name: f"raise SystemExit({name == fails:d})" for name in ("beside", "also", "third", "alone", "last")}
    both_cores = {name: programs.pop(name) for name in ("alone", "last")}
    assert checks(programs, both_cores) == (fails != "none")
    shown = capfd.readouterr().out
    assert f"checks: {5 - (fails != 'none')} passed, {fails != 'none':d} failed" in shown
    assert shown.count("FAILED") == (fails != "none")


def test_what_a_check_computed_is_told_apart_from_what_it_waited(
    checks: Callable[..., int], capfd: pytest.CaptureFixture[str]
) -> None:
    assert checks({}, {"sleeps": "import time; time.sleep(1)"}) == 0
    *_, line, _ = capfd.readouterr().out.splitlines()
    took, computed = line.split("sleeps")[1].split(" s (")
    assert float(took) >= 1 > float(computed.split()[0])
