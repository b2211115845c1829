"""Patches of the emulator's own process, which `launcher.py` applies before it serves.

Only the standard library is imported here: the process has boto3, the emulator and nothing of this project's packages.
"""

import asyncio
import inspect
import json
import os
import shutil
import signal
import tempfile
import threading
import time
import zipfile
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

from infra.local.emulator_faults import EmulatorFault
from infra.local.leading_keys import know_leading_keys
from infra.local.place import UNPACKED

SECONDS_BETWEEN_SAVES = 60
"""A save delays every call by seconds: the emulator writes the archives of all functions each time."""
MOST_WORKERS_OF_ONE_FUNCTION = 4
SECONDS_BETWEEN_LOOKS = 0.02
STARTS_OF_A_KILLED_WORKER = 3

# Runs first in each worker.
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


@dataclass(frozen=True, kw_only=True)
class Patch(EmulatorFault):
    """A change of one of the emulator's modules."""

    module: str
    """Below `ministack`."""
    apply: Callable[[Any], None]
    is_needed: Callable[[Any], bool]
    """Whether the module, as it is installed, still has the fault."""


def keep_retention_of_objects(s3: Any) -> None:
    """Save the retention of single objects with the buckets."""
    s3._PERSISTED_BUCKET_DICTS["object_retention"] = s3._object_retention


def fetch_keys_over_tls(apigateway: Any) -> None:
    """Correct the address under which JWT authorizers fetch their keys."""
    fetch = apigateway._fetch_jwks
    own = f":{os.environ['GATEWAY_PORT']}/"

    async def over_tls(url: str) -> Any:
        return await fetch(url.replace("http://", "https://", 1) if own in url else url)

    apigateway._fetch_jwks = over_tls


def accept_events_of_stand_ins(eventbridge: Any) -> None:
    """Take events whose source is an AWS service."""
    put = eventbridge._put_events
    eventbridge._put_events = lambda data: put(data, allow_aws_source=True)


