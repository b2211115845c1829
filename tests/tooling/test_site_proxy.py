"""The proxy that plays the distribution: pages and API behind one address, and the firewall before them."""

import gc
import gzip
import json
import socket
import ssl
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import brotli
import httpx
import pytest

from infra import addresses, door
from infra.local import site_proxy
from infra.local.certificate import ensure_certificate
from infra.local.local_firewall import LocalFirewall
from infra.local.place import ANY_PORTS, HOST, free_ports
from infra.local.site_proxy import Site, serving_site
from infra.page_headers import PREVIEW_POLICY, headers_for, page_headers, pages_policy

MANY = {"each": 1000, "guarded": 1000, "session": 1000, "drafts": 1000}


class Api(BaseHTTPRequestHandler):
    """Answers with what it was asked; `/v1/hangs` is slow, `/v1/own` has headers of its own, `/v1/empty` no body."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/base/v1/hangs":
            time.sleep(0.5)
        asked = {
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "bytes": len(body),
        }
        text = b"" if self.path == "/base/v1/empty" else json.dumps(asked).encode()
        self.send_response({"/base/v1/empty": 304, "/base/v1/moved": 303}.get(self.path, 200))
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Content-Type", "application/json")
        self.send_header("Keep-Alive", "timeout=5")
        if self.path == "/base/v1/own":
            self.send_header("Content-Security-Policy", "default-src 'self'")
        if self.path == "/base/v1/moved":
            self.send_header("Location", "../../verifier#code")
        for cookie in ("a=1", "b=2"):
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        if self.command != "HEAD" and text:
            self.wfile.write(text)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = answer  # noqa: N815 - http.server's names

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("tls")
    ensure_certificate(folder)
    return folder


@pytest.fixture(scope="module")
def api(tls: Path) -> Iterator[str]:
    """The address of an API, by path as the emulator's."""
    server = ThreadingHTTPServer((HOST, 0), Api)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tls / "server.pem", tls / "server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://{HOST}:{server.server_port}/base"
    server.shutdown()
    server.server_close()


@contextmanager
def visiting(tls: Path, api: str, **more: Any) -> Iterator[httpx.Client]:  # noqa: ANN401 - fields of `Site`
    port = free_ports(ANY_PORTS).site
    site = Site(port=port, api_url=api, storage=STORAGE, tls=tls, **{"limits": MANY} | more)
    trusted = ssl.create_default_context(cafile=str(tls / "ca.pem"))
    base = f"https://localhost:{port}"
    with serving_site(site), httpx.Client(base_url=base, verify=trusted, trust_env=False) as client:
        yield client


