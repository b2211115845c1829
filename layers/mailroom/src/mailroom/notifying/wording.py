"""The text of notifications: templates for translators, made safe for e-mail and SMS.

A stranger types the subject of a mail. The organism sees it in the body of an e-mail, never in a header and never in
an SMS. It stays text on one line, becomes no link, and cannot reorder the surrounding words (Unicode TR 36, 2.7). In
Arabic text all other values are isolated too: otherwise the groups of a code of digits would be reordered (Unicode
Standard Annex 9).
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypedDict

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bidirectional.number_runs import number_runs
from mailroom.domain.clock import in_casablanca
from mailroom.domain.organism import Language
from mailroom.notifying.notifications import Channel, Template

Values = Mapping[str, str | datetime]

TEMPLATES = Path(__file__).parent / "templates"

SUBJECT_LINE = 150
"""Most characters of an e-mail's subject line."""

_FREE_TEXT = frozenset({"organism", "new_organism", "subject"})
"""Free text by people, in any script; the other values are numbers, codes and addresses of the service."""

_BY_STRANGERS = frozenset({"subject"})
"""Free text by senders, who do not sign in: shown only in the body of an e-mail to the organism."""

_WORDS_OF_OURS = frozenset({"sender_kind", "letter_kind"})
"""Values that are words of the reader's language, or that a template only compares."""

_ADDRESSES = frozenset({"follow_up_url", "new_follow_up_url", "not_mine_url", "verification_page"})
"""Values that stand alone on their line."""

_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
"""They isolate a text, which takes the direction of its first letter, or from left to right without letters."""
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

_BROKEN_UP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"=\?"), "= ?"),  # an encoded word (RFC 2047), which mail programs decode
    (re.compile(r"\?="), "? ="),
    (re.compile(r"[:：][/／]{2}"), " : // "),
    (re.compile(r"(?<=[^\W\d_])[:：](?=[^\s:：])"), ": "),  # mailto:, javascript:
    (re.compile(r"\\(?=\\)"), "\\ "),  # \\server\share
    (re.compile(r"(?<=\S)[@＠](?=\S)"), " @ "),
    (re.compile(r"(?<=\S)[.．。｡](?=[^\W\d_])"), ". "),
)
"""Texts that mail programs decode or turn into a link, and their readable replacement without a link."""

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


class MessageWords(TypedDict):
    """A file of `templates/words`: what templates of one language have in common."""

    service: str
    sender_kinds: dict[str, str]
    months: list[str]
    moment: str
    day: str
    said: dict[str, str]
    """Sentences that several notifications share, by the name under which templates ask for them."""


@dataclass(frozen=True, kw_only=True)
class WordedEmail:
    """An e-mail in both its forms; `sender_name` is shown before the address it comes from."""

    sender_name: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class WordedSms:
    """The text of an SMS; outside Arabic it holds GSM 7-bit characters alone."""

    text: str


def compose(template: Template, channel: Channel, language: Language, values: Values) -> WordedEmail | WordedSms:
    """Word the notification `template` in `language`, with `values` as the folder's README lists.

    Instants are shown in Moroccan time. Texts by strangers reach the body of an e-mail alone. Raises
    jinja2.UndefinedError for a template that names a missing value.
    """
    shown = _localised(values, language)
    ours = {name: value for name, value in shown.items() if name not in _BY_STRANGERS}

    def render(file: str, values: Values) -> str:
        return _environment(language).get_template(f"{template}/{language}/{file}").render(values)

    if channel == "sms":
        # Each mark is paid for: an address, alone on its line, does without.
        bare = {name: value for name, value in ours.items() if name in _ADDRESSES}
        text = render("sms.txt", {**_in_text(ours, language), **bare})
        return WordedSms(text=text if language == "ar" else _in_gsm_7(text))
    subject = render("subject.txt", _in_text(ours, language))
    return WordedEmail(
        sender_name=_words(language)["service"],
        subject=_cut(" ".join(subject.splitlines()), SUBJECT_LINE),
        text=render("email.txt", _in_text(shown, language)),
        html=render("email.html", shown),
    )


def _localised(values: Values, language: Language) -> dict[str, str | datetime]:
    """`values` in the words of `language`; free text on one line, without characters that affect its surroundings."""
    kinds = _words(language)["sender_kinds"]
    shown: dict[str, str | datetime] = dict(values)
    if "sender_kind" in shown:
        shown["sender_kind"] = kinds[str(shown["sender_kind"])]
    for name in _FREE_TEXT & shown.keys():
        shown[name] = _clean(str(shown[name]))
    for name in _BY_STRANGERS & shown.keys():
        shown[name] = _numbers_whole(_unlinked(str(shown[name])))
    return shown


def _in_text(values: Values, language: Language) -> Values:
    """`values` for plain text, each kept from reordering what surrounds it; HTML has `<bdi>` for that."""
    return {
        name: _isolated(name, value, language) if isinstance(value, str) else value for name, value in values.items()
    }


def _isolated(name: str, value: str, language: Language) -> str:
    if name in _FREE_TEXT:
        turns = language == "ar" or not _RIGHT_TO_LEFT.isdisjoint(map(unicodedata.bidirectional, value))
        return f"{_ISOLATE}{value}{_POP_ISOLATE}" if turns else value
    if language != "ar" or name in _WORDS_OF_OURS:
        return value
    # A blank ends an address before the mark: no mail program takes the mark for a part of it.
    end = " " if name in _ADDRESSES else ""
    return f"{_ISOLATE}{value}{end}{_POP_ISOLATE}"


def _unlinked(text: str) -> str:
    """`text` without anything that a mail program makes a link of."""
    for found, instead in _BROKEN_UP:
        text = found.sub(instead, text)
    return " ".join(text.split())


def _numbers_whole(text: str) -> str:
    """`text` with its numbers isolated where it holds Arabic: an agent may dial one, and their groups change places."""
    if _RIGHT_TO_LEFT.isdisjoint(map(unicodedata.bidirectional, text)):
        return text
    parts, end = [], 0
    for run in number_runs(text):
        parts += [text[end : run.start], _ISOLATE, text[run.start : run.end], _POP_ISOLATE]
        end = run.end
    return "".join([*parts, text[end:]])


@cache
def _words(language: Language) -> MessageWords:
    words: MessageWords = json.loads((TEMPLATES / "words" / f"{language}.json").read_text(encoding="utf-8"))
    return words


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
    )
    words = _words(language)
    environment.filters["moment"] = lambda instant: _on_moroccan_clocks(words, words["moment"], instant)
    environment.filters["day"] = lambda instant: _on_moroccan_clocks(words, words["day"], instant)
    environment.globals |= {"service": words["service"], "language": language, "said": words["said"]}
    return environment


def _on_moroccan_clocks(words: MessageWords, pattern: str, instant: datetime) -> str:
    local = in_casablanca(instant)
    return pattern.format(
        year=local.year,
        month=words["months"][local.month - 1],
        month_number=f"{local:%m}",
        day=f"{local:%d}",
        time=f"{local:%H:%M}",
        offset=f"{local:%:z}",
    )


def _clean(text: str) -> str:
    """`text` on one line, without control and bidirectional characters and unpaired surrogates."""
    kept = (
        " " if unicodedata.category(character) in {"Cc", "Cs"} else character
        for character in text
        if character not in _BIDI_CONTROLS
    )
    return " ".join("".join(kept).split())


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
