"""What the pages say of a stage is what its template holds: functions, alarms, metrics, names."""

import json
import re

import pytest

from infra.constructs.metrics import METRICS_NAMESPACE
from infra.names import LIVE
from infra.stage import stage_names
from tests.support.inspection.documents import PAGES, ROOT, blocks, headings, quoted, rows, section
from tests.support.inspection.synthesised import FOLDERS, Synthesised

OPERATING = ROOT / "docs/operating.md"
ALARMS = [heading.strip("`") for heading in headings(OPERATING, 3) if heading.startswith("`")]
FUNCTIONS = {cells[0].strip("`"): cells[1] for cells in rows(section(ROOT / "docs/functions.md", "Functions"))}
ALARMS_OF_EXPRESSIONS = {"events-dropped-<number>", "events-lost", "rules-failed-<number>", "tables-throttled"}
"""The emulator knows no alarm of an expression, so that the local stage lacks these."""
ROUTES = json.loads((ROOT / "infra/openapi.json").read_text(encoding="utf-8"))["paths"]


def test_the_table_of_functions_is_the_list_of_folders() -> None:
    assert sorted(FUNCTIONS) == FOLDERS


@pytest.mark.parametrize("operation", FOLDERS)
def test_a_function_is_called_by_the_routes_of_the_contract_and_no_others(operation: str) -> None:
    called_by = {each for each in quoted(FUNCTIONS[operation]) if re.match("[A-Z]+ /", each)}
    assert called_by == {
        f"{method.upper()} {path}"
        for path, methods in ROUTES.items()
        for method, route in methods.items()
        if route["operationId"].partition(".")[0] == operation
    }


def test_what_else_calls_functions_is_in_the_table(synthesised: Synthesised) -> None:
    called_by = {operation: FUNCTIONS[operation].partition(":")[0] for operation in synthesised.operations()}
    assert {each for each, caller in called_by.items() if caller == "SQS"} == _read_queues(synthesised)
    rules = _rules(synthesised)
    assert {each for each, caller in called_by.items() if caller == "schedule"} == rules["ScheduleExpression"]
    assert {each for each, caller in called_by.items() if caller == "EventBridge"} == rules["EventPattern"]
    assert {each: FUNCTIONS[each] for each, caller in called_by.items() if caller == "S3"} == {
        operation: "S3: " + ", ".join(f"`{prefix}`" for prefix in prefixes)
        for operation, prefixes in _watched_prefixes(synthesised).items()
    }


def _read_queues(synthesised: Synthesised) -> set[str]:
    sources = synthesised.of_type("AWS::Lambda::EventSourceMapping").values()
    return {synthesised.operation_of(source["FunctionName"]) for source in sources}


def _rules(synthesised: Synthesised) -> dict[str, set[str]]:
    """The functions that rules call, by what a rule waits for."""
    called: dict[str, set[str]] = {"ScheduleExpression": set(), "EventPattern": set()}
    for rule in synthesised.of_type("AWS::Events::Rule").values():
        for kind in called.keys() & rule.keys():
            called[kind] |= synthesised.operations_in(rule["Targets"])
    return called


def _watched_prefixes(synthesised: Synthesised) -> dict[str, list[str]]:
    watched: dict[str, list[str]] = {}
    notified = synthesised.the("Custom::S3BucketNotifications")["NotificationConfiguration"]
    for trigger in notified["LambdaFunctionConfigurations"]:
        (prefix,) = [rule["Value"] for rule in trigger["Filter"]["Key"]["FilterRules"] if rule["Name"] == "prefix"]
        watched.setdefault(synthesised.operation_of(trigger["LambdaFunctionArn"]), []).append(prefix)
    for prefixes in watched.values():
        prefixes.sort()
    return watched


