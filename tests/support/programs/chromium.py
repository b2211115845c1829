"""Chromium for the browser tests: the machine's, or one installed here.

The first choice is Chromium's headless shell: the same engine without windows, profiles and sign-in. A test takes it
half the processor's time; both ways of starting Chromium show the same pages.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

_SHELL: Final = "chromium-headless-shell"
_NAMES: Final = (_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Return the path of the machine's Chromium, or of the one that Playwright installed."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found:
        return found
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else None


def main() -> int:
    """Install Chromium's shell where that can be done; return 1 when there is no Chromium at all."""
    if shutil.which(_SHELL) is None:
        _install()
    if find_chromium():
        return 0
    sys.stderr.write("The browser tests need Chromium: install it and run this again.\n")
    return 1


def _install() -> None:
    may_install = os.geteuid() == 0 and shutil.which("apt-get")
    if not may_install and find_chromium():
        return
    sys.stdout.write("— Chromium\n")
    sys.stdout.flush()
    if may_install:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qq", "-y", "--no-install-recommends", _SHELL],
        ):
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    if find_chromium() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"], check=False)


if __name__ == "__main__":
    sys.exit(main())
