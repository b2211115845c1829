"""AWS's answers over HTTP and TLS, again and again: a process that knows recorded answers and nothing else.

`python -m tests.bench.stub <folder>` serves what `serving` wrote there. Addresses begin with the scene's number.
"""

import json
import pickle
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from infra.local.certificate import ensure_certificate
from infra.local.place import HOST
from infra.paths import ROOT
from tests.bench.recording import Exchange, Scene, asked_by

_SCENES = "scenes.pickle"
_PACE = "pace.json"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "_Server"

    def do_GET(self) -> None:
        """Answer as AWS did."""
        self._read()
        _, scene, path = f"{urlsplit(self.path).path}/".split("/", 2)
        target = self.headers.get("X-Amz-Target", "")
        exchange = self.server.answer(int(scene), asked_by(self.command, f"/{path}", target))
        if exchange.operation in self.server.pace:
            time.sleep(self.server.pace[exchange.operation])
        self.send_response_only(exchange.status)
        for name, value in exchange.headers.items():
            if name.lower() not in {"connection", "transfer-encoding"}:
                self.send_header(name, value)
        if "content-length" not in {name.lower() for name in exchange.headers}:
            self.send_header("Content-Length", str(len(exchange.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(exchange.body)

    do_PUT = do_POST = do_HEAD = do_DELETE = do_GET  # noqa: N815 - the library's names

    def handle_expect_100(self) -> bool:
        """Let a body come at once: what is buffered would be waited for."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def _read(self) -> None:
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                self.rfile.read(size + 2)
            self.rfile.readline()
        else:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__((HOST, 0), _Handler)
        scenes: list[Scene] = pickle.loads((folder / _SCENES).read_bytes())  # noqa: S301 - our own
        self.pace: dict[str, float] = json.loads((folder / _PACE).read_text())
        self._answers: dict[tuple[int, str], Iterator[Exchange]] = {}
        for number, scene in enumerate(scenes):
            for asked in {exchange.asked for exchange in scene.exchanges}:
                alike = [exchange for exchange in scene.exchanges if exchange.asked == asked]
                self._answers[number, asked] = cycle(alike)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def answer(self, scene: int, asked: str) -> Exchange:
        """The recorded answer; a server's error, which fails the benchmark, where nothing was recorded."""
        missing = Exchange(
            asked=asked,
            operation="",
            status=HTTPStatus.NOT_IMPLEMENTED,
            headers={},
            body=f"not recorded: {asked}".encode(),
        )
        return next(self._answers.get((scene, asked), iter([missing])))


@contextmanager
def serving(folder: Path, scenes: Sequence[Scene], pace: Mapping[str, float]) -> Iterator[str]:
    """Serve recorded answers, each after as many seconds as `pace` says of its operation; yields the address."""
    ensure_certificate(folder)
    (folder / _SCENES).write_bytes(pickle.dumps(list(scenes)))
    (folder / _PACE).write_text(json.dumps(dict(pace)))
    command = [sys.executable, "-m", "tests.bench.stub", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"https://localhost:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def main() -> None:
    """Serve until the process is ended; the port is written first."""
    server = _Server(Path(sys.argv[1]))
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
