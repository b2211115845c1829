"""`pdfsig` for the tests of the seal: the machine's, or Debian's package installed here."""

import os
import shutil
import subprocess
import sys


def main() -> int:
    """Install poppler's tools unless they are there; return 1 when they are not to be had."""
    if shutil.which("pdfsig") or _install():
        return 0
    sys.stderr.write("The tests of the seal need pdfsig (poppler-utils): install it and run this again.\n")
    return 1


def _install() -> bool:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stdout.write("— poppler-utils\n")
        sys.stdout.flush()
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "poppler-utils"],
        ):
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    return shutil.which("pdfsig") is not None


if __name__ == "__main__":
    sys.exit(main())
