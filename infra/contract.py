"""The former name of `infra.commands.contract`, kept for scripts that still call it."""

import sys

from infra.commands.contract import main
from infra.paths import LAYERS

if __name__ == "__main__":
    sys.path.append(str(LAYERS / "receipt/src"))  # those scripts do not know of this package yet
    sys.exit(main())
