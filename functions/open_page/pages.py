"""The two pages, each one self-contained file: layout, style, script, words of every language.

Moroccan clocks come along too: decrees change them, and a browser may be older than the last one.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from mailroom.domain.clock import in_casablanca

Name = Literal["follow_up", "verify"]

_FOLDER = Path(__file__).parent
_LANGUAGES = ("ar", "fr", "en")

_FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)
"""Before the first mail."""

_DAYS = 15 * 365


class Page(NamedTuple):
    """A page as it is sent, and the Content-Security-Policy that lets it and nothing else run."""

    html: str
    policy: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers that it is sent with."""
        return {
            "Content-Security-Policy": self.policy,
            "Cache-Control": "public, max-age=300",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }


@cache
def page(name: Name) -> Page:
    """The page of that name. It holds no personal data: its script gets them from the API."""
    style = _read("style.css")
    script = f"{_read('frame.js')}\n{_read(f'{name}.js')}"
    html = _read("frame.html")
    for part, content in (
        ("main", _read(f"{name}.html")),
        ("style", style),
        ("data", _data(name)),
        ("script", script),
    ):
        html = html.replace(f"{{{{{part}}}}}", content)
    policy = (
        "default-src 'none'",
        f"script-src {_hash(script)}",
        f"style-src {_hash(style)}",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return Page(html, "; ".join(policy))


def _data(name: Name) -> str:
    words = {}
    for language in _LANGUAGES:
        every = json.loads((_FOLDER / "words" / f"{language}.json").read_text(encoding="utf-8"))
        words[language] = every["shared"] | every[name]
    data = {"words": words, "offsets": list(_offsets())}
    # "</script>" in a translation would end the block.
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _offsets() -> Iterator[tuple[int, int]]:
    """Since when, in seconds of Unix time, Moroccan clocks are how many minutes ahead of UTC."""
    known = _minutes_ahead(_FIRST_DAY)
    yield int(_FIRST_DAY.timestamp()), known
    for day in range(_DAYS):
        begins, ends = _FIRST_DAY + timedelta(days=day), _FIRST_DAY + timedelta(days=day + 1)
        if _minutes_ahead(ends) == known:
            continue
        while ends - begins > timedelta(minutes=1):
            middle = begins + (ends - begins) / 2
            begins, ends = (middle, ends) if _minutes_ahead(middle) == known else (begins, middle)
        known = _minutes_ahead(ends)
        yield int(ends.timestamp()) // 60 * 60, known


def _minutes_ahead(instant: datetime) -> int:
    return (in_casablanca(instant).utcoffset() or timedelta()) // timedelta(minutes=1)


def _read(file: str) -> str:
    return (_FOLDER / "assets" / file).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """A source of CSP level 2: the digest of an inline block as it stands between its tags."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
