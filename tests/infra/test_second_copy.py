"""The second copy: another region, another key, and nothing of it that anybody ends before its time.

AWS cannot be tried here: the templates are held to what its documentation asks for.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.aws_kms import Key

from infra.app import check
from infra.constructs.database import Records
from infra.constructs.second_copy import SecondCopy
from infra.names import Part, stack_name
from infra.stacks.copies import CopyStack
from infra.stacks.data import DataStack
from infra.stage import Stage
from tests.support.inspection.policies import is_denied
from tests.support.inspection.stages import changed
from tests.support.inspection.synthesised import Properties, Synthesised, listed, spelled

OURS, THEIRS = "111122223333", "444455556666"
GLASS = f"arn:aws:iam::{OURS}:role/bris-de-glace"
BUCKET = "bureau-ordre-example-files-94d0e7"
TOPIC = "arn:<AWS::Partition>:sns:eu-west-3:<AWS::AccountId>:bureau-ordre-example-alarms"
SOMEBODY = f"arn:aws:iam::{OURS}:role/administrator"


class Sides:
    """The data's part of a stage, and its copy."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        app = App(outdir=str(folder))
        DataStack(app, stage=stage)
        copy = SecondCopy.of(stage)
        assert copy is not None
        CopyStack(app, stage=stage, copy=copy)
        check(app)
        made = app.synth()
        self.data, self.copy = (
            Synthesised(
                stage=stage.name,
                template=made.get_stack_by_name(stack_name(stage.name, part)).template,
                parts={},
                artifacts={},
                folder=folder,
            )
            for part in (Part.DATA, Part.COPY)
        )


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str | None], Sides]:
    """A stage whose copy is in this account or in its own, each synthesised once."""
    made: dict[str | None, Sides] = {}

    def of(second_account: str | None) -> Sides:
        if second_account not in made:
            stage = changed("example", second_account=second_account)
            made[second_account] = Sides(stage, tmp_path_factory.mktemp("sides"))
        return made[second_account]

    return of


@pytest.fixture(params=[None, THEIRS], ids=["one account", "two accounts"])
def each(request: pytest.FixtureRequest, sides: Callable[[str | None], Sides]) -> Sides:
    """Both kinds of copy in their turn."""
    return sides(request.param)


def _rule(data: Synthesised) -> Properties:
    configured = data.the("AWS::S3::Bucket")["ReplicationConfiguration"]
    (rule,) = configured["Rules"]
    found: Properties = rule
    return found


