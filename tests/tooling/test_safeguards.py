"""A safeguard that can be removed unnoticed is none: the table that `make safeguards` goes through is whole and true.

The whole table takes minutes. Here every entry is held to the source, a few are taken away, and what the command would
say of a safeguard without a test is tried on a small project.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.safeguards.safeguard import ROOT, Safeguard, definitions, sources
from tests.safeguards.table import SAFEGUARDS

SAMPLE = (
    "an expired draft is not submitted",
    "a receipt is noted once",
    "a mail has one outcome",
    "a number is given once",
    "a token of an earlier version",
)


@pytest.mark.parametrize("safeguard", SAFEGUARDS, ids=lambda each: each.name)
def test_each_safeguard_stands_in_the_source_and_has_a_test(safeguard: Safeguard) -> None:
    """Where the source moved on, the table has to follow: nothing is taken away by an entry that does not apply."""
    safeguard.removed()
    assert bool(safeguard.test) != bool(safeguard.backed_by)
    for test in safeguard.test.split():
        file, _, name = test.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert not name or name.partition("[")[0] in {found for found, _ in definitions(tree)}, test


def test_names_are_given_once() -> None:
    names = [each.name for each in SAFEGUARDS]
    assert sorted(set(names)) == sorted(names)


def conditional_writes() -> Iterator[tuple[str, Path, list[str]]]:
    """Each function of the product that writes under conditions, with the conditions that it spells out."""
    for path in sources():
        for name, node in definitions(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef) or path.name == "table.py":
                continue
            given = [
                keyword.value
                for call in ast.walk(node)
                if isinstance(call, ast.Call)
                for keyword in call.keywords
                if keyword.arg == "condition"
            ]
            texts = [text.value for value in given for text in ast.walk(value) if isinstance(text, ast.Constant)]
            if given:
                yield name, path, [str(text) for text in texts if "attribute_" in str(text) or " = :" in str(text)]


ALWAYS_HOLD = {"Counters._note", "count", "Sending.sent", "Admission._written", "Store._change", "Stamps._gone"}
"""Writes without a condition of their own, and those whose condition stands elsewhere in the table."""


@pytest.mark.parametrize(
    ("name", "path", "texts"), [pytest.param(*found, id=found[0]) for found in conditional_writes()]
)
def test_each_conditional_write_stands_in_the_table(name: str, path: Path, texts: list[str]) -> None:
    if name in ALWAYS_HOLD:
        return
    of_this_write = [each for each in SAFEGUARDS if each.path == path and each.within == name]
    assert of_this_write, f"{path.name} writes under a condition in {name}: add it to tests/safeguards/table"
    taken = " ".join(each.taken for each in of_this_write)
    for text in texts:
        for condition in text.strip().split(" AND "):
            assert condition.strip("( )") in taken or "(" in condition, condition


def test_some_are_taken_away_and_noticed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.safeguards", *SAMPLE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert f"noticed {len(SAMPLE)}" in done.stdout


PRODUCT = "LIMIT = 3\n\ndef allowed(asked):\n    while asked > 99:\n        pass\n    return asked < LIMIT\n"
TESTS = "from product import allowed\n\ndef test_allowed():\n    assert allowed(1)\n    assert not allowed({most})\n"
SCRIPT = """
import sys
from pathlib import Path
from tests.safeguards import safeguard, runner
safeguard.ROOT, safeguard.SOURCES = Path.cwd(), ("src",)
taken = safeguard.Safeguard(name="n", place="allowed", taken={taken!r}, left={left!r}, test="test_it.py::test_allowed")
found = runner.take_away_each([taken], seconds=3, options=("-c", "pytest.ini", "--rootdir", "."))
print(found.failed_before, [each.verdict for each in found.outcomes], found.all_noticed)
"""


@pytest.mark.parametrize(
    ("taken", "left", "most", "said"),
    [
        ("asked < LIMIT", "True", 5, "[] ['noticed'] True"),
        ("asked < LIMIT", "asked < 4", 5, "[] ['unnoticed'] False"),
        ("asked > 99", "asked > 0", 5, "[] ['hangs'] False"),
        ("asked < LIMIT", "True", 2, "['test_it.py::test_allowed'] [] False"),
        ("asked < OTHER", "True", 5, "[] ['broken'] False"),
    ],
    ids=["noticed", "unnoticed", "hangs", "fails before", "does not apply"],
)
def test_what_is_said_of_a_safeguard(tmp_path: Path, taken: str, left: str, most: int, said: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/product.py").write_text(PRODUCT)
    (tmp_path / "test_it.py").write_text(TESTS.replace("{most}", str(most)))
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = src\n")
    script = SCRIPT.replace("{taken!r}", repr(taken)).replace("{left!r}", repr(left))
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().splitlines()[-1] == said, done.stdout + done.stderr
