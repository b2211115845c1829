"""The suite can be read as a list: what attackers want, a line each."""

import ast
from pathlib import Path

import pytest

_SUITE = Path(__file__).parent
_HERE = Path(__file__).name
MODULES = sorted(path.name for path in _SUITE.glob("test_*.py") if path.name != _HERE)


def attacks(module: str) -> list[ast.FunctionDef]:
    """The tests of a module."""
    tree = ast.parse((_SUITE / module).read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


@pytest.mark.parametrize("module", MODULES)
def test_each_attack_says_in_one_line_what_the_attacker_wants(module: str) -> None:
    wordless = [test.name for test in attacks(module) if len((ast.get_docstring(test) or "").splitlines()) != 1]
    assert attacks(module)
    assert wordless == []
