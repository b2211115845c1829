"""An organism's program: an HTTPS server on this machine that answers as a test wants, once for each call."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

type Behaviour = Callable[[ssl.SSLSocket], None]

_PATIENCE = 5.0


@dataclass
class Received:
    """A request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """The program, at `port`; what it got is in `received`."""

    port: int
    behaves: Behaviour
    received: list[Received] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        """Where it is called."""
        return f"https://localhost:{self.port}/hooks/mail?desk=1"


def answers(head: str, body: bytes = b"") -> Behaviour:
    """It answers with a status line and headers, then a body."""
    return lambda connection: connection.sendall(head.encode() + b"\r\nConnection: close\r\n\r\n" + body)


def hangs(_connection: ssl.SSLSocket) -> None:
    """It takes the request and says nothing, for longer than anybody waits."""
    time.sleep(_PATIENCE)


def drips(connection: ssl.SSLSocket) -> None:
    """It says a letter now and then, and never comes to an end."""
    until = time.monotonic() + _PATIENCE
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while time.monotonic() < until:
        connection.sendall(b"x")
        time.sleep(0.02)


def floods(connection: ssl.SSLSocket) -> None:
    """It answers 200 and a body without an end."""
    until = time.monotonic() + _PATIENCE
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while time.monotonic() < until:
        connection.sendall(b"x" * 65536)


def closes(_connection: ssl.SSLSocket) -> None:
    """It hangs up without a word."""


OK = answers("HTTP/1.1 204 No Content")


@contextmanager
def receiver(folder: Path, behaves: Behaviour = OK, *, name: str = "localhost") -> Iterator[Receiver]:
    """The program while it runs; its certificate, for `name`, is in ``<folder>/certificate.pem``."""
    with listening(self_signed(folder, name), behaves) as program:
        yield program


@contextmanager
def listening(
    certificate: Path, behaves: Behaviour = OK, *, key: Path | None = None, host: str = "127.0.0.1", port: int = 0
) -> Iterator[Receiver]:
    """The program while it runs, under a certificate that is there already."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server((host, port)) as server:
        program = Receiver(server.getsockname()[1], behaves)
        serving = threading.Thread(target=_serve, args=(program, server, context), daemon=True)
        serving.start()
        try:
            yield program
        finally:
            # Closing alone would leave the thread accepting.
            server.shutdown(socket.SHUT_RDWR)
            serving.join()


def _serve(program: Receiver, server: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            plain, _ = server.accept()
        except OSError:
            return
        program.connections += 1
        threading.Thread(target=_talk, args=(program, plain, context), daemon=True).start()


def _talk(program: Receiver, plain: socket.socket, context: ssl.SSLContext) -> None:
    # Callers that hang up in the middle are what these tests are about.
    try:
        with context.wrap_socket(plain, server_side=True) as connection:
            program.received.append(_read(connection))
            program.behaves(connection)
    except OSError:
        return


def _read(connection: ssl.SSLSocket) -> Received:
    content = b""
    while b"\r\n\r\n" not in content:
        content += connection.recv(65536)
    head, _, body = content.partition(b"\r\n\r\n")
    line, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in lines)}
    while len(body) < int(headers["content-length"]):
        body += connection.recv(65536)
    return Received(line, headers, body)


def self_signed(folder: Path, name: str) -> Path:
    """The file ``<folder>/certificate.pem``, made now: a certificate for `name` and this machine, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=400))
        .not_valid_after(now + dt.timedelta(days=400))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path
