"""What the product's modules import, read from their source: also within functions and for the type checker alone."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
SOURCES = tuple(ROOT / part for part in ("functions", "layers/mailroom/src", "layers/receipt/src"))
"""The folders that functions import from."""


@dataclass(frozen=True)
class Import:
    """One module that another one imports."""

    module: str
    """Its full name, as in ``mailroom.domain.clock``."""
    is_late: bool
    """Whether it is imported when a function runs, and not with its importer."""


def modules_of(source: Path) -> dict[str, Path]:
    """The modules below a folder of sources by their names, packages under the names of their folders."""
    found = {}
    for path in sorted(source.rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(path: Path) -> Iterator[Import]:
    """All imports of a module; ``from package import name`` counts as the module `package.name` where there is one."""
    yield from _imports_in(ast.parse(path.read_text(encoding="utf-8")), is_late=False)


def _imports_in(node: ast.AST, *, is_late: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(alias.name, is_late) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        package = node.module or ""
        yield from (Import(_module(package, alias.name), is_late) for alias in node.names)
    inside = is_late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield from _imports_in(child, is_late=inside)


def _module(package: str, name: str) -> str:
    path = Path(*package.split("."), name)
    return f"{package}.{name}" if any(_is_module(source / path) for source in SOURCES) else package


def _is_module(path: Path) -> bool:
    return path.is_dir() or path.with_suffix(".py").is_file()
