"""The former name of `infra.commands.contract`, kept for scripts that still call it."""

import sys

from infra.commands.contract import main

if __name__ == "__main__":
    sys.exit(main())
