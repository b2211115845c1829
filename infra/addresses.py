"""The addresses of the pages: which file each one shows, and which lead on to another.

The local proxy calls `answer`. In AWS the CloudFront Function `addresses.js` says the same, with `RULES` filled in; one
table of cases runs through both (`tests/infra/test_addresses.py`).

Codes stand behind `#`, which no server sees. Filters and messengers write `%23` instead, and then browsers send them:
such a link leads back to the page, with the code behind `#` again.
"""

import json
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from infra import door
from infra.paths import INFRA

LANGUAGES: Final = ("ar", "fr", "en")
DEFAULT_LANGUAGE: Final = "fr"

WITH_OWN_ADDRESSES: Final = ("desk", "operations")
"""Pages that show a different part of themselves under each address below their own."""

OLD_PAGES: Final = {"suivi": "follow", "s": "follow", "verifier": "verify"}
"""Addresses without a language, which stand on receipts, in e-mails and in SMS: they answer for ever."""

RESERVED: Final = frozenset(
    (
        *("about", "accessibility", "api", "assets", "contact", "desk", "desks", "developers", "draft", "drafts"),
        *("follow", "help", "index", "languages", "legal", "licences", "mail", "mails", "news", "not-found", "offline"),
        *("open-data", "operations", "organisms", "phone", "print", "privacy", "receipt", "receipts", "search"),
        *("security", "send", "sign-in", "sign-out", "statistics", "status", "terms", "unavailable", "v1", "verify"),
        *(*OLD_PAGES, *LANGUAGES),
    )
)
"""Names that no organism has, since `/{language}/{name}` is the page of that name. The API refuses to enrol one
(`mailroom.domain.organism`). A page needs a name of these."""

_MOST_ENCODINGS = 3
"""How often a link is encoded again on its way, at most: each time `%23` becomes `%2523`."""
_LONGEST_BEHIND = 200
"""Characters behind the `#`, encoded: a number and a code have 60."""
_MOST_PREFERENCES = 20
"""The parts of `Accept-Language` that are read."""

_BLANK = (
    r"\u0000-\u0020\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
"""Spaces of every kind, and marks that show nothing: a messenger copies them along."""
_LANGUAGE = "|".join(LANGUAGES)
_NAME = "[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"
_LINKED = "|".join((*OLD_PAGES, *sorted({*OLD_PAGES.values()})))

# Expressions of ECMAScript 5.1, which is all that a CloudFront Function promises; none has the flag `u` or `s`.
PATTERNS: Final = {
    "language": rf"^/({_LANGUAGE})/?$",
    "page": rf"^/({_LANGUAGE})/({_NAME})/?$",
    "inside": rf"^/({_LANGUAGE})/({'|'.join(WITH_OWN_ADDRESSES)})(/[^.]*)?$",
    # a sentence's sign may have stuck to the address that ended it
    "linked": rf"""^/(?:({_LANGUAGE})/)?({_LINKED})/*[.,;:!)>\u00bb"'{_BLANK}]*(?:\?[^#]*)?(?:#+([\s\S]*))?$""",
    "asked": rf"(?:^|[?&])lang=({_LANGUAGE})(?:$|[&#])",
    "preferred": rf"^[{_BLANK}]*({_LANGUAGE})(?:-[a-z0-9-]*)?[{_BLANK}]*$",
    "weight": r"^ *q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?) *$",
    "ends": rf"^[#{_BLANK}]+|[{_BLANK}]+$",
}

REDIRECT_HEADERS: Final = door.SECURITY_HEADERS | {
    "Content-Security-Policy": door.API_POLICY,
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}

RULES: Final = {
    "languages": LANGUAGES,
    "otherwise": DEFAULT_LANGUAGE,
    "old": OLD_PAGES,
    "reserved": sorted(RESERVED),
    "encodings": _MOST_ENCODINGS,
    "longest": _LONGEST_BEHIND,
    "preferences": _MOST_PREFERENCES,
    "patterns": PATTERNS,
    "headers": {name.lower(): value for name, value in REDIRECT_HEADERS.items()},
}
"""What both sides know."""


@dataclass(frozen=True)
class Redirect:
    """The address leads on to another (302). Browsers carry what stands behind `#` over, unless `to` has its own."""

    to: str


@dataclass(frozen=True)
class PageFile:
    """The address shows this file of the pages, where there is one."""

    key: str


def answer(path: str, query: str = "", accept_language: str = "") -> Redirect | PageFile:
    """What an address of the pages answers. `path` and `query` are percent-encoded, as they were sent."""
    asked = _decoded(query)
    language = _found("asked", asked) or preferred_language(accept_language)
    if path == "/":
        return Redirect(f"/{language}/")
    canonical = _canonical(path)
    link = _match("linked", _decoded(path) + (f"?{asked}" if asked else ""))
    if link and (canonical != path or "#" in asked):
        page = link[2].lower()
        return Redirect(f"/{(link[1] or language).lower()}/{OLD_PAGES.get(page, page)}{_fragment(link[3] or '')}")
    if canonical is None:
        return PageFile(unquote(path).removeprefix("/"))
    return PageFile(_file(path)) if canonical == path else Redirect(canonical)


def preferred_language(accept_language: str) -> str:
    """The best of our languages for `Accept-Language` with its weights (RFC 9110, section 12.5.4)."""
    best, weight = DEFAULT_LANGUAGE, 0.0
    for part in accept_language.lower().split(",")[:_MOST_PREFERENCES]:
        name, _, given = part.partition(";")
        language = _found("preferred", name)
        wished = float(_found("weight", given) or 0) if given else 1.0
        if language and wished > weight:
            best, weight = language, wished
    return best


def function_source() -> str:
    """The source of the CloudFront Function, with the rules filled in."""
    return (INFRA / "addresses.js").read_text().replace('"@RULES@"', json.dumps(RULES, separators=(",", ":")))


def _canonical(path: str) -> str | None:
    """The one right form of a page's address, which others differ from in case or by a slash; None for no page's."""
    if inside := _match("inside", path):
        return f"/{inside[1].lower()}/{inside[2].lower()}{inside[3] or '/'}"
    page = _match("page", path)
    if page and page[2].lower() not in OLD_PAGES:
        return f"/{page[1]}/{page[2]}".lower()
    language = _found("language", path)
    return f"/{language}/" if language else None


def _file(canonical: str) -> str:
    language, name = canonical.split("/")[1:3]
    return f"{language}/{name if name in RESERVED else 'index'}.html"


def _fragment(behind: str) -> str:
    """What goes behind `#` again, without what a mailer put at its end."""
    kept = re.split("[?&]", behind)[0]
    if len(kept) > _LONGEST_BEHIND:
        return ""
    encoded = quote(re.sub(PATTERNS["ends"], "", kept), safe="/")
    return f"#{encoded}" if 0 < len(encoded) <= _LONGEST_BEHIND else ""


def _decoded(text: str) -> str:
    for _ in range(_MOST_ENCODINGS):
        try:
            text = unquote(text, errors="strict")
        except UnicodeDecodeError:
            break
    return text


def _match(name: str, text: str) -> re.Match[str] | None:
    # ECMAScript's `i` knows ASCII alone, and its `$` the very end
    return re.search(PATTERNS[name].replace("$", r"\Z"), text, re.IGNORECASE | re.ASCII)


def _found(name: str, text: str) -> str | None:
    found = _match(name, text)
    return found[1].lower() if found else None
