"""Of `make run` there is one in a checkout, which other commands find, and end."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.commands import local_run
from infra.commands.local_run import AlreadyRunningError, NotRunningError, only_one, running_pid, stop
from infra.local.cloud import attached_cloud

ROOT = Path(__file__).parents[2]
A_RUN = """
import signal, sys, time
from pathlib import Path
from infra.commands import local_run
local_run.LOCAL = Path(sys.argv[1])
local_run._LOCK = local_run.LOCAL / "run.pid"
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with local_run.only_one():
    try:
        print("up", flush=True)
        time.sleep(60)
    finally:
        time.sleep(0.3)  # a run saves its state, which takes a while
        (local_run.LOCAL / "saved").touch()
"""


@pytest.fixture(autouse=True)
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout's `.local` of its own."""
    monkeypatch.setattr(local_run, "LOCAL", tmp_path)
    monkeypatch.setattr(local_run, "_LOCK", tmp_path / "run.pid")
    monkeypatch.setattr(local_run, "DESCRIPTION", tmp_path / "stack.json")
    return tmp_path


@pytest.fixture
def a_run(local: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that is up as a run is."""
    command = [sys.executable, "-c", A_RUN, str(local)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        yield process
        process.kill()


def test_a_second_one_is_told_of_the_first(a_run: "subprocess.Popen[str]") -> None:
    assert running_pid() == a_run.pid
    with pytest.raises(AlreadyRunningError, match=str(a_run.pid)), only_one():
        pass


def test_stopping_ends_it_and_waits_until_it_has_saved_and_another_may_start(
    a_run: "subprocess.Popen[str]", local: Path
) -> None:
    assert stop()
    assert (local / "saved").exists()
    assert a_run.wait(5) == 0
    assert running_pid() is None
    with only_one():
        pass


def test_where_none_is_up_nothing_is_stopped_or_deployed_into(local: Path) -> None:
    assert not stop()
    (local / "run.pid").write_text("1")  # what a run that ended leaves: its process's number may be another's by now
    assert not stop()
    with pytest.raises(NotRunningError):
        attached_cloud()
