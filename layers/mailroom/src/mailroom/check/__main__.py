"""`python -m mailroom.check receipt.pdf [files…]` checks a receipt, `… register export.jsonl …` a register."""

import importlib
import sys
import zoneinfo

_MISSING = 'The check needs more: pip install "bureau-ordre-mailroom[check]" (see docs/checking-a-receipt.md).\n'


def main() -> int:
    """Hand the rest of the command line to the command that is asked for."""
    zoneinfo.reset_tzpath(to=())  # Casablanca's offset is the one of the pinned tzdata, as on the receipt
    register = sys.argv[1:2] == ["register"]
    try:
        command = importlib.import_module(f"mailroom.check.{'register_command' if register else 'command'}")
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith(("joserfc", "pyhanko")):
            raise
        sys.stderr.write(_MISSING)
        return 2
    code: int = command.main(sys.argv[2:] if register else sys.argv[1:])
    return code


if __name__ == "__main__":
    sys.exit(main())
