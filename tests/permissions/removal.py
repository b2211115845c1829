"""Takes permissions away, one at a time, and runs the function's probes until one fails."""

import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx
from botocore.exceptions import ClientError

from infra.local.sender_client import JobError
from tests.permissions.grant import Grant, Role, matching
from tests.permissions.probes import PROBES, Probe
from tests.permissions.results import write
from tests.permissions.unenforced import UNENFORCED
from tests.permissions.world import NoticedError, World
from tests.support.inspection.synthesised import Synthesised

_ENDED = "Worker process died"
"""What the emulator answers the first call after a function's processes were ended."""


@dataclass(frozen=True)
class Outcome:
    """What came of taking one permission away: the probe that failed, and its last words; none where none failed."""

    grant: Grant
    probe: str = ""
    why: str = ""


@dataclass
class Removals:
    """A run over the functions of a stage."""

    world: World
    local: Synthesised
    outcomes: list[Outcome] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    """What is wrong with the probes or with the list of what is not enforced."""

    @property
    def all_known(self) -> bool:
        """Whether each permission was noticed, or is one of those that cannot be."""
        return not self.untrue and all(outcome.probe for outcome in self.outcomes)

    def summary(self) -> str:
        """How many permissions were noticed, and the others by name."""
        counted = Counter("noticed" if outcome.probe else "unnoticed" for outcome in self.outcomes)
        unnoticed = [f"  UNNOTICED: {outcome.grant}\n" for outcome in self.outcomes if not outcome.probe]
        return f"{''.join([*(f'  {each}\n' for each in self.untrue), *unnoticed])}permissions: {dict(counted)}"

    def take_each_away(self, words: list[str]) -> None:
        """Go through the functions; `words` choose permissions."""
        for operation, probes in PROBES.items():
            configured = self.world.functions.get_function_configuration(FunctionName=self.world.name(operation))
            role = Role(self.world.iam, configured["Role"].rpartition("/")[2], operation, self.local)
            chosen = [grant for grant in role.grants if not words or any(word in str(grant) for word in words)]
            left_out = {grant for each in UNENFORCED for grant in matching(chosen, each.pattern)}
            if not chosen:
                continue
            if failed := self._failed(operation, probes):
                self._note(f"{operation} with all its permissions: {failed}")
                continue
            for grant in chosen:
                if grant not in left_out:
                    self.outcomes.append(self._without(role, grant, probes))
                    _say(f"  {self.outcomes[-1].probe or 'UNNOTICED':<22} {grant}  {self.outcomes[-1].why[:110]}")
            if left_out:
                role.take_away(sorted(left_out))
                failed = self._failed(operation, probes)
                role.restore()
                if failed:
                    self._note(
                        f"{operation}: one of these is enforced after all ({failed}): {sorted(map(str, left_out))}"
                    )
            write(self.outcomes)

    def _without(self, role: Role, grant: Grant, probes: tuple[Probe, ...]) -> Outcome:
        role.take_away([grant])
        try:
            failed = self._failed(grant.operation, probes)
            if not failed:  # a warm process remembers secrets, certificates, organisms
                self.world.end_workers(grant.operation)
                failed = self._failed(grant.operation, probes)
        finally:
            role.restore()
        return Outcome(grant, *failed) if failed else Outcome(grant)

    def _failed(self, operation: str, probes: tuple[Probe, ...]) -> tuple[str, str] | None:
        """The first probe that fails, and why."""
        for probe in probes:
            why = self._tried(operation, probe)
            if _ENDED in why:
                why = self._tried(operation, probe)
            if why:
                return probe.__name__, why
        return None

    def _tried(self, operation: str, probe: Probe) -> str:
        """Why a probe fails; a call that the function's log calls denied is a failure too."""
        since = int(time.time() * 1000)
        try:
            probe(self.world)
        except (JobError, NoticedError, httpx.HTTPError, ClientError, LookupError, ValueError) as error:
            return f"{type(error).__name__}: {error}".splitlines()[0]
        return "the function's log says that it was denied" if self.world.denials(operation, since) else ""

    def _note(self, text: str) -> None:
        self.untrue.append(text)
        _say(f"  {text}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
