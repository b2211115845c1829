"""The name of a test says the case; the reason stands in its docstring."""

import ast

from tests.safeguards.safeguard import ROOT, definitions

LONGEST = 88
"""Characters."""


def test_no_tests_name_is_a_paragraph() -> None:
    names = {
        name.rpartition(".")[2]
        for path in (ROOT / "tests").rglob("test_*.py")
        for name, _ in definitions(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert sorted(name for name in names if name.startswith("test_") and len(name) > LONGEST) == []
