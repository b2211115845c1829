"""What notifications say: templates that a translator edits, made safe for the way they travel.

A subject is what a stranger typed. In an e-mail's header it stays one line; in HTML it stays text;
in either it cannot turn round the order of the words that surround it (Unicode TR 36, 2.7).
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TypedDict

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from mailroom.clock import in_casablanca
from mailroom.notifications import Channel, Template
from mailroom.organism import Language

Values = Mapping[str, str | datetime]

TEMPLATES = Path(__file__).parent / "templates"

SUBJECT_LINE = 150
"""Most characters of an e-mail's subject line."""

_SUBJECT_IN_LINE = 100

_FREE_TEXT = frozenset({"organism", "new_organism", "subject"})
"""Values that people wrote, in any script; the others are numbers, codes and addresses of ours."""

_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

_JOINERS = frozenset("\u200d\ufe0e\ufe0f")

_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
"""The alphabet of an SMS whose parts hold 153 characters instead of 67 (3GPP 23.038)."""

_GSM_7_NEIGHBOURS = str.maketrans({
    "’": "'", "‘": "'", "«": '"', "»": '"', "“": '"', "”": '"', "–": "-", "—": "-",
    "…": "...", "œ": "oe", "Œ": "OE", "°": "o", "\u00a0": " ", "\u202f": " ",
})  # fmt: skip


class Words(TypedDict):
    """A file of `templates/words`: what templates of one language have in common."""

    service: str
    sender_kinds: dict[str, str]
    months: list[str]
    moment: str
    day: str


@dataclass(frozen=True, kw_only=True)
class Email:
    """An e-mail in both its forms; `sender_name` is shown before the address it comes from."""

    sender_name: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Sms:
    """The text of an SMS; outside Arabic it holds GSM 7-bit characters alone."""

    text: str


def compose(template: Template, channel: Channel, language: Language, values: Values) -> Email | Sms:
    """Word the notification `template` in `language`, with `values` as the folder's README lists.

    Instants are told on Moroccan clocks. The mail's subject never goes into an SMS. Raises
    jinja2.UndefinedError where a template asks for a value that it doesn't get.
    """
    told = _localised(values, language)
    isolated = partial(_isolated, language=language)

    def render(file: str, free_text: Callable[[str], str]) -> str:
        prepared = {
            name: free_text(_clean(str(value))) if name in _FREE_TEXT else value for name, value in told.items()
        }
        return _environment(language).get_template(f"{template}/{language}/{file}").render(prepared)

    if channel == "sms":
        told.pop("subject", None)
        text = render("sms.txt", str)
        return Sms(text=text if language == "ar" else _in_gsm_7(text))
    subject = render("subject.txt", lambda text: isolated(_cut(text, _SUBJECT_IN_LINE)))
    return Email(
        sender_name=_words(language)["service"],
        subject=_cut(_clean(subject, keep=_ISOLATE + _POP_ISOLATE), SUBJECT_LINE),
        text=render("email.txt", isolated),
        html=render("email.html", str),
    )


def _localised(values: Values, language: Language) -> dict[str, str | datetime]:
    kinds = _words(language)["sender_kinds"]
    return {name: kinds[str(value)] if name == "sender_kind" else value for name, value in values.items()}


@cache
def _words(language: Language) -> Words:
    words: Words = json.loads((TEMPLATES / "words" / f"{language}.json").read_text(encoding="utf-8"))
    return words


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        auto_reload=False,
    )
    words = _words(language)
    environment.filters["moment"] = lambda instant: _told(words, words["moment"], instant)
    environment.filters["day"] = lambda instant: _told(words, words["day"], instant)
    environment.globals |= {"service": words["service"], "language": language}
    return environment


def _told(words: Words, pattern: str, instant: datetime) -> str:
    local = in_casablanca(instant)
    return pattern.format(
        year=local.year,
        month=words["months"][local.month - 1],
        month_number=f"{local:%m}",
        day=f"{local:%d}",
        time=f"{local:%H:%M}",
        offset=f"{local:%:z}",
    )


def _clean(text: str, *, keep: str = "") -> str:
    """`text` on one line, without control and bidirectional characters and unpaired surrogates."""
    kept = (
        " " if unicodedata.category(character) in {"Cc", "Cs"} else character
        for character in text
        if character not in _BIDI_CONTROLS or character in keep
    )
    return " ".join("".join(kept).split())


def _isolated(text: str, language: Language) -> str:
    """`text`, kept from reordering what surrounds it; French in French can't and stays bare."""
    if language == "ar" or any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in text):
        return f"{_ISOLATE}{text}{_POP_ISOLATE}"
    return text


def _cut(text: str, limit: int) -> str:
    """At most `limit` characters of `text`; no letter loses its marks, no emoji its parts."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end and _belongs_to_the_one_before(text, end):
        end -= 1
    return text[:end].rstrip() + "…"


def _belongs_to_the_one_before(text: str, index: int) -> bool:
    character = text[index]
    return (
        unicodedata.category(character).startswith("M")
        or character in _JOINERS
        or text[index - 1] == "\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U0001f1e6" <= character <= "\U0001f1ff"  # flags are pairs of these
    )


def _in_gsm_7(text: str) -> str:
    spelled = unicodedata.normalize("NFC", text.translate(_GSM_7_NEIGHBOURS))
    letters = (each if each in _GSM_7 else unicodedata.normalize("NFKD", each) for each in spelled)
    return "".join(each for each in "".join(letters) if each in _GSM_7)
