"""The examples of the page for developers, cut out of the programs that the tests run (`docs/examples`)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from infra.paths import ROOT

EXAMPLES = ROOT / "docs/examples"
LANGUAGES = {".sh": "curl", ".py": "Python"}
"""What a program is written in, by the ending of its name; each example is there in both."""
PROGRAMS = {"send": ("send",), "desk": ("inbox", "webhook")}
"""The programs of each part of the page, in the order in which a reader runs them."""
OPERATIONS = {
    "desks": ("list_organisms", "list_organisms-read_organism"),
    "begin": ("start_mail",),
    "letter": ("write_letter",),
    "file": ("attach_file",),
    "sender": ("identify_sender",),
    "submission": ("submit_mail",),
    "receipt": ("follow_mail-read_receipt",),
    "follow": ("follow_mail-return", "follow_mail"),
    "verify": ("verify_receipt",),
    "inbox": ("list_inbox",),
    "open": ("open_mail", "open_mail-download"),
    "collection": ("collect_mail",),
    "outcome": ("close_mail",),
}
"""The places in the reference of what a step calls."""

_CELL = re.compile(r"^# %% ([a-z]+)\n", re.MULTILINE)
"""The mark that begins a part of a program, as editors of notebooks know it."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """One step, in each language."""

    step: str
    """The step's name: the words `developers.step_<step>` are its heading, `developers.say_<step>` its sentence."""
    codes: Mapping[str, str]
    """The code by its language, as it stands in the program."""

    @property
    def operations(self) -> tuple[str, ...]:
        """The places in the reference of what it calls."""
        return OPERATIONS.get(self.step, ())


def cells(program: str, ending: str) -> dict[str, str]:
    """The parts of one program by their steps, in order."""
    _, *parts = _CELL.split((EXAMPLES / f"{program}{ending}").read_text(encoding="utf-8"))
    return {step: code.strip() + "\n" for step, code in zip(parts[::2], parts[1::2], strict=True)}


@cache
def examples(part: str) -> tuple[Example, ...]:
    """The steps of a part of the page. Raises KeyError for a step that one of its languages lacks."""
    return tuple(example for program in PROGRAMS[part] for example in _examples(program))


def _examples(program: str) -> Iterator[Example]:
    found = {language: cells(program, ending) for ending, language in LANGUAGES.items()}
    for step in next(iter(found.values())):
        yield Example(step=step, codes={language: codes[step] for language, codes in found.items()})
