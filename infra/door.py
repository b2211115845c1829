"""The public door: the rules of the distribution and its firewall, which the local proxy plays.

Plain data, so that the constructs and the proxy read the same rules and neither loads the other's libraries.
"""

import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal
from urllib.parse import unquote

from infra.paths import PROBLEM_WORDS

type Language = Literal["ar", "fr", "en"]

API_PATHS = ("/v1/*", "/.well-known/*")
"""The addresses that the API answers; the pages have the rest (`infra/addresses.py`). An address that is no page falls
to the API too, which refuses it in the reader's language."""

CACHED_PATHS = (
    "/v1/organisms",
    "/v1/organisms/*",
    "/v1/register-heads",
    "/v1/register-heads/*",
    "/v1/open-data",
    "/v1/open-data.csv",
    "/v1/openapi.json",
    "/.well-known/*",
)
"""The addresses among them that the distribution may keep for as long as the answer's `Cache-Control` says."""

CACHE_VARIES_WITH = ("Accept-Language", "Origin")
"""The request's headers, beside the query, that an answer kept by the distribution depends on."""

REFUSAL_VARIES_WITH = ("Accept", "Accept-Language")
"""The request's headers that the refusal of an address without a page depends on. It is not kept."""

ORIGIN_HEADER = "X-Origin-Secret"
"""The header by which the API knows the distribution; what a caller sends under this name goes no further."""

MOST_SECONDS = 30
"""How long the distribution waits for the API, which answers within 29."""

HSTS_SECONDS = 63_072_000
SECURITY_HEADERS = {
    "Strict-Transport-Security": f"max-age={HSTS_SECONDS}; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
API_POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
"""The Content-Security-Policy of answers to which the API gave none: those that its gateway makes, and the page that
stands in for an API out of reach."""
UNAVAILABLE_STATUSES = (502, 504)
"""The distribution's own answers when the API cannot be reached; no function and no gateway of the API gives them."""
UNAVAILABLE_PAGE = "/unavailable.html"

ASSETS = "assets/"
"""The folder of files whose name holds their digest."""
PREVIEW = "preview/"
"""The folder of the documents that the desk shows a file in."""
PREVIEW_ASSETS = f"{PREVIEW}assets/"
"""Their scripts. Those of the decoders keep the names that their library gave them."""
_ASSETS_KEPT = "public, max-age=31536000, immutable"
_PAGES_KEPT = "public, max-age=0, s-maxage=300, must-revalidate"
"""Browsers ask each time, by the entity tag; the distribution keeps a page until the next ones are published."""
_NOT_KEPT = "no-cache"
_SERVICE_WORKER = "service-worker.js"

_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}

_COMPRESSED_BYTES = range(1_000, 10_000_001)
_COMPRESSED_TYPES = re.compile(
    r"text/(css|html|javascript|plain|xml)|application/(json|javascript|xml|wasm|pdf)|image/svg\+xml"
)
"""What CloudFront compresses of what there is here.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html"""


def media_type(key: str) -> str:
    """The `Content-Type` of a file of the pages, by its ending. Raises KeyError for one that the pages do not use."""
    return _MEDIA_TYPES[posixpath.splitext(key)[1]]


def cache_control(key: str) -> str:
    """For how long a file of the pages is kept, and by whom."""
    if key == _SERVICE_WORKER:
        return _NOT_KEPT
    return _ASSETS_KEPT if is_asset(key) else _PAGES_KEPT


def is_asset(key: str) -> bool:
    """Whether a file's name changes with what it holds."""
    return key.startswith((ASSETS, PREVIEW_ASSETS)) and "/decoders/" not in key


def is_compressed(media_type: str, length: int) -> bool:
    """Whether the distribution compresses an answer of this type and length in bytes, for those who take it so."""
    return length in _COMPRESSED_BYTES and _COMPRESSED_TYPES.match(media_type) is not None


def is_for_api(path: str) -> bool:
    """Whether the API answers this address, percent-encoded as it was sent."""
    return any(fnmatchcase(path, pattern) for pattern in API_PATHS)


def is_kept(path: str) -> bool:
    """Whether the distribution may keep the API's answer at this address, and so compresses it."""
    return any(fnmatchcase(path, pattern) for pattern in CACHED_PATHS)


