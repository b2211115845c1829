"""The API as the pages see it: the real pages, and answers that a test arranges."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from describe_service.handler import handler as all_else
from open_page.handler import handler as open_page


@dataclass(frozen=True)
class Request:
    """What a page asked."""

    method: str
    path: str
    language: str
    authorization: str
    body: str


@dataclass(frozen=True)
class Answer:
    """What it is told; `dropped` closes the connection instead."""

    status: int
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False
    delay: threading.Event | None = None


type Answers = Callable[[Request], Answer]

PROBLEM = {"Content-Type": "application/problem+json"}
UNDER = "/api/under"
"""The path under which all of it stands, as on the local cloud; a page that leaves it finds nothing."""


class FakeApi:
    """Serves on 127.0.0.1; `answers` decides what the API says, `requests` is what it was asked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}{UNDER}"
        self.requests: list[Request] = []
        self.lines: list[str] = []
        """Request lines as a server's log would have them."""
        self.answers: Answers = lambda _: Answer(500, {})
        self.forgives_slashes = False

    def answer(self, request: Request) -> Answer:
        """Note what is asked and say what was arranged."""
        self.requests.append(request)
        return self.answers(request)


PAGES = ("/suivi", "/verifier", "/s")


def page(path: str, *, forgiving: bool) -> dict[str, Any]:
    """What the function `open_page` answers to API Gateway, or for another address the one that all others go to.

    A gateway that is `forgiving` takes a slash at an address' end for nothing.
    """
    path = path.rstrip("/") if forgiving else path
    event = {
        "version": "2.0",
        "routeKey": f"GET {path}" if path in PAGES else "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"accept": "text/html"},
        "requestContext": {
            "http": {"method": "GET", "path": path, "sourceIp": "127.0.0.1"},
            "requestId": "request",
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }
    return open_page(event, LambdaContext()) if path in PAGES else all_else(event, LambdaContext())


class _Handler(BaseHTTPRequestHandler):
    api: FakeApi

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].removeprefix(UNDER)
        if path != self.path and re.match(r"/(s|suivi|verifier)\b", path, re.IGNORECASE):
            answer = page(path, forgiving=self.api.forgives_slashes)
            self._send(answer["statusCode"], answer["body"], answer["headers"])
        else:
            self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        self.api.lines.append(format % args)

    def _answer(self) -> None:
        if not self.path.startswith(UNDER):
            self._send(404, "<Code>NoSuchBucket</Code>", {"Content-Type": "application/xml"})
            return
        length = int(self.headers.get("Content-Length") or 0)
        answer = self.api.answer(
            Request(
                method=self.command,
                path=self.path.removeprefix(UNDER),
                language=self.headers.get("Accept-Language", ""),
                authorization=self.headers.get("Authorization", ""),
                body=self.rfile.read(length).decode(),
            )
        )
        if answer.delay:
            answer.delay.wait(10)
        if answer.dropped:
            self.close_connection = True
        elif isinstance(answer.body, bytes):
            self._send(answer.status, answer.body, answer.headers)
        else:
            self._send(answer.status, json.dumps(answer.body), {"Content-Type": "application/json"} | answer.headers)

    def _send(self, status: int, body: str | bytes, headers: dict[str, str]) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving() -> Iterator[FakeApi]:
    """A fake API on a free port."""

    class Own(_Handler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    server.daemon_threads = True
    Own.api = FakeApi(server.server_port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Own.api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
