"""Pictures of pages: all are kept for people to look at, and a few are compared.

A picture differs wherever a font, a version of the browser or a machine draws a letter otherwise, so that pictures of
all pages would fail without a fault, and be renewed without a look. What must hold of every page is therefore held as
facts (`layout.py`). The pictures compared are those of a handful of key states. They are compared small and grey, where
letters are a texture: a part that is missing, on the wrong side or of another colour shows, a letter does not.
"""

import base64
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops
from playwright.sync_api import Page

from infra.paths import LOCAL, ROOT

KEPT: Final = LOCAL / "pictures"
"""Each run's pictures: `<page>-<state>-<language>-<theme>-<width>.png`."""
BASELINES: Final = ROOT / "tests" / "browser" / "pictures"
RENEW: Final = "RENEW_PICTURES"
"""Set in the environment, this replaces the pictures compared with by those of the run."""

_COLUMNS: Final = 128
_MOST_HEIGHT: Final = 0.06
"""The part by which heights may differ: a line more or less in a long text."""
_DIFFERS: Final = 48
"""Of 255 shades of grey."""
_MOST_DIFFERENT: Final = 0.04
"""The part of the picture that may differ: words that shift by a letter."""


@dataclass(frozen=True, kw_only=True)
class PictureName:
    """What a picture shows."""

    page: str
    state: str
    language: str
    theme: str
    width: int

    def __str__(self) -> str:
        return f"{self.page}-{self.state}-{self.language}-{self.theme}-{self.width}"


def picture(page: Page, name: PictureName, *, compared: bool = False) -> list[str]:
    """Keep a picture of the whole page; where it is compared, say in what it differs from the one known."""
    KEPT.mkdir(parents=True, exist_ok=True)
    taken = _whole_page(page)
    (KEPT / f"{name}.png").write_bytes(taken)
    return differences(_small(taken), BASELINES / f"{name}.png") if compared else []


def _whole_page(page: Page) -> bytes:
    """A picture of it in half the time that Playwright's own takes: packed less tightly."""
    session = page.context.new_cdp_session(page)
    try:
        answer = session.send(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "optimizeForSpeed": True}
        )
    finally:
        session.detach()
    return base64.b64decode(answer["data"])


def differences(small: Image.Image, known: Path) -> list[str]:
    """In what a small picture differs from a known one."""
    if os.environ.get(RENEW):
        known.parent.mkdir(exist_ok=True)
        small.quantize(16).save(known, optimize=True)
        return []
    if not known.exists():
        return [f"{known.name} is not known: look at it in .local/pictures, then run with {RENEW}=1."]
    before = Image.open(known).convert("L")
    if abs(before.height - small.height) > _MOST_HEIGHT * before.height:
        return [f"{known.name}: {small.height / before.height:.2f} times as high as it was"]
    height = min(before.height, small.height)
    area = (0, 0, _COLUMNS, height)
    shades = ImageChops.difference(before.crop(area), small.crop(area)).histogram()
    part = sum(shades[_DIFFERS:]) / (_COLUMNS * height)
    return [f"{known.name}: {part:.1%} of it differs"] if part > _MOST_DIFFERENT else []


def _small(png: bytes) -> Image.Image:
    whole = Image.open(io.BytesIO(png)).convert("L")
    height = max(1, round(whole.height * _COLUMNS / whole.width))
    return whole.resize((_COLUMNS, height), Image.Resampling.BOX)
