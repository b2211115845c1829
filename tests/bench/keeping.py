"""What a run measured, put among what earlier runs did."""

import re

_LETTER = re.compile(r"(?:\| |## )\((\w)\)")
_SECTION = re.compile(r"(?m)^(?=## \()")


def with_rows(kept: str, measured: str) -> str:
    """The table of `measured`, with those rows of `kept` whose part, (a) to (e), it lacks."""
    head, rows = measured.splitlines()[:2], measured.splitlines()[2:]
    return "\n".join([*head, *_among(kept.splitlines(), rows)])


def with_sections(kept: str, measured: str) -> str:
    """The document `measured`, with those sections of `kept` whose part it lacks."""
    head, *sections = _SECTION.split(measured)
    whole = _among(_SECTION.split(kept)[1:], sections)
    return f"{head.rstrip()}\n\n" + "\n\n".join(section.strip() for section in whole) + "\n"


def _among(kept: list[str], measured: list[str]) -> list[str]:
    parts = {_part(each) for each in measured}
    others = [each for each in kept if _part(each) and _part(each) not in parts]
    return sorted([*others, *measured], key=_part)


def _part(text: str) -> str:
    found = _LETTER.match(text)
    return found[1] if found else ""
