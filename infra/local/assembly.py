"""The CDK's command line against a local cloud, and the assembly it deploys."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from infra.local.cloud import Cloud
from infra.local.place import ASSEMBLIES, ROOT
from infra.stage import STAGES

STAGE = STAGES["local"]
STACK_NAME = f"BureauOrdre-{STAGE.name}"
ACCOUNT = "000000000000"

_SOURCES = (
    *("functions", "layers", "infra", "site"),
    *("cdk.json", "package-lock.json", "requirements-dev.txt"),
)
_KEPT = 3


class DeploymentError(Exception):
    """A command of the CDK failed; its log says why."""


def sources_digest() -> str:
    """Digest all that the stack is made of."""
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
    # Of this package, only what is applied to the deployed stack makes another stack.
    only_runs = path.parent == Path(__file__).parent and path.name != "dropped.py"
    return path.suffix != ".pyc" and not only_runs


def assembly_of(digest: str) -> Path:
    """Where the assembly made of these sources is, once it is synthesised."""
    return ASSEMBLIES / digest[:16]


def synthesise(cloud: Cloud, digest: str) -> None:
    """Synthesise the local stage. Raises DeploymentError."""
    part = ASSEMBLIES / f"{digest[:16]}.{os.getpid()}.part"
    arguments = ("--quiet", "--context", f"stage={STAGE.name}", "--output", str(part))
    run_cdk(cloud, "synth", *arguments)
    if not assembly_of(digest).exists():
        part.rename(assembly_of(digest))
    by_age = sorted(ASSEMBLIES.iterdir(), key=lambda path: path.stat().st_mtime)
    for old in by_age[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def run_cdk(cloud: Cloud, *arguments: str) -> None:
    """Run a command of the CDK; its output goes to a log. Raises DeploymentError."""
    log = cloud.place.logs / f"cdk-{arguments[0]}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as written:
        process = subprocess.Popen(
            [str(ROOT / "node_modules/.bin/cdk"), *arguments],
            cwd=ROOT,
            env=_environment(cloud),
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


def _environment(cloud: Cloud) -> Mapping[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    authority = str(cloud.place.ca_file)
    return ours | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "AWS_ENDPOINT_URL": cloud.endpoint_url,
        "AWS_ENDPOINT_URL_S3": cloud.endpoint_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": cloud.region,
        "AWS_DEFAULT_REGION": cloud.region,
        "AWS_CA_BUNDLE": authority,
        "NODE_EXTRA_CA_CERTS": authority,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DEFAULT_ACCOUNT": ACCOUNT,
        "CDK_DEFAULT_REGION": cloud.region,
        "NO_COLOR": "1",
    }
