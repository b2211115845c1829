"""Makes the receipt's page in a fresh process: `… <file> cold <engine>` or `… <file> warm <rounds> <engine> …`.

The file holds, pickled, the receipt and what it is sealed with: key and certificates in PEM. Writes figures as JSON.
The engines are our own page, the same with its seal, ReportLab, WeasyPrint and typst.
"""

import importlib
import json
import pickle
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]
_FONTS = _ROOT / "layers/receipt/fonts"
_RECORD = json.dumps([{"sha256": f"{number:064x}"} for number in range(20)]).encode()
"""About as long as a record; only our page holds one."""
_CLOCK = time.perf_counter

type Kept = tuple[Any, bytes, bytes]
type Make = Callable[[Any, Path], bytes]

_signing: list[float] = []
"""Milliseconds of each signature: in the service KMS makes it, so it is counted apart."""


def _cold(kept: Kept, engine: str) -> dict[str, float]:
    started = _CLOCK()
    pdf = _maker(engine, kept)(kept[0], _FONTS)
    took = (_CLOCK() - started) * 1000 - sum(_signing)
    return {"milliseconds": took, "bytes": len(pdf), "cpu": time.process_time()}


def _warm(kept: Kept, rounds: int, engines: list[str]) -> dict[str, list[float]]:
    makers = {engine: _maker(engine, kept) for engine in engines}
    milliseconds: dict[str, list[float]] = {engine: [] for engine in engines}
    for turn in range(rounds + 1):
        receipt = replace(kept[0], number=f"ANAM-2026-{turn:06}", subject=f"{kept[0].subject} ({turn})")
        for engine, make in makers.items():
            _signing.clear()
            started = _CLOCK()
            make(receipt, _FONTS)
            took = (_CLOCK() - started) * 1000
            if turn:  # the first page is a cold one
                milliseconds[engine].append(took - sum(_signing))
                milliseconds.setdefault("signing", []).extend(_signing)
    return milliseconds


def _maker(engine: str, kept: Kept) -> Make:
    if engine == "sealed":
        return _sealing(*kept)
    if engine == "fpdf2":
        render = importlib.import_module("render_receipt.page").render
        return lambda receipt, _fonts: render(receipt, sealed_record=_RECORD)
    make: Make = importlib.import_module(f"tests.bench.{engine}_page").make
    return make


def _sealing(_receipt: object, key: bytes, chain: bytes) -> Make:
    """The whole function as Lambda starts it, with its handler; a key of this process stands for the one in KMS."""
    importlib.import_module("render_receipt.handler")
    render = importlib.import_module("render_receipt.page").render
    private = importlib.import_module("cryptography.hazmat.primitives.serialization").load_pem_private_key(key, None)
    ec = importlib.import_module("cryptography.hazmat.primitives.asymmetric.ec")
    ecdsa = ec.ECDSA(importlib.import_module("cryptography.hazmat.primitives.hashes").SHA256())

    def sign(message: bytes) -> bytes:
        started = _CLOCK()
        signature: bytes = private.sign(message, ecdsa)
        _signing.append((_CLOCK() - started) * 1000)
        return signature

    seal = importlib.import_module("render_receipt.pades").Seal(sign, chain)

    def make(receipt: Any, _fonts: Path) -> bytes:  # noqa: ANN401 - pickled
        pdf: bytes = seal.seal(render(receipt, sealed_record=_RECORD), datetime.now(UTC))
        return pdf

    return make


if __name__ == "__main__":
    file, how, *what = sys.argv[1:]
    taken = pickle.loads(Path(file).read_bytes())  # noqa: S301 - our own
    figures = _cold(taken, what[0]) if how == "cold" else _warm(taken, int(what[0]), what[1:])
    sys.stdout.write(json.dumps(figures))
