"""Check the pages: `python -m infra.site.check` (`make pages-check`).

Types, rules of style, unit tests, the markup of every built page, what old browsers understand, and weights. All tools
run, also after one failed, and each that failed is named with what it said.
"""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from infra.paths import FUNCTIONS, LOCAL, ROOT
from infra.site.build import Organism, build
from infra.site.bundles import BundlingError
from infra.site.places import SITE
from infra.site.weights import weights

_DIRECTORY: Final = FUNCTIONS / "enrol_organisms" / "organisms.csv"
_AT_ONCE: Final = 2
_USED_WHERE_THERE: Final = ("Uint8ArrayToBase64", "Uint8ArrayToHex", "Uint8ArrayFromHex")
"""Newer parts that libraries look for before they use them: @noble/hashes and qr."""
_OLD_BROWSERS: Final = ("es2022", "--checkFeatures", "--noCache", f"--ignore={','.join(_USED_WHERE_THERE)}")
"""The language that every browser of `bundles.BROWSERS` has, its library too: esbuild translates syntax alone."""


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A command that must exit with 0."""

    name: str
    command: Sequence[str]
    folder: Path

    def fault(self) -> str | None:
        """Why it failed; None: it did not."""
        done = subprocess.run(
            self.command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return f"{self.name}:\n{done.stdout.strip()}" if done.returncode else None


def tools(site: Path, pages: Path) -> tuple[Tool, ...]:
    """The tools, for the sources in `site` and what was built of them."""
    installed = site.parent / "node_modules" / ".bin"

    def tool(name: str, *arguments: str, folder: Path = site) -> Tool:
        return Tool(name=name, command=(str(installed / name), *arguments), folder=folder)

    # the longest first, so that they end together
    return (
        tool("eslint", "."),
        tool("tsc", "--project", "."),
        Tool(name="unit tests", command=("node", "--test", "tests/**/*.test.ts"), folder=site),
        tool("html-validate", "--config", str(site / "htmlvalidate.json"), "**/*.html", folder=pages),
        tool("stylelint", "style/**/*.css"),
        tool("es-check", *_OLD_BROWSERS, "--module", "assets/*.js", folder=pages),
        tool("es-check", *_OLD_BROWSERS, "service-worker.js", folder=pages),
    )


def faults(site: Path, pages: Path) -> Iterator[str]:
    """What the tools and the budgets refuse."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from filter(None, pool.map(Tool.fault, tools(site, pages)))
    for weight in weights(pages):
        yield from weight.faults


def directory() -> list[Organism]:
    """The desks that the service begins with, as `GET /v1/organisms` lists them: pages are weighed with them."""
    with _DIRECTORY.open(encoding="utf-8", newline="") as file:
        return [
            {
                "organism_id": row["organism_id"],
                "code": row["code"],
                "category": row["category"],
                "name": {"fr": row["name_fr"], "ar": row["name_ar"]},
                "city": row["city"] or None,
            }
            for row in csv.DictReader(file)
        ]


def main() -> int:
    """Return 0 when nothing is refused, else 1."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    if shutil.which("node") is None or not (ROOT / "node_modules" / ".bin" / "esbuild").exists():
        sys.stderr.write("The pages are built with Node and its packages, which are missing: run `make environment`.\n")
        return 1
    LOCAL.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=LOCAL) as folder:
        pages = Path(folder) / "pages"
        try:
            build(pages, organisms=directory())
        except BundlingError as error:
            sys.stderr.write(f"esbuild:\n{error}\n")
            return 1
        found = list(faults(SITE, pages))
        for weight in weights(pages):
            sys.stdout.write(f"{weight}\n")
    for fault in found:
        sys.stderr.write(f"\nFAILED {fault}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