SCRIPT = "console.log('a script of some length');" * 100
STORAGE = "https://storage.example"
FILES = {
    **{
        f"{language}/{page}.html": f"<!doctype html>\n<html lang={language}>{page}" * 50
        for language in ("ar", "fr", "en")
        for page in ("index", "follow", "verify")
    },
    "assets/send-ABCD1234.js": SCRIPT,
    "assets/font-ABCD1234.woff2": "f" * 2000,
    "app-fr.webmanifest": "{}",
    "icon.svg": f"<svg>{' ' * 2000}</svg>",
    "preview/fr.html": "<!doctype html><title>Aperçu</title>",
    "preview/assets/engine-ABCD1234.js": "engine",
    "preview/assets/decoders/jbig2.js": "decoder",
    "service-worker.js": SCRIPT,
    "unavailable.html": "<!doctype html><p>غير متاحة · indisponible · not available",
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages as the builder leaves them, but small."""
    folder: Path = tmp_path_factory.mktemp("site") / "pages"
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (folder.parent / "secret.txt").write_text("beside the pages")
    return folder


@pytest.fixture(scope="module")
def site(tls: Path, api: str, pages: Path) -> Iterator[httpx.Client]:
    with visiting(tls, api, pages=pages) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/health"),
        ("GET", "/v1/receipts/7Q2M-4C9T?a=%20b&a=c"),
        ("POST", "/v1/mails"),
        ("PUT", "/v1/mails/x/letter"),
        ("DELETE", "/v1/mails/x/attachments/y"),
        ("OPTIONS", "/v1/mails"),
        ("GET", "/.well-known/jwks.json"),
        ("GET", "/no-such-page"),
        ("GET", "/no-such%2523page"),
        ("GET", "/fr/about"),
    ],
)
def test_the_api_answers_under_its_addresses_and_those_that_are_no_page(
    site: httpx.Client, method: str, path: str
) -> None:
    """Path and query arrive as they were sent: a filter's `%23` is not made `#`, nor `%2523` `%23`."""
    asked = site.request(method, path).json()
    assert (asked["method"], asked["path"]) == (method, f"/base{path}")


KEPT = "public, max-age=31536000, immutable"
ASKED_AGAIN = "public, max-age=0, s-maxage=300, must-revalidate"


@pytest.mark.parametrize(
    ("path", "file", "media_type", "cache_control"),
    [
        ("/fr/", "fr/index.html", "text/html; charset=utf-8", ASKED_AGAIN),
        ("/ar/anam?q=1", "ar/index.html", "text/html; charset=utf-8", ASKED_AGAIN),
        ("/en/follow", "en/follow.html", "text/html; charset=utf-8", ASKED_AGAIN),
        ("/assets/send-ABCD1234.js", "assets/send-ABCD1234.js", "text/javascript; charset=utf-8", KEPT),
        ("/assets/font-ABCD1234.woff2", "assets/font-ABCD1234.woff2", "font/woff2", KEPT),
        ("/service-worker.js", "service-worker.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/app-fr.webmanifest", "app-fr.webmanifest", "application/manifest+json", ASKED_AGAIN),
        ("/icon.svg", "icon.svg", "image/svg+xml; charset=utf-8", ASKED_AGAIN),
    ],
)
def test_a_page_is_a_file_with_the_headers_of_the_door(
    site: httpx.Client, path: str, file: str, media_type: str, cache_control: str
) -> None:
    answer = site.get(path)
    assert (answer.status_code, answer.text) == (200, FILES[file])
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Cache-Control"] == cache_control
    sent = headers_for(path, page_headers(STORAGE))
    assert answer.headers.items() >= {name.lower(): value for name, value in sent.items()}.items()
    assert answer.headers["Content-Security-Policy"] == pages_policy(STORAGE)


def test_the_policy_of_pages_lets_in_what_they_need_and_nothing_else() -> None:
    assert directives(pages_policy(STORAGE)) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self' blob: data:",
        "connect-src": f"'self' {STORAGE}",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "lit-html site",
    }


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/fr/desk/", "Desk"),
        ("/ar/desk/ANAM-2026-000001", "Desk"),
        ("/fr/desks", "Pages"),
        ("/fr/", "Pages"),
        ("/fr/operations/", "Pages"),
        ("/fr/preview/x", "Pages"),
        ("/preview/fr.html", "Preview"),
        ("/preview/assets/engine-ABCD1234.js", "Preview"),
    ],
)
def test_the_desk_alone_frames_and_the_preview_alone_is_framed(site: httpx.Client, path: str, kind: str) -> None:
    answer = site.get(path)
    expected = next(each for each in page_headers(STORAGE) if each.name == kind)
    assert {name: answer.headers.get(name) for name in expected.all} == expected.all
    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy.get("frame-src") == ("'self'" if kind == "Desk" else None)
    assert policy["frame-ancestors"] == ("'self'" if kind == "Preview" else "'none'")
    assert answer.headers["X-Frame-Options"] == ("SAMEORIGIN" if kind == "Preview" else "DENY")
    assert ("Access-Control-Allow-Origin" in answer.headers) == (kind == "Preview")


def test_the_policy_of_the_preview_lets_it_ask_for_its_own_scripts_and_nothing_else() -> None:
    assert directives(PREVIEW_POLICY) == {
        "sandbox": "allow-scripts",
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "worker-src": "blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "preview",
    }


def directives(policy: str) -> dict[str, str]:
    """A policy's directives by name."""
    return dict(part.split(" ", 1) for part in policy.split("; "))


