"""Sets the same lines by fpdf2, by typst and by this project's engine, and says which are right.

The README of `typeset` names the command. It needs what `make bench` installs.
"""

import sys
from importlib import import_module
from importlib.metadata import version

from infra.paths import LOCAL
from tests.support.inspection.drawn_text import copied, from_left
from tests.support.samples.arabic_lines import COPIES, FONTS, NUMBERS, by_fpdf2, by_typeset

_TYPST = """\
#set page(width: auto, margin: 1cm)
#set text(font: "IBM Plex Sans Arabic")
#sys.inputs.text
"""


def by_typst(text: str) -> bytes:
    """The line as typst sets it."""
    pdf: bytes = import_module("typst").compile(_TYPST.encode(), sys_inputs={"text": text}, font_paths=[str(FONTS)])
    return pdf


def main() -> None:
    """Print a table in Markdown."""
    engines = (by_fpdf2, by_typst, by_typeset)
    print(f"| | fpdf2 {version('fpdf2')} | typst {version('typst')} | typeset |\n| --- | --- | --- | --- |")  # noqa: T201 - its output
    for text, drawn in NUMBERS.items():
        show(f"number drawn: {text}", [drawn in from_left(set_by(text)) for set_by in engines])
    for text in COPIES:
        show(f"copied: {text}", [copied(set_by(text)) == text for set_by in engines])


def show(line: str, is_right: list[bool]) -> None:
    """Print a row of the table."""
    cells = ("right" if each else "**wrong**" for each in is_right)
    print(f"| {line} | {' | '.join(cells)} |")  # noqa: T201 - its output


if __name__ == "__main__":
    sys.path.append(str(LOCAL / "bench/rivals"))
    main()
