"""The result of an examination of a file's content."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

type Ranges = Callable[[int, int], bytes]
"""Reads `length` bytes of a file from `start` on; fewer where the file ends."""

Verdict = Literal["clean", "unchecked", "refused"]
"""``clean``: of an allowed type. ``unchecked``: its content cannot be examined. ``refused``: of no allowed type."""

Reason = Literal["protected", "unsupported", "too_deep", "not_allowed"]
"""Why a file is not clean: it has a password; its form is allowed, but cannot be looked into; it is nested too deeply;
it is of no allowed type."""

ActiveContent = Literal[
    "activex",
    "embedded_file",
    "embedded_object",
    "embedded_program",
    "external_content",
    "external_entity",
    "external_template",
    "form_script",
    "formula",
    "javascript",
    "launch",
    "macro",
    "rich_media",
    "script",
    "sends_data",
    "stylesheet",
    "unexamined",
]
"""Kinds of active content, which a program may run, fetch or send when a reader opens the file and agrees.

``unexamined``: a part of the file is made so that it can't be looked into. Honest files have such content too; agents
are warned, and the file is handed over.
"""


@dataclass(frozen=True)
class Finding:
    """The result: the type of a file found in its content.

    `media_type` is the detected one, a value of `letter.MEDIA_TYPES`; None where it is of no allowed type or cannot be
    known (a document with a password hides its type). `reason` is None for a clean file. `warnings` are the kinds of
    active content found.
    """

    verdict: Verdict
    reason: Reason | None
    media_type: str | None
    warnings: tuple[ActiveContent, ...] = ()
