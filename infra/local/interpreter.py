"""The interpreter that the emulator and the functions' workers run under.

It holds boto3 alone, as Lambda's runtime does, for CDK's own functions, which have no layer: ours find the one in their
layer first. The emulator lies in a folder beside it that only its launcher knows. A package that a layer forgot is
missing here, as it is in AWS.
"""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from infra.local.place import TOOLS

_HERE = Path(__file__).parent
_RUNTIME = _HERE / "runtime.txt"
_EMULATOR = _HERE / "requirements.txt"


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """A Python that sees boto3 alone, and the folder that holds the emulator."""

    python: Path
    emulator: Path


def ensure_interpreter() -> Interpreter:
    """Make the interpreter unless there is one with the same locks. Raises CalledProcessError."""
    locks = sha256(_RUNTIME.read_bytes() + _EMULATOR.read_bytes() + sys.version.encode())
    folder = TOOLS / locks.hexdigest()[:12]
    made = Interpreter(python=folder / "runtime/bin/python", emulator=folder / "emulator")
    with _alone():
        if not (folder / "ready").exists():
            shutil.rmtree(TOOLS, ignore_errors=True)
            _install(made)
            (folder / "ready").touch()
    return made


@contextmanager
def _alone() -> Iterator[None]:
    TOOLS.parent.mkdir(parents=True, exist_ok=True)
    with TOOLS.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(made: Interpreter) -> None:
    runtime = made.python.parents[1]
    python = str(made.python)
    _uv("venv", "--python", sys.executable, str(runtime))
    _uv("pip", "sync", "--require-hashes", "--python", python, str(_RUNTIME))
    _uv(
        *("pip", "install", "--require-hashes", "--no-deps", "--python", python),
        *("--target", str(made.emulator), "--requirement", str(_EMULATOR)),
    )
    subprocess.run(
        [python, "-m", "compileall", "-q", str(made.emulator), str(runtime)],
        check=False,  # no matter if a file of the emulator does not compile
        stdout=subprocess.DEVNULL,
    )


def _uv(*arguments: str) -> None:
    beside = shutil.which("uv", path=str(Path(sys.executable).parent))
    subprocess.run([beside or "uv", *arguments, "--quiet"], check=True)
