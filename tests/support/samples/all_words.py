"""Every sentence that the product says to people, wherever a translator finds it, and what makes one right."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from infra.constructs import pool_messages
from mailroom.domain.organism import Language
from render_receipt import printed_words
from tests.support.inspection.composed import BY_SMS, EACH, LANGUAGES, TEMPLATES, Page, an_email, an_sms

ROOT = Path(__file__).parents[3]
MAILROOM = ROOT / "layers" / "mailroom" / "src" / "mailroom"
FOLDERS = {
    "problem": MAILROOM / "domain" / "problem_words",
    "file": MAILROOM / "domain" / "file_words",
    "missing": ROOT / "functions" / "describe_service" / "words",
    "check": MAILROOM / "check" / "words",
    "register": MAILROOM / "check" / "register_words",
    "message": MAILROOM / "notifying" / "templates" / "words",
}
NOTICES = MAILROOM / "domain" / "privacy_notices"
MESSAGES = MAILROOM / "notifying" / "templates"

ISOLATED = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")
ARABIC = "\u0600-\u06ff"


class Sentence(NamedTuple):
    """A sentence as it is written, its language, and where it stands."""

    place: str
    language: Language
    text: str


def _leaves(value: Any, place: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(each, f"{place}.{name}")
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, place)


def catalogue(family: str, language: Language) -> dict[str, str]:
    """The sentences of one file, by their path in it."""
    path = FOLDERS[family] / f"{language}.json"
    return dict(_leaves(json.loads(path.read_text(encoding="utf-8")), family))


def _on_the_receipt() -> Iterator[Sentence]:
    """The receipt's fixed words; it has no English."""
    for name, value in vars(printed_words).items():
        for words in value.values() if isinstance(value, dict) else [value]:
            if isinstance(words, printed_words.Words) and not name.startswith("_"):
                yield Sentence(f"receipt.{name}", "fr", words.fr)
                yield Sentence(f"receipt.{name}", "ar", words.ar)


def _to_staff() -> Iterator[Sentence]:
    """What the user pool writes to agents and operators; it has no English."""
    for language, words in pool_messages.WORDS.items():
        for name, text in asdict(words).items():
            yield Sentence(f"pool.{name}", language, text)


def written() -> Iterator[Sentence]:
    """Every sentence as a translator wrote it, with its blanks, except those of the messages."""
    for language in LANGUAGES:
        for family in FOLDERS:
            for place, text in catalogue(family, language).items():
                yield Sentence(place, language, text)
        for notice in NOTICES.glob("*.json"):
            yield Sentence(f"notice.{notice.stem}", language, json.loads(notice.read_text(encoding="utf-8"))[language])
    yield from _on_the_receipt()
    yield from _to_staff()


def files() -> Iterator[Sentence]:
    """Every file of the messages as it is written."""
    for template, language in EACH:
        for path in sorted((MESSAGES / template / language).iterdir()):
            yield Sentence(f"{template}.{path.name}", language, path.read_text(encoding="utf-8"))


def sent() -> Iterator[Sentence]:
    """Every message as it goes out, line by line; the kind of letter that has most to say."""
    for template in TEMPLATES:
        for language in LANGUAGES:
            more = {"letter_kind": "complaint"} if template == "sender_receipt" else {}
            message = an_email(template, language, **more)
            for form, text in (
                ("subject", message.subject),
                ("text", message.text),
                ("html", Page(message.html).words),
            ):
                for line in filter(str.strip, text.splitlines()):
                    yield Sentence(f"{template}.{form}", language, line)
            if template in BY_SMS:
                for line in an_sms(template, language).splitlines():
                    yield Sentence(f"{template}.sms", language, line)


def words_alone(text: str) -> str:
    """`text` of a message's file without what the program fills in and without HTML."""
    style_free = re.sub(r"(?s)<style>.*?</style>", "", text)
    return re.sub(r"\{[{%].*?[%}]\}|<[^>]*>", "\ufffc", style_free)
