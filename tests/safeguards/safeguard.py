"""A safeguard of the product, how it is taken away, and the test that must fail then."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ("functions", "layers/mailroom/src", "layers/receipt/src")

ALWAYS = "attribute_exists(pk) OR attribute_not_exists(pk)"
"""A condition of DynamoDB that holds for every item, and where there is none."""


_BACKED_BY = "backed by "


class DoesNotApplyError(Exception):
    """The source no longer holds the text of a safeguard where the table says: the table must follow the source."""


@dataclass(frozen=True, kw_only=True)
class Safeguard:
    """A text of the source that keeps a promise.

    `place` is a function or class by its qualified name, which one file of the product alone holds, or a file, for what
    stands outside of functions; where several files hold the name, it is the file, ``::`` and the name. `taken` is the
    text, which stands there once, and `left` is what stands there without the safeguard. `test` is the id of the test
    that must fail then. Where another safeguard keeps the same promise, it is taken away too (`backup`). Where no test
    can fail, since the types or the rest of the code keep the promise as well, `backed_by` says what does.
    """

    name: str
    place: str
    taken: str
    left: str
    test: str = ""
    backup: "Safeguard | None" = None
    backed_by: str = ""

    @property
    def path(self) -> Path:
        """The file that holds it."""
        return _found(self.place)[0]

    @property
    def within(self) -> str:
        """The qualified name of the function or class that holds it; empty where none does."""
        return _found(self.place)[1]

    def removed(self) -> str:
        """The source of the file without the safeguard, and without its backup where that stands in the same file.

        Raises:
            DoesNotApplyError: the text does not stand there, or more than once, or what is left is no Python.

        """
        if self.backup and self.backup.path == self.path:
            return self._removed_from(self.backup.removed())
        return self._removed_from(self.path.read_text(encoding="utf-8"))

    def _removed_from(self, source: str) -> str:
        start, end = _span(source, self.within)
        part = source[start:end]
        if part.count(self.taken) != 1:
            raise DoesNotApplyError(f"{self.name}: {self.place} holds {part.count(self.taken)} × {self.taken!r}")
        without = source[:start] + part.replace(self.taken, self.left) + source[end:]
        try:
            ast.parse(without)
        except SyntaxError as error:
            raise DoesNotApplyError(f"{self.name}: what is left is no Python: {error}") from error
        return without


def definitions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """Every function and class of a source, by its qualified name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            name = f"{within}.{node.name}" if within else node.name
            yield name, node
            yield from definitions(node, name)
        else:
            yield from definitions(node, within)


@cache
def sources() -> dict[Path, frozenset[str]]:
    """The product's files, each with the qualified names that it defines."""
    paths = [path for part in SOURCES for path in (ROOT / part).rglob("*.py")]
    return {
        path: frozenset(name for name, _ in definitions(ast.parse(path.read_text(encoding="utf-8")))) for path in paths
    }


@cache
def _found(place: str) -> tuple[Path, str]:
    file, _, name = place.rpartition("::")
    if not file and "/" in name:
        file, name = name, ""
    if file:
        paths = [
            path for path in sources() if path.as_posix().endswith(f"/{file}") and (not name or name in sources()[path])
        ]
    else:
        paths = [path for path, names in sources().items() if name in names]
    if len(paths) != 1:
        raise DoesNotApplyError(f"{len(paths)} files of the product hold {place}")
    return paths[0], name


def _span(source: str, within: str) -> tuple[int, int]:
    """Where a function or class begins and ends in the source, its decorators included."""
    if not within:
        return 0, len(source)
    node = dict(definitions(ast.parse(source)))[within]
    lines = source.splitlines(keepends=True)
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return len("".join(lines[: first - 1])), len("".join(lines[: node.end_lineno]))


def conditions(place: str, module: str, *given: tuple[str, str, str]) -> list[Safeguard]:
    """The conditions of one write: for each its text, the promise it keeps, and the test's name in a module.

    In its place stands one that always holds and mentions the same names, as DynamoDB refuses names that no expression
    uses: a test that fails for that would have noticed nothing.
    """
    return [
        Safeguard(name=promise, place=place, taken=text, left=always(text), test=f"{module}::test_{test}")
        if not test.startswith("backed by ")
        else Safeguard(
            name=promise, place=place, taken=text, left=always(text), backed_by=test.removeprefix("backed by ")
        )
        for text, promise, test in given
    ]


def always(text: str) -> str:
    """A condition's text, made to hold always. What stands before it as far as the last quote stays before it."""
    before, quote, condition = text.rpartition('"')
    return f"{before}{quote}({condition} OR {ALWAYS})"
