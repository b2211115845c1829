"""The benchmark: one part after the other, each with its rivals interleaved, and a table at the end."""

import argparse
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from infra.local.place import ANY_PORTS, LocalPlace
from infra.local.progress import Progress
from infra.local.running import running_stack
from infra.paths import LOCAL
from tests.bench import receipts
from tests.bench.handlers import Sandboxes
from tests.bench.lambdas import deployed
from tests.bench.load import burst, loss
from tests.bench.pace import pace
from tests.bench.recording import record
from tests.bench.register import ceiling
from tests.bench.results import Results, publish
from tests.bench.stub import serving

FOLDER = LOCAL / "bench"
PARTS = ("load", "handlers", "receipts")


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """How often everything is done: enough for medians that hold still, few enough for ten minutes."""

    cold: int = 7
    warm: int = 150
    page_cold: int = 7
    page_warm: int = 30
    bursts: Mapping[int, int] = field(default_factory=lambda: {1: 12, 8: 64, 32: 96})
    """Mails by number of senders."""
    submissions: int = 160


QUICK = Rounds(cold=1, warm=10, page_cold=1, page_warm=3, bursts={1: 2, 8: 8}, submissions=24)


def main() -> int:
    """Return 0 when nothing was lost and no call was made in vain."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few rounds, to see that it works; results are not kept")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part, or several; the other results stay")
    arguments = parser.parse_args()
    parts = arguments.only or PARTS
    started = time.monotonic()
    results = _measured(parts, QUICK if arguments.quick else Rounds(), Progress())
    publish(results, keep=not arguments.quick)
    Progress().say(f"\n{time.monotonic() - started:.0f} s in all")
    return results.exit_code


def _measured(parts: Sequence[str], rounds: Rounds, progress: Progress) -> Results:
    FOLDER.mkdir(parents=True, exist_ok=True)
    place = LocalPlace(folder=FOLDER / "cloud", logs=FOLDER / "cloud/logs")
    results = Results()
    if "load" in parts:
        _load(place, rounds, progress, results)
    if "handlers" in parts:
        _handlers(place, rounds, progress, results)
    if "receipts" in parts:
        with progress.step(f"(d) receipts: {', '.join(receipts.ENGINES)}"):
            results.receipts = receipts.measure(FOLDER, cold_rounds=rounds.page_cold, warm_rounds=rounds.page_warm)
    return results


def _load(place: LocalPlace, rounds: Rounds, progress: Progress, results: Results) -> None:
    shutil.rmtree(place.folder, ignore_errors=True)
    with running_stack(place, ANY_PORTS, progress) as stack:
        with progress.step("How long the local cloud takes for each operation"):
            results.pace = pace(stack)
        for senders, mails in rounds.bursts.items():
            first = max(senders, min(2 * senders, 16))
            with progress.step(f"(e) senders: {senders}, their first {first} mails, which start the functions"):
                results.bursts.append(burst(stack, senders, first, starting=True))
            with progress.step(f"(e) senders: {senders}, mails: {mails}"):
                results.bursts.append(burst(stack, senders, mails))
        with progress.step("(e) is anything lost?"):
            results.loss = loss(stack, [mail for each in results.bursts for mail in each.mails])
        for organisms in (1, 8):
            with progress.step(f"(e) the register: {rounds.submissions} submissions, organisms: {organisms}"):
                results.ceilings.append(ceiling(stack, rounds.submissions, organisms))


def _handlers(place: LocalPlace, rounds: Rounds, progress: Progress, results: Results) -> None:
    with progress.step("Record what each route asks of AWS, and look at what is deployed"):
        recorded, functions = record(FOLDER), deployed(place)
    results.mail, results.left_out, results.layers = recorded.mail, recorded.left_out, functions.layers
    firsts = {scene.folder: scene for scene in reversed(recorded.scenes)}
    with serving(FOLDER, recorded.scenes, {}) as stub:
        sandboxes = Sandboxes(deployed=functions, scenes=recorded.scenes, stub=stub, folder=FOLDER)
        for scene in reversed(firsts.values()):
            with progress.step(f"(a) cold: {scene.folder}"):
                results.cold.append(sandboxes.cold(scene, rounds.cold))
        for scene in recorded.scenes:
            with progress.step(f"(b) warm, answered at once: {scene.route}"):
                results.warm.append(sandboxes.warm(scene, rounds.warm))
    asking = [duel for duel in results.warm if duel.operations]
    each = median(duel.bare / len(duel.operations) for duel in asking) / 1000
    slower = {operation: max(0, seconds - each) for operation, seconds in results.pace.items()}
    if not slower:
        return
    with serving(FOLDER, recorded.scenes, slower) as stub:
        sandboxes = Sandboxes(deployed=functions, scenes=recorded.scenes, stub=stub, folder=FOLDER)
        for duel in asking:
            with progress.step(f"(b) warm, at the local cloud's pace: {duel.scene.route}"):
                results.paced.append(sandboxes.warm(duel.scene, rounds.warm))
