"""(d) The receipt's page by three engines, cold and warm, in processes that see the same packages, compiled alike."""

import json
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from infra.local.place import LOCAL, ROOT
from tests.golden.receipt_cases import FRENCH

OURS, *RIVALS = ENGINES = ("fpdf2", "reportlab", "weasyprint")
PACKAGES = LOCAL / "bench/rivals"
"""Where the Makefile puts the rivals, so that development does without them."""

_SANDBOX = "tests.bench.receipt_sandbox"


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Milliseconds for one page, medians of interleaved rounds."""

    name: str
    cold: float
    """Import, fonts and first page in a fresh process."""
    warm: float
    kilobytes: float


def measure(folder: Path, *, cold_rounds: int, warm_rounds: int) -> list[Engine]:
    """Make the page again and again; engines whose system libraries are absent are left out."""
    receipt = folder / "receipt.pickle"
    receipt.write_bytes(pickle.dumps(FRENCH))
    present = [engine for engine in ENGINES if _works(receipt, engine)]
    samples: dict[str, list[dict[str, float]]] = {engine: [] for engine in present}
    for _ in range(cold_rounds):
        for engine in present:
            samples[engine].append(json.loads(_run(receipt, "cold", engine).stdout))
    warm = json.loads(_run(receipt, "warm", str(warm_rounds), *present).stdout)
    return [
        Engine(
            name=engine,
            cold=median(sample["milliseconds"] for sample in taken),
            warm=median(warm[engine]),
            kilobytes=taken[0]["bytes"] / 1000,
        )
        for engine, taken in samples.items()
    ]


def _works(receipt: Path, engine: str) -> bool:
    """Whether the engine can make the page here; this run also leaves its bytecode behind."""
    tried = _run(receipt, "cold", engine)
    if tried.returncode:
        sys.stderr.write(f"{engine} cannot run here: {tried.stderr.strip().splitlines()[-1]}\n")
    if engine == OURS:
        tried.check_returncode()
    return not tried.returncode


def _run(receipt: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = (PACKAGES, ROOT / "functions", ROOT / "layers/mailroom/src")
    return subprocess.run(
        [sys.executable, "-m", _SANDBOX, str(receipt), *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True,
        text=True,
        check=False,
    )
