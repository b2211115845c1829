"""Start MiniStack in an interpreter that holds boto3 alone, as Lambda's runtime does.

Run by `infra.local.cloud` as a script: `python launcher.py <MiniStack's folder> <unpacked>`. The
first goes on this process's own path only, so the functions' workers, which run under the same
interpreter, cannot import what a layer forgot. In the second, code and layers lie unpacked.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

SECONDS_BETWEEN_SAVES = 60
"""A save holds up every call for seconds: the emulator writes all functions' archives anew each time."""
MOST_WORKERS_OF_ONE_FUNCTION = 4
SECONDS_BETWEEN_LOOKS = 0.02
STARTS_OF_A_KILLED_WORKER = 3

# Runs first in each worker: Lambda lays layers out under /opt, the emulator elsewhere.
LAYERS_UNDER_OPT = """
import builtins, io, os
def _beneath_layers(path):
    inside = os.fspath(path)[len("/opt/"):]
    for layer in os.environ.get("_LAMBDA_LAYERS_DIRS", "").split(os.pathsep):
        if layer and os.path.exists(os.path.join(layer, inside)):
            return os.path.join(layer, inside)
    return path
def _open(path, *arguments, _real=io.open, **named):
    if isinstance(path, (str, os.PathLike)) and os.fspath(path).startswith("/opt/"):
        path = _beneath_layers(path)
    return _real(path, *arguments, **named)
builtins.open = io.open = _open
"""

type Asgi = Callable[[Any, Any, Any], Awaitable[None]]


def keep_retention_of_objects(s3: Any) -> None:
    """Let the retention of single objects survive a restart; MiniStack forgets it."""
    s3._PERSISTED_BUCKET_DICTS["object_retention"] = s3._object_retention  # noqa: SLF001 - no public way


def fetch_keys_over_tls(apigateway: Any) -> None:
    """Correct the address under which JWT authorizers ask for their keys.

    MiniStack asks its own TLS port over plain HTTP, so that every good token would be refused.
    """
    fetch = apigateway._fetch_jwks  # noqa: SLF001 - no public way
    own = f":{os.environ['GATEWAY_PORT']}/"

    async def over_tls(url: str) -> Any:
        return await fetch(url.replace("http://", "https://", 1) if own in url else url)

    apigateway._fetch_jwks = over_tls  # noqa: SLF001 - no public way


def let_stand_ins_speak_for_aws(eventbridge: Any) -> None:
    """Take events from `aws.guardduty` and `aws.ses`, which neither the emulator nor anybody else puts here."""
    put = eventbridge._put_events  # noqa: SLF001 - no public way
    eventbridge._put_events = lambda data: put(data, allow_aws_source=True)  # noqa: SLF001 - no public way


