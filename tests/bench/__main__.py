"""`python -m tests.bench`: everything side by side, ten minutes at most."""

import importlib
import os
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]

if __name__ == "__main__":
    # As in the tests: the functions and their layer, for this process and those it starts.
    paths = [str(_ROOT / part) for part in ("functions", "layers/mailroom/src", "layers/receipt/src")]
    sys.path[:0] = paths
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    sys.exit(importlib.import_module("tests.bench.run").main())
