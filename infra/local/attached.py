"""The `make run` of this checkout: only one at a time, which other commands can find and stop."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from infra.local.cloud import Cloud
from infra.local.place import LOCAL, Place, Ports, private

PLACE = Place(folder=LOCAL / "cloud", logs=LOCAL / "logs")
DESCRIPTION = LOCAL / "stack.json"
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
            raise AlreadyRunningError(f"Process {pid} does not end: look into {PLACE.logs}.")
        time.sleep(0.1)
    return True


def attached_cloud() -> Cloud:
    """Return the cloud of the `make run` that is up. Raises NotRunningError."""
    if running_pid() is None or not DESCRIPTION.exists():
        raise NotRunningError("The local cloud is not up: `make run` starts it.")
    description = json.loads(DESCRIPTION.read_text())
    ports = Ports(
        gateway=urlsplit(description["endpoint_url"]).port or 0,
        smtp=0,
        outbox=urlsplit(description["emails_url"]).port or 0,
    )
    return Cloud(place=PLACE, ports=ports, region=description["region"], process=None)
