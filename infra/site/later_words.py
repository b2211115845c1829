"""Which words a page must have before it can be used, and which come with the scripts that say them.

The page that sends holds the words of four steps and of the receipt; a letter's first field needs a third of them. The
scripts themselves tell which: a key stands in them as a text, or begins one (`write.kind_${kind}`).
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra import door
from infra.site.bundles import Asset, Bundles, asset
from infra.site.words import Language, Words, words

_TEXT: Final = re.compile(r"""["'`]([a-z_]+\.[a-z0-9_]*)(?=["'`]|\$\{)""")


SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "send": (
        *("frame", "problems", "send", "files", "choose", "desk", "wizard", "write"),
        *("attach", "contact", "review", "receipt"),
    )
}
"""The sections that a page's scripts say, where some of their words come later."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A page's words in one language: those that stand in it, and the file of the others."""

    first: Words
    later: Asset


def parts(destination: Path, bundled: Bundles, page: str, language: Language) -> Parts | None:
    """Split the words of a page, and write those that come later; None: it has all of them at once."""
    if page not in SECTIONS or page not in bundled.scripts:
        return None
    every = {section: words(language)[section] for section in SECTIONS[page]}
    scripts = [(destination / path.removeprefix("/")).read_text("utf-8") for path in bundled.scripts[page].opening]
    first = said(scripts, every)
    later = {
        section: left
        for section, keys in every.items()
        if (left := {key: word for key, word in keys.items() if key not in first[section]})
    }
    content = json.dumps(later, ensure_ascii=False, separators=(",", ":"))
    name = f"words-{language}-{hashlib.sha256(content.encode()).hexdigest()[:8].upper()}.json"
    (destination / door.ASSETS / name).write_text(content, encoding="utf-8")
    return Parts(first=first, later=asset(destination, door.ASSETS + name))


def said(scripts: Iterable[str], every: Words) -> Words:
    """The words whose keys stand in these scripts, whole or by their beginning."""
    texts = {text for script in scripts for text in _TEXT.findall(script)}
    beginnings = tuple(text for text in texts if text.endswith((".", "_")))
    return {
        section: {
            key: word
            for key, word in keys.items()
            if f"{section}.{key}" in texts or f"{section}.{key}".startswith(beginnings)
        }
        for section, keys in every.items()
    }
