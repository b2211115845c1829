"""Run the checks, all of them even when one fails, and sum them up.

They run one after the other, except mypy: it is long and keeps one core busy, so it runs beside the others, and its
output is shown at the end. The measure of speed and the end-to-end tests come last and alone.

`python -m tests.run` runs all, `python -m tests.run lint unit` runs these.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_COVERAGE = _ROOT / ".local/coverage"
_IN_PARALLEL = ("-n", "2")
_SPEED = "tests/browser/test_speed.py"
"""Measures time: it has the machine for itself."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A command that must exit with 0."""

    name: str
    what: str
    module: tuple[str, ...]
    beside: bool = False
    """Whether it runs while others do."""
    needs_quiet: bool = False
    """Whether it has the machine for itself."""
    covers: bool = False
    """Whether slipcover notes the lines and branches that it runs."""


CHECKS = (
    Check(name="format", what="formatting", module=("ruff", "format", "--check", ".")),
    Check(name="lint", what="every rule of ruff", module=("ruff", "check", ".")),
    Check(name="types", what="mypy, strict", module=("mypy",), beside=True),
    Check(
        name="unit",
        what="the domain and the handlers, with fakes",
        module=("pytest", "tests/unit", *_IN_PARALLEL),
        covers=True,
    ),
    Check(name="tooling", what="the commands of this project", module=("pytest", "tests/tooling")),
    Check(
        name="pages-check",
        what="the pages' types, style, unit tests, markup, browsers and weight",
        module=("infra.site.check",),
    ),
    Check(
        name="browser",
        what="the pages in a real browser",
        module=("pytest", "tests/browser", f"--ignore={_SPEED}", *_IN_PARALLEL),
        covers=True,
    ),
    Check(name="infra-test", what="the templates", module=("pytest", "tests/infra")),
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
    with ExitStack() as running:
        beside = [running.enter_context(_beside(check)) for check in chosen if check.beside]
        results = [_run(check) for check in chosen if not check.beside and not check.needs_quiet]
        results += [show() for show in beside]
    results += [_run(check) for check in chosen if check.needs_quiet]
    if covered := sorted(map(str, _COVERAGE.glob("*.json"))):
        report = ("slipcover", "--out", str(_COVERAGE / "all.json"), "--merge", *covered)
        results.append(_run(Check(name="coverage", what="lines and branches", module=report)))
    _sum_up(results)
    return 0 if all(result.passed for result in results) else 1


def _run(check: Check) -> Result:
    _say(f"\n— {check.name}: {check.what}")
    started = time.monotonic()
    done = subprocess.run(_command(check), cwd=_ROOT, env=_environment(), check=False)
    return Result(check=check, passed=done.returncode == 0, seconds=time.monotonic() - started)


@contextmanager
def _beside(check: Check) -> Iterator[Callable[[], Result]]:
    """Start a check; what is yielded waits for its end and shows what it said."""
    started = time.monotonic()
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            _command(check), cwd=_ROOT, env=_environment(), stdout=said, stderr=subprocess.STDOUT
        ) as process,
    ):

        def show() -> Result:
            process.wait()
            said.seek(0)
            _say(f"\n— {check.name}: {check.what}\n{said.read()}")
            return Result(check=check, passed=process.returncode == 0, seconds=time.monotonic() - started)

        try:
            yield show
        finally:
            process.terminate()


def _command(check: Check) -> list[str]:
    if not check.covers:
        return [sys.executable, "-m", *check.module]
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
        _say(f"  {mark}  {result.check.name:<12} {result.seconds:6.1f} s  {result.check.what}")
    passed = sum(result.passed for result in results)
    _say(f"checks: {passed} passed, {len(results) - passed} failed")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
