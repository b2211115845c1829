"""Findings in words, in Arabic, French and English; a translator finds them in ``words/<language>.json``."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypedDict

from mailroom.check.findings import CheckedFile, ReceiptFindings, Said, SealFindings
from mailroom.domain import clock

_GOOD, _BAD, _OPEN, _NOTE = "✔", "✘", "?", "ℹ"
_MARKS = {
    "intact": _GOOD, "trusted": _GOOD, "expected": _GOOD, "seals": _GOOD, "valid": _GOOD, "proven": _GOOD,
    "attachment": _GOOD,
    "not_checked": _OPEN, "claimed": _OPEN, "unknown_authority": _OPEN,
}  # fmt: skip
"""The mark of each finding; a finding without a mark here is bad."""

_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_REPLACED = "\ufffd"
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})
_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


class Words(TypedDict):
    """A file of `words`."""

    direction: str
    title: str
    moment: str
    integrity: Mapping[str, str]
    sealer: str
    authority: Mapping[str, str]
    identity: Mapping[str, str]
    purpose: Mapping[str, str]
    certificate: Mapping[str, str]
    time: Mapping[str, str]
    notes: Mapping[str, str]
    record: Mapping[str, str]
    said: Mapping[str, str]
    channels: Mapping[str, str]
    sender_kinds: Mapping[str, str]
    file: Mapping[str, str]
    verdict: Mapping[str, str]
    not_checkable: Mapping[str, str]


@cache
def words_of(language: str) -> Words:
    """The sentences of a language."""
    found: Words = json.loads((Path(__file__).parent / "words" / f"{language}.json").read_text(encoding="utf-8"))
    return found


def not_checkable(reason: str, words: Words) -> str:
    """The reason why the file cannot be judged."""
    return f"{_BAD} {words['not_checkable'][reason]}"


def findings(found: ReceiptFindings, words: Words, *, everything: bool) -> str:
    """All findings, the verdict last; with `everything`, personal data too."""
    lines = [_filled(words, words["title"], receipt=found.receipt), ""]
    lines += _seal(found.seal, words)
    lines.append(_marked(words, found.record.state, words["record"]))
    if found.record.said:
        lines += (f"    {line}" for line in _said(found.record.said, found.record.sha256 or "", words))
        if everything:
            lines += (f"    {line}" for line in _personal(found.record.said, words))
    lines += (_file(file, words) for file in found.files)
    verdict = _filled(words, words["verdict"][found.verdict.name.lower()], name=found.seal.sealer.name)
    return "\n".join([*lines, "", f"→ {verdict}"])


def _seal(seal: SealFindings, words: Words) -> Iterator[str]:
    yield _marked(words, seal.integrity, words["integrity"])
    yield "  " + _filled(words, words["sealer"], name=seal.sealer.name, issuer=seal.sealer.issuer)
    yield _marked(words, seal.authority, words["authority"])
    yield _marked(words, seal.identity, words["identity"], name=seal.sealer.name)
    yield _marked(words, seal.purpose, words["purpose"])
    dates = {"from": f"{seal.sealer.not_before:%Y-%m-%d}", "to": f"{seal.sealer.not_after:%Y-%m-%d}"}
    yield _marked(words, seal.certificate, words["certificate"], **dates)
    at = _moment(seal.time.at, words)
    yield f"{_MARKS[seal.time.proof]} " + words["time"][seal.time.proof].format(
        at=at, authority=_shown(seal.time.authority or "", words)
    )
    yield from (f"{_NOTE} {words['notes'][note]}" for note in seal.notes)


def _said(said: Said, sha256: str, words: Words) -> Iterator[str]:
    texts = words["said"]
    yield _filled(words, texts["number"], number=said.number)
    yield _filled(words, texts["organism"], fr=said.organism_fr, ar=said.organism_ar)
    yield texts["submitted_at"].format(at=_moment(said.submitted_at, words))
    yield _filled(words, texts["channel"], channel=words["channels"].get(said.channel, said.channel))
    yield _filled(words, texts["sender_kind"], kind=words["sender_kinds"].get(said.sender_kind, said.sender_kind))
    yield _filled(words, texts["attachment_count"], count=str(len(said.attachments)))
    yield _filled(words, texts["letter"], sha256=said.letter_sha256)
    yield _filled(words, texts["digest"], sha256=sha256)
    yield _filled(words, texts["verification"], code=said.verification_code)


def _personal(said: Said, words: Words) -> Iterator[str]:
    texts = words["said"]
    yield _filled(words, texts["subject"], subject=said.subject)
    if said.reference:
        yield _filled(words, texts["reference"], reference=said.reference)
    yield _filled(words, texts["sender"], sender=json.dumps(said.sender, ensure_ascii=False))
    for each in said.attachments:
        yield "  " + _filled(words, texts["attachment"], name=each.file_name, size=str(each.size), sha256=each.sha256)


def _file(file: CheckedFile, words: Words) -> str:
    names = ", ".join(_shown(each.file_name, words) for each in file.sent_as)
    text = words["file"][file.state].format(
        path=_shown(file.path, words), names=names, size=_shown(str(file.size), words)
    )
    return f"{_MARKS.get(file.state, _BAD)} {text}"


def _marked(words: Words, state: str, texts: Mapping[str, str], **values: str) -> str:
    return f"{_MARKS.get(state, _BAD)} {_filled(words, texts[state], **values)}"


def _filled(words: Words, text: str, **values: str) -> str:
    return text.format_map({name: _shown(value, words) for name, value in values.items()})


def _moment(instant: datetime, words: Words) -> str:
    local = clock.in_casablanca(instant)
    parts = {"year": f"{local:%Y}", "month": f"{local:%m}", "day": f"{local:%d}", "time": f"{local:%H:%M:%S}"}
    return words["moment"].format(**parts, offset=f"{local:%:z}")


def _shown(text: str, words: Words) -> str:
    """A stranger's text on one line, which neither moves the cursor nor turns round the words beside it."""
    plain = "".join(
        _REPLACED if unicodedata.category(each) in _CONTROLS or unicodedata.bidirectional(each) in _DIRECTIONS else each
        for each in text
    )
    alone = words["direction"] == "ltr" and all(unicodedata.bidirectional(each) not in _RIGHT_TO_LEFT for each in plain)
    return plain if alone else f"{_ISOLATE}{plain}{_POP_ISOLATE}"