@pytest.mark.parametrize(
    ("path", "language", "leads"),
    [
        ("/", "ar-MA,fr;q=0.8", "/ar/"),
        ("/", "", "/fr/"),
        ("/?utm_source=mail", "de,en;q=0.1", "/en/"),
        ("/ar", "en", "/ar/"),
        ("/FR/Anam/", "en", "/fr/anam"),
        ("/suivi", "ar", "/ar/follow"),
        ("/s/", "en", "/en/follow"),
        ("/suivi?utm_source=mail&lang=ar", "en", "/ar/follow"),
        ("/s%23ANAM-2026-000001/7Q2M", "", "/fr/follow#ANAM-2026-000001/7Q2M"),
        ("/suivi?utm=a%23ANAM-2026-000001/7Q2M", "", "/fr/follow#ANAM-2026-000001/7Q2M"),
        ("/verifier%25237Q2M-4C9T", "", "/fr/verify#7Q2M-4C9T"),
        ("/ar/follow%23ANAM-2026-000001/7Q2M", "en", "/ar/follow#ANAM-2026-000001/7Q2M"),
    ],
)
def test_an_address_leads_on_and_the_answer_is_kept_by_nobody(
    site: httpx.Client, path: str, language: str, leads: str
) -> None:
    answer = site.get(path, headers={"Accept-Language": language})
    assert (answer.status_code, answer.headers["Location"]) == (302, leads)
    assert answer.headers.items() >= {name.lower(): value for name, value in addresses.REDIRECT_HEADERS.items()}.items()
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("taken", "coding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("GZIP;q=1.0", "gzip"), ("deflate", None), ("identity", None)],
)
@pytest.mark.parametrize("path", ["/fr/", "/assets/send-ABCD1234.js", "/icon.svg"])
def test_a_page_is_compressed_as_the_browser_takes_it(
    site: httpx.Client, path: str, taken: str, coding: str | None
) -> None:
    with site.stream("GET", path, headers={"Accept-Encoding": taken}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    read = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding](raw)
    assert read == site.get(path).content
    assert (len(raw) < len(read) / 2) == (coding is not None)
    assert answer.headers["ETag"].startswith("W/") == (coding is not None)


@pytest.mark.parametrize("path", ["/assets/font-ABCD1234.woff2", "/app-fr.webmanifest", "/unavailable.html"])
def test_what_is_compressed_already_or_very_small_is_sent_as_it_is(site: httpx.Client, path: str) -> None:
    assert "Content-Encoding" not in site.get(path).headers


def test_an_answer_of_the_api_is_compressed_where_it_is_kept(site: httpx.Client) -> None:
    """CloudFront compresses by its cache policy."""
    padded = {"X-Long": "x" * 2000, "Accept-Encoding": "br"}
    assert site.get("/v1/organisms", headers=padded).headers["Content-Encoding"] == "br"
    assert "Content-Encoding" not in site.get("/v1/inbox", headers=padded).headers


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_a_browser_that_has_the_page_gets_no_body(site: httpx.Client, coding: str) -> None:
    first = site.get("/fr/", headers={"Accept-Encoding": coding})
    tag = first.headers["ETag"]
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        again = site.get("/fr/", headers={"Accept-Encoding": coding, "If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert site.get("/ar/", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/%2e%2e/secret.txt",
            "/..%2Fsecret.txt",
            "/fr/%2e%2e/%2e%2e/secret.txt",
            "/%2Fetc/passwd",
            "/assets",
        ),
        *(f"/{'x' * 3000}", "/fr/a%00b.html", "/%00"),
    ],
)
def test_what_lies_elsewhere_is_no_page(site: httpx.Client, path: str) -> None:
    answer = site.get(path)
    assert answer.json()["path"] == f"/base{path}", "the API refuses it"
    assert answer.headers["Content-Security-Policy"] == pages_policy(STORAGE)


def test_a_page_is_neither_written_nor_removed(site: httpx.Client) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert site.request(method, "/fr/").status_code == 403


def test_head_is_answered_without_a_body(site: httpx.Client) -> None:
    for path in ("/fr/", "/v1/health"):
        answer = site.head(path)
        assert (answer.status_code, answer.content) == (200, b"")
        assert int(answer.headers["Content-Length"]) > 0


