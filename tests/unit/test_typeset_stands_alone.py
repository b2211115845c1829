"""The typesetting engine knows no mail, and nothing but it knows the libraries it sets text with."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import typeset

_ROOT = Path(__file__).parents[2]
_TYPESET = _ROOT / "layers/receipt/src/typeset"
_ENGINES = {"fpdf", "fontTools", "uharfbuzz"}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def _importers(package: str) -> set[str]:
    sources = [path for part in ("functions", "layers") for path in (_ROOT / part).rglob("*.py")]
    return {path.relative_to(_ROOT).as_posix() for path in sources if package in _imported(path)}


def test_the_engine_imports_nothing_of_the_mailroom() -> None:
    imported = {name for path in _TYPESET.rglob("*.py") for name in _imported(path)}
    assert imported - sys.stdlib_module_names == {"bidirectional", "fpdf", "segno", "typeset", "uharfbuzz"}


def test_only_one_module_of_the_engine_imports_fpdf2() -> None:
    assert _importers("fpdf") == {"layers/receipt/src/typeset/fpdf2_internals.py"}


def test_only_the_engine_imports_what_it_sets_text_with() -> None:
    folder = _TYPESET.relative_to(_ROOT).as_posix()
    importers = {path for engine in _ENGINES for path in _importers(engine)}
    assert {path.rpartition("/")[0] for path in importers} == {folder}


def test_what_messages_and_paper_share_needs_the_standard_library_alone() -> None:
    modules = list((_ROOT / "layers/mailroom/src/bidirectional").rglob("*.py"))
    assert modules
    assert {name for path in modules for name in _imported(path)} <= sys.stdlib_module_names


def test_the_product_enters_the_engine_by_its_public_door() -> None:
    outside = [path for part in ("functions", "layers") for path in (_ROOT / part).rglob("*.py")]
    nodes = [
        node
        for path in outside
        if not path.is_relative_to(_TYPESET)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "typeset"
    ]
    assert nodes
    assert {node.module for node in nodes} == {"typeset"}
    assert {alias.name for node in nodes for alias in node.names} <= set(typeset.__all__)
