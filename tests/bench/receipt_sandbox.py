"""Makes the receipt's page in a fresh process: `… <file> cold <engine>` or `… <file> warm <rounds> <engine> …`.

The file holds the pickled receipt. Writes milliseconds as JSON. The engines are fpdf2 with our own page, ReportLab
and WeasyPrint.
"""

import importlib
import json
import pickle
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]
_FONTS = _ROOT / "layers/receipt/fonts"
_RECORD = json.dumps([{"sha256": f"{number:064x}"} for number in range(20)]).encode()
"""About as long as a record; only our page holds one."""
_CLOCK = time.perf_counter


def _cold(receipt: object, engine: str) -> dict[str, float]:
    started = _CLOCK()
    pdf = _maker(engine)(receipt, _FONTS)
    return {"milliseconds": (_CLOCK() - started) * 1000, "bytes": len(pdf)}


def _warm(receipt: object, rounds: int, engines: list[str]) -> dict[str, list[float]]:
    makers = {engine: _maker(engine) for engine in engines}
    milliseconds: dict[str, list[float]] = {engine: [] for engine in engines}
    for turn in range(rounds + 1):
        for engine, make in makers.items():
            started = _CLOCK()
            make(receipt, _FONTS)
            if turn:  # the first page is a cold one
                milliseconds[engine].append((_CLOCK() - started) * 1000)
    return milliseconds


def _maker(engine: str) -> Callable[[Any, Path], bytes]:
    if engine == "fpdf2":
        render = importlib.import_module("render_receipt.page").render
        return lambda receipt, fonts: render(receipt, fonts=fonts, sealed_record=_RECORD)
    make: Callable[[Any, Path], bytes] = importlib.import_module(f"tests.bench.{engine}_page").make
    return make


if __name__ == "__main__":
    kept, how, *what = sys.argv[1:]
    made = pickle.loads(Path(kept).read_bytes())  # noqa: S301 - our own
    figures = _cold(made, what[0]) if how == "cold" else _warm(made, int(what[0]), what[1:])
    sys.stdout.write(json.dumps(figures))