def test_headers_of_one_connection_and_of_the_distribution_go_no_further(site: httpx.Client) -> None:
    sent = {
        "Connection": "keep-alive, X-Mine",
        "X-Mine": "1",
        "TE": "trailers",
        door.ORIGIN_HEADER: "guessed",
        "Authorization": "Bearer t",
        "Accept-Language": "ar",
        "If-None-Match": '"x"',
    }
    answer = site.get("/v1/health", headers=sent)
    received = answer.json()["headers"]
    assert received.keys().isdisjoint({"connection", "x-mine", "te", door.ORIGIN_HEADER.lower(), "keep-alive"})
    assert (received["authorization"], received["accept-language"], received["if-none-match"]) == (
        "Bearer t",
        "ar",
        '"x"',
    )
    assert received["host"].startswith(HOST)
    assert "Keep-Alive" not in answer.headers


def test_answers_of_the_api_keep_their_own_headers_and_get_those_they_lack(site: httpx.Client) -> None:
    assert site.get("/v1/own").headers["Content-Security-Policy"] == "default-src 'self'"
    answer = site.get("/v1/health")
    assert answer.headers["Content-Security-Policy"] == door.API_POLICY
    assert answer.headers["Strict-Transport-Security"] == door.SECURITY_HEADERS["Strict-Transport-Security"]
    assert answer.headers.get_list("Set-Cookie") == ["a=1", "b=2"]


def test_an_answer_without_a_body_and_a_redirect_pass_as_they_are(site: httpx.Client) -> None:
    unchanged = site.get("/v1/empty")
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    moved = site.get("/v1/moved")
    assert (moved.status_code, moved.headers["Location"]) == (303, "../../verifier#code")


def test_a_connection_serves_many_requests(site: httpx.Client) -> None:
    assert [site.get("/v1/health").status_code for _ in range(20)] == [200] * 20


@pytest.mark.parametrize(
    ("language", "used", "words"),
    [
        ("ar-MA,fr;q=0.5", "ar", "كيبيبايت"),
        ("en", "en", "Maximum size"),
        ("de, fr", "fr", "Taille maximale"),
        ("", "fr", "Taille"),
    ],
)
def test_too_large_a_body_is_refused_in_the_readers_language(
    site: httpx.Client, language: str, used: str, words: str
) -> None:
    largest = site.post("/v1/mails", content=b"x" * 999_999)
    assert largest.json()["bytes"] == 999_999
    answer = site.post("/v1/mails", content=b"x" * 1_000_000, headers={"Accept-Language": language})
    assert answer.status_code == 413
    assert answer.headers["Content-Language"] == used
    problem = answer.json()
    assert problem.keys() == {"type", "title", "status", "detail", "instance"}
    assert (problem["type"], problem["status"]) == ("/problems/body-too-large", 413)
    assert words in problem["detail"]


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("PUT", "/v1/mails/x/letter", "256"),
        ("POST", "/v1/session", "256"),
        ("POST", "/v1/inbox/ANAM-2026-000001/outcome", "256"),
        ("POST", "/v1/operations/organisms/check", "975"),
        ("POST", "/v1/operations/%6frganisms/load", "975"),
        ("PUT", "/v1/organisms/anam", "975"),
    ],
)
def test_too_large_a_body_is_answered_with_the_limit_of_its_route(
    site: httpx.Client, method: str, path: str, most: str
) -> None:
    answer = site.request(method, path, content=b"x" * 1_000_000, headers={"Accept-Language": "en"})
    assert answer.status_code == 413
    assert f"{most} KiB" in answer.json()["detail"]


def test_a_body_of_unannounced_length_has_a_limit_too(site: httpx.Client) -> None:
    assert site.post("/v1/mails", content=iter([b"x" * 1000] * 3)).json()["bytes"] == 3000
    assert site.post("/v1/mails", content=iter([b"x" * 1_000_000] * 11)).status_code == 413


