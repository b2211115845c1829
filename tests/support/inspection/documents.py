"""The README and the pages of `docs/`, as the tests read them: headings, links, tables, commands."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[3]
README = ROOT / "README.md"
PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))
"""What people read first; other Markdown files lie beside what they describe."""

WAYS = ("run", "stack", "aws", "ci")
"""How the commands of a block are checked; the word stands behind the block's language.

- `run`: executed in a copy of the project, without a network (`tests/tooling/test_documented_commands.py`)
- `stack`: executed against the local cloud (`tests/e2e/test_documented_commands.py`)
- `aws`: needs an account, so that only what it names is checked: targets, variables, operations, parameters, functions
- `ci`: the two commands that this very test is run by
"""


@dataclass(frozen=True, kw_only=True)
class Block:
    """Commands of a page."""

    page: Path
    line: int
    language: str
    way: str
    text: str

    @property
    def place(self) -> str:
        """The page and the line, for a test's name."""
        return f"{self.page.name}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """The commands, one a line, without what they print."""
        if self.language == "console":
            return [line.removeprefix("$ ") for line in self.text.splitlines() if line.startswith("$ ")]
        return [line.strip() for line in self.text.replace("\\\n", " ").splitlines() if line.strip()]

    @property
    def script(self) -> str:
        """The block as a shell script that stops at the first command that fails."""
        return "\n".join(["set -euo pipefail", *self.commands, ""])

    @property
    def promised(self) -> re.Pattern[str]:
        """What a `console` block says the commands print; `…` stands for anything."""
        said = "\n".join(line for line in self.text.strip().splitlines() if not line.startswith("$ "))
        return re.compile(".*".join(re.escape(part) for part in said.split("…")).strip(), re.DOTALL)


@cache
def tokens(page: Path) -> tuple[Token, ...]:
    """The page, parsed."""
    return tuple(MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")))


def inline(page: Path) -> Iterator[Token]:
    """Everything within the page's lines of text."""
    for token in tokens(page):
        yield from token.children or ()


def blocks(page: Path) -> list[Block]:
    """The page's commands."""
    found = []
    for token in tokens(page):
        language, _, way = token.info.strip().partition(" ")
        if token.type == "fence" and language in {"sh", "bash", "shell", "console"}:
            line = (token.map or [0])[0] + 1
            found.append(Block(page=page, line=line, language=language, way=way, text=token.content))
    return found


def blocks_checked_by(*ways: str) -> list[Block]:
    """The commands of all pages that are checked in one of these ways."""
    return [block for page in PAGES for block in blocks(page) if block.way in ways]


def words(command: str) -> list[str]:
    """A command's words, without the variables set before it."""
    found = shlex.split(command, comments=True)
    while found and re.match(r"[A-Z_]+=", found[0]):
        found.pop(0)
    return found


def headings(page: Path, level: int | None = None) -> list[str]:
    """The page's headings, or those of one level (2 for `##`), as they are written."""
    parsed = tokens(page)
    return [
        parsed[at + 1].content
        for at, token in enumerate(parsed)
        if token.type == "heading_open" and level in {None, int(token.tag[1])}
    ]


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def section(page: Path, heading: str) -> str:
    """The text below a heading, up to the next one."""
    text = page.read_text(encoding="utf-8")
    (found,) = re.findall(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    return str(found)


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in a text, without their heads."""
    lines = [re.split(r" \| ", line.strip("| ")) for line in text.splitlines() if line.startswith("| ")]
    heads = {at - 1 for at, cells in enumerate(lines) if set("".join(cells)) <= {"-", " ", "|"}}
    return [cells for at, cells in enumerate(lines) if at not in heads and at - 1 not in heads]


def quoted(text: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", text)