def keep_headers_of_emails(ses_v2: Any) -> None:
    """Put the headers of SESv2's SendEmail into the e-mail."""
    given: ContextVar[tuple[Mapping[str, str], ...]] = ContextVar("given", default=())
    handle, build = ses_v2.handle_request, ses_v2._build_mime_message

    async def remembering(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        if method == "POST" and path.endswith("/outbound-emails"):
            given.set(tuple(json.loads(body)["Content"].get("Simple", {}).get("Headers", ())))
        return await handle(method, path, headers, body, query)

    def with_headers(*parts: Any) -> str:
        message: str = build(*parts)
        return "".join(f"{header['Name']}: {header['Value']}\n" for header in given.get()) + message

    ses_v2.handle_request = remembering
    ses_v2._build_mime_message = with_headers


def find_layers_under_opt(lambda_runtime: Any) -> None:
    """Open files of layers where Lambda has them."""
    lambda_runtime._PYTHON_WORKER_SCRIPT = LAYERS_UNDER_OPT + lambda_runtime._PYTHON_WORKER_SCRIPT


class SharedArchive:
    """Stands for `zipfile.ZipFile`: an archive is unpacked once, and every worker gets links to its files."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def namelist(self) -> list[str]:
        """No name: the emulator checks that none leads out of the folder, and `ZipFile.extractall` prevents it."""
        return []

    def extractall(self, path: str) -> None:
        """Link the archive's files into `path`."""
        kept = UNPACKED / sha256(self._path.read_bytes()).hexdigest()
        if not kept.exists():
            part = Path(tempfile.mkdtemp(dir=UNPACKED))
            with zipfile.ZipFile(self._path) as archive:
                archive.extractall(part)
            try:
                part.rename(kept)
            except OSError:  # another worker was faster
                shutil.rmtree(part)
        os.utime(kept)
        for entry in kept.iterdir():
            Path(path, entry.name).symlink_to(entry)


def unpack_once(lambda_runtime: Any) -> None:
    """Share one unpacked copy of each archive."""
    lambda_runtime.zipfile = SimpleNamespace(**vars(zipfile) | {"ZipFile": SharedArchive})


def queue_for_workers(lambda_svc: Any) -> None:
    """Let calls wait for one of a few workers. No function of ours calls itself, so that no wait lasts for ever."""
    acquire = lambda_svc.acquire_worker

    def acquire_in_turn(*function: Any, **more: Any) -> Any:
        while True:
            found = acquire(*function, **more | {"max_concurrency": MOST_WORKERS_OF_ONE_FUNCTION})
            if found != (None, "func_cap"):
                return found
            time.sleep(SECONDS_BETWEEN_LOOKS)

    lambda_svc.acquire_worker = acquire_in_turn


def start_few_workers_at_once(lambda_runtime: Any) -> None:
    """Start no more workers at a time than there are cores, and start a killed one again."""
    turn = threading.BoundedSemaphore(os.cpu_count() or 1)
    spawn = lambda_runtime.Worker._spawn

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

    lambda_runtime.Worker._spawn = spawn_in_turn


def save_now_and_then(app: Any) -> None:
    """Save the state while it runs, and on SIGUSR1. On SIGTERM, and when its starter is gone, save and end at once."""
    app.app = saving(app.app, lambda: app.save_all(app._build_persistence_save_dict()))


def saving(app: Asgi, save: Callable[[], None]) -> Asgi:
    """Wrap an ASGI application so that `save` runs each minute in which there were requests, and at the end."""
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


PATCHES = (
    Patch(
        fault="The retention of single objects is lost at a restart; in S3 it outlives everything.",
        mended_when="`_PERSISTED_BUCKET_DICTS` in services/s3.py holds `_object_retention`",
        module="services.s3",
        apply=keep_retention_of_objects,
        is_needed=lambda s3: all(kept is not s3._object_retention for kept in s3._PERSISTED_BUCKET_DICTS.values()),
    ),
    Patch(
        fault="A JWT authorizer asks the emulator's own TLS port for keys over HTTP, and refuses every good token.",
        mended_when="`_resolve_jwks_url` in services/apigateway.py heeds USE_SSL",
        module="services.apigateway",
        apply=fetch_keys_over_tls,
        is_needed=lambda apigateway: 'f"http://{_HOST}' in inspect.getsource(apigateway._resolve_jwks_url),
    ),
    Patch(
        fault="It has no GuardDuty, and SES sends no events; PutEvents refuses theirs from a stand-in, as in AWS.",
        mended_when="the emulator scans files, and reports bounces, by itself",
        module="services.eventbridge",
        apply=accept_events_of_stand_ins,
        is_needed=lambda eventbridge: "NotAuthorizedForSource" in inspect.getsource(eventbridge._put_events),
    ),
    Patch(
        fault="SESv2's SendEmail drops the headers it was given, such as Auto-Submitted.",
        mended_when="services/ses_v2.py reads `Headers`",
        module="services.ses_v2",
        apply=keep_headers_of_emails,
        is_needed=lambda ses_v2: '"Headers"' not in inspect.getsource(ses_v2),
    ),
    Patch(
        fault="Layers lie in a temporary folder of each worker; Lambda has their files under /opt.",
        mended_when="the worker's script finds files of layers under /opt",
        module="core.lambda_runtime",
        apply=find_layers_under_opt,
        is_needed=lambda lambda_runtime: "/opt" not in lambda_runtime._PYTHON_WORKER_SCRIPT,
    ),
    Patch(
        fault="Each worker reads, checks and unpacks all archives of its function: seconds of every cold start.",
        mended_when="workers of one function share an unpacked folder",
        module="core.lambda_runtime",
        apply=unpack_once,
        is_needed=lambda lambda_runtime: ".extractall(code_dir)" in inspect.getsource(lambda_runtime),
    ),
    Patch(
        fault="Fifty calls at once start fifty processes, each a second of a core: clients give up and call again, and "
        "more start. Lambda's places are ready at once.",
        mended_when="`acquire_worker` waits for a free worker instead of answering `func_cap`",
        module="services.lambda_svc",
        apply=queue_for_workers,
        is_needed=lambda lambda_svc: '"func_cap"' in inspect.getsource(lambda_svc.acquire_worker),
    ),
    Patch(
        fault="The death of a worker that starts ends all workers of its function, in the middle of calls; Lambda "
        "starts another one.",
        mended_when="core/lambda_runtime.py starts a worker again that exited immediately",
        module="core.lambda_runtime",
        apply=start_few_workers_at_once,
        is_needed=lambda lambda_runtime: "exited immediately" in inspect.getsource(lambda_runtime.Worker._spawn),
    ),
    Patch(
        fault="IAM's condition key dynamodb:LeadingKeys is unknown: a role bound to some partitions reads all of them.",
        mended_when="`dynamodb_service_context` in core/iam_actions.py knows LeadingKeys",
        module="core.iam_actions",
        apply=know_leading_keys,
        is_needed=lambda iam_actions: "LeadingKeys" not in inspect.getsource(iam_actions),
    ),
    Patch(
        fault="State is saved only at an orderly end, which waits for connections that functions keep open. AWS loses "
        "nothing.",
        mended_when="app.py calls `save_all` also while it serves",
        module="app",
        apply=save_now_and_then,
        is_needed=lambda app: inspect.getsource(app).count("save_all(") == 1,
    ),
)
