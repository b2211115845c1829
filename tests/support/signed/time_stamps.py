"""The tests' own time stamp authority, which a test may let be good, slow, down, wrong or a forger."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from infra.commands.seal_certificates import Authority
from infra.local.time_stamper import TimeStamper
from tests.support.signed.authorities import authority

type Behaviour = Callable[[BaseHTTPRequestHandler, bytes], None]

TALKS_SECONDS = 20.0
"""Seconds for which one that is slow goes on: longer than anybody waits."""


@cache
def stamper(under: Authority | None = None) -> TimeStamper:
    """Who stamps the time in tests, under the authority that all tests trust, or under another."""
    return TimeStamper.under(under or authority(), "Horodateur d'essai")


def says(content: bytes, status: int = 200, **headers: str) -> Behaviour:
    """It answers with a status and a body, whatever it is asked."""

    def behave(request: BaseHTTPRequestHandler, _question: bytes) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content)

    return behave


def stamps(make: Callable[[bytes], bytes] = lambda question: stamper().answer(question)) -> Behaviour:
    """It answers what `make` makes of the question: by default, a good time stamp of now."""

    def behave(request: BaseHTTPRequestHandler, question: bytes) -> None:
        says(make(question))(request, question)

    return behave


def is_silent(_request: BaseHTTPRequestHandler, _question: bytes) -> None:
    """It takes the question and says nothing."""
    time.sleep(TALKS_SECONDS)


def drips_headers(request: BaseHTTPRequestHandler, _question: bytes) -> None:
    """It says a letter of its headers now and then."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _drip(request)


def drips_a_body(request: BaseHTTPRequestHandler, _question: bytes) -> None:
    """It says a byte of its answer now and then."""
    request.send_response(200)
    request.send_header("Content-Length", "5000")
    request.end_headers()
    _drip(request)


def _drip(request: BaseHTTPRequestHandler) -> None:
    until = time.monotonic() + TALKS_SECONDS
    while time.monotonic() < until:
        request.wfile.write(b"x")
        time.sleep(0.02)


def floods(request: BaseHTTPRequestHandler, _question: bytes) -> None:
    """It answers without an end."""
    until = time.monotonic() + TALKS_SECONDS
    request.send_response(200)
    request.end_headers()
    while time.monotonic() < until:
        request.wfile.write(b"x" * 65536)


def refused(_question: bytes) -> bytes:
    """A refusal, as RFC 3161 words it."""
    status = tsp.PKIStatusInfo({"status": "rejection", "status_string": ["no"], "fail_info": {"bad_request"}}).dump()
    return bytes([0x30, len(status), *status])


def with_nonce(nonce: int | None) -> Callable[[bytes], bytes]:
    """A time stamp that states another nonce, or none."""

    def make(question: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(question)
        changed = {name: asked[name] for name in ("version", "message_imprint", "cert_req")}
        return stamper().answer(tsp.TimeStampReq(changed | ({} if nonce is None else {"nonce": nonce})).dump())

    return make


def of_another_digest(question: bytes) -> bytes:
    """A time stamp of something else."""
    asked = tsp.TimeStampReq.load(question)
    asked["message_imprint"]["hashed_message"] = bytes(32)
    return stamper().answer(asked.dump(force=True))


def at_another_time(question: bytes) -> bytes:
    """A time stamp of a quarter of an hour ago."""
    return stamper().answer(question, at=datetime.now(UTC) - timedelta(minutes=15))


def without_certificate(question: bytes) -> bytes:
    """A time stamp that nobody can check off line."""
    answer = stamper().response(tsp.TimeStampReq.load(question))
    answer["time_stamp_token"]["content"]["certificates"] = None
    return bytes(answer.dump(force=True))


def by_a_seal(question: bytes) -> bytes:
    """A time stamp under a certificate that is not for time stamps."""
    key = stamper().key
    chain = authority().certify(cast("Any", key.public_key()), "Sceau d'essai")  # seals have other kinds of keys
    return TimeStamper(certificate=x509.load_pem_x509_certificate(chain), key=key).answer(question)


def forged(question: bytes) -> bytes:
    """A time stamp whose signature was changed."""
    answer = stamper().response(tsp.TimeStampReq.load(question))
    (signer,) = answer["time_stamp_token"]["content"]["signer_infos"]
    signature = bytearray(signer["signature"].native)
    signature[100] ^= 1
    signer["signature"] = bytes(signature)
    return bytes(answer.dump(force=True))


def says_more_than_it_signs(question: bytes) -> bytes:
    """A good time stamp, with something in it that its signature does not cover."""
    answer = stamper().response(tsp.TimeStampReq.load(question))
    more = algos.DigestAlgorithm({"algorithm": "sha512"})
    answer["time_stamp_token"]["content"]["digest_algorithms"].append(more)
    return bytes(answer.dump(force=True))


def of_size(size: int) -> Callable[[bytes], bytes]:
    """A good time stamp with so many certificates in it that the token has `size` bytes, or a few less."""

    def make(question: bytes) -> bytes:
        answer = stamper().response(tsp.TimeStampReq.load(question))
        token: cms.ContentInfo = answer["time_stamp_token"]
        more = asn1_x509.Certificate.load(authority().certificate.public_bytes(Encoding.DER))
        added = (size - len(token.dump())) // len(more.dump())
        certificates = token["content"]["certificates"]
        token["content"]["certificates"] = [*certificates, *[cms.CertificateChoices("certificate", more)] * added]
        return bytes(answer.dump(force=True))

    return make


@dataclass
class AuthorityAtWork:
    """The authority while it runs, and what it was asked."""

    url: str
    behaves: Behaviour
    asked: list[bytes] = field(default_factory=list)


@contextmanager
def time_stamp_authority(behaves: Behaviour | None = None) -> Iterator[AuthorityAtWork]:
    """Run the authority on 127.0.0.1; how it behaves may be changed meanwhile."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.authority = AuthorityAtWork(f"http://127.0.0.1:{server.server_port}/tsr", behaves or stamps())
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        yield server.authority
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


class _Server(ThreadingHTTPServer):
    authority: AuthorityAtWork
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing: callers that hang up in the middle are what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        question = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.authority.asked.append(question)
        self.server.authority.behaves(self, question)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""
