"""Takes safeguards away, each in a fork of one warm process, and says which test notices.

Pytest collects the tests and runs them once with every safeguard in place, which also makes what tests share. Then for
each safeguard the process forks, the child goes on without it and runs its tests until one fails.
"""

import contextlib
import gc
import json
import os
import select
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any, Literal

import pytest
from _pytest.runner import runtestprotocol

from tests.safeguards.removal import Functions, functions_in_memory, take_out
from tests.safeguards.safeguard import DoesNotApplyError, Safeguard

SECONDS = 60.0
"""How long a test may take: of one that hangs, nobody learns which safeguard is missing."""

Verdict = Literal["noticed", "unnoticed", "hangs", "broken"]


@dataclass(frozen=True)
class Outcome:
    """What came of taking one safeguard away; `test` is the one that failed, `why` its last words."""

    safeguard: Safeguard
    verdict: Verdict
    test: str = ""
    why: str = ""
    seconds: float = 0.0


@dataclass
class Removals:
    """A plugin of pytest that takes safeguards away instead of running tests once."""

    safeguards: Sequence[Safeguard]
    at_once: int = 2
    seconds: float = SECONDS
    failed_before: list[str] = field(default_factory=list)
    """Tests that fail with every safeguard in place: they would notice nothing."""
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def all_noticed(self) -> bool:
        """Whether a test failed for each safeguard."""
        return len(self.outcomes) == len(self.safeguards) and all(each.verdict == "noticed" for each in self.outcomes)

    def summary(self) -> str:
        """How many safeguards were noticed, and the others by name."""
        counted = Counter(each.verdict for each in self.outcomes)
        others = [
            f"  {each.verdict.upper()}: {each.safeguard.name}" for each in self.outcomes if each.verdict != "noticed"
        ]
        before = [f"  fails with every safeguard in place: {test}" for test in self.failed_before]
        counts = ", ".join(f"{verdict} {count}" for verdict, count in counted.items())
        return "\n".join([*before, *others, f"safeguards: {len(self.safeguards)}; {counts or 'none was taken away'}"])

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all tests as they are, then each safeguard's without it."""
        items = session.items
        for item, following in zip(items, items[1:] + items[:1], strict=True):
            # There is always one that follows, so that what the session shares stays.
            if failed := _failure(item, following):
                self.failed_before.append(item.nodeid)
                sys.stdout.write(f"fails as it is: {item.nodeid}: {_last_words(failed)}\n")
        self._take_each_away(session)
        return True

    def _take_each_away(self, session: pytest.Session) -> None:
        wrong = {each: _items_of(session, each.test) for each in self.safeguards}
        waiting = [
            each for each, items in wrong.items() if not any(item.nodeid in self.failed_before for item in items)
        ]
        children = dict[int, _Child]()
        functions = functions_in_memory()
        gc.collect()
        gc.freeze()  # else the collector of each child would copy all that the processes share
        while waiting or children:
            while waiting and len(children) < self.at_once:
                child = _Child(session, waiting.pop(0), functions)
                children[child.pipe] = child
            readable, _, _ = select.select(list(children), [], [], 0.1)
            for pipe, child in list(children.items()):
                if pipe in readable or child.age > self.seconds:
                    self.outcomes.append(child.outcome(is_late=pipe not in readable))
                    del children[pipe]
                    sys.stdout.write(f"{line(self.outcomes[-1])}\n")
                    sys.stdout.flush()


class _Child:
    """A process that goes on without a safeguard, and writes what came of it to `pipe`."""

    def __init__(self, session: pytest.Session, safeguard: Safeguard, functions: Functions) -> None:
        self._safeguard = safeguard
        self._since = time.monotonic()
        self.pipe, answer = os.pipe()
        self._pid = os.fork()
        if self._pid:
            os.close(answer)
            return
        try:
            os.setpgid(0, 0)
            found = _tried(session, safeguard, functions)
        except BaseException as error:  # noqa: BLE001 - a child says what became of it, whatever it was
            found = ("broken", "", repr(error))
        with contextlib.suppress(BaseException):
            os.write(answer, json.dumps(found).encode())
        os._exit(0)

    @property
    def age(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._since

    def outcome(self, *, is_late: bool) -> Outcome:
        """What came of it; a child that is late is ended."""
        if is_late:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._pid, signal.SIGKILL)
            found: tuple[Verdict, str, str] = ("hangs", "", "no test failed in time")
        else:
            with os.fdopen(self.pipe, "rb") as pipe:
                found = tuple(json.loads(pipe.read() or b'["broken", "", "the process died"]'))
        os.waitpid(self._pid, 0)
        return Outcome(self._safeguard, *found, seconds=self.age)


def _tried(session: pytest.Session, safeguard: Safeguard, functions: Functions) -> tuple[Verdict, str, str]:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    try:
        take_out(safeguard, functions)
    except DoesNotApplyError as error:
        return "broken", "", str(error)
    for item in _items_of(session, safeguard.test):
        session._setupstate.teardown_exact(item)
        if failed := _failure(item, None):
            return "noticed", item.nodeid, _last_words(failed)
    return "unnoticed", "", "every test passes"


def _failure(item: pytest.Item, following: pytest.Item | None) -> pytest.TestReport | None:
    """How a test fails; None where it passes, if only the second time: a busy machine is no missing safeguard."""
    failed = None
    for _ in range(2):
        failed = next((each for each in runtestprotocol(item, log=False, nextitem=following) if each.failed), None)
        if failed is None:
            return None
    return failed


def _items_of(session: pytest.Session, test: str) -> Iterator[pytest.Item]:
    """The tests of an id, with or without the case in brackets, or of a file."""
    wanted = set(test.split())
    for item in session.items:
        if not wanted.isdisjoint({item.nodeid, item.nodeid.partition("[")[0], item.nodeid.partition("::")[0]}):
            yield item


def _last_words(report: Any) -> str:  # noqa: ANN401 - pytest's report of one phase
    said: str = report.longreprtext
    words = [text.removeprefix("E").strip() for text in said.splitlines() if text.startswith("E ")]
    return words[0][:300] if words else said[-300:]


def line(outcome: Outcome) -> str:
    """One line of the table: the safeguard, and the test that fails without it."""
    mark = outcome.verdict if outcome.verdict == "noticed" else outcome.verdict.upper()
    return f"  {mark:<9} {outcome.seconds:5.1f} s  {outcome.safeguard.name}\n{'':20}{outcome.test} {outcome.why[:200]}"


def take_away_each(
    safeguards: Sequence[Safeguard], *, seconds: float = SECONDS, options: Sequence[str] = ()
) -> Removals:
    """Take each safeguard away in turn, and return what came of it; `options` are for pytest."""
    whole = Removals(safeguards, seconds=seconds)
    # Unit tests have AWS each for themselves, the others one for all, and both say so to what they import.
    of_units = [each for each in safeguards if each.test.startswith("tests/unit/")]
    others = [each for each in safeguards if each not in of_units]
    for part in filter(None, (of_units, others)):
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as process:
            outcomes, failed_before = process.submit(_in_this_process, part, seconds, options).result()
        whole.outcomes += outcomes
        whole.failed_before += failed_before
    return whole


def _in_this_process(
    safeguards: Sequence[Safeguard], seconds: float, options: Sequence[str]
) -> tuple[list[Outcome], list[str]]:
    removals = Removals(safeguards, seconds=seconds)
    tests = sorted({test for each in safeguards for test in each.test.split()})
    pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", *options, *tests], plugins=[removals])
    return removals.outcomes, removals.failed_before
