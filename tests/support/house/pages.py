"""The pages that the house serves, built from their sources as they are; built once for sources that did not change."""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from infra.paths import CONTRACT, LOCAL, ROOT
from infra.site.build import Organism, build
from infra.site.examples import EXAMPLES
from infra.site.places import DIST, GENERATED, SITE

_BUILT: Final = LOCAL / "house"


def built_pages(organisms: Sequence[Organism]) -> Path:
    """The folder of the pages with these desks. Raises BundlingError; FileNotFoundError where Node is missing.

    Several processes of tests ask at once: the first builds, the others wait.
    """
    # Node lies beside the interpreter, and the build's tools look for it on the path.
    beside = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([beside, *os.environ["PATH"].split(os.pathsep)])
    if shutil.which("node") is None:
        raise FileNotFoundError("The pages are built with Node, which is missing: run `make environment`.")
    _BUILT.mkdir(parents=True, exist_ok=True)
    with (_BUILT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        pages = _BUILT / f"pages-{_digest(organisms)}"
        if not pages.exists():
            for old in _BUILT.glob("pages-*"):
                shutil.rmtree(old)
            build(pages, organisms=organisms)
    return pages


def _digest(organisms: Sequence[Organism]) -> str:
    digest = hashlib.sha256(repr(organisms).encode())
    for file in _sources():
        digest.update(f"{file}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterable[Path]:
    """The files that pages are made of, the builder's among them."""
    yield CONTRACT
    yield ROOT / "package-lock.json"
    yield from sorted(EXAMPLES.iterdir())
    yield from sorted((ROOT / "infra" / "site").glob("*.py"))
    left_out = {DIST, GENERATED, SITE / "tests", SITE / "placeholder"}
    yield from (file for file in sorted(SITE.rglob("*")) if file.is_file() and not left_out.intersection(file.parents))
