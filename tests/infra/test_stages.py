"""Stages: three of them, checked by cdk-nag, synthesised without credentials."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from aws_cdk.aws_s3 import Bucket

from infra.app import check, stage_of
from infra.names import ROLLBACK_ALARMS_OUTPUT, Part
from infra.stacks.watching import record_commits
from infra.stage import Stage, stage_names
from infra.stage_file import StageError
from tests.support.inspection.stages import SYNTHESISED, changed
from tests.support.inspection.synthesised import ROOT, Synthesised, read_template
from tests.support.samples.message_caps import CAPS

_UNKNOWN_TO_THE_LOCAL_CLOUD = (
    "AWS::CloudTrail::",
    "AWS::GuardDuty::",
    "AWS::Synthetics::",
    "AWS::WAFv2::WebACLAssociation",
)

OUTPUTS = {
    "ApiUrl",
    "BucketName",
    "EmailFrom",
    "EnrolFunctionName",
    "EventsDlqUrl",
    "IdempotencyTableName",
    "NotificationsDlqUrl",
    "NotificationsQueueUrl",
    "OperatorsTopicArn",
    "ReceiptsDlqUrl",
    "RollbackAlarms",
    "TableName",
    "TokenUrl",
    "TokensSecretName",
    "UserPoolClientId",
    "UserPoolId",
    "WebhooksDlqUrl",
    "WebhooksQueueUrl",
    "SealKeyNames",
}
FOR_DNS = {"DkimRecord1", "DkimRecord2", "DkimRecord3"}


def test_cdk_nag_finds_nothing_in_any_stage(assembly: Path) -> None:
    report: dict[str, Any] = json.loads((assembly / "validation-report.json").read_text())
    assert all((assembly / f"BureauOrdre-{name}.template.json").exists() for name in ("dev", "local", "prod"))
    assert not [one for one in report["pluginReports"] if one.get("conclusion") != "success"]


@pytest.mark.parametrize("finding", ["AwsSolutions-S10", r"NIST\.800\.53\.R5-S3BucketReplicationEnabled"])
def test_what_cdk_nag_finds_stops_the_synthesis(tmp_path: Path, finding: str) -> None:
    app = App(outdir=str(tmp_path))
    Bucket(Stack(app, "Careless"), "Open")
    check(app)
    with pytest.raises(RuntimeError, match=finding):
        app.synth()


def test_five_alarms_of_the_service_undo_its_change_and_none_that_silence_raises(prod: Synthesised) -> None:
    """CloudFormation takes five, in the region and account of the stack.

    docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html
    """
    watching = prod.parts[Part.WATCHING]
    (arns,) = [
        output["Value"]["Fn::Join"] for name, output in watching["Outputs"].items() if name == ROLLBACK_ALARMS_OUTPUT
    ]
    assert arns[0] == ","
    alarms = [watching["Resources"][one["Fn::GetAtt"][0]]["Properties"] for one in arns[1]]
    assert {alarm["AlarmName"] for alarm in alarms} == {
        f"bureau-ordre-prod-{name}"
        for name in (
            "api-server-errors",
            "receipts-failed",
            "render-receipt-errors",
            "send-notification-errors",
            "submit-mail-errors",
        )
    }
    assert {alarm["TreatMissingData"] for alarm in alarms} == {"notBreaching"}


@pytest.mark.parametrize("given", [{}, {"commit": "1" * 40}, {"commit": "1" * 40, "previous": "2" * 40}])
def test_the_watching_stack_records_the_commit(given: dict[str, str]) -> None:
    app = App(context=given)
    stack = Stack(app, "Watching")
    record_commits(stack)
    assert {name: one["Value"] for name, one in Template.from_stack(stack).find_outputs("*").items()} == {
        output: given[name] for output, name in (("Commit", "commit"), ("PreviousCommit", "previous")) if name in given
    }


def test_the_rehearsal_is_synthesised_without_credentials(assembly: Path, prod: Synthesised) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nowhere = {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    asked = {"CDK_OUTDIR": str(assembly), "CDK_CONTEXT_JSON": '{"stage": "example"}'}
    subprocess.run([sys.executable, "-m", "infra.app"], cwd=ROOT, env=environment | nowhere | asked, check=True)
    rehearsal = read_template(assembly, "example")
    assert rehearsal.kinds() == prod.kinds()
    for stack in rehearsal.parts.values():  # each would be deployed alone
        assert_refused_by_cloudformation(stack["Rules"]["Rehearsal"])


def assert_refused_by_cloudformation(rule: dict[str, Any]) -> None:
    """A rule whose assertion is false fails each creation and each update of the stack.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
    """
    assert "RuleCondition" not in rule, "it holds in any case"
    (assertion,) = rule["Assertions"]
    choices, value = assertion["Assert"]["Fn::Contains"]
    assert value not in choices
    assert "never deployed" in assertion["AssertDescription"]


def test_without_a_stage_it_says_which_there_are() -> None:
    with pytest.raises(StageError, match=r"dev\|example\|local\|prod"):
        stage_of(App())


def test_the_local_stage_has_nothing_that_the_local_cloud_does_not_know(stages: dict[str, Synthesised]) -> None:
    kinds = {resource["Type"] for resource in stages["local"].template["Resources"].values()}
    assert not [kind for kind in kinds if kind.startswith(_UNKNOWN_TO_THE_LOCAL_CLOUD)]


_OF_A_STAND_IN = Counter(
    [
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::Lambda::Alias",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Version",
        "AWS::Logs::LogGroup",
    ]
)
_OF_THE_CANARY = Counter(
    {
        "AWS::Events::Rule": 1,
        "AWS::IAM::Policy": 1,
        "AWS::IAM::Role": 1,
        "AWS::Lambda::Alias": 1,
        "AWS::Lambda::EventInvokeConfig": 1,
        "AWS::Lambda::Function": 1,
        "AWS::Lambda::Permission": 1,
        "AWS::Lambda::Version": 1,
        "AWS::Logs::LogGroup": 1,
    }
)
_ALARMS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
"""One or two for each function, and some for ten of them: `test_queues_and_alarms` says which stage has which."""
_OF_A_DOMAIN = Counter(["AWS::SecretsManager::Secret"])
"""What the distribution tells the API; its own stacks are apart from those that every stage has."""
_OF_GUARDDUTY = Counter(["AWS::GuardDuty::MalwareProtectionPlan", "AWS::IAM::Policy", "AWS::IAM::Role"])
_OF_A_SECOND_COPY = Counter(
    {
        "AWS::Backup::BackupPlan": 1,
        "AWS::Backup::BackupSelection": 1,
        "AWS::Backup::BackupVault": 1,
        "AWS::Events::Rule": 8,
        "AWS::IAM::Policy": 2,
        "AWS::IAM::Role": 2,
    }
)
"""Replication, backups, word of what failed, and of acts that may end data."""


def test_stages_have_the_same_things_but_for_who_is_told_of_alarms_and_who_looks_into_files(
    stages: dict[str, Synthesised],
) -> None:
    kinds = {name: stage.kinds() for name, stage in stages.items()}
    of_people = Counter({"AWS::SNS::Subscription": 2, "AWS::Budgets::Budget": 2})
    of_a_lasting_stage = of_people + _OF_A_DOMAIN + _OF_A_SECOND_COPY + _OF_THE_CANARY
    for stage in kinds.values():
        for kind in _ALARMS:
            del stage[kind]
    assert kinds["dev"] == kinds["prod"] - of_a_lasting_stage
    assert kinds["local"] - _OF_A_STAND_IN == kinds["dev"] - _OF_GUARDDUTY


def test_only_the_local_stage_calls_programs_on_its_own_machine() -> None:
    assert [name for name in stage_names() if Stage.load(name).loopback_webhooks] == ["local"]


@pytest.mark.parametrize(
    ("stage", "authority"),
    [
        ("prod", "http://tsa.example/tsr"),
        ("dev", "http://127.0.0.1:8025/tsr"),
        ("local", "http://tsa.example/tsr"),
        ("prod", "tsa.example"),
    ],
)
def test_a_time_stamp_authority_is_asked_over_https(stage: str, authority: str) -> None:
    with pytest.raises(ValueError, match="HTTPS"):
        changed(stage, timestamp_authority=authority)
    secure = "https://tsa.example/tsr"
    assert changed(stage, timestamp_authority=secure).timestamp_authority == secure


def test_both_who_stamp_are_told_of_the_authority_and_of_none_where_there_is_none(
    stages: dict[str, Synthesised],
) -> None:
    for name, stage in stages.items():
        for operation in ("render_receipt", "stamp_receipts"):
            told = stage.functions()[operation]["Environment"]["Variables"]
            assert told["TIMESTAMP_AUTHORITY"] == (SYNTHESISED[name].timestamp_authority or "")


def test_programs_find_what_they_need_in_the_outputs(synthesised: Synthesised) -> None:
    assert set(synthesised.template["Outputs"]) == OUTPUTS | (FOR_DNS if synthesised.stage != "local" else set[str]())


def test_production_caps_messages_as_the_tests_of_attacks_do() -> None:
    assert Stage.load("prod").message_caps.model_dump() == CAPS


@pytest.mark.parametrize("country", ["001", "212", "ma", ""])
def test_sms_go_to_countries_alone(country: str) -> None:
    """Satellites and premium numbers have no two letters."""
    with pytest.raises(ValueError, match="two letters"):
        changed("prod", sms_countries=("MA", country))


def test_both_who_ask_are_told_of_the_countries_that_get_sms(stages: dict[str, Synthesised]) -> None:
    for stage in stages.values():
        for operation in ("identify_sender", "send_notification"):
            assert stage.functions()[operation]["Environment"]["Variables"]["SMS_COUNTRIES"] == "MA"


def test_a_sms_sender_is_one_that_operators_carry() -> None:
    for stage in map(Stage.load, stage_names()):
        assert stage.sms_sender_id.isalnum()
        assert len(stage.sms_sender_id) <= 11


def test_what_production_holds_cannot_be_unlocked_by_anybody() -> None:
    for name in ("prod", "example"):
        assert Stage.load(name).retention_mode == "COMPLIANCE"
        assert Stage.load(name).retention_days >= 3652
