"""Run the checks, all of them even when one fails, and sum them up.

Those that keep one core busy come first, two at a time, and each shows its output when it ends. The others use both
cores and run one after the other. mypy takes only the time that these leave. What measures time comes last, when all
others have ended.

`python -m tests.run` runs all, `python -m tests.run lint unit` runs these.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

_ROOT = Path(__file__).parents[1]
_COVERAGE = _ROOT / ".local/coverage"
_IN_PARALLEL = ("-n", "2")
_IN_BROWSERS = ("-n", "3", "--dist", "worksteal")
"""A page that waits for its network or its clock leaves a core idle, which a third process takes. Tests of a file stay
together: they share a mail."""
_SPEED = "tests/browser/test_speed.py"
"""Measures time: it has the machine for itself."""
_AT_A_TIME = 2
"""How many checks of one core run at once."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A command that must exit with 0."""

    name: str
    what: str
    module: tuple[str, ...]
    one_core: bool = False
    """Whether it runs while another one does."""
    takes_what_is_left: bool = False
    """Whether it runs beside all others, in the time that they leave: it waits for nothing and nothing waits for it."""
    needs_quiet: bool = False
    """Whether it has the machine for itself."""
    covers: bool = False
    """Whether slipcover notes the lines and branches that it runs."""


CHECKS = (
    Check(name="format", what="formatting", module=("ruff", "format", "--check", "."), one_core=True),
    Check(name="lint", what="every rule of ruff", module=("ruff", "check", "."), one_core=True),
    # The longest first, so that both cores are done together.
    Check(name="tooling", what="the commands of this project", module=("pytest", "tests/tooling"), one_core=True),
    Check(name="infra-test", what="the templates", module=("pytest", "tests/infra"), one_core=True),
    Check(name="types", what="mypy, strict", module=("mypy",), takes_what_is_left=True),
    # Alone, though on one core: it writes site/generated, as tests of `tooling` do.
    Check(
        name="pages-check",
        what="the pages' types, style, unit tests, markup, browsers and weight",
        module=("infra.site.check",),
    ),
    Check(
        name="unit",
        what="the domain and the handlers, with fakes",
        module=("pytest", "tests/unit", *_IN_PARALLEL),
        covers=True,
    ),
    Check(
        name="browser",
        what="the public pages in a real browser",
        module=("pytest", "tests/browser", f"--ignore={_SPEED}", "-m", "not desk", *_IN_BROWSERS),
    ),
    Check(
        name="browser-desk",
        what="the pages of agents and operators in a real browser",
        module=("pytest", "tests/browser", f"--ignore={_SPEED}", "-m", "desk", *_IN_BROWSERS),
    ),
    Check(
        name="integration",
        what="the chain in one process",
        module=("pytest", "tests/integration", *_IN_PARALLEL),
        covers=True,
    ),
    Check(
        name="attacks",
        what="what attackers want, and do not get",
        module=("pytest", "tests/attacks", *_IN_PARALLEL),
        covers=True,
    ),
    Check(
        name="speed",
        what="how soon the first page is usable on a cheap phone",
        module=("pytest", _SPEED, "-s"),
        needs_quiet=True,
    ),
    Check(
        name="e2e",
        what="a mail over HTTP, on a local cloud with TLS and IAM",
        module=("pytest", "tests/e2e", "-v"),
        needs_quiet=True,
    ),
)


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a check went."""

    check: Check
    passed: bool
    seconds: float
    computed: float
    """The seconds that it kept a core busy, with the processes that it started and waited for."""


class Run:
    """A check that runs."""

    def __init__(self, check: Check, output: IO[str] | None = None) -> None:
        self.check = check
        self._output = output
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            _command(check), cwd=_ROOT, env=_environment(), stdout=output, stderr=output and subprocess.STDOUT
        )

    @classmethod
    def aside(cls, check: Check) -> Self:
        """Start a check whose output waits until it ends."""
        return cls(check, tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace"))

    def end(self) -> Result:
        """Wait for its end."""
        while not (result := self.result(0)):
            pass
        return result

    def result(self, options: int) -> Result | None:
        """How it went; None where it goes on, and `options` say not to wait."""
        ended, status, usage = os.wait4(self._process.pid, options)
        if not ended:
            return None
        self._process.returncode = os.waitstatus_to_exitcode(status)
        if self._output is not None:
            with self._output as said:
                said.seek(0)
                _say(f"\n— {self.check.name}: {self.check.what}\n{said.read()}")
        return Result(
            check=self.check,
            passed=self._process.returncode == 0,
            seconds=time.monotonic() - self._started,
            computed=usage.ru_utime + usage.ru_stime,
        )

    def stop(self) -> None:
        """End it where it goes on."""
        self._process.terminate()


def main() -> int:
    """Return 0 when every check passed."""
    wanted = sys.argv[1:] or [check.name for check in CHECKS]
    unknown = set(wanted) - {check.name for check in CHECKS}
    if unknown:
        _say(f"No such check: {', '.join(sorted(unknown))}")
        return 2
    shutil.rmtree(_COVERAGE, ignore_errors=True)
    _COVERAGE.mkdir(parents=True)
    chosen = [check for check in CHECKS if check.name in wanted]
    with _stopped_at_the_end([Run.aside(check) for check in chosen if check.takes_what_is_left]) as beside:
        results = [*_two_at_a_time([check for check in chosen if check.one_core])]
        other = [check for check in chosen if not (check.one_core or check.takes_what_is_left)]
        results += [_alone(check) for check in other if not check.needs_quiet]
        results += [run.end() for run in beside]
    results += [_alone(check) for check in other if check.needs_quiet]
    if covered := sorted(map(str, _COVERAGE.glob("*.json"))):
        report = ("slipcover", "--out", str(_COVERAGE / "all.json"), "--merge", *covered)
        results.append(_alone(Check(name="coverage", what="lines and branches", module=report)))
    _sum_up(results)
    return 0 if all(result.passed for result in results) else 1


def _alone(check: Check) -> Result:
    _say(f"\n— {check.name}: {check.what}")
    with _stopped_at_the_end([Run(check)]) as (run,):
        return run.end()


def _two_at_a_time(checks: Sequence[Check]) -> Iterator[Result]:
    waiting = list(checks)
    running: list[Run] = []
    with _stopped_at_the_end(running):
        while waiting or running:
            while waiting and len(running) < _AT_A_TIME:
                running.append(Run.aside(waiting.pop(0)))
            time.sleep(0.1)
            for run in [*running]:
                if result := run.result(os.WNOHANG):
                    running.remove(run)
                    yield result


@contextmanager
def _stopped_at_the_end(running: list[Run]) -> Iterator[list[Run]]:
    """Leave no check running where this is interrupted."""
    try:
        yield running
    finally:
        for run in running:
            run.stop()


def _command(check: Check) -> list[str]:
    if not check.covers:
        program = [sys.executable, "-m", *check.module]
        return ["nice", "-n", "19", *program] if check.takes_what_is_left else program
    # It would say that it does not measure the tests themselves.
    quiet = ("-W", "ignore:Unable to activate pytest branch coverage:RuntimeWarning")
    noted = str(_COVERAGE / f"{check.name}.json")
    return [sys.executable, *quiet, "-m", "slipcover", "--json", "--out", noted, "-m", *check.module]


def _environment() -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return os.environ | {"PATH": path, "PYTHONUNBUFFERED": "1"}


def _sum_up(results: list[Result]) -> None:
    _say("\n— summary")
    for result in results:
        mark = "passed" if result.passed else "FAILED"
        time_taken = f"{result.seconds:6.1f} s ({result.computed:6.1f} of a core)"
        _say(f"  {mark}  {result.check.name:<12} {time_taken}  {result.check.what}")
    passed = sum(result.passed for result in results)
    _say(f"checks: {passed} passed, {len(results) - passed} failed")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