def test_each_alarm_has_its_heading_and_each_heading_its_alarm(synthesised: Synthesised) -> None:
    prefix = f"bureau-ordre-{synthesised.stage}-"
    functions = {operation.replace("_", "-") for operation in synthesised.operations()}
    found = set()
    for alarm in synthesised.of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmName"].startswith(prefix)
        name = alarm["AlarmName"].removeprefix(prefix)
        function, _, kind = name.rpartition("-")
        is_of_each = function in functions and name not in ALARMS
        found.add(f"<function>-{kind}" if is_of_each else re.sub(r"-\d+$", "-<number>", name))
    missing = ALARMS_OF_EXPRESSIONS if synthesised.stage == "local" else set()
    if "canary" not in synthesised.operations():
        missing = missing | {"canary-failed"}
    if synthesised.stage != "prod":
        missing = missing | {"copies-failed", "copies-late"}
    assert found == set(ALARMS) - missing


def test_the_alarms_that_wake_operators_are_in_the_table(prod: Synthesised) -> None:
    composite = prod.of_type("AWS::CloudWatch::CompositeAlarm").values()
    names = {alarm["AlarmName"].removeprefix(f"bureau-ordre-{prod.stage}-") for alarm in composite}
    assert {cells[0].strip("`") for cells in rows(section(OPERATING, "Alarms"))} == names


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_says_its_meaning_what_to_look_at_what_to_do_and_when_it_is_over(alarm: str) -> None:
    said = re.findall(r"^- \*\*(.+?)\*\* +(\S)", section(OPERATING, f"`{alarm}`"), re.MULTILINE)
    assert [label for label, _ in said] == ["Meaning.", "Look at.", "Do.", "Over when."]


def test_silence_rings_where_the_page_says_so(prod: Synthesised) -> None:
    breaching = {
        alarm["AlarmName"].removeprefix("bureau-ordre-prod-")
        for alarm in prod.of_type("AWS::CloudWatch::Alarm").values()
        if alarm["TreatMissingData"] == "breaching"
    }
    assert {alarm for alarm in ALARMS if "*silence rings*" in section(OPERATING, f"`{alarm}`")} == breaching


def test_the_table_of_metrics_is_what_functions_count(prod: Synthesised) -> None:
    """The metrics' names are literals of the functions and of what they call; alarms watch some of them."""
    said = {name for cells in rows(section(OPERATING, "Logs and metrics")) for name in quoted(cells[0])}
    folders = (ROOT / "functions", ROOT / "layers" / "mailroom" / "src")
    code = " ".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py"))
    assert {name for name in said if f'"{name}"' not in code} == set()
    assert set(re.findall(r'(?:add_metric\(|single_metric\(name=|_count\()"(\w+)"', code)) <= said
    alarms = prod.of_type("AWS::CloudWatch::Alarm").values()
    assert {alarm["MetricName"] for alarm in alarms if alarm.get("Namespace") == METRICS_NAMESPACE} <= said


def test_functions_and_stages_that_commands_name_are_deployed(prod: Synthesised) -> None:
    deployed = {function["FunctionName"] for function in prod.functions().values()}
    for command in (command for page in PAGES for block in blocks(page) for command in block.commands):
        invoked = set(re.findall(r"--function-name (\S+)", command))
        assert {name.removesuffix(f":{LIVE}") for name in invoked} <= deployed
        assert "lambda invoke" not in command or all(name.endswith(f":{LIVE}") for name in invoked)
        named = re.findall(r"BureauOrdre-(\w+)|--context stage=(\w+)", command)
        assert {stack or stage for stack, stage in named} <= set(stage_names())


def test_commands_that_invoke_a_function_wait_for_longer_than_it_may_run(prod: Synthesised) -> None:
    """The `aws` command waits for a minute by default, and then invokes the function again beside the first run."""
    time_of = {each["FunctionName"]: each["Timeout"] for each in prod.functions().values()}
    commands = [command for page in PAGES for block in blocks(page) for command in block.commands]
    invoking = [command for command in commands if "lambda invoke" in command]
    assert invoking
    for command in invoking:
        (function,) = re.findall(r"--function-name (\S+)", command)
        waits = re.findall(r"--cli-read-timeout (\d+)", command)
        assert max(map(int, waits), default=60) > time_of[function.removesuffix(f":{LIVE}")]


def test_outputs_that_pages_name_are_those_of_the_stack(prod: Synthesised) -> None:
    outputs = {name for template in prod.parts.values() for name in template.get("Outputs", {})}
    text = " ".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert set(re.findall(r"output `(\w+)`", " ".join(text.split()))) <= outputs
    assert "ApiUrl" in text
