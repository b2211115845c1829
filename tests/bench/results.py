"""The figures as tables: ratios first, which hold on any machine, then milliseconds, which hold on one."""

import os
import platform
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import receipt_results
from tests.bench.calls import Tally, of_mail, of_route
from tests.bench.handlers import Duel
from tests.bench.keeping import with_rows, with_sections
from tests.bench.lambdas import Weight
from tests.bench.load import Burst, Loss
from tests.bench.receipts import Receipts
from tests.bench.register import THREADS, Ceiling
from tests.bench.tables import mark, table

FILE = Path(__file__).with_name("results.md")
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
"""Between these stands the summary."""

AIM_COLD, AIM_WARM, AIM_RECEIPT_SECONDS = 2.0, 1.2, 3.0


@dataclass(kw_only=True)
class Results:
    """What was measured; parts that did not run are empty."""

    cold: list[Duel] = field(default_factory=list)
    warm: list[Duel] = field(default_factory=list)
    paced: list[Duel] = field(default_factory=list)
    pace: Mapping[str, float] = field(default_factory=dict)
    mail: Mapping[str, Sequence[str]] = field(default_factory=dict)
    left_out: Sequence[str] = ()
    receipts: Receipts | None = None
    bursts: list[Burst] = field(default_factory=list)
    loss: Loss | None = None
    ceilings: list[Ceiling] = field(default_factory=list)
    layers: Sequence[Weight] = ()

    @property
    def tallies(self) -> list[Tally]:
        """The calls of each route."""
        return [of_route(duel.scene.route, duel.scene.operations, duel.operations) for duel in self.warm]

    @property
    def surplus(self) -> Counter[str]:
        """Calls that nobody needs, by who makes them."""
        surplus = of_mail(self.mail)
        for tally in self.tallies:
            surplus.update({f"{tally.who}: {operation}": count for operation, count in tally.surplus.items()})
        return surplus

    @property
    def exit_code(self) -> int:
        """1 when something was lost or asked in vain: times may be a slow machine's fault, these are not."""
        lost = self.loss is not None and self.loss.anything
        return int(lost or bool(self.surplus) or any(each.gaps for each in self.ceilings))


def publish(results: Results, *, keep: bool) -> None:
    """Show the tables, and keep them in `results.md`; what was not measured this time stays as it is there."""
    text = "\n\n".join(part for part in _parts(results) if part)
    sys.stdout.write(f"\n{text}\n")
    sys.stdout.flush()
    if keep:
        kept = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
        FILE.write_text(_summed_up(with_sections(kept, f"{text}\n"), kept, results), encoding="utf-8")


def _summed_up(text: str, kept: str, results: Results) -> str:
    """The text with the summary between its marks; rows that were not measured are those of `kept`."""
    before, begin, rest = text.partition(BEGIN)
    summary = with_rows(kept.partition(BEGIN)[2].partition(END)[0], _summary(results))
    return f"{before}{begin}\n{summary}\n{END}{rest.partition(END)[2]}" if begin else text


def _parts(results: Results) -> Iterable[str]:
    yield "# What `make bench` measured"
    yield f"{BEGIN}\n{_summary(results)}\n{END}"
    yield (
        f"Medians of interleaved rounds, on {os.cpu_count()} cores ({platform.machine()}), Python "
        f"{platform.python_version()}. A ratio is the time of ours over the rival's in the same run, with the "
        "least and the most of all functions in brackets; milliseconds and seconds are of the machine that measured."
    )
    for section in (
        _cold(results.cold, results.layers),
        _warm(results.warm, results.paced),
        _calls(results),
        receipt_results.section(results.receipts),
        _load(results),
    ):
        heading, _, text = section.partition("\n\n")
        yield f"{heading}\n\nMeasured on {_today()}.\n\n{text}" if text else ""


def _today() -> str:
    return f"{datetime.now(UTC):%-d %B %Y}"


