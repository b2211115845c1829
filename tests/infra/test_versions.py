"""Published versions and their alias: a deployment replaces one whole version by another one.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html,
https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html, aws/aws-cdk#8446
"""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from infra.functions.bundling import RUNTIME
from infra.functions.snap_start import SNAP_STARTED
from infra.names import LIVE
from tests.support.inspection.synthesised import FOLDERS, ROOT, Synthesised, named_in

_NAME_THE_FUNCTION = {
    "AWS::Lambda::Version",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventInvokeConfig",  # by its qualifier: see below
    "AWS::CloudWatch::Alarm",  # Lambda counts all versions of a function under its name
    "AWS::CloudWatch::Dashboard",
}
"""The types of resources that may name a function itself, and not its alias."""


def _owned(synthesised: Synthesised) -> dict[str, str]:
    """The operations of this project's functions, by logical id."""
    return {
        logical: properties["Handler"].partition(".")[0]
        for logical, properties in synthesised.of_type("AWS::Lambda::Function").items()
        if properties["Handler"].partition(".")[0] in FOLDERS
    }


def test_each_function_has_an_alias_of_its_last_version(synthesised: Synthesised) -> None:
    functions = _owned(synthesised)
    versions = synthesised.of_type("AWS::Lambda::Version")
    found = {}
    for alias in synthesised.of_type("AWS::Lambda::Alias").values():
        function = alias["FunctionName"]["Ref"]
        version, attribute = alias["FunctionVersion"]["Fn::GetAtt"]
        assert (alias["Name"], attribute) == (LIVE, "Version")
        assert versions[version]["FunctionName"] == {"Ref": function}
        found[function] = alias["Name"]
    assert found.keys() == functions.keys()
    assert len(versions) == len(functions)


def test_nothing_invokes_a_function_but_by_its_alias(synthesised: Synthesised) -> None:
    """API, S3, queues, rules, schedules, permissions, roles and settings of other functions name the alias."""
    functions = _owned(synthesised)
    wrong = {
        f"{resource['Type']} {logical} names {functions[named]}"
        for logical, resource in synthesised.template["Resources"].items()
        if resource["Type"] not in _NAME_THE_FUNCTION
        for named in named_in(resource.get("Properties", {}))
        if named in functions
    }
    assert wrong == set()


def test_settings_for_asynchronous_events_are_those_of_the_alias(synthesised: Synthesised) -> None:
    """For another qualifier they would not hold: an event that failed would be lost after six hours."""
    configured = synthesised.of_type("AWS::Lambda::EventInvokeConfig")
    assert configured
    assert {each["Qualifier"] for each in configured.values()} == {LIVE}


def test_names_that_functions_and_commands_invoke_by_name_the_alias(synthesised: Synthesised) -> None:
    for operation, function in synthesised.functions().items():
        variables = function["Environment"]["Variables"]
        if "RENDER_FUNCTION_NAME" in variables:
            assert variables["RENDER_FUNCTION_NAME"].endswith(f"-render-receipt:{LIVE}"), operation
        if variables.get("SCANNER", "guardduty") != "guardduty":
            assert variables["SCANNER"].endswith(f"-scan-file:{LIVE}")
    queues = json.dumps(synthesised.functions()["operate"]["Environment"]["Variables"]["QUEUE_URLS"])
    assert f'\\"alias\\\\\\":\\\\\\"{LIVE}' in queues or f'\\"alias\\":\\"{LIVE}' in queues
    assert synthesised.template["Outputs"]["EnrolFunctionName"]["Value"].endswith(f"-enrol-organisms:{LIVE}")


def test_the_version_before_is_deleted_when_the_deployment_has_ended(synthesised: Synthesised) -> None:
    """CloudFormation deletes what an update replaced in its last phase, when no alias names it any more.

    A version that stays would cost its snapshot each month, and a failed first deployment could not be repeated.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
    """
    for resource in synthesised.template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Version":
            assert resource.get("DeletionPolicy", "Delete") == "Delete"


def test_functions_in_front_of_people_start_from_a_snapshot(stages: dict[str, Synthesised]) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html: published versions of Python 3.13 can."""
    for name, stage in stages.items():
        started = {
            operation
            for operation, function in stage.functions().items()
            if function.get("SnapStart") == {"ApplyOn": "PublishedVersions"}
        }
        assert started == (set() if name == "local" else SNAP_STARTED.keys()), name


@pytest.mark.parametrize("changed", ["nothing", "code", "layer", "setting", "memory"])
def test_a_change_of_code_layer_or_setting_publishes_a_version(tmp_path: Path, changed: str) -> None:
    """Without `recognizeLayerVersion`, in cdk.json, a changed layer would stay without effect on the alias."""
    before, after = _version(tmp_path / "before", "nothing"), _version(tmp_path / "after", changed)
    assert (before == after) == (changed == "nothing")


def _version(folder: Path, changed: str) -> str:
    """The logical id of the version of a small function, of which one thing may have changed."""
    context: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]
    stack = Stack(App(context=context), "Stack")
    sources = {name: folder / name for name in ("code", "layer")}
    for name, source in sources.items():
        source.mkdir(parents=True)
        (source / "a.py").write_text(f"{name} = {changed == name}")
    layer = lambda_.LayerVersion(stack, "Layer", code=lambda_.Code.from_asset(str(sources["layer"])))
    function = lambda_.Function(
        stack,
        "Function",
        runtime=RUNTIME,
        handler="a.handler",
        code=lambda_.Code.from_asset(str(sources["code"])),
        layers=[layer],
        environment={"SETTING": str(changed == "setting")},
        memory_size=512 if changed == "memory" else 1024,
    )
    lambda_.Alias(stack, "Live", alias_name=LIVE, version=function.current_version)
    (version,) = Template.from_stack(stack).find_resources("AWS::Lambda::Version")
    return version