@dataclass(frozen=True, kw_only=True)
class RateRule:
    """A limit on the requests of one IP address in five minutes."""

    name: Literal["guarded", "session", "drafts", "each"]
    """The stage's setting in `callers`."""
    method: str | None = None
    """The one method that counts; None: all of them."""
    under: tuple[str, ...] = ("/",)
    """What the paths that count begin with."""

    def counts(self, method: str, path: str) -> bool:
        """Whether a request counts; however the path was encoded."""
        return method == (self.method or method) and _plain(path).startswith(self.under)


RATE_SECONDS = 300
RATE_RULES = (
    RateRule(name="guarded", under=("/v1/follow-up", "/v1/receipts/")),
    # Passwords and codes of people: a session is renewed by GET, which does not count.
    RateRule(name="session", method="POST", under=("/v1/session",)),
    # A draft and an announced file cost storage and scans; writing the letter again and again costs nearly nothing.
    RateRule(name="drafts", method="POST", under=("/v1/mails",)),
    RateRule(name="each"),
)

TOO_LARGE_LENGTH = "^[0-9]{7,}$"
"""A `Content-Length` of a megabyte or more, for which no route has a use: files go to storage, 256 KiB hold the longest
letter in any script, and 975 KiB the whole directory. A body of unannounced length meets the API's own limits."""
DIRECTORY_PATHS = ("/v1/operations/organisms/", "/v1/organisms/")
"""What the paths begin with to which operators send public bodies, up to a whole directory at once."""


@dataclass(frozen=True, kw_only=True)
class FirewallRefusal:
    """An answer that the firewall gives in the API's place; its words are the API's (`problem_words`)."""

    slug: str
    status: int
    values: Mapping[str, object] = field(default_factory=dict)
    """What the words hold a place for."""
    retry_after: int | None = None
    """Seconds."""

    def document(self, *languages: Language) -> str:
        """The problem document, in one language or in several one after the other."""
        said = [json.loads((PROBLEM_WORDS / f"{name}.json").read_text())["problems"][self.slug] for name in languages]
        problem = {
            "type": f"/problems/{self.slug}",
            "title": " · ".join(each["title"] for each in said),
            "status": self.status,
            "detail": "\n".join(each["detail"].format(**self.values) for each in said),
            "instance": "/firewall",
        }
        return json.dumps(problem, ensure_ascii=False)

    def headers(self, *languages: Language) -> dict[str, str]:
        """The headers beside `Content-Type`, which a firewall's answer cannot choose: it is `application/json`."""
        headers = {"Cache-Control": "no-store", "Content-Language": ", ".join(languages)}
        return headers | SECURITY_HEADERS | ({"Retry-After": str(self.retry_after)} if self.retry_after else {})


TOO_FAST = FirewallRefusal(slug="too-fast", status=429, retry_after=60)
TOO_LARGE = FirewallRefusal(slug="body-too-large", status=413, values={"most": 256})
TOO_LARGE_DIRECTORY = FirewallRefusal(slug="body-too-large", status=413, values={"most": 975})
"""Each names the limit of the API itself (`mailroom/api/request.py`), so that a body which is cut to it is taken."""
LOOKS_LIKE_ATTACK = FirewallRefusal(slug="request-refused", status=403)

LANGUAGES_BY_HEADER: Sequence[Language] = ("ar", "en")
"""The languages that the firewall answers in where `Accept-Language` begins with them: it knows no weights."""
DEFAULT_LANGUAGE: Language = "fr"


def language_of(accept_language: str) -> Language:
    """The language of the firewall's answer."""
    begins = accept_language.lower()
    return next((language for language in LANGUAGES_BY_HEADER if begins.startswith(language)), DEFAULT_LANGUAGE)


def too_large(path: str) -> FirewallRefusal:
    """The refusal of a body that is too large for this path, however that was encoded."""
    return TOO_LARGE_DIRECTORY if _plain(path).startswith(DIRECTORY_PATHS) else TOO_LARGE


def is_too_large(content_length: str) -> bool:
    """Whether the firewall refuses a body of this declared length."""
    return re.search(TOO_LARGE_LENGTH, content_length) is not None


def _plain(path: str) -> str:
    return posixpath.normpath(unquote(path)) + "/"
