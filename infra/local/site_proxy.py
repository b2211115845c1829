"""The proxy that plays the distribution: one address over TLS for the pages and the API, with the rules of the door.

It keeps no log: addresses and paths identify people.
"""

import asyncio
import ssl
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from socket import socket
from threading import Thread

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from infra import addresses, door, session_door
from infra.addresses import Redirect
from infra.door import FirewallRefusal, is_for_api, is_kept, language_of
from infra.local.local_firewall import Limits, LocalFirewall
from infra.local.page_files import PageFiles, compress
from infra.local.place import HOST
from infra.paths import PAGES
from infra.session_door import Asked, Passed

_HOP_BY_HOP = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
    *("te", "trailer", "transfer-encoding", "upgrade"),
}
"""Headers that concern one connection (RFC 9110, section 7.6.1)."""
_MOST_BODY_BYTES = 10 * 1024 * 1024
"""API Gateway takes no more."""
_SECONDS_TO_CONNECT = 10
_SECONDS_TO_START = 10
_SECONDS_TO_END = 60


@dataclass(frozen=True, kw_only=True)
class Site:
    """What the proxy serves, and where."""

    port: int
    api_url: str
    """The API's address, without `/v1`."""
    storage: str
    """The origin that files are sent to."""
    tls: Path
    """The folder of the certificate, its key, and the authority that signed it."""
    limits: Limits
    pages: Path = PAGES
    """The folder of the built pages."""
    held: socket | None = None
    """A socket that is bound to `port` already."""


class SiteProxy:
    """Answers requests as the distribution does."""

    def __init__(self, site: Site, client: aiohttp.ClientSession) -> None:
        self._site = site
        self._client = client
        self._firewall = LocalFirewall(site.limits)
        self._pages = PageFiles(site.pages, site.storage)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """The firewall's refusal, a page, or the API's answer."""
        path = request.rel_url.raw_path
        length = request.headers.get("Content-Length", "")
        if refusal := self._firewall.refusal(request.remote or "", request.method, path, length):
            return _refused(refusal, request)
        if is_for_api(path):
            return await self._from_api(request)
        if request.method not in {HTTPMethod.GET, HTTPMethod.HEAD}:
            return _refused(door.LOOKS_LIKE_ATTACK, request)
        page = addresses.answer(path, request.rel_url.raw_query_string, request.headers.get("Accept-Language", ""))
        if isinstance(page, Redirect):
            return web.Response(status=HTTPStatus.FOUND, headers=addresses.REDIRECT_HEADERS | {"Location": page.to})
        return self._pages.answer(page.key, request) or await self._no_page(request)

    async def _no_page(self, request: web.BaseRequest) -> web.Response:
        """The API's refusal, with the headers that pages have."""
        answer = await self._from_api(request)
        answer.headers.update(self._pages.headers(request))
        return answer

    async def _from_api(self, request: web.BaseRequest) -> web.Response:
        passed = session_door.answer(_asked(request))
        if isinstance(passed, FirewallRefusal):
            return _refused(passed, request, session_door.MEDIA_TYPE)
        body = bytearray()
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > _MOST_BODY_BYTES:
                return _refused(door.too_large(request.url.path), request)
        try:
            async with self._client.request(
                request.method,
                URL(self._site.api_url + request.raw_path, encoded=True),
                headers=_sent_on(request, passed),
                data=bytes(body) or None,
                allow_redirects=False,
            ) as answer:
                without = {"server", "date"} | (set() if request.method == HTTPMethod.HEAD else {"content-length"})
                headers = _end_to_end(answer.headers, without=without)
                for name, value in (door.SECURITY_HEADERS | {"Content-Security-Policy": door.API_POLICY}).items():
                    headers.setdefault(name, value)
                given = web.Response(status=answer.status, headers=headers, body=await answer.read())
        except TimeoutError:
            return self._unavailable(request, HTTPStatus.GATEWAY_TIMEOUT)
        except aiohttp.ClientError:
            return self._unavailable(request, HTTPStatus.BAD_GATEWAY)
        if is_kept(request.rel_url.raw_path):
            compress(given, request)
        return given

    def _unavailable(self, request: web.BaseRequest, status: HTTPStatus) -> web.Response:
        page = self._pages.answer(door.UNAVAILABLE_PAGE.removeprefix("/"), request, status)
        if page is None:
            raise FileNotFoundError(door.UNAVAILABLE_PAGE)
        return page


def _asked(request: web.BaseRequest) -> Asked:
    headers = request.headers
    return Asked(
        method=request.method,
        path=request.rel_url.raw_path,
        host=headers.get("Host", ""),
        origin=headers.get("Origin", ""),
        authorization=headers.get("Authorization", ""),
        cookies=session_door.cookies_in("; ".join(headers.getall("Cookie", []))),
    )


def _sent_on(request: web.BaseRequest, passed: Passed) -> CIMultiDict[str]:
    """The headers that the API gets."""
    without = {"host", "content-length", "authorization", door.ORIGIN_HEADER.lower()}
    headers = _end_to_end(request.headers, without=without if passed.with_cookies else without | {"cookie"})
    if passed.authorization:
        headers["Authorization"] = passed.authorization
    return headers


def _refused(refusal: FirewallRefusal, request: web.BaseRequest, media_type: str = "application/json") -> web.Response:
    language = language_of(request.headers.get("Accept-Language", ""))
    headers = refusal.headers(language) | {"Content-Type": media_type}
    answer = web.Response(status=refusal.status, body=refusal.document(language).encode(), headers=headers)
    if not request.content.at_eof():
        answer.force_close()  # the body that was not read would be taken for the next request
    return answer


def _end_to_end(headers: Mapping[str, str], *, without: set[str]) -> CIMultiDict[str]:
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    left_out = _HOP_BY_HOP | named | without
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in left_out)


@contextmanager
def serving_site(site: Site) -> Iterator[None]:
    """Serve the site on 127.0.0.1 over TLS. Raises OSError where the port is taken."""
    started: Future[Callable[[], object]] = Future()
    thread = Thread(target=_run, args=(site, started), daemon=True)
    thread.start()
    stop = started.result(_SECONDS_TO_START)
    try:
        yield
    finally:
        stop()
        thread.join()


def _run(site: Site, started: "Future[Callable[[], object]]") -> None:
    try:
        asyncio.run(_serve(site, started))
    except OSError as error:
        started.set_exception(error)


async def _serve(site: Site, started: "Future[Callable[[], object]]") -> None:
    """Serve until the function is called that `started` gets."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=str(site.tls / "ca.pem"))),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=_SECONDS_TO_CONNECT, sock_read=door.MOST_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        auto_decompress=False,
    ) as client:
        server = web.Server(SiteProxy(site, client).answer, access_log=None)
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(site.tls / "server.pem", site.tls / "server.key")
        at = {"sock": site.held} if site.held else {"host": HOST, "port": site.port}
        listening = await asyncio.get_running_loop().create_server(server, **at, ssl=tls)
        try:
            ended = asyncio.Event()
            started.set_result(partial(asyncio.get_running_loop().call_soon_threadsafe, ended.set))
            await ended.wait()
        finally:
            listening.close()
            server.pre_shutdown()  # a connection that waits for another request is not waited for
            await server.shutdown(_SECONDS_TO_END)
            listening.abort_clients()  # a browser may take long to agree to the end of TLS, and the loop ends now
            await listening.wait_closed()
