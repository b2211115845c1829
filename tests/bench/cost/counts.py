"""What was counted of a mail's life and of a stage, as `counts.json` keeps it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

KEPT_IN = Path(__file__).with_name("counts.json")
FILES = (0, 2, 20)
"""The numbers of files of the mails that are counted."""

_TOLERANCE = {"gb_seconds": 0.5, "kilobytes_out": 0.1, "write_units": 0.03, "read_units": 0.03}
"""What differs from run to run, and by how large a part: processor time, and texts that hold random codes, a few of
which reach the next KB. The other counts are exact."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The units that one mail uses, over its whole life."""

    files: int
    requests: int
    """Requests of the sender and the agent to the API."""
    invocations: int
    gb_seconds: float
    write_units: int
    read_units: float
    s3_writes: int
    s3_reads: int
    emails: int
    signatures: int
    messages: int
    """Messages in queues."""
    kilobytes_out: int
    log_kilobytes: int

    def differs_from(self, other: "Counts") -> list[str]:
        """Name the counts that differ by more than chance."""
        mine, theirs = asdict(self), asdict(other)
        return [name for name in mine if abs(mine[name] - theirs[name]) > _TOLERANCE.get(name, 0) * theirs[name]]


def kept() -> tuple[list[Counts], dict[str, int]]:
    """The counts that the page was made of: of mails, and of the things of a stage."""
    read = json.loads(KEPT_IN.read_text())
    return [Counts(**each) for each in read["mails"]], read["stage"]


def keep(counts: list[Counts], things: dict[str, int]) -> None:
    """Write the counts down."""
    KEPT_IN.write_text(json.dumps({"mails": [asdict(each) for each in counts], "stage": things}, indent=2) + "\n")
