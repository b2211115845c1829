"""Functions: one folder is one function, told what its Settings ask for, zipped alone."""

import importlib
from collections.abc import Mapping

import pytest

from infra.constructs.http_api import routes
from mailroom.settings import Settings
from tests.support.inspection.synthesised import FOLDERS, OPERATIONS, ROOT, Synthesised, files_below, spelled

_TOLD_EVERYONE = {
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_LOG_LEVEL",
    "PYTHONTZPATH",
    "PYTHONWARNINGS",
}


def test_folders_functions_and_events_are_the_same_list(synthesised: Synthesised) -> None:
    folders = sorted(path.name for path in (ROOT / "functions").iterdir() if path.name != "__pycache__")
    assert folders == FOLDERS
    assert sorted(synthesised.functions()) == synthesised.operations()
    assert sorted(path.stem for path in (ROOT / "events").glob("*.json")) == FOLDERS


def test_each_operation_of_the_contract_is_a_folder_and_the_rest_is_triggered_otherwise() -> None:
    called = {route.operation for route in routes()}
    assert set(FOLDERS) - called == {
        "call_webhook",
        "canary",
        "chase_scans",
        "enrol_organisms",
        "note_bounce",
        "note_scan",
        "publish_heads",
        "publish_open_data",
        "remind_organisms",
        "render_receipt",
        "resume_stalled",
        "scan_file",
        "send_notification",
        "stamp_receipts",
    }
    assert called <= set(OPERATIONS)


@pytest.mark.parametrize("operation", FOLDERS)
def test_a_function_is_told_what_its_settings_ask_for_and_nothing_else(
    stages: Mapping[str, Synthesised], operation: str
) -> None:
    module = importlib.import_module(f"{operation}.handler")
    settings: type[Settings] = getattr(module, "Process", Settings)
    asked = {name.upper() for name in settings.declared()}
    for stage in stages.values():
        if operation in stage.operations():
            told = stage.functions()[operation]["Environment"]["Variables"]
            assert set(told) - _TOLD_EVERYONE == asked
            assert set(told) >= _TOLD_EVERYONE
            assert told["POWERTOOLS_SERVICE_NAME"] == operation


@pytest.mark.parametrize("operation", FOLDERS)
def test_a_function_is_zipped_with_its_own_folder_whole_and_nothing_else(
    stages: Mapping[str, Synthesised], operation: str
) -> None:
    stage = stages["local" if operation in stages["local"].functions() else "prod"]
    zipped = files_below(stage.asset(stage.functions()[operation]["Code"]))
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


def _given_up(synthesised: Synthesised) -> dict[str, str]:
    """Where the events end that a function could not take, by operation."""
    functions = synthesised.of_type("AWS::Lambda::Function")
    found = {}
    for config in synthesised.of_type("AWS::Lambda::EventInvokeConfig").values():
        if "DestinationConfig" not in config:
            continue
        destination = spelled(config["DestinationConfig"]["OnFailure"]["Destination"])
        operation = functions[config["FunctionName"]["Ref"]]["Handler"].partition(".")[0]
        found[operation] = destination.rpartition(":")[2].removeprefix(f"bureau-ordre-{synthesised.stage}-")
    return found


def test_what_comes_once_and_could_not_be_taken_waits_in_a_queue(synthesised: Synthesised) -> None:
    assert _given_up(synthesised) == {
        "render_receipt": "receipts-failed",
        "note_scan": "events-failed",
        "note_bounce": "events-failed",
    }


def test_schedules_and_events_call_what_they_are_there_for(synthesised: Synthesised) -> None:
    called = {}
    for rule in synthesised.of_type("AWS::Events::Rule").values():
        assert rule["State"] == "ENABLED"
        (target,) = rule["Targets"]
        for operation in synthesised.operations_in(target["Arn"]):  # none in the rule that tells operators
            called[operation] = rule.get("ScheduleExpression") or " ".join(rule["EventPattern"]["detail-type"])
    canary = {"canary": "rate(5 minutes)"} if "canary" in synthesised.operations() else {}
    assert called == canary | {
        "resume_stalled": "rate(1 minute)",
        "chase_scans": "rate(5 minutes)",
        "stamp_receipts": "rate(5 minutes)",
        "remind_organisms": "cron(0,20,40 7 * * ? *)",
        "publish_heads": "cron(0,20,40 2 * * ? *)",
        "publish_open_data": "cron(10,30,50 3 * * ? *)",
        "note_scan": "GuardDuty Malware Protection Object Scan Result",
        "note_bounce": "Email Bounced Email Complaint Received Email Rejected Email Delivery Delayed",
    }


def test_a_scan_of_another_bucket_is_none_of_ours(synthesised: Synthesised) -> None:
    bucket = synthesised.the("AWS::S3::Bucket")["BucketName"]
    (pattern,) = [
        rule["EventPattern"]
        for rule in synthesised.of_type("AWS::Events::Rule").values()
        if "aws.guardduty" in rule.get("EventPattern", {}).get("source", [])
    ]
    assert pattern["detail"] == {"s3ObjectDetails": {"bucketName": [bucket]}}