def _summary(results: Results) -> str:
    rows: list[Sequence[str]] = []
    if results.cold:
        rows.append(
            ("(a) cold: import and first request, over boto3 + pydantic alone", *_range(results.cold, AIM_COLD))
        )
    for each in results.layers:
        measured = f"{each.unzipped:.1f} MB unzipped, {each.zipped:.1f} zipped"
        rows.append((f"(a) the layer {each.name}", measured, ""))
    if results.paced:
        rows.append(("(b) warm, over the bare AWS calls at the local cloud's pace", *_range(results.paced, AIM_WARM)))
    if asking := [duel for duel in results.warm if duel.operations]:
        rows.append(("(b) the same, where AWS answers at once", *_range(asking, None)))
    if results.mail:
        total = sum(len(operations) for operations in results.mail.values())
        surplus = sum(results.surplus.values())
        rows.append(("(c) AWS calls of a whole mail; not needed", f"{total}; {surplus}", mark("0", surplus == 0)))
    rows += receipt_results.summary_rows(results.receipts)
    rows += _load_rows(results)
    return table(("", "measured", "aim"), rows)


def _range(duels: Sequence[Duel], aim: float | None) -> tuple[str, str]:
    ratios = sorted(duel.ratio for duel in duels)
    middle = ratios[len(ratios) // 2]
    measured = f"{middle:.2f} × ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    return measured, "" if aim is None else mark(f"≤ {aim}", ratios[-1] <= aim)


def _load_rows(results: Results) -> Iterable[Sequence[str]]:
    for each in (burst for burst in results.bursts if not burst.starting):
        p95 = each.percentile("made", 95)
        aim = (
            mark(f"p95 ≤ {AIM_RECEIPT_SECONDS:.0f} s", p95 <= AIM_RECEIPT_SECONDS) if each.senders == _AIMED_AT else ""
        )
        measured = f"{each.per_second:.1f} mails/s; p50 {each.percentile('made', 50):.2f} s, p95 {p95:.2f} s"
        yield f"(e) senders at once: {each.senders}; from submission to receipt", measured, aim
    if results.loss:
        yield (
            "(e) lost",
            "something: see below" if results.loss.anything else "nothing",
            mark("0", not results.loss.anything),
        )
    if results.ceilings:
        one, many = results.ceilings
        measured = f"{one.per_second:.0f} a second; spread over {many.organisms}: {many.per_second:.0f}"
        yield "(e) ceiling of one organism's register", measured, ""


_AIMED_AT = 8


def _cold(duels: Sequence[Duel], layers: Sequence[Weight]) -> str:
    if not duels:
        return ""
    rows = [
        (
            f"`{each.scene.folder}`",
            f"{each.scene.route}",
            f"{each.ratio:.2f}",
            f"{each.cpu_ratio:.2f}",
            f"{each.handler:.0f}",
            f"{each.bare:.0f}",
        )
        for each in duels
    ]
    return (
        "## (a) Cold: import and first request\n\n"
        "Each sample is a fresh interpreter that sees the layer and the function's asset as the CDK made them, and "
        "writes no bytecode. The bare handler imports the layer's boto3 and pydantic, makes the same clients and sends "
        "the same requests. AWS is a stub on this machine, over TLS, that answers at once.\n\n"
        + table(("function", "first request", "ratio", "ratio in CPU time", "ours, ms", "bare, ms"), rows)
        + "\n\n"
        + table(
            ("layer", "unzipped, MB", "zipped, MB", "the AWS SDK's share, MB"),
            [(each.name, f"{each.unzipped:.1f}", f"{each.zipped:.1f}", f"{each.sdk:.1f}") for each in layers],
        )
    )


def _warm(duels: Sequence[Duel], paced: Sequence[Duel]) -> str:
    if not duels:
        return ""
    at_pace = {each.scene.route: each for each in paced}
    rows = []
    for each in duels:
        slow = at_pace.get(each.scene.route)
        rows.append(
            (
                each.scene.route,
                f"{slow.ratio:.2f}" if slow else "—",
                f"{each.ratio:.2f}" if each.operations else "—",
                f"{each.own:.2f}",
                f"{slow.bare:.1f}" if slow else "—",
                f"{each.bare:.2f}" if each.operations else "—",
            )
        )
    return (
        "## (b) Warm: a handler over the bare calls it makes\n\n"
        "In turns in one process: the handler, then the same methods of boto3 with the same parameters, presigning "
        "included and logging not, both over TLS to the same stub with the same recorded answers. The stub answers as "
        "late as the local cloud does for that operation, or at once, which no AWS does: the second shows what is the "
        "handler's own. Routes with a dash ask AWS for nothing.\n\n"
        + table(("route", "ratio", "ratio at once", "own, ms", "bare, ms", "bare at once, ms"), rows)
    )


def _calls(results: Results) -> str:
    if not results.mail:
        return ""
    rows = [(each.who, _counted(each.first), _counted(each.later), each.why) for each in results.tallies if each.first]
    mail = [(f"`{who}`", str(len(operations)), _counted(operations)) for who, operations in results.mail.items()]
    mail.append(("**all**", str(sum(map(len, results.mail.values()))), ""))
    surplus = ", ".join(f"{who} × {count}" for who, count in sorted(results.surplus.items())) or "none"
    return (
        "## (c) AWS calls\n\n"
        + table(("route", "first in a process", "later", "what for"), rows)
        + "\n\nA whole mail with one file, an e-mail and an SMS for each side, in warm functions:\n\n"
        + table(("function", "calls", "which"), mail)
        + f"\n\nNot needed: {surplus}."
        + (f"\n\nNot measured: {', '.join(results.left_out)}." if results.left_out else "")
    )


def _counted(operations: Sequence[str]) -> str:
    counted = Counter(operations).items()
    return ", ".join(operation if count == 1 else f"{operation} × {count}" for operation, count in counted) or "—"


def _load(results: Results) -> str:
    if not results.bursts:
        return ""
    rows = [
        (
            f"{each.senders}, starting" if each.starting else f"**{each.senders}**",
            str(len(each.mails)),
            str(sum(mail.repeats for mail in each.mails)),
            f"{each.per_second:.2f}",
            *(f"{each.percentile(what, percent):.2f}" for what in ("answered", "made", "seen") for percent in (50, 95)),
        )
        for each in results.bursts
    ]
    head = (
        "senders",
        "mails",
        "repeats",
        "mails/s",
        "number p50",
        "p95",
        "receipt p50",
        "p95",
        "seen p50",
        "p95",
    )
    ceilings = [
        (str(each.organisms), f"{each.per_second:.0f}", f"{each.attempts:.2f}", str(each.gaps))
        for each in results.ceilings
    ]
    pace = [(operation, f"{seconds * 1000:.1f}") for operation, seconds in results.pace.items()]
    return (
        "## (e) Mails on the local cloud\n\n"
        "Over HTTP, each mail through all steps with one file of 20 KB, all to one organism; seconds. `number`: until "
        "the submission is answered; `receipt`: from submission to receipt by the mail's history; `seen`: until a "
        "sender has it who asks after 0.1 s, 0.2 s, 0.4 s … and then each second. The emulator, all functions and the "
        "senders share the cores, and the emulator starts a process, a second or two of a core's work, for each "
        "request that finds none free: what that costs is the line `starting`.\n\n"
        + table(head, rows)
        + f"\n\nLost: {results.loss}.\n\n"
        f"The register alone, {THREADS} threads, the layer's code against the local cloud's table:\n\n"
        + table(("organisms", "submissions/s", "transactions for each", "gaps"), ceilings)
        + "\n\nThe local cloud's pace, on an open connection:\n\n"
        + table(("operation", "ms"), pace)
    )
