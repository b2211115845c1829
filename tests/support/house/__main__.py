"""Run the house on this machine until Ctrl-C.

`PYTHONTZPATH= PYTHONPATH=functions:layers/mailroom/src:layers/receipt/src .venv/bin/python -m tests.support.house`: the
time zones are the locked ones, as in Lambda.
"""

import argparse
import signal
import sys
from pathlib import Path
from threading import Event

from tests.support.house.house import open_house


def main() -> int:
    """Open it, and print the site's address."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.house")
    parser.add_argument("--pages", type=Path, help="a folder of pages (they are built)")
    parser.add_argument("--port", type=int, help="the site's port (a free one)")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with open_house(pages=asked.pages, port=asked.port) as house:
        sys.stdout.write(f"{house.url}/\nstorage {house.storage_url}\nauthority {house.tls / 'ca.pem'}\n")
        sys.stdout.flush()
        try:
            Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
