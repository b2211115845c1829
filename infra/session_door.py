"""The session at the door: its cookie becomes `Authorization`, and no other site's page can use it.

The local proxy calls `answer`. In AWS the CloudFront Function `session_door.js` says the same, with `RULES` filled in;
one table of cases runs through both (`tests/infra/test_session_door.py`).

- A request that changes something is refused where it brings the session's cookie and not the site's own `Origin`.
  Browsers send `Origin` with each such request, and no page can write it. SameSite=Strict keeps the cookie from other
  sites already, but not from another host of the same registered domain. Signing in itself brings no cookie yet: there
  a foreign `Origin` is refused, and none at all is a program's.
- The API gets the ID token as `Authorization`, unless the caller brought a token, such as a sender's.
- The API gets no cookie, except `/v1/session` and what is below: so the cookie opens nothing at the API's own address.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from infra import door
from infra.door import FirewallRefusal, Language
from infra.paths import INFRA

ID_TOKEN: Final = "__Host-session"  # noqa: S105 - a name
RENEWAL: Final = "__Host-renewal"
"""The cookies by which a session is known; the function `open_session` sets them."""
SESSION: Final = "/v1/session"
SAFE: Final = ("GET", "HEAD", "OPTIONS")
"""The methods that change nothing (RFC 9110, section 9.2.1)."""
_TOKEN: Final = r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"  # noqa: S105 - the form of one
"""A JSON Web Token (RFC 7519)."""

FOREIGN_ORIGIN: Final = FirewallRefusal(slug="foreign-origin", status=403)
MEDIA_TYPE: Final = "application/problem+json"
_LANGUAGES: Final[tuple[Language, ...]] = ("ar", "fr", "en")

RULES: Final = {
    "idToken": ID_TOKEN,
    "known": (ID_TOKEN, RENEWAL),
    "session": SESSION,
    "safe": SAFE,
    "token": _TOKEN,
    "languages": door.LANGUAGES_BY_HEADER,
    "otherwise": door.DEFAULT_LANGUAGE,
    "status": FOREIGN_ORIGIN.status,
    "documents": {language: FOREIGN_ORIGIN.document(language) for language in _LANGUAGES},
    "headers": {
        language: {
            name.lower(): value
            for name, value in (
                FOREIGN_ORIGIN.headers(language)
                | {"Content-Type": MEDIA_TYPE, "Content-Security-Policy": door.API_POLICY}
            ).items()
        }
        for language in _LANGUAGES
    },
}
"""What both sides know."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the door looks at of a request."""

    method: str
    path: str
    """As it was sent."""
    host: str
    """The site's host as the browser named it, with its port if it is not 443."""
    origin: str = ""
    authorization: str = ""
    cookies: Mapping[str, Sequence[str]]
    """The values of each cookie: a second one of a name is a forgery."""


@dataclass(frozen=True, kw_only=True)
class Passed:
    """The request goes on."""

    authorization: str
    """Empty: without any."""
    with_cookies: bool


def answer(asked: Asked) -> Passed | FirewallRefusal:
    """Whether a request for the API goes on, and with what."""
    is_session = asked.path == SESSION or asked.path.startswith(f"{SESSION}/")
    if asked.method not in SAFE:
        is_own = asked.origin == f"https://{asked.host}"
        is_known = any(name in asked.cookies for name in (ID_TOKEN, RENEWAL))
        if not is_own and (is_known or (is_session and asked.origin)):
            return FOREIGN_ORIGIN
    if is_session:
        return Passed(authorization=asked.authorization, with_cookies=True)
    tokens = asked.cookies.get(ID_TOKEN, ())
    if not asked.authorization and len(tokens) == 1 and re.search(_TOKEN, tokens[0], re.ASCII):
        return Passed(authorization=f"Bearer {tokens[0]}", with_cookies=False)
    return Passed(authorization=asked.authorization, with_cookies=False)


def cookies_in(header: str) -> dict[str, list[str]]:
    """The cookies of a `Cookie` header (RFC 6265, section 5.4)."""
    found: dict[str, list[str]] = {}
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        found.setdefault(name, []).append(value)
    return found


def function_source() -> str:
    """The source of the CloudFront Function, with the rules filled in."""
    rules = json.dumps(RULES, separators=(",", ":"), ensure_ascii=False)
    return (INFRA / "session_door.js").read_text(encoding="utf-8").replace('"@RULES@"', rules)
