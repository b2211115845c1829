"""What a process that knows nothing yet has brought in after some lines."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[3]
_PATH = ":".join(str(_ROOT / part) for part in ("functions", "layers/mailroom/src", "layers/receipt/src", "."))


def brought_by(*lines: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The last line's value, in such a process; `json` and `sys` are at hand there."""
    *before, last = lines
    code = "\n".join(["import json, sys", *before, f"print(json.dumps({last}))"])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={"PYTHONPATH": _PATH},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)
