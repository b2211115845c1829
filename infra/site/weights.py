"""What the pages weigh, against what a cheap phone at the edge of a network can bear: gzip −9, 1 KB is 1,000 bytes."""

import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.site.bundles import OPENING
from infra.site.words import LANGUAGES

CRITICAL: Final = 40_000
"""Bytes that must arrive before the first field takes a letter: the page, its style, its scripts."""
FIRST_PAGE: Final = 100_000
"""Bytes of all that a page loads by itself: those, fonts and icons."""
STYLE: Final = 8_000
"""Bytes of the style sheet."""

_NEEDED: Final = re.compile(r'<(?:link rel="(?:stylesheet|modulepreload)" href|script type="module" src)="(/[^"]+)"')
_REFERRED: Final = re.compile(r'<link rel="(?:icon|manifest)" href="(/[^"]+)"')
_IMPORTED: Final = re.compile(r"""(?:from|import)\s*["'](?:\./|/assets/)([\w-]+\.js)["']""")
_WAITED_FOR: Final = re.compile(rf"""import\(\s*["'](?:\./|/assets/)(part-(?:{"|".join(OPENING)})-\w+\.js)["']""")
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
    """The weight of each page that moves, and of the longest one, in each language.

    The first page is weighed twice: as it is, and as the page of a desk that is linked to directly. There the first
    field is the letter's, which waits for further parts of the script.
    """
    found = []
    for name in ("index", "follow", "verify", "developers", "desk", "operations", "open-data"):
        for language in LANGUAGES:
            file = pages / language / f"{name}.html"
            if not file.exists():
                continue
            named = needed(pages, file)
            found.append(_weigh(pages, file, named, page=str(file.relative_to(pages))))
            if name == "index" and (opened := opening(pages, named)) > named:
                found.append(_weigh(pages, file, opened, page=f"{language}/<desk>"))
    return found


def opening(pages: Path, named: set[Path]) -> set[Path]:
    """What a page names, with the parts that its scripts wait for before the letter's first field is there."""
    asked = [name for file in named if file.suffix == ".js" for name in _WAITED_FOR.findall(_text(file))]
    found = set(named)
    while asked:
        file = pages / "assets" / asked.pop()
        if file not in found:
            found.add(file)
            asked += _IMPORTED.findall(_text(file))
    return found


def _text(script: Path) -> str:
    return script.read_text("utf-8", errors="replace")


def needed(pages: Path, file: Path) -> set[Path]:
    """The style and the scripts that a page names."""
    text = file.read_text(encoding="utf-8")
    return {pages / address.removeprefix("/") for address in _NEEDED.findall(text)}


def _weigh(pages: Path, file: Path, parts: set[Path], *, page: str) -> Weight:
    text = file.read_text(encoding="utf-8")
    sheets = [each for each in parts if each.suffix == ".css"]
    # every font that the style names: which of them a page's letters need is the browser's matter
    fonts = {pages / address.removeprefix("/") for sheet in sheets for address in _FONT.findall(sheet.read_text())}
    referred = {pages / address.removeprefix("/") for address in _REFERRED.findall(text)}
    critical = _travels(file) + sum(map(_travels, parts))
    return Weight(
        page=page,
        critical=critical,
        whole=critical + sum(map(_travels, fonts | referred)),
        style=sum(map(_travels, sheets)),
    )


def _travels(file: Path) -> int:
    """Bytes on the wire; a font is compressed already."""
    content = file.read_bytes()
    return len(content) if file.suffix == ".woff2" else len(gzip.compress(content, 9))
