"""Why a file is not clean, and what to do, in the words for each kind of reader.

The words lie in ``file_words/<language>.json``: what was found, and the advice for each reader.
"""

import json
from functools import cache
from pathlib import Path
from typing import Literal, TypedDict

from mailroom.domain.file_states import Check, FileReason
from mailroom.domain.letter import Attachment

Reader = Literal["sender_draft", "sender_sent", "sender_answered", "agent", "agent_answer", "agent_answered"]
"""Who reads: the sender of a draft, or of a mail that was sent, or of an answer received; an agent about the sender's
file, about a file of an answer that is being written, or of one that was given."""


class _Words(TypedDict):
    found: dict[FileReason, str]
    advice: dict[Reader, dict[Check, str]]


def reason_in_words(file: Attachment, reader: Reader, language: str) -> str | None:
    """Two or three sentences; None for a file that is clean, or not known yet."""
    if file.reason is None:
        return None
    words = _words(language)
    return f"{words['found'][file.reason]} {words['advice'][reader][file.check]}"


@cache
def _words(language: str) -> _Words:
    path = Path(__file__).parent / "file_words" / f"{language}.json"
    words: _Words = json.loads(path.read_text(encoding="utf-8"))
    return words
