"""Each of the 32 complaints of other services' users has its test."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
HOW_MANY = 32


def test_each_complaint_has_a_test_in_a_real_browser() -> None:
    marked = {
        int(number)
        for file in (TESTS / "browser").rglob("test_*.py")
        for number in re.findall(r"mark\.complaint\((\d+)\)", file.read_text(encoding="utf-8"))
    }
    assert sorted(set(range(1, HOW_MANY + 1)) - marked) == []
