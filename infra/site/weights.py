"""What the pages weigh, against what a cheap phone at the edge of a network can bear: gzip −9, 1 KB is 1,000 bytes."""

import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.site.words import LANGUAGES

CRITICAL: Final = 40_000
"""Bytes that must arrive before the first field takes a letter: the page, its style, its scripts."""
FIRST_PAGE: Final = 100_000
"""Bytes of all that a page loads by itself: those, fonts and icons."""
STYLE: Final = 8_000
"""Bytes of the style sheet."""

_NEEDED: Final = re.compile(r'<(?:link rel="(?:stylesheet|modulepreload)" href|script type="module" src)="(/[^"]+)"')
_REFERRED: Final = re.compile(r'<link rel="(?:icon|manifest)" href="(/[^"]+)"')
_FONT: Final = re.compile(r"/assets/[\w-]+\.woff2")


@dataclass(frozen=True, kw_only=True)
class Weight:
    """Bytes of one page in one language, as they travel."""

    page: str
    critical: int
    whole: int
    style: int

    @property
    def faults(self) -> Iterator[str]:
        """The budgets that it breaks."""
        for what, bytes_, most in (
            ("before the first letter", self.critical, CRITICAL),
            ("the whole page", self.whole, FIRST_PAGE),
            ("its style", self.style, STYLE),
        ):
            if bytes_ > most:
                yield f"{self.page}: {what} weighs {bytes_ / 1000:.1f} KB, {most / 1000:.0f} are allowed"

    def __str__(self) -> str:
        return f"{self.page:<12} {self.critical / 1000:5.1f} KB critical, {self.whole / 1000:5.1f} KB whole"


def weights(pages: Path) -> Sequence[Weight]:
    """The weight of each page that moves, and of the longest one, in each language."""
    found = []
    for name in ("index", "follow", "verify", "developers", "desk", "operations", "open-data"):
        for language in LANGUAGES:
            file = pages / language / f"{name}.html"
            if file.exists():
                found.append(_weigh(pages, file))
    return found


def _weigh(pages: Path, file: Path) -> Weight:
    text = file.read_text(encoding="utf-8")
    needed = {pages / address.removeprefix("/") for address in _NEEDED.findall(text)}
    sheets = [each for each in needed if each.suffix == ".css"]
    # every font that the style names: which of them a page's letters need is the browser's matter
    fonts = {pages / address.removeprefix("/") for sheet in sheets for address in _FONT.findall(sheet.read_text())}
    referred = {pages / address.removeprefix("/") for address in _REFERRED.findall(text)}
    critical = _travels(file) + sum(map(_travels, needed))
    return Weight(
        page=str(file.relative_to(pages)),
        critical=critical,
        whole=critical + sum(map(_travels, fonts | referred)),
        style=sum(map(_travels, sheets)),
    )


def _travels(file: Path) -> int:
    """Bytes on the wire; a font is compressed already."""
    content = file.read_bytes()
    return len(content) if file.suffix == ".woff2" else len(gzip.compress(content, 9))
