"""Start MiniStack in an interpreter that holds boto3 alone, as Lambda's runtime does.

Run by `infra.local.cloud` as a script: `python -P launcher.py <MiniStack's folder>`.
MiniStack's folder goes on the path of this process alone: the functions' workers, which run under the same interpreter,
cannot import what a layer forgot.
"""

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Patch what differs from AWS, then serve until SIGTERM."""
    sys.path[:0] = [sys.argv.pop(1)]
    sys.path.append(str(ROOT))
    from infra.local.disasters import DISASTERS  # noqa: PLC0415 - importable only now
    from infra.local.emulator_patches import PATCHES  # noqa: PLC0415 - the same

    app = importlib.import_module("ministack.app")
    for patch in PATCHES:
        patch.apply(importlib.import_module(f"ministack.{patch.module}"))
    for disaster in DISASTERS:
        disaster(importlib.import_module("ministack.services.s3"))
    app.main()


if __name__ == "__main__":
    main()
