"""What the pages carry of others: libraries and fonts, each with its licence, as their licences ask."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.paths import ROOT
from infra.site.places import SITE

_LOCK = ROOT / "package-lock.json"
_MODULES = "node_modules/"
_FONTS = {"IBM Plex Sans Arabic": "OFL-IBMPlex.txt", "Noto Sans Tifinagh": "OFL-Noto.txt"}


@dataclass(frozen=True, kw_only=True)
class Part:
    """A library or font, and the text of its licence."""

    name: str
    version: str | None
    licence: str
    """An expression of SPDX."""
    text: str


OF_PREVIEW: Final = "pdfjs-dist"
"""The library that runs in the preview's frame alone, whose origin is opaque: no page loads it."""


def asked_for() -> list[str]:
    """The libraries that the pages themselves ask for; at most five."""
    dependencies: dict[str, str] = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return sorted(dependencies.keys() - {OF_PREVIEW})


def parts() -> Iterator[Part]:
    """The libraries, those that they bring along, and the fonts. Raises FileNotFoundError where a text is missing."""
    packages = json.loads(_LOCK.read_text(encoding="utf-8"))["packages"]
    for folder, package in sorted(packages.items()):
        name = folder.removeprefix(_MODULES)
        # types leave nothing in a bundle, nor does what pdf.js draws with under Node
        is_left_out = package.get("dev") or package.get("optional") or name.startswith("@types/")
        if folder and not is_left_out:
            text = _licence_file(ROOT / folder).read_text(encoding="utf-8")
            yield Part(name=name, version=package["version"], licence=package["license"], text=text)
    for name, file in _FONTS.items():
        text = (SITE / "fonts" / file).read_text(encoding="utf-8")
        yield Part(name=name, version=None, licence="OFL-1.1", text=text)


def notice() -> str:
    """The text that is published beside the pages."""
    return "\n\n".join(
        f"{part.name}{f' {part.version}' if part.version else ''} ({part.licence})\n{'=' * 72}\n{part.text.strip()}"
        for part in parts()
    )


def _licence_file(folder: Path) -> Path:
    found = sorted(file for file in folder.iterdir() if file.name.upper().startswith(("LICENSE", "LICENCE")))
    if not found:
        raise FileNotFoundError(f"{folder.name} comes without the text of its licence")
    return found[0]
