"""Chromium for the browser tests: the machine's, or one installed here."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Return the path of the machine's Chromium, or of the one that Playwright installed."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found:
        return found
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else None


def main() -> int:
    """Install Chromium unless there is one; return 1 when none is to be had."""
    if find_chromium() or _install():
        return 0
    sys.stderr.write("The browser tests need Chromium: install it and run this again.\n")
    return 1


def _install() -> bool:
    sys.stdout.write("— Chromium\n")
    sys.stdout.flush()
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find_chromium() is not None


if __name__ == "__main__":
    sys.exit(main())
