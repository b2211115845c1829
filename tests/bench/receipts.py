"""(d) The receipt's page, sealed and not, and by other engines, in processes that see the same packages."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from infra.commands.seal_certificates import Authority
from infra.functions.bundling import bundle
from infra.local.interpreter import ensure_interpreter
from infra.paths import LOCAL, ROOT
from infra.stage import Stage
from tests.support.samples.receipt_cases import FRENCH

OURS, SEALED, *RIVALS = ENGINES = ("fpdf2", "sealed", "reportlab", "weasyprint", "typst")
PACKAGES = LOCAL / "bench/rivals"
"""Where the Makefile puts the rivals, so that development does without them."""

_PATHS = (PACKAGES, ROOT / "functions", ROOT / "layers/mailroom/src", ROOT / "layers/receipt/src")
_SANDBOX = "tests.bench.receipt_sandbox"


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Milliseconds for one page, medians of interleaved rounds."""

    name: str
    cold: float
    """Import, fonts and first page in a fresh process."""
    warm: float
    kilobytes: float
    cpu: float
    """Seconds of the processor's work from the start of that process to the end of its first page."""


@dataclass(frozen=True, kw_only=True)
class Receipts:
    """What was measured; `signing` is what one signature takes here, in milliseconds, and is in no other figure."""

    engines: list[Engine]
    signing: float
    layer_megabytes: float
    """The receipt's layer as Lambda unpacks it, made for a machine like this one."""


def measure(folder: Path, *, cold_rounds: int, warm_rounds: int) -> Receipts:
    """Make the page again and again; engines whose system libraries are absent are left out."""
    receipt = folder / "receipt.pickle"
    receipt.write_bytes(pickle.dumps((FRENCH, *_sealing())))
    layers = _layers(folder / "layers")
    size = sum(path.stat().st_size for path in (layers / "receipt").rglob("*") if path.is_file()) / 1e6
    present = [engine for engine in ENGINES if _works(receipt, engine, layers)]
    samples: dict[str, list[dict[str, float]]] = {engine: [] for engine in present}
    for _ in range(cold_rounds):
        for engine in present:
            samples[engine].append(json.loads(_cold(receipt, engine, layers).stdout))
    warm = json.loads(_run(receipt, "warm", str(warm_rounds), *present).stdout)
    engines = [
        Engine(
            name=engine,
            cold=median(sample["milliseconds"] for sample in taken),
            warm=median(warm[engine]),
            kilobytes=taken[0]["bytes"] / 1000,
            cpu=median(sample["cpu"] for sample in taken),
        )
        for engine, taken in samples.items()
    ]
    return Receipts(engines=engines, signing=median(warm["signing"]), layer_megabytes=size)


def _sealing() -> tuple[bytes, bytes]:
    """A key and the certificates that go with it, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    chain = Authority.make("Autorité du banc d'essai").certify(key.public_key(), "Sceau du banc d'essai")
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), chain


def _layers(folder: Path) -> Path:
    """The layers of the function that makes receipts, as they are made for Lambda on a machine like this one."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("receipt", "mailroom"):
        bundle(folder=ROOT / "layers" / name, machine=Stage.load("local").machine, into=folder / name)
    return folder


def _cold(receipt: Path, engine: str, layers: Path) -> subprocess.CompletedProcess[str]:
    """A first page; the sealed one as in Lambda, where nothing is at hand but boto3 and the layers."""
    if engine != SEALED:
        return _run(receipt, "cold", engine)
    paths = (layers / "receipt/python", layers / "mailroom/python", ROOT / "functions")
    return _run(receipt, "cold", engine, python=ensure_interpreter().python, paths=paths)


def _works(receipt: Path, engine: str, layers: Path) -> bool:
    """Whether the engine can make the page here; this run also leaves its bytecode behind."""
    tried = _cold(receipt, engine, layers)
    if tried.returncode:
        sys.stderr.write(f"{engine} cannot run here: {tried.stderr.strip().splitlines()[-1]}\n")
    if engine in {OURS, SEALED}:
        tried.check_returncode()
    return not tried.returncode


def _run(
    receipt: Path, *arguments: str, python: Path = Path(sys.executable), paths: Sequence[Path] = _PATHS
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python), "-m", _SANDBOX, str(receipt), *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True,
        text=True,
        check=False,
    )
