"""The page of threats: each element with the threats to it, each answered by tests that exist."""

import ast
import re
from functools import cache

import pytest

from tests.support.inspection.documents import ROOT, quoted, rows, section

_PAGE = ROOT / "docs/threats.md"
_ROWS = [cells for cells in rows(section(_PAGE, "Threats")) if len(cells) > 1]
_ELEMENTS = {
    "sender's browser, pages",
    "door: distribution, firewall",
    "API",
    "functions",
    "table",
    "bucket",
    "queues, notifications",
    "desk, agents' identities",
    "operators, pipeline",
    "keys, seal",
    "second copy",
    "time stamp authority",
    "webhooks",
}


@cache
def named_tests(file: str) -> frozenset[str]:
    """The names of the tests in a file; none where there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_each_element_has_its_threats() -> None:
    assert {cells[0] for cells in _ROWS} == _ELEMENTS
    assert {cells[1] for cells in _ROWS} == set("STRIDE")


@pytest.mark.parametrize("cells", _ROWS, ids=lambda cells: f"{cells[0]} {cells[1]}")
def test_a_threat_has_an_answer_and_tests_that_exist(cells: list[str]) -> None:
    _, kind, threat, answer, said = cells
    assert len(kind) == 1
    assert threat.strip()
    assert answer.strip()
    named = quoted(said)
    assert named
    assert re.sub(r"`[^`]+`", "", said).strip(" ,") == "", "the last column holds tests alone"
    missing = [each for each in named if each.partition("::")[2] not in named_tests(each.partition("::")[0])]
    assert missing == []


def test_a_test_that_is_gone_would_be_noticed() -> None:
    assert "test_nothing_of_the_kind" not in named_tests("tests/attacks/test_tokens.py")
    assert named_tests("tests/attacks/test_nothing.py") == frozenset()


def test_what_remains_is_said() -> None:
    assert section(_PAGE, "What remains").count("\n- **") >= 5
