"""Functions: one folder is one function, told what its Settings ask for, zipped alone."""

import importlib

import pytest

from infra.api import routes
from mailroom.settings import Settings
from tests.infra.synthesised import OPERATIONS, ROOT, Synthesised, files_below

_TOLD_EVERYONE = {
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_LOG_LEVEL",
    "PYTHONTZPATH",
}


def test_folders_functions_and_events_are_the_same_list(synthesised: Synthesised) -> None:
    folders = sorted(path.name for path in (ROOT / "functions").iterdir() if path.name != "__pycache__")
    assert folders == OPERATIONS == sorted(synthesised.functions())
    assert sorted(path.stem for path in (ROOT / "events").glob("*.json")) == OPERATIONS


def test_each_operation_of_the_contract_is_a_folder_and_the_rest_is_triggered_otherwise() -> None:
    called = {route.operation for route in routes()}
    assert set(OPERATIONS) - called == {
        "enrol_organisms",
        "render_receipt",
        "resume_stalled",
        "send_notification",
    }
    assert called <= set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_function_is_told_what_its_settings_ask_for_and_nothing_else(prod: Synthesised, operation: str) -> None:
    module = importlib.import_module(f"{operation}.handler")
    settings: type[Settings] = getattr(module, "Settings", Settings)
    asked = {name.upper() for name in settings.model_fields}
    told = prod.functions()[operation]["Environment"]["Variables"]
    assert set(told) - _TOLD_EVERYONE == asked
    assert set(told) >= _TOLD_EVERYONE
    assert told["POWERTOOLS_SERVICE_NAME"] == operation


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_function_is_zipped_with_its_own_folder_whole_and_nothing_else(prod: Synthesised, operation: str) -> None:
    zipped = files_below(prod.asset(prod.functions()[operation]["Code"]))
    own = {f"{operation}/{name}" for name in files_below(ROOT / "functions" / operation) if "__pycache__" not in name}
    assert zipped == own
    assert f"{operation}/handler.py" in zipped


def test_what_the_service_says_of_itself_is_the_contract(prod: Synthesised) -> None:
    asset = prod.asset(prod.functions()["describe_service"]["Code"])
    served = asset / "describe_service" / "openapi.json"
    assert not served.is_symlink()
    assert served.read_bytes() == (ROOT / "infra/openapi.json").read_bytes()


def test_functions_run_the_python_they_are_tested_with_and_stop_before_the_api_gives_up(
    synthesised: Synthesised,
) -> None:
    called = {route.operation for route in routes()}
    for operation, function in synthesised.functions().items():
        assert function["Runtime"] == "python3.13"
        assert function["FunctionName"] == f"bureau-ordre-{synthesised.stage}-{operation.replace('_', '-')}"
        assert function["Timeout"] <= (29 if operation in called else 300)


def test_functions_run_on_graviton_and_are_traced_in_aws(prod: Synthesised) -> None:
    for function in prod.functions().values():
        assert function["Architectures"] == ["arm64"]
        assert function["TracingConfig"] == {"Mode": "Active"}


def test_each_function_writes_to_a_log_group_that_is_encrypted_and_not_kept_for_ever(synthesised: Synthesised) -> None:
    groups = synthesised.of_type("AWS::Logs::LogGroup")
    for group in groups.values():
        assert group["RetentionInDays"] > 0
        assert "KmsKeyId" in group
    for function in synthesised.functions().values():
        group = groups[function["LoggingConfig"]["LogGroup"]["Ref"]]
        assert group["LogGroupName"] == f"/aws/lambda/{function['FunctionName']}"


def test_what_render_receipt_gives_up_waits_in_a_queue(synthesised: Synthesised) -> None:
    config = synthesised.the("AWS::Lambda::EventInvokeConfig")
    assert config["FunctionName"]["Ref"].startswith("FunctionsRenderReceipt")
    assert config["MaximumRetryAttempts"] == 2
    assert config["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0].startswith("ReceiptsQueue")


def test_the_schedule_looks_for_stalled_mails_each_minute(synthesised: Synthesised) -> None:
    rule = synthesised.the("AWS::Events::Rule")
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert rule["State"] == "ENABLED"
    (target,) = rule["Targets"]
    assert target["Arn"]["Fn::GetAtt"][0].startswith("FunctionsResumeStalled")