def test_who_asks_too_fast_is_told_so_and_other_routes_are_served(tls: Path, api: str) -> None:
    with visiting(tls, api, limits={"each": 50, "guarded": 3, "session": 4, "drafts": 2}) as site:
        tried = [site.get(f"/v1/receipts/{number}", headers={"Accept-Language": "ar"}) for number in range(4)]
        tried.append(site.post("/v1/follow-up", json={}))
        tried.append(site.get("/v1/%72eceipts/9"))
        assert [answer.status_code for answer in tried] == [200, 200, 200, 429, 429, 429]
        assert tried[3].headers["Content-Type"] == "application/json"
        assert tried[3].headers["Retry-After"] == "60"
        assert tried[3].json()["type"] == "/problems/too-fast"
        assert "انتظروا" in tried[3].json()["detail"]
        drafts = [site.post(path).status_code for path in ("/v1/mails", "/v1/mails/x/attachments", "/v1/mails")]
        assert drafts == [200, 200, 429]
        own = {"Origin": str(site.base_url).rstrip("/")}
        steps = ("", "/challenge", "/forgotten", "/reset", "/challenge", "")
        signing_in = [site.post(f"/v1/session{step}", headers=own).status_code for step in steps]
        assert signing_in == [200, 200, 200, 200, 429, 429]
        assert site.get("/v1/session").status_code == site.delete("/v1/session", headers=own).status_code == 200
        assert site.put("/v1/mails/x/letter").status_code == 200
        assert site.get("/").status_code == 302
        assert {site.get("/").status_code for _ in range(50)} == {302, 429}


def test_a_window_of_five_minutes_moves_on_and_each_address_has_its_own() -> None:
    seconds = [0.0]
    firewall = LocalFirewall({"each": 2, "guarded": 2, "session": 2, "drafts": 2}, lambda: seconds[0])

    def status(address: str) -> int:
        refusal = firewall.refusal(address, "GET", "/", "")
        return refusal.status if refusal else 200

    assert [status("a") for _ in range(3)] == [200, 200, 429]
    assert status("b") == 200
    seconds[0] = 299
    assert status("a") == 429
    seconds[0] = 600
    assert [status("a") for _ in range(3)] == [200, 200, 429]


def test_an_api_that_cannot_be_reached_is_said_in_three_languages(tls: Path, pages: Path) -> None:
    closed = free_ports(ANY_PORTS).gateway
    with visiting(tls, f"https://{HOST}:{closed}", pages=pages) as site:
        answer = site.get("/v1/health")
    assert answer.status_code == 502
    for words in ("غير متاحة", "indisponible", "not available"):
        assert words in answer.text


def test_an_api_that_does_not_answer_in_time_is_said_too(
    tls: Path, api: str, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MOST_SECONDS", 0.2)
    with visiting(tls, api, pages=pages) as site:
        answer = site.get("/v1/hangs")
        time.sleep(0.6)  # the API ends its side of the connection
    assert (answer.status_code, answer.text) == (504, FILES["unavailable.html"])


def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_running(tls: Path, api: str) -> None:
    with visiting(tls, api) as site:
        taken = site.base_url.port or 0
        again = Site(port=taken, api_url=api, storage=STORAGE, tls=tls, limits=MANY)
        with pytest.raises(OSError, match="in use"), serving_site(again):
            pass
        assert site.get("/v1/health").status_code == 200


def test_a_connection_that_a_browser_keeps_open_ends_with_the_site(tls: Path, api: str) -> None:
    """At once: it carries no request. A transport left over would fail whichever test runs when it is collected."""
    trusted = ssl.create_default_context(cafile=str(tls / "ca.pem"))
    with visiting(tls, api) as client:
        plain = socket.create_connection((HOST, client.base_url.port or 0))
        with trusted.wrap_socket(plain, server_hostname="localhost") as browser:
            browser.sendall(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert browser.recv(12) == b"HTTP/1.1 200"
            client.close()
            kept = browser.detach()
        ends = time.monotonic()
    assert time.monotonic() - ends < site_proxy._SECONDS_TO_END / 2
    with warnings.catch_warnings(record=True) as left, socket.socket(fileno=kept):
        warnings.simplefilter("always")
        gc.collect()
    assert [str(each.message) for each in left] == []


def test_nothing_is_logged(site: httpx.Client, capfd: pytest.CaptureFixture[str]) -> None:
    site.get("/v1/receipts/SECRET-CODE")
    site.get("/SECRET-PAGE")
    assert capfd.readouterr() == ("", "")
    assert "access_log=None" in Path(site_proxy.__file__).read_text()
