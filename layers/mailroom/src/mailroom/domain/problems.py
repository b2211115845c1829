"""Refusals in words: problem documents (RFC 9457) in Arabic, French and English.

The words lie in ``problem_words/<language>.json``, where a translator finds them; they are read when first needed.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from mailroom.domain.file_refusals import AnswerFilesPending, AnswerFilesRefused, FilesRefused, FileUnchecked
from mailroom.domain.refusals import (
    AlreadyClosed,
    FieldError,
    FieldsWrong,
    Refusal,
    StepsMissing,
)

LANGUAGES = ("ar", "fr", "en")
DEFAULT_LANGUAGE = "fr"

_FILE = "attachments/0199a0e2-6a0b-7c55-9e0f-0b6d7f3f8a11"

_QVALUE = re.compile(r"q\s*=\s*([01](?:\.\d{0,3})?)", re.ASCII)
"""RFC 9110, section 12.4.2."""


def language_of(accept_language: str) -> str:
    """The best of our languages for an ``Accept-Language`` header; French where it asks for none of them."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language.lower().split(",")[:20]):
        name, _, weight = part.partition(";")
        language = name.strip().partition("-")[0]
        if language in LANGUAGES:
            wanted.append((-_quality(weight), position, language))
    return min(wanted)[2] if wanted and min(wanted)[0] < 0 else DEFAULT_LANGUAGE


def _quality(weight: str) -> float:
    if not weight.strip():
        return 1.0
    found = _QVALUE.fullmatch(weight.strip())
    return float(found[1]) if found else 0.0


@cache
def _catalogue(language: str) -> dict[str, Any]:
    path = Path(__file__).parent / "problem_words" / f"{language}.json"
    catalogue: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return catalogue


def words(language: str, slug: str) -> dict[str, str]:
    """Title and detail of a problem."""
    found: dict[str, str] = _catalogue(language)["problems"][slug]
    return found


def document(refusal: Refusal, language: str, *, instance: str) -> dict[str, Any]:
    """The problem document of a refusal, its words in `language`; a detail may name `instance`, to be quoted to us."""
    said = words(language, refusal.slug)
    problem: dict[str, Any] = {
        "type": f"/problems/{refusal.slug}",
        "title": said["title"],
        "status": refusal.status,
        "detail": said["detail"].format_map(_Values({"instance": instance} | refusal.values)),
        "instance": instance,
    }
    if isinstance(refusal, FieldsWrong):
        # A field's name came with the request: half a character in it could not be sent back.
        problem["errors"] = [
            {
                "field": error.field.encode("utf-8", "replace").decode()[:200],
                "message": field_message(error, language),
            }
            for error in refusal.errors
        ]
    return problem | refusal.members


def example(kind: type[Refusal]) -> dict[str, Any]:
    """A problem document of that kind, in English, for the contract."""
    if issubclass(kind, FieldsWrong):
        refusal: Refusal = kind(FieldError("subject", "blank"))
    elif issubclass(kind, FilesRefused):
        refusal = kind(["letter"], [_FILE])
    elif issubclass(kind, StepsMissing):
        refusal = kind(["letter", _FILE])
    elif issubclass(kind, AnswerFilesPending):
        refusal = kind([_FILE], [], [])
    elif issubclass(kind, AnswerFilesRefused):
        refusal = kind([], [_FILE], [])
    elif issubclass(kind, FileUnchecked):
        refusal = kind("protected")
    elif issubclass(kind, AlreadyClosed):
        refusal = kind("answered", "2026-11-23T09:02:11.482Z", "nadia")
    else:
        refusal = kind(most=20, allowed="GET")
    return {"value": document(refusal, "en", instance="/requests/JKJaXmPLvHcESHA=")}


def field_message(error: FieldError, language: str) -> str:
    """What is wrong with one field, as a sentence that says what to do."""
    sentences: dict[str, str] = _catalogue(language)["fields"]
    return sentences.get(error.code, sentences["other"]).format_map(_Values(error.values))


class _Values(dict[str, object]):
    """Values for a sentence; one that an error lacks reads as an ellipsis, since a poor sentence beats none."""

    def __missing__(self, key: str) -> str:
        return "…"
