"""The public address of the service in one process: an HTTPS server on this machine, with storage behind it."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from tests.support.in_process.receiver import self_signed
from tests.support.in_process.service import BUCKET, REGION, Answer, Service, base64_sha256

_STORAGE = "/storage"
_SECRET = ("access_token", "verification_code", "follow_up_code")


@dataclass
class PublicDoor:
    """What callers of `url` meet. An answer may be replaced by the one that `instead` has for "METHOD /path/…"."""

    service: Service
    url: str = ""
    asked: list[str] = field(default_factory=list)
    """Each request: method and path, with the ids left out."""
    secrets: set[str] = field(default_factory=set)
    """What answers held and nobody else may see: tokens, codes, presigned addresses."""
    instead: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer one request."""
        path = urlsplit(target).path
        place = f"{method} {_shape(path)}"
        self.asked.append(place)
        if place in self.instead:
            return self.instead[place][0], {}, self.instead[place][1]
        if path.startswith(_STORAGE):
            return self._store(method, path.removeprefix(f"{_STORAGE}/"), headers, body)
        kept = {name: value for name, value in headers.items() if name in {"accept", "content-type"}}
        token = headers.get("authorization", "").removeprefix("Bearer ") or None
        answer = self.service.call(method, target, raw=body.decode() or None, token=token, headers=kept)
        if place == "GET /v1/mails/…/receipt" and answer.status == 202:
            # S3 would have invoked it long before; here the first question is the moment.
            self.service.receipt_trigger(path.split("/")[3])
        return answer.status, answer.headers, self._rewritten(answer).encode()

    def _rewritten(self, answer: Answer) -> str:
        """The answer, with storage's addresses leading here: moto's lead to AWS."""
        if not answer.body.startswith("{"):
            return answer.body
        values: dict[str, Any] = answer.json
        for holder in (values, values.get("upload") or {}, values.get("slip") or {}):
            if "url" in holder:
                there = urlsplit(holder["url"])
                holder["url"] = f"{self.url}{_STORAGE}{there.path}?{there.query}"
                self.secrets.add(there.query)
        self.secrets |= {code for name in _SECRET if (code := values.get(name))}
        return json.dumps(values)

    def _store(self, method: str, key: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        s3 = boto3.client("s3", REGION)
        if method == "GET":
            return 200, {}, s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        # What storage itself looks at, and moto does not.
        if headers["x-amz-checksum-sha256"] != base64_sha256(body) or headers.get("if-none-match") != "*":
            return 400, {}, b""
        s3.put_object(
            Bucket=BUCKET,
            Key=key,
            Body=body,
            ContentType=headers["content-type"],
            ContentDisposition=headers["content-disposition"],
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=headers["x-amz-checksum-sha256"],
            Tagging=headers["x-amz-tagging"],
        )
        return 200, {}, b""


def _shape(path: str) -> str:
    """The path with ids left out."""
    parts = path.split("/")
    names = {
        "v1",
        "organisms",
        "mails",
        "receipts",
        "letter",
        "attachments",
        "sender",
        "submission",
        "receipt",
        "storage",
    }
    return "/".join(part if not part or part in names else "…" for part in parts)


class _Requests(BaseHTTPRequestHandler):
    def __init__(self, door: PublicDoor, *more: Any) -> None:  # noqa: ANN401 - what the server hands on
        self._door = door
        super().__init__(*more)

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, said, content = self._door.answer(self.command, self.path, headers, body)
        self.send_response(status)
        for name, value in said.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def public_door(service: Service, folder: Path) -> Iterator[PublicDoor]:
    """The door while it is open; its certificate is in ``<folder>/certificate.pem``."""
    door = PublicDoor(service)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Requests, door))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(folder, "localhost"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    door.url = f"https://localhost:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
