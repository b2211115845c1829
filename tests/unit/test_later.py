"""What is brought in later is not there before, and is as if it had always been there afterwards."""

import json
import re
import sys
from typing import Any

import pytest

from mailroom.later import Later, brought_later, patterns_compiled_later
from tests.support.inspection.fresh_process import brought_by


def test_a_stand_in_is_what_it_stands_for_once_it_is_used() -> None:
    held: Any = Later("fractions", "Fraction")
    assert held(1, 2).denominator == 2
    assert held.from_float(0.5) == held(1, 2)
    assert isinstance(held(1, 2), held)
    assert not isinstance(7, held)


def test_a_question_whether_something_is_of_a_class_brings_nothing() -> None:
    lines = ("from mailroom.later import Later", "held = Later('colorsys', 'rgb_to_hls')")
    assert brought_by(*lines, "[isinstance(7, held), 'colorsys' in sys.modules]") == [False, False]


def test_a_whole_module_is_there_when_something_of_it_is_used() -> None:
    lines = (
        "from mailroom.later import brought_later",
        "with brought_later(['colorsys', 'xml.dom']):",
        "    import colorsys",
        "    from xml import dom",
        "    from colorsys import rgb_to_hls",
    )
    assert brought_by(*lines, "[name in sys.modules for name in ('colorsys', 'xml.dom')]") == [False, False]
    assert brought_by(*lines, "colorsys.rgb_to_hls(1, 1, 1)") == brought_by(*lines, "rgb_to_hls(1, 1, 1)") == [0, 1, 0]
    assert brought_by(*lines, "dom.Node.TEXT_NODE") == 3
    assert brought_by(*lines, "colorsys.rgb_to_hls(1, 1, 1)", "'colorsys' in sys.modules")


def test_what_is_there_already_is_taken() -> None:
    with brought_later(["json"]):
        import json as taken  # noqa: PLC0415 - that is the question
    assert taken is json


def test_nothing_is_left_behind_by_an_import_that_fails() -> None:
    with pytest.raises(ImportError, match="such_a_thing"), brought_later(["colorsys"]):
        import such_a_thing  # type: ignore[import-not-found]  # noqa: F401, PLC0415 - there is none
    assert type(sys.modules.get("colorsys", sys)) is type(sys)


def test_patterns_are_compiled_when_they_are_first_used() -> None:
    with patterns_compiled_later():
        right, wrong = re.compile("a+", re.IGNORECASE), re.compile("(")
    assert right.fullmatch("AaA")
    assert right.pattern == "a+"
    with pytest.raises(re.PatternError):
        wrong.match("(")


def test_patterns_are_compiled_at_once_again_afterwards() -> None:
    with pytest.raises(ImportError, match="such_a_thing"), patterns_compiled_later():
        import such_a_thing  # noqa: F401, PLC0415 - there is none
    assert isinstance(re.compile("a"), re.Pattern)


def test_whoever_looks_for_numbers_in_a_text_has_all_that_it_takes() -> None:
    found = brought_by(
        "from mailroom.fields.phones import phonenumbers",
        "before = 'phonenumbers.phonenumbermatcher' in sys.modules",
        "matches = phonenumbers.PhoneNumberMatcher('Appelez le 0537 27 03 53.', 'MA')",
        "[before, [match.raw_string for match in matches]]",
    )
    assert found == [False, ["0537 27 03 53"]]
