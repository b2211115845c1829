"""The privacy notice a sender reads before giving contact details (law 09-08, art. 5)."""

import json
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from mailroom.domain.organism import Bilingual

CURRENT_VERSION = "1"


class PrivacyNotice(BaseModel):
    """The privacy notice of one organism, in Arabic, French and English."""

    model_config = ConfigDict(frozen=True)

    version: str
    fr: str
    ar: str
    en: str


@cache
def _template(version: str) -> dict[str, str]:
    text = (Path(__file__).parent / "privacy_notices" / f"{version}.json").read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(text)
    return words


def notice_of(name: Bilingual) -> PrivacyNotice:
    """The current notice, with the organism named as controller."""
    words = _template(CURRENT_VERSION)
    return PrivacyNotice(
        version=CURRENT_VERSION,
        fr=words["fr"].replace("{organism}", name.fr),
        ar=words["ar"].replace("{organism}", name.ar),
        en=words["en"].replace("{organism}", name.fr),
    )