def _policy_of(template: Synthesised, role_name: str) -> list[Properties]:
    (role,) = [
        logical
        for logical, properties in template.of_type("AWS::IAM::Role").items()
        if properties.get("RoleName") == role_name
    ]
    return [
        statement
        for policy in template.of_type("AWS::IAM::Policy").values()
        if {"Ref": role} in policy["Roles"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def _actions(statements: list[Properties]) -> set[str]:
    return {action for statement in statements for action in listed(statement["Action"])}


def test_everything_is_copied_with_its_lock_and_no_deletion_is(each: Sides) -> None:
    """Tags that come later start no copy, so none is asked for.

    docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html.
    """
    rule = _rule(each.data)
    assert rule["Status"] == "Enabled"
    assert rule["Filter"] == {"Prefix": ""}
    assert rule["DeleteMarkerReplication"] == {"Status": "Disabled"}
    assert rule["SourceSelectionCriteria"] == {
        "SseKmsEncryptedObjects": {"Status": "Enabled"},
        "ReplicaModifications": {"Status": "Disabled"},
    }
    assert rule["Destination"]["Metrics"] == {"Status": "Enabled"}


def test_the_copy_lies_where_the_rule_leads_under_the_key_that_it_names(each: Sides) -> None:
    destination = _rule(each.data)["Destination"]
    bucket = each.copy.the("AWS::S3::Bucket")
    assert spelled(destination["Bucket"]) == f"arn:<AWS::Partition>:s3:::{bucket['BucketName']}"
    assert bucket["BucketName"] == f"{BUCKET}-copy"
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    (key,) = each.copy.of_type("AWS::KMS::Key")
    assert encryption["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == {"Fn::GetAtt": [key, "Arn"]}
    alias = each.copy.the("AWS::KMS::Alias")
    assert alias["TargetKeyId"] == {"Fn::GetAtt": [key, "Arn"]}
    named = spelled(destination["EncryptionConfiguration"]["ReplicaKmsKeyID"])
    assert named.startswith("arn:<AWS::Partition>:kms:eu-central-1:")
    assert named.endswith(f":{alias['AliasName']}")


def test_the_copy_is_as_locked_and_as_closed_as_the_bucket(each: Sides) -> None:
    """Object Lock at the destination is what S3 asks for to copy locks.

    docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html, "Using Object Lock with replication".
    """
    first, copy = each.data.the("AWS::S3::Bucket"), each.copy.the("AWS::S3::Bucket")
    for same in (
        "VersioningConfiguration",
        "ObjectLockEnabled",
        "PublicAccessBlockConfiguration",
        "OwnershipControls",
        "LifecycleConfiguration",
    ):
        assert copy[same] == first[same], same
    policy = each.copy.the("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    arn = f"arn:<AWS::Partition>:s3:::{BUCKET}-copy/receipts/a.pdf"
    secure = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3", "aws:PrincipalArn": SOMEBODY}
    for action in ("s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"):
        assert is_denied(policy, action, arn, secure)
    assert not is_denied(policy, "s3:GetObject", arn, secure)
    assert {"Bool": {"aws:SecureTransport": "false"}} in [one.get("Condition") for one in policy]


def test_what_is_kept_there_outlives_the_stack(each: Sides) -> None:
    kinds = {"AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Backup::BackupVault"}
    kept = [each_ for each_ in each.copy.template["Resources"].values() if each_["Type"] in kinds]
    assert {one["Type"] for one in kept} == kinds
    assert all(one["DeletionPolicy"].startswith("Retain") for one in kept)


def test_s3_may_copy_and_nothing_else(sides: Callable[[str | None], Sides]) -> None:
    """docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html lists these."""
    shared = {
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
        "s3:GetObjectRetention",
        "s3:GetObjectLegalHold",
        "s3:ReplicateObject",
        "s3:ReplicateTags",
        "kms:Decrypt",
        "kms:Encrypt",
        "kms:GenerateDataKey",
    }
    override = "s3:ObjectOwnerOverrideToBucketOwner"
    for account, expected in ((None, shared), (THEIRS, {*shared, override})):
        statements = _policy_of(sides(account).data, "bureau-ordre-example-replication")
        assert _actions(statements) == expected
        resources = {spelled(resource) for one in statements for resource in listed(one["Resource"])}
        assert f"arn:<AWS::Partition>:s3:::{BUCKET}-copy/*" in resources
        for statement in statements:
            if any(action.startswith("kms:") for action in listed(statement["Action"])):
                assert statement["Condition"]["StringEquals"]["kms:ViaService"].startswith("s3.eu-")


def test_a_copy_in_another_account_belongs_to_it_and_takes_files_from_the_stages_role_alone(
    sides: Callable[[str | None], Sides],
) -> None:
    """docs.aws.amazon.com/AmazonS3/latest/userguide/replication-walkthrough-2.html."""
    there = sides(THEIRS)
    destination = _rule(there.data)["Destination"]
    assert destination["Account"] == THEIRS
    assert destination["AccessControlTranslation"] == {"Owner": "Destination"}
    policy = there.copy.the("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    (allowed,) = [statement for statement in policy if statement["Effect"] == "Allow"]
    assert set(allowed["Action"]) == {
        "s3:ReplicateObject",
        "s3:ReplicateTags",
        "s3:ObjectOwnerOverrideToBucketOwner",
    }
    assert {spelled(one) for one in allowed["Condition"]["ArnEquals"].values()} == {
        "arn:<AWS::Partition>:iam::<AWS::AccountId>:role/bureau-ordre-example-replication"
    }
    assert "Account" not in _rule(sides(None).data)["Destination"]
    assert not [
        statement
        for statement in sides(None).copy.the("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]


def test_nothing_in_the_copy_refers_to_the_first_key(each: Sides) -> None:
    """Whoever ends the key of the first region does not end the copy."""
    for statement in each.copy.the("AWS::KMS::Key")["KeyPolicy"]["Statement"]:
        assert "eu-west-3" not in str(statement.get("Condition", ""))
    assert each.copy.the("AWS::KMS::Key").get("MultiRegion") is None


def test_both_vaults_are_locked_for_good_after_the_days_of_trial(each: Sides) -> None:
    """Without `ChangeableForDays` a lock is governance only: anybody with the permission lifts it.

    docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html. The days are three at least.
    """
    for side in (each.data, each.copy):
        lock = side.the("AWS::Backup::BackupVault")["LockConfiguration"]
        assert lock["ChangeableForDays"] >= 3
        assert lock["MinRetentionDays"] == 7
        assert lock["MaxRetentionDays"] == 366


def _plan(data: Synthesised) -> list[Properties]:
    rules: list[Properties] = data.the("AWS::Backup::BackupPlan")["BackupPlan"]["BackupPlanRule"]
    return rules


def test_both_tables_are_backed_up_four_times_a_day_and_copied_to_the_second_region(each: Sides) -> None:
    selection = each.data.the("AWS::Backup::BackupSelection")["BackupSelection"]
    tables = [{"Fn::GetAtt": [logical, "Arn"]} for logical in each.data.of_type("AWS::DynamoDB::Table")]
    assert sorted(map(str, selection["Resources"])) == sorted(map(str, tables))
    assert len(tables) == 2
    assert _plan(each.data)[0]["ScheduleExpression"] == "cron(10 0/6 * * ? *)"
    vault = each.copy.the("AWS::Backup::BackupVault")["BackupVaultName"]
    for rule in _plan(each.data):
        (copy,) = rule["CopyActions"]
        assert spelled(copy["DestinationBackupVaultArn"]).startswith("arn:<AWS::Partition>:backup:eu-central-1:")
        assert spelled(copy["DestinationBackupVaultArn"]).endswith(f":backup-vault:{vault}")


def test_no_backup_is_kept_for_a_time_that_its_vault_refuses(each: Sides) -> None:
    """A job whose retention lies outside of the lock's fails."""
    lock = each.data.the("AWS::Backup::BackupVault")["LockConfiguration"]
    kept = [rule["Lifecycle"]["DeleteAfterDays"] for rule in _plan(each.data)]
    kept += [copy["Lifecycle"]["DeleteAfterDays"] for rule in _plan(each.data) for copy in rule["CopyActions"]]
    assert all(lock["MinRetentionDays"] <= days <= lock["MaxRetentionDays"] for days in kept)
    assert max(kept) >= 365


def test_aws_backup_may_back_these_tables_up_and_no_others(each: Sides) -> None:
    """These are of the managed policy AWSBackupServiceRolePolicyForBackup, whose resources are all tables.

    docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html.
    """
    statements = _policy_of(each.data, "bureau-ordre-example-backup")
    assert _actions(statements) == {
        "dynamodb:DescribeTable",
        "dynamodb:ListTagsOfResource",
        "dynamodb:StartAwsBackupJob",
        "backup:CopyFromBackupVault",
        "backup:CopyIntoBackupVault",
        "backup:DescribeBackupVault",
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKey",
    }
    for statement in statements:
        assert statement["Resource"] != "*"
        if "kms:CreateGrant" in listed(statement["Action"]):
            assert statement["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    role = each.data.of_type("AWS::IAM::Role")
    assert not [one for one in role.values() if "ManagedPolicyArns" in one]


def test_operators_hear_of_a_backup_or_copy_that_fails(each: Sides) -> None:
    rules = each.data.of_type("AWS::Events::Rule").values()
    (rule,) = [one for one in rules if one["EventPattern"]["source"] == ["aws.backup"] and "state" in _detail(one)]
    assert set(rule["EventPattern"]["detail-type"]) == {"Backup Job State Change", "Copy Job State Change"}
    assert {"FAILED", "ABORTED", "EXPIRED"} <= set(_detail(rule)["state"])
    assert [spelled(target["Arn"]) for target in rule["Targets"]] == [TOPIC]


def _detail(rule: Properties) -> Mapping[str, Any]:
    detail: Mapping[str, Any] = rule["EventPattern"]["detail"]
    return detail


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("aws.kms", "ScheduleKeyDeletion"),
        ("aws.kms", "DisableKey"),
        ("aws.kms", "PutKeyPolicy"),
        ("aws.s3", "DeleteBucketPolicy"),
        ("aws.s3", "PutBucketReplication"),
        ("aws.s3", "PutBucketLifecycle"),
        ("aws.dynamodb", "DeleteTable"),
        ("aws.dynamodb", "UpdateContinuousBackups"),
        ("aws.backup", "DeleteBackupVault"),
        ("aws.backup", "DeleteRecoveryPoint"),
        ("aws.backup", "DeleteBackupVaultLockConfiguration"),
        ("aws.secretsmanager", "DeleteSecret"),
        ("aws.cloudtrail", "StopLogging"),
        ("aws.sts", "AssumeRole"),
    ],
)
def test_an_act_that_may_end_data_wakes_operators(each: Sides, source: str, call: str) -> None:
    """docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html."""
    rules = [
        rule
        for rule in each.data.of_type("AWS::Events::Rule").values()
        if rule["EventPattern"]["source"] == [source] and call in _detail(rule).get("eventName", [])
    ]
    assert [spelled(target["Arn"]) for rule in rules for target in rule["Targets"]] == [TOPIC]
    assert rules[0]["EventPattern"]["detail-type"] == ["AWS API Call via CloudTrail"]
    if source == "aws.sts":
        assert _detail(rules[0])["requestParameters"] == {"roleArn": [GLASS]}


def test_the_topic_takes_events_and_its_key_lets_them_through(each: Sides) -> None:
    publishers = {
        statement["Principal"].get("Service")
        for statement in each.data.the("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    }
    assert "events.amazonaws.com" in publishers
    (data_key,) = [key for key in each.data.of_type("AWS::KMS::Key").values() if "KeyUsage" not in key]
    users = {str(statement["Principal"]) for statement in data_key["KeyPolicy"]["Statement"]}
    assert str({"Service": "events.amazonaws.com"}) in users


def _keys(each: Sides) -> list[Properties]:
    return [key for side in (each.data, each.copy) for key in side.of_type("AWS::KMS::Key").values()]


@pytest.mark.parametrize(
    ("action", "by", "denied"),
    [
        ("kms:ScheduleKeyDeletion", SOMEBODY, True),
        ("kms:ScheduleKeyDeletion", f"arn:aws:iam::{OURS}:root", True),
        ("kms:ScheduleKeyDeletion", f"arn:aws:iam::{OURS}:role/cdk-hnb659fds-cfn-exec-role-{OURS}-eu-west-3", True),
        ("kms:ScheduleKeyDeletion", GLASS, False),
        ("kms:DisableKey", SOMEBODY, True),
        ("kms:DisableKey", GLASS, False),
        ("kms:PutKeyPolicy", SOMEBODY, True),
        ("kms:PutKeyPolicy", f"arn:aws:iam::{OURS}:root", True),
        ("kms:PutKeyPolicy", GLASS, False),
        ("kms:CancelKeyDeletion", SOMEBODY, False),
        ("kms:EnableKey", SOMEBODY, False),
        ("kms:Decrypt", SOMEBODY, False),
    ],
)
def test_one_role_alone_ends_a_key(each: Sides, action: str, by: str, *, denied: bool) -> None:
    assert len(_keys(each)) == 4
    for key in _keys(each):
        assert is_denied(key["KeyPolicy"]["Statement"], action, "*", {"aws:PrincipalArn": by}) == denied


def test_the_role_that_makes_a_key_may_still_change_its_policy(each: Sides) -> None:
    """KMS refuses a policy that locks its author out, which is CloudFormation's role.

    docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html, BypassPolicyLockoutSafetyCheck.
    """
    for side, region in ((each.data, "eu-west-3"), (each.copy, "eu-central-1")):
        for key in side.of_type("AWS::KMS::Key").values():
            assert "BypassPolicyLockoutSafetyCheck" not in key
            (statement,) = [one for one in key["KeyPolicy"]["Statement"] if one["Action"] == "kms:PutKeyPolicy"]
            allowed = [
                one for one in listed(statement["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]) if one != GLASS
            ]
            (role,) = [one["Fn::Sub"] for one in allowed]
            assert ":role/cdk-hnb659fds-cfn-exec-role-" in role
            assert role.endswith(f"-{region}")


def test_the_key_of_the_data_can_be_copied_to_another_region(each: Sides) -> None:
    """It cannot be made so later: docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html."""
    (data_key,) = [key for key in each.data.of_type("AWS::KMS::Key").values() if "KeyUsage" not in key]
    assert data_key["MultiRegion"] is True


def test_the_secrets_that_codes_are_made_under_are_in_the_second_region_too(
    sides: Callable[[str | None], Sides],
) -> None:
    """Of another account there can be no key.

    docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html.
    """
    for account, key in ((None, {"KmsKeyId": "alias/bureau-ordre-example-copy"}), (THEIRS, {})):
        secrets = sides(account).data.of_type("AWS::SecretsManager::Secret").values()
        assert len(secrets) >= 2
        assert all(secret["ReplicaRegions"] == [{"Region": "eu-central-1", **key}] for secret in secrets)


def test_a_copys_name_that_s3_would_refuse_is_refused_before() -> None:
    longest = "bureau-ordre-" + "a" * 45
    assert len(changed("example", files_bucket=longest).copy_bucket) == 63
    with pytest.raises(ValueError, match="files_bucket"):
        changed("example", files_bucket=longest + "a")


def test_a_restored_table_is_used_in_place_of_the_stacks_own_which_stays(tmp_path: Path) -> None:
    """CloudFormation cannot take a table over that a restore made; what it made itself holds what was there before."""
    data = Sides(changed("example", records_table="records-2", sent_once_table="sent-once-2"), tmp_path).data
    assert data.template["Outputs"]["TableName"]["Value"] == "records-2"
    assert data.template["Outputs"]["IdempotencyTableName"]["Value"] == "sent-once-2"
    assert {"RecordsTableC9B7A30B", "SentOnceTableEC4E3B88"} == set(data.of_type("AWS::DynamoDB::Table"))
    backed_up = data.the("AWS::Backup::BackupSelection")["BackupSelection"]["Resources"]
    assert [spelled(arn).rpartition("table/")[2] for arn in backed_up] == ["records-2", "sent-once-2"]
    may = _policy_of(data, "bureau-ordre-example-backup")[0]
    assert [spelled(arn).rpartition("table/")[2] for arn in may["Resource"]] == ["records-2", "sent-once-2"]


def test_functions_use_the_restored_table_and_are_allowed_that_one_alone(tmp_path: Path) -> None:
    stack = Stack(App(outdir=str(tmp_path)), "Tables", env=Environment(account=OURS, region="eu-west-3"))
    records = Records(stack, "Records", stage=changed("example", records_table="records-2"), key=Key(stack, "Key"))
    assert records.settings == {"TABLE_NAME": "records-2"}
    for permission in (records.may("GetItem", on=["MAIL#"]), records.may_query_indexes("desk")):
        (resource,) = [spelled(stack.resolve(arn)) for arn in permission.statement.resources]
        assert resource.partition(":table/")[2].partition("/")[0] == "records-2"
