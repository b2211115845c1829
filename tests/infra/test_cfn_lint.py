"""cfn-lint finds nothing in the templates, each property of which it holds to CloudFormation's own schemas."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.commands import template_faults as command
from infra.commands.template_faults import template_faults

TEMPLATES = "*.template.json"
WHOLE = "prod"
"""The stage whose templates are linted whole, which takes long: it has all that a stage may have."""


def differing(template: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """A template of the resources that another stage does not have alike, and of those that they refer to."""
    resources = template["Resources"]
    known = {name: shape(resource) for name, resource in other["Resources"].items()}
    wanted = {name for name, resource in resources.items() if shape(resource) != known.get(name)}
    while missing := {name for each in wanted for name in referred(resources[each]) if name in resources} - wanted:
        wanted |= missing
    return template | {"Resources": {name: resources[name] for name in sorted(wanted)}, "Outputs": {}}


def shape(value: object) -> object:
    """A resource without its texts, which differ by names and accounts: its properties, numbers and switches."""
    match value:
        case dict() if any(key == "Ref" or key.startswith("Fn::") for key in value):
            return "text"
        case dict():
            return {key: shape(each) for key, each in value.items() if key != "Metadata"}
        case list():
            return [shape(each) for each in value]
        case str():
            return "text"
    return value


def referred(value: object) -> Iterator[str]:
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::Sub": str(text)}:
            yield from re.findall(r"\$\{(\w+)", text)
        case dict():
            needed = value.get("DependsOn", [])
            yield from [needed] if isinstance(needed, str) else needed
            for each in value.values():
                yield from referred(each)
        case list():
            for each in value:
                yield from referred(each)


def of_stage(assembly: Path, stage: str) -> dict[str, dict[str, Any]]:
    """A stage's templates, each by what follows the stage's name in its own."""
    found = {}
    for path in assembly.glob(TEMPLATES):
        first, _, rest = path.name.removeprefix("BureauOrdre-").removesuffix(".template.json").partition("-")
        if first == stage:
            found[rest] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_cfn_lint_finds_nothing_in_the_stage_that_counts(assembly: Path) -> None:
    templates = sorted(assembly.glob(f"BureauOrdre-{WHOLE}*.template.json"))
    assert templates
    assert list(template_faults(templates)) == []


def test_nor_in_what_another_stage_in_aws_has_otherwise(assembly: Path, tmp_path: Path) -> None:
    whole = of_stage(assembly, WHOLE)
    for part, template in of_stage(assembly, "dev").items():
        other = differing(template, whole[part])
        assert len(other["Resources"]) < len(template["Resources"]), "it would take as long as the whole"
        if other["Resources"]:
            (tmp_path / f"{part or 'Data'}.template.json").write_text(json.dumps(other))
    assert list(template_faults(tmp_path.glob(TEMPLATES))) == []


FAULTS = [
    ({"Type": "AWS::SQS::Queue", "Properties": {"MessageRetentionPeriod": 5_000_000}}, "E3034"),
    ({"Type": "AWS::SQS::Queue", "Properties": {"Retention": 60}}, "E3002"),
    ({"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Nothing"}}}, "E1020"),
    ({"Type": "AWS::SQS::Qeue"}, "E3006"),
    ({"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ZipFile": "-"}, "Handler": "a.b"}}, "E3003"),
]


@pytest.mark.parametrize(("resource", "rule"), FAULTS)
def test_cfn_lint_finds_what_cloudformation_would_refuse(
    resource: dict[str, Any], rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    synthesised_into(tmp_path, {"Careless": {"Resources": {"Thing": resource}}})
    assert command.main([str(tmp_path)]) == 1
    shown = capsys.readouterr()
    assert f"Careless.template.json: {rule} Resources/Thing" in shown.err


def synthesised_into(folder: Path, templates: dict[str, Any]) -> None:
    artifacts = {}
    for name, template in templates.items():
        (folder / f"{name}.template.json").write_text(json.dumps(template))
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": f"{name}.template.json"},
        }
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))


def test_what_an_earlier_synthesis_left_is_not_linted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "Old.template.json").write_text("{}")
    synthesised_into(tmp_path, {"New": {"Resources": {"Thing": {"Type": "AWS::SNS::Topic"}}}})
    assert command.main([str(tmp_path)]) == 0
    assert "1 templates, 0 findings" in capsys.readouterr().out


def test_a_synthesis_without_templates_is_no_clean_one(tmp_path: Path) -> None:
    synthesised_into(tmp_path, {})
    assert command.main([str(tmp_path)]) == 1


def test_each_rule_that_is_left_out_has_its_reason() -> None:
    lines = Path(".cfnlintrc.yaml").read_text(encoding="utf-8").partition("ignore_checks:\n")[2].splitlines()
    rules = [number for number, line in enumerate(lines) if line.startswith("  - ")]
    assert rules
    for number in rules:
        assert "".join(lines[:number][-1:]).startswith("  # ")
