"""The two origins of the house behind the site's proxy: the API, and storage over TLS."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from threading import Thread
from typing import Final

from aiohttp import web
from multidict import CIMultiDict

from infra.local.place import HOST
from tests.support.house.faults import STORAGE, Fault, Faults
from tests.support.house.storage import Storage, Stored

_SECONDS_TO_START: Final = 10


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that arrived."""

    place: str
    """Method and path."""
    target: str
    """Path and query."""
    headers: dict[str, str]
    """By name in small letters."""
    body: bytes

    @property
    def method(self) -> str:
        """Its method."""
        return self.place.partition(" ")[0]


type Answerer = Callable[[Asked], Stored]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """One address that answers requests, with the faults that were ordered for them."""

    answers: Answerer
    note: Callable[[Asked], object]
    faults: Faults
    storage: Storage | None = None
    """The bucket, where this is its address."""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        asked = Asked(
            place=f"{request.method} {request.rel_url.raw_path}",
            target=request.raw_path,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
        )
        self.note(asked)
        fault = self.faults.take(STORAGE if self.storage and asked.method == "PUT" else asked.place)
        if fault is not None and fault.seconds:
            await asyncio.sleep(fault.seconds)
        if fault is None or fault.after or not fault.answers:
            answer = await asyncio.to_thread(self.answers, asked)
        else:
            answer = Stored(200, {})
        if fault is not None and fault.answers:
            if fault.dropped:
                if request.transport is not None:
                    request.transport.close()
                return web.Response()
            answer = self._instead(fault, asked)
        headers = CIMultiDict([*answer.headers.items(), *(("Set-Cookie", each) for each in answer.cookies)])
        return web.Response(status=answer.status, headers=headers, body=answer.body)

    def _instead(self, fault: Fault, asked: Asked) -> Stored:
        status, headers, body = fault.answer(asked.headers.get("accept-language", ""))
        known = self.storage.cors(asked.method, asked.headers) if self.storage and not fault.foreign else {}
        return Stored(status, headers | known, body)


def bound() -> socket:
    """A socket at a free port, which nothing else gets meanwhile."""
    held = socket()
    held.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    held.bind((HOST, 0))
    return held


@contextmanager
def serving_origins(api: Origin, api_at: socket, storage: Origin, storage_at: socket, tls: Path) -> Iterator[None]:
    """Serve both at sockets that are bound, the API without TLS: only the proxy asks it."""
    started: Future[Callable[[], object]] = Future()

    async def serve() -> None:
        ended = asyncio.Event()
        secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        secure.load_cert_chain(tls / "server.pem", tls / "server.key")
        runners = [web.ServerRunner(web.Server(origin.answer, access_log=None)) for origin in (api, storage)]
        for runner in runners:
            await runner.setup()
        await web.SockSite(runners[0], api_at).start()
        await web.SockSite(runners[1], storage_at, ssl_context=secure).start()
        started.set_result(partial(asyncio.get_running_loop().call_soon_threadsafe, ended.set))
        await ended.wait()
        for runner in runners:
            await runner.cleanup()
        await asyncio.sleep(0.01)  # closed connections end in the loop's next rounds

    def run() -> None:
        try:
            asyncio.run(serve())
        except OSError as error:
            started.set_exception(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    stop = started.result(_SECONDS_TO_START)
    try:
        yield
    finally:
        stop()
        thread.join()
