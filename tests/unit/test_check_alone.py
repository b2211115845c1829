"""The check as a clerk gets it: installed from a wheel, without a network, without AWS."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.signed.receipts_to_check import ROOT, SEALER, SENT, Desk, sealed

_ALONE = """
import sys

def forbid(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto"}:
        raise RuntimeError(f"a network was asked for: {event} {arguments}")

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"boto3", "botocore", "aws_lambda_powertools"}:
            raise RuntimeError(f"{name} was imported")
        MISSING

sys.addaudithook(forbid)
sys.meta_path.insert(0, Nothing())
import runpy
runpy.run_module("mailroom.check", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that `pip install ./layers/mailroom[check]` builds, unpacked as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = str(Path(sys.executable).with_name("uv"))
    build = [uv, "build", "--quiet", "--offline", "--wheel", "--no-build-isolation", "--python", sys.executable]
    subprocess.run([*build, "--out-dir", str(folder), str(ROOT / "layers/mailroom")], check=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(site: Path, *arguments: str, without: str = "") -> subprocess.CompletedProcess[str]:
    missing = f"if name.partition('.')[0] == {without!r}: raise ModuleNotFoundError(name=name)" if without else "pass"
    return subprocess.run(
        [sys.executable, "-P", "-c", _ALONE.replace("MISSING", missing), *arguments],
        env={"PYTHONPATH": str(site), "LANG": "en_GB.UTF-8"},
        cwd=site,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def test_the_installed_check_needs_no_network_and_no_aws(desk: Desk, installed: Path) -> None:
    receipt, sent = desk.keep("receipt.pdf", sealed()), desk.keep("plan.jpg", SENT["plan.jpg"])
    known = ("--trust", desk.authority, "--sealer", SEALER)
    for language, verdict in (("en", "This receipt is genuine."), ("ar", "هذا الإشعار بالتوصل أصلي.")):
        done = run(installed, receipt, sent, *known, "--language", language)
        assert done.stderr == ""
        assert done.stdout.splitlines()[-1] == f"→ {verdict}"
        assert done.returncode == 0
    assert "22/05/2026" in run(installed, receipt, "--language", "fr").stdout


def test_the_wheel_asks_for_pyhanko_only_where_the_check_is_wanted(installed: Path) -> None:
    (metadata,) = installed.glob("*.dist-info/METADATA")
    asked = [line for line in metadata.read_text().splitlines() if line.lower().startswith("requires-dist: pyhanko")]
    assert len(asked) == 1
    assert "extra == 'check'" in asked[0].replace('"', "'")


def test_without_pyhanko_it_says_how_to_get_it(desk: Desk, installed: Path) -> None:
    done = run(installed, desk.keep("receipt.pdf", sealed()), without="pyhanko")
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install" in done.stderr


def test_the_layer_of_every_function_stays_without_pyhanko() -> None:
    assert "pyhanko" not in (ROOT / "layers/mailroom/requirements.txt").read_text().lower()
