"""A copy of the project to run commands in, with the environment of the original."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.support.inspection.documents import ROOT, Block

_NOT_PASSED_ON = ("AWS_", "LANG", "LC_", "MAKE", "MFLAGS", "PYTHON")
"""Variables that would reach another cloud, or that belong to the `make test` which runs the tests."""

_NOT_COPIED = shutil.ignore_patterns(".*", "node_modules", "cdk.out", "__pycache__")


class Checkout:
    """The project in a folder of its own, so that a command may write where it pleases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        shutil.copytree(ROOT, self.folder, ignore=_NOT_COPIED)
        shutil.copy(ROOT / ".cfnlintrc.yaml", self.folder)
        for environment in (".venv", "node_modules"):
            self._share(environment)
        self.local = self.folder / ".local"
        self.local.mkdir()
        # where the machine lacks uv, make put it here
        (self.local / "uv").symlink_to(ROOT / ".local/uv")

    def run(self, block: Block, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a block's commands in the folder."""
        return self.bash(block.script, environment)

    def bash(self, script: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a script in the folder."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_PASSED_ON)}
        return subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=own | {"LANG": "en_GB.UTF-8"} | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    def _share(self, environment: str) -> None:
        """Link the original's packages; its mark of what is installed is newer than every lock."""
        own = self.folder / environment
        own.mkdir()
        for part in (ROOT / environment).iterdir():
            if part.name != ".synced":
                (own / part.name).symlink_to(part)
        (own / ".synced").touch()
