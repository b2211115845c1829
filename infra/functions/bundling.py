"""Layers, made without Docker: each holds the packages of its lock for the machine that functions run on."""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import cast

import jsii
from aws_cdk import (
    AssetHashType,
    BundlingOptions,
    DockerImage,
    ILocalBundling,
)
from aws_cdk.aws_lambda import Architecture, Code, LayerVersion, Runtime
from constructs import Construct

from infra.paths import LAYERS
from infra.stage_settings import Machine

PYTHON_VERSION = "3.13"
RUNTIME = Runtime.PYTHON_3_13
ARCHITECTURES = {"arm64": Architecture.ARM_64, "x86_64": Architecture.X86_64}

# Installers leave these files, which no function reads. Some name the machine they were made on, so that two builds of
# one lock would differ.
LEFTOVERS = (
    "**/__pycache__",
    "**/tests",
    "**/*.pyc",
    "**/*.pyi",
    "**/*.c",  # the sources of compiled extensions
    "**/*.h",
    "**/*.pyx",
    "**/*.pxd",
    "olefile/olefile2.py",  # for Python 2: it does not compile, and no module imports it
    "OleFileIO_PL.py",  # its old name
    "fontTools/**/*.so",  # 14 MB that speed up what HarfBuzz does here; each has a twin in Python
    "aiohttp/**/*.so",  # 6 MB that speed up an HTTP client: pyHanko imports it, no function calls it; twins as above
    "multidict/*.so",  # aiohttp's headers, likewise
    "*.dist-info/RECORD",
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
    "*.dist-info/direct_url.json",
    "*.dist-info/uv_cache.json",
    "bin",
    "share",
    ".lock",
)

SDK_SERVICES = {
    *("cognito-idp", "dynamodb", "events", "guardduty", "kms", "lambda", "s3", "secretsmanager", "sesv2", "sns", "sqs"),
}
"""The services whose clients functions make: botocore describes 400, in 25 MB."""
SDK_DATA = {"_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json", *SDK_SERVICES}
"""What a layer keeps of botocore's data: what holds for every service, and what describes those."""
SDK_LEFTOVERS = (
    "botocore/data/*/*/examples-1.json",  # for the documentation
    "boto3/data",  # of `boto3.resource`, which no function uses
    "boto3/examples",
)


class UvNotFoundError(Exception):
    """uv is neither beside the running Python nor on the path."""


class Layer(LayerVersion):
    """The layer of the folder `layers/<name>`: its `requirements.txt`, its own modules in `src/`, its `fonts/`."""

    def __init__(self, scope: Construct, name: str, *, machine: Machine) -> None:
        folder = LAYERS / name
        super().__init__(
            scope,
            f"{name.title()}Layer",
            code=Code.from_asset(
                str(folder),
                asset_hash=_digest(folder, machine),
                asset_hash_type=AssetHashType.CUSTOM,
                bundling=BundlingOptions(
                    image=DockerImage.from_registry("scratch"),  # the parameter is required; the image is never used
                    local=cast("ILocalBundling", _UvBundling(folder, machine)),
                ),
            ),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[ARCHITECTURES[machine.architecture]],
        )


@jsii.implements(ILocalBundling)
class _UvBundling:
    def __init__(self, folder: Path, machine: Machine) -> None:
        self._folder = folder
        self._machine = machine

    def try_bundle(self, output_dir: str, *_: object, **__: object) -> bool:
        bundle(folder=self._folder, machine=self._machine, into=Path(output_dir))
        return True


def bundle(*, folder: Path, machine: Machine, into: Path) -> None:
    """Lay out a layer as Lambda expects it. Raises UvNotFoundError, CalledProcessError."""
    modules = into / "python"
    _install(folder / "requirements.txt", machine=machine, into=modules)
    for pattern in (*LEFTOVERS, *SDK_LEFTOVERS):
        for leftover in sorted(modules.glob(pattern)):
            _remove(leftover)
    data = modules / "botocore/data"
    for described in data.iterdir() if data.is_dir() else ():
        if described.name not in SDK_DATA:
            _remove(described)
    if (folder / "src").is_dir():
        shutil.copytree(
            folder / "src",
            modules,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    _compile(modules, into=into)
    if (folder / "fonts").is_dir():
        shutil.copytree(folder / "fonts", into / "fonts")


def _remove(leftover: Path) -> None:
    if leftover.is_dir():
        shutil.rmtree(leftover)
    else:
        leftover.unlink()


def _install(lock: Path, *, machine: Machine, into: Path) -> None:
    command = [
        find_uv(),
        *("pip", "install", "--quiet", "--no-progress", "--no-deps", "--require-hashes"),
        *("--only-binary", ":all:", "--link-mode", "copy"),
        *("--python", sys.executable, "--python-version", PYTHON_VERSION),
        *("--python-platform", machine.platform),
        *("--target", str(into), "--requirement", str(lock)),
    ]
    subprocess.run(command, check=True)


def _compile(modules: Path, *, into: Path) -> None:
    """Compile ahead: Lambda's /opt is read-only, so that every cold start would compile every module."""
    command = [sys.executable, "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    # No timestamps, no folder of this machine, one order of sets: the same lock always gives the same bytes.
    command += ["-s", str(into), "-p", "/opt", str(modules)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": "0"})


def find_uv() -> str:
    """Find uv beside the running Python, or on the path. Raises UvNotFoundError."""
    beside = Path(sys.executable).parent
    found = shutil.which("uv", path=str(beside)) or shutil.which("uv")
    if found is None:
        raise UvNotFoundError("uv is needed to make the layers: run `make environment` first.")
    return found


def _digest(folder: Path, machine: Machine) -> str:
    """Digest all that a layer is made of: its folder, the machine, and this module, which makes it."""
    sources = [folder / "requirements.txt"]
    for part in ("src", "fonts"):
        sources += (path for path in (folder / part).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    digest = sha256(machine.platform.encode())
    digest.update(Path(__file__).read_bytes())
    for source in sorted(sources):
        digest.update(source.relative_to(folder).as_posix().encode())
        digest.update(sha256(source.read_bytes()).digest())
    return digest.hexdigest()
