"""The states of a file, and the one place where they are decided.

A file's state follows from two answers: the scan for malware's status, and what the examination of its content found.
Both may come in any order, twice, late or never. A state gives way only to one that says more, or says worse.

| stored | `check` | who gets the file | who is notified, and what ends the state |
| --- | --- | --- | --- |
| nothing, `failed` | pending | no one | the scan is asked for again after 15 minutes; after an hour: `not_scanned` |
| `not_scanned` | unchecked | agents who accept it | operators, who have it scanned again; the agent and the desk |
| `protected`, `unsupported`, `too_deep` | unchecked | agents who accept it | sender, agent, desk, operators; outcome |
| `clean` | clean | agents; the sender, of an answer's file | the end, unless a later scan finds malware |
| `not_allowed`, `infected` | refused | no one | the sender removes it from a draft; later, sender and desk |

Files of an organism's answer go through the same states; the answer can't be sent while one of them is not clean.
"""

from dataclasses import dataclass
from typing import Literal

Check = Literal["pending", "clean", "unchecked", "refused"]
"""The state of a file that people see: whether it was checked, and whether it may be opened."""

FileReason = Literal["protected", "unsupported", "too_deep", "not_scanned", "not_allowed", "infected"]
"""Why a file is unchecked or refused."""

FileState = Literal[
    "failed",
    "not_scanned",
    "protected",
    "unsupported",
    "too_deep",
    "clean",
    "not_allowed",
    "infected",
    "unreadable",
    "mismatch",
]
"""A stored state. `unreadable` (no scanner could tell) and `mismatch` (refused by an earlier examination, which took
honest files for dangerous ones) are no longer written; items of before hold them."""

NEVER_CAME = "NEVER_CAME"
"""The status of a scan that gave no verdict within the hour; the others are GuardDuty's ``scanResultStatus``."""

WITHOUT_VERDICT = ("UNSUPPORTED", "FAILED", "ACCESS_DENIED", NEVER_CAME)
"""The statuses that say nothing about a file: its object bears one of them as its tag."""

_TAG_ORDER = (*reversed(WITHOUT_VERDICT), "NO_THREATS_FOUND", "THREATS_FOUND")


@dataclass(frozen=True)
class Meaning:
    """What a stored state means. A state gives way to those of a higher `rank`."""

    check: Check
    reason: FileReason | None
    rank: int


MEANINGS: dict[FileState | None, Meaning] = {
    None: Meaning("pending", None, 0),
    "failed": Meaning("pending", None, 1),
    "unreadable": Meaning("unchecked", "not_scanned", 2),
    "not_scanned": Meaning("unchecked", "not_scanned", 2),
    "mismatch": Meaning("refused", "not_allowed", 2),
    "unsupported": Meaning("unchecked", "unsupported", 3),
    "protected": Meaning("unchecked", "protected", 3),
    "too_deep": Meaning("unchecked", "too_deep", 3),
    "clean": Meaning("clean", None, 4),
    "not_allowed": Meaning("refused", "not_allowed", 5),
    "infected": Meaning("refused", "infected", 6),
}


_ENDINGS: dict[str, FileState] = {"UNSUPPORTED": "unsupported", NEVER_CAME: "not_scanned"}
"""What a status that ends the scan without a verdict makes of a file whose content is in order."""


def judged(
    status: str,
    verdict: Literal["clean", "unchecked", "refused"] | None,
    reason: Literal["protected", "unsupported", "too_deep", "not_allowed"] | None,
) -> FileState:
    """The state that a scan's `status` and the examination's verdict make together.

    `verdict` is None where the content was not examined. Malware outweighs everything. The content counts whatever
    the scanner says of it: a page disguised as a picture is refused even when no malware was found in it.
    """
    if status == "THREATS_FOUND":
        return "infected"
    if verdict == "refused":
        return "not_allowed"
    if verdict == "unchecked":
        return reason if reason and reason != "not_allowed" else "unsupported"
    if status == "NO_THREATS_FOUND":
        return "clean" if verdict == "clean" else "not_scanned"
    return _ENDINGS.get(status, "failed")


def gives_way_to(state: FileState) -> tuple[FileState | None, ...]:
    """The states that `state` replaces."""
    rank = MEANINGS[state].rank
    return tuple(known for known, meaning in MEANINGS.items() if meaning.rank < rank)


def stronger_tag(stored: str | None, status: str) -> str:
    """Which of two scan statuses an object's tag must say: a verdict before none, malware before all."""
    return max(stored or status, status, key=lambda tag: _TAG_ORDER.index(tag) if tag in _TAG_ORDER else -1)