def keep_headers_of_emails(ses_v2: Any) -> None:
    """Put the headers that SESv2's SendEmail was given into the e-mail; MiniStack drops them."""
    given: ContextVar[tuple[Mapping[str, str], ...]] = ContextVar("given", default=())
    handle, build = ses_v2.handle_request, ses_v2._build_mime_message  # noqa: SLF001 - no public way

    async def remembering(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if method == "POST" and path.endswith("/outbound-emails"):
            given.set(tuple(json.loads(body)["Content"].get("Simple", {}).get("Headers", ())))
        return await handle(method, path, headers, body, query)

    def with_headers(*parts: Any) -> str:
        message: str = build(*parts)
        return "".join(f"{header['Name']}: {header['Value']}\n" for header in given.get()) + message

    ses_v2.handle_request = remembering
    ses_v2._build_mime_message = with_headers  # noqa: SLF001 - no public way


def find_layers_under_opt(lambda_runtime: Any) -> None:
    """Let functions open what their layers hold where Lambda has it."""
    script = LAYERS_UNDER_OPT + lambda_runtime._PYTHON_WORKER_SCRIPT  # noqa: SLF001 - no public way
    lambda_runtime._PYTHON_WORKER_SCRIPT = script  # noqa: SLF001 - no public way


def unpack_once(lambda_runtime: Any, unpacked: Path) -> None:
    """Share one unpacked copy of each archive; the emulator reads, checks and unpacks each for every worker."""

    class Archive:
        def __init__(self, path: str) -> None:
            self._path = Path(path)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return

        def namelist(self) -> list[str]:
            # Asked for to see that no name leads out of the folder. `ZipFile.extractall` lets none out.
            return []

        def extractall(self, path: str) -> None:
            kept = unpacked / sha256(self._path.read_bytes()).hexdigest()
            if not kept.exists():
                part = Path(tempfile.mkdtemp(dir=unpacked))
                with zipfile.ZipFile(self._path) as archive:
                    archive.extractall(part)
                try:
                    part.rename(kept)
                except OSError:  # another worker was faster
                    shutil.rmtree(part)
            os.utime(kept)
            for entry in kept.iterdir():
                Path(path, entry.name).symlink_to(entry)

    lambda_runtime.zipfile = SimpleNamespace(**vars(zipfile) | {"ZipFile": Archive})


def queue_for_workers(lambda_svc: Any) -> None:
    """Let calls wait for a worker where Lambda would start one more.

    Fifty calls at once start fifty processes here, each a second of a core: they take turns for so long that
    their clients give up and call again, which starts more. No function of ours calls itself, so that waiting
    for another call to end cannot last for ever.
    """
    acquire = lambda_svc.acquire_worker

    def acquire_in_turn(*function: Any, **more: Any) -> Any:
        while True:
            found = acquire(*function, **more | {"max_concurrency": MOST_WORKERS_OF_ONE_FUNCTION})
            if found != (None, "func_cap"):
                return found
            time.sleep(SECONDS_BETWEEN_LOOKS)

    lambda_svc.acquire_worker = acquire_in_turn


def start_few_workers_at_once(lambda_runtime: Any) -> None:
    """Start no more workers at a time than there are cores, each is up sooner for it; and again one that was killed.

    The emulator answers the death of a worker that starts by ending every worker of its function, calls
    under way included; Lambda starts another one.
    """
    turn = threading.BoundedSemaphore(os.cpu_count() or 1)
    spawn = lambda_runtime.Worker._spawn  # noqa: SLF001 - no public way

    def spawn_in_turn(worker: Any) -> None:
        last = RuntimeError("no worker was started")
        for _ in range(STARTS_OF_A_KILLED_WORKER):
            with turn:
                try:
                    spawn(worker)
                except RuntimeError as death:
                    if "exited immediately" not in str(death):
                        raise
                    last = death
                else:
                    return
        raise last

    lambda_runtime.Worker._spawn = spawn_in_turn  # noqa: SLF001 - no public way


def saving_now_and_then(app: Asgi, save: Callable[[], None]) -> Asgi:
    """Wrap `app` so that state is saved while it runs, and on SIGUSR1; not only at its end.

    The emulator's own end waits for the connections that functions keep open, so SIGTERM saves
    and ends at once; so does the end of the process that started it.
    """
    parent = os.getppid()
    requests = 0
    background: set[asyncio.Task[None]] = set()

    async def watch() -> None:
        seconds, saved = 0, 0
        while os.getppid() == parent:
            await asyncio.sleep(1)
            seconds += 1
            if seconds >= SECONDS_BETWEEN_SAVES and saved != requests:
                seconds, saved = 0, requests
                save()
        save_and_end()

    def save_and_end() -> None:
        save()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)  # the functions' workers
        os._exit(0)

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        nonlocal requests
        if scope["type"] == "lifespan":
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGUSR1, save)
            loop.add_signal_handler(signal.SIGTERM, save_and_end)
            background.add(asyncio.create_task(watch()))
        else:
            requests += 1
        await app(scope, receive, send)

    return watched


def main() -> None:
    """Correct what differs from AWS, then serve until SIGTERM."""
    sys.path.insert(0, sys.argv.pop(1))
    unpacked = Path(sys.argv.pop(1))
    from ministack import app  # noqa: PLC0415 - found only now
    from ministack.core import lambda_runtime  # noqa: PLC0415 - found only now
    from ministack.services import apigateway, eventbridge, lambda_svc, s3, ses_v2  # noqa: PLC0415 - found only now

    keep_retention_of_objects(s3)
    fetch_keys_over_tls(apigateway)
    let_stand_ins_speak_for_aws(eventbridge)
    keep_headers_of_emails(ses_v2)
    find_layers_under_opt(lambda_runtime)
    unpack_once(lambda_runtime, unpacked)
    queue_for_workers(lambda_svc)
    start_few_workers_at_once(lambda_runtime)
    app.app = saving_now_and_then(
        app.app,
        lambda: app.save_all(app._build_persistence_save_dict()),  # noqa: SLF001 - no public way
    )
    app.main()


if __name__ == "__main__":
    main()
