"""The `make run` of this checkout: only one at a time, which other commands find and stop."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import botocore.session

from infra.paths import LOCAL, private

DESCRIPTION = LOCAL / "stack.json"
"""What a run that is up says of itself: addresses, passwords, a sample."""
_LOCK = LOCAL / "run.pid"
_SECONDS_TO_STOP = 60


class AlreadyRunningError(Exception):
    """Another `make run` is up."""


class NotRunningError(Exception):
    """No `make run` is up."""


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the place of this checkout's `make run`. Raises AlreadyRunningError."""
    private(LOCAL)
    with _LOCK.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunningError(
                f"`make run` is already up (process {_LOCK.read_text()}): use it, or `make stop`."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def running_pid() -> int | None:
    """Return the process of the `make run` that is up, if one is."""
    if not _LOCK.exists():
        return None
    with _LOCK.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read())
    return None


def stop() -> bool:
    """End the `make run` that is up, and wait for its end; False when there is none."""
    pid = running_pid()
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _SECONDS_TO_STOP
    while running_pid() == pid:
        if time.monotonic() > deadline:
            raise AlreadyRunningError(f"Process {pid} does not end: look into {LOCAL / 'logs'}.")
        time.sleep(0.1)
    return True


def description() -> dict[str, Any]:
    """Read what the `make run` that is up says of itself. Raises NotRunningError."""
    if running_pid() is None or not DESCRIPTION.exists():
        raise NotRunningError("The local cloud is not up: `make run` starts it.")
    described: dict[str, Any] = json.loads(DESCRIPTION.read_text())
    return described


def session_to(*, endpoint_url: str, region: str, ca_file: Path) -> boto3.Session:
    """Return a session whose clients reach this local cloud alone; it ignores the caller's environment."""
    config = ca_file.parent / "aws-config"
    config.write_text(f"[default]\nregion = {region}\nendpoint_url = {endpoint_url}\n")
    core = botocore.session.Session(profile="default")
    core.set_config_variable("config_file", str(config))
    core.set_config_variable("ca_bundle", str(ca_file))
    return boto3.Session(
        botocore_session=core,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the local cloud's root
        region_name=region,
    )
