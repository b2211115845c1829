"""The reference and the examples of the page for developers say what the contract says."""

import json
from collections import defaultdict
from typing import Any

import pytest

from infra.paths import CONTRACT
from infra.site.examples import EXAMPLES, LANGUAGES, OPERATIONS, PROGRAMS, cells, examples
from infra.site.reference import reference
from infra.site.types_in_words import type_in_words
from infra.site.words import flat, words

FOUND: Any = json.loads(CONTRACT.read_text(encoding="utf-8"))
PAGES = {"/s", "/suivi", "/verifier"}
"""Addresses that people open."""


def test_every_operation_stands_once_in_the_group_of_those_who_use_it() -> None:
    shown = [f"{each.method} {each.path}" for group in reference().groups.values() for each in group]
    known = {
        f"{method.upper()} {path}"
        for path, methods in FOUND["paths"].items()
        for method in methods
        if path not in PAGES and not path.startswith("/v1/session")
    }
    assert sorted(shown) == sorted(known)
    schemes = {group: {each.scheme for each in these} for group, these in reference().groups.items()}
    assert schemes["desk"] == {"agent"}
    assert schemes["operate"] == {"operator"}
    assert not {"agent", "operator"} & {each for group in set(schemes) - {"desk", "operate"} for each in schemes[group]}


def test_the_steps_stand_in_the_order_in_which_a_sender_goes() -> None:
    assert [
        each.anchor for group in ("choose", "write", "identify", "submit") for each in reference().groups[group]
    ] == [
        "list_organisms",
        "list_organisms-read_organism",
        "start_mail",
        "write_letter",
        "attach_file",
        "attach_file-withdraw",
        "identify_sender",
        "submit_mail",
        "follow_mail-read_receipt",
    ]


def test_every_shape_stands_once() -> None:
    beside = [name for group in reference().groups.values() for each in group for name in each.bodies]
    assert sorted([*beside, *(shape.name for shape in reference().other_shapes)]) == sorted(
        FOUND["components"]["schemas"]
    )


def test_a_problem_has_the_same_words_wherever_the_contract_names_it() -> None:
    """The page shows each once, apart from numbers that depend on the operation, and none of the pages' own session."""
    said, of_programs = defaultdict(set), set()
    for path, methods in FOUND["paths"].items():
        for described in methods.values():
            for answer in described["responses"].values():
                for content in answer.get("content", {}).values():
                    for slug, example in content.get("examples", {}).items():
                        said[slug].add((example["value"].get("title"), example["value"].get("status")))
                        if not path.startswith("/v1/session"):
                            of_programs.add(slug)
    assert {slug: texts for slug, texts in said.items() if len(texts) > 1} == {}
    assert of_programs == {problem.slug for problem in reference().problems}


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "minLength": 1, "maxLength": 255}, "text, 1–255 characters"),
        ({"type": "integer", "minimum": 1.0}, "whole number, 1 or more"),
        (
            {"type": "integer", "minimum": 1.0, "maximum": 100.0, "default": 25},
            "whole number, 1–100, else <code>25</code>",
        ),
        ({"type": "boolean", "default": False}, "true or false, else <code>false</code>"),
        ({"const": "draft", "type": "string"}, "<code>&#34;draft&#34;</code>"),
        ({"enum": ["ar", "fr"], "type": "string"}, "<code>&#34;ar&#34;</code>, <code>&#34;fr&#34;</code>"),
        ({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}, "moment or null"),
        (
            {"type": "array", "items": {"$ref": "#/components/schemas/Letter"}},
            'list of <a href="#shape-Letter">Letter</a>',
        ),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "object of text"),
        ({"type": "string", "pattern": "^<b>$"}, "text, <code>^&lt;b&gt;$</code>"),
    ],
)
def test_a_type_in_words(schema: dict[str, Any], said: str) -> None:
    assert type_in_words(schema) == said


@pytest.mark.parametrize("program", sorted({each for programs in PROGRAMS.values() for each in programs}))
def test_each_step_has_its_example_in_each_language(program: str) -> None:
    steps = [list(cells(program, ending)) for ending in LANGUAGES]
    assert steps[0] == steps[1]


def test_no_example_is_forgotten_and_each_leads_to_its_operations() -> None:
    parts = {f"{program}{ending}" for programs in PROGRAMS.values() for program in programs for ending in LANGUAGES}
    assert parts == {file.name for file in EXAMPLES.iterdir() if file.suffix in LANGUAGES}
    steps = {example.step for part in PROGRAMS for example in examples(part)}
    assert set(OPERATIONS) <= steps
    assert {anchor for anchors in OPERATIONS.values() for anchor in anchors} <= set(reference().by_anchor)
    said = {key for key in flat(words("fr")) if key.startswith(("developers.step_", "developers.say_"))}
    assert said == {f"developers.{kind}_{step}" for kind in ("step", "say") for step in steps}
