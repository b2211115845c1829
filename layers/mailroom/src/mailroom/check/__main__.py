"""`python -m mailroom.check receipt.pdf [files…]` checks a receipt, `… register export.jsonl …` a register."""

import sys
import zoneinfo

_MISSING = (
    'The check needs more packages. In the project\'s folder: pip install "./layers/mailroom[check]" '
    "(see docs/checking-a-receipt.md)\n"
)


def main() -> int:
    """Hand the rest of the command line to the command that is asked for."""
    zoneinfo.reset_tzpath(to=())  # Casablanca's offset is the one of the pinned tzdata, as on the receipt
    register = sys.argv[1:2] == ["register"]
    try:
        # Imported here, so that a missing library can be named in words.
        if register:
            from mailroom.check.register_command import main as command  # noqa: PLC0415
        else:
            from mailroom.check.command import main as command  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith(("joserfc", "pyhanko")):
            raise
        sys.stderr.write(_MISSING)
        return 2
    return command(sys.argv[2:] if register else sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
