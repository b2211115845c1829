"""AWS Backup: copies of the tables in a locked vault, and in the vault of the second region.

DynamoDB's own point-in-time recovery restores any second of the last 35 days, in the same account. The vaults are for
what it does not survive: the loss of the region, and somebody who may delete tables with their backups. No one, AWS
included, can delete what is in a locked vault before its time, once the days in which the lock may still be taken away
have passed ("AWS Backup Vault Lock" in its developer guide).

The bucket is not here: S3 copies it version by version, with the locks, which a backup would not keep.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aws_cdk import Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_backup as backup
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge_own_policy, acknowledge_wildcards
from infra.constructs.channels import OperatorsChannel
from infra.constructs.retention import removal_policy
from infra.constructs.second_copy import SecondCopy
from infra.stage import Stage

_SHORTEST, _LONGEST = Duration.days(7), Duration.days(366)
"""What the locks allow as the life of a backup: a plan of longer or shorter life fails."""

_COOLING_OFF = Duration.days(14)
"""How long a new vault's lock may still be taken away: to try the first restore. AWS asks for three days at least."""


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often the tables are backed up, and how long each backup is kept in either vault."""

    name: str
    schedule: events.Schedule
    kept: Duration
    copy_kept: Duration


_RHYTHMS = (
    Rhythm(
        name="every-six-hours",
        schedule=events.Schedule.cron(hour="0/6", minute="10"),
        kept=Duration.days(7),
        copy_kept=Duration.days(7),
    ),
    Rhythm(
        name="every-month",
        schedule=events.Schedule.cron(day="1", hour="3", minute="10"),
        kept=Duration.days(35),
        copy_kept=Duration.days(366),
    ),
)
"""A backup of a table is always a whole one: 28 of the last week and 12 of the last year are what is paid for."""


class LockedVault(backup.BackupVault):
    """A vault from which nothing goes before its time."""

    def __init__(  # noqa: PLR0913 - what makes a vault, by keyword
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        name: str,
        key: kms.IKey,
        filled_by: iam.PolicyDocument | None = None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            backup_vault_name=name,
            encryption_key=key,
            access_policy=filled_by,
            lock_configuration=backup.LockConfiguration(
                min_retention=_SHORTEST, max_retention=_LONGEST, changeable_for=_COOLING_OFF
            ),
            removal_policy=removal_policy(stage),
        )


def filled_from(account: str) -> iam.PolicyDocument:
    """Allow an account to copy backups into a vault of another: both belong to one organization of AWS."""
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                principals=[iam.AccountPrincipal(account)], actions=["backup:CopyIntoBackupVault"], resources=["*"]
            )
        ]
    )


class Backups(Construct):
    """The plan that backs the tables up, the vault of this region, and word to operators when a backup fails."""

    def __init__(  # noqa: PLR0913 - what is backed up, and what for, by keyword
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        key: kms.IKey,
        tables: Sequence[dynamodb.ITable],
        copy: SecondCopy,
        operators: OperatorsChannel,
    ) -> None:
        super().__init__(scope, construct_id)
        vault = LockedVault(self, "Vault", stage=stage, name=stage.name_of("backups"), key=key)
        there = backup.BackupVault.from_backup_vault_arn(self, "CopyVault", copy.vault_arn)
        role = iam.Role(
            self,
            "Role",
            role_name=copy.backup_role,
            assumed_by=iam.ServicePrincipal("backup.amazonaws.com"),
            description="How AWS Backup copies tables into vaults",
        )
        acknowledge_own_policy(role)
        arns = [table.table_arn for table in tables]
        for statement in _may_back_up(arns, vault.backup_vault_arn, key.key_arn, Stack.of(self).region, copy):
            role.add_to_policy(statement)
            if any("*" in resource for resource in statement.resources):
                acknowledge_wildcards(role, statement.resources, "Ids of backups and of the copy's key are not known.")
        plan = backup.BackupPlan(
            self,
            "Plan",
            backup_plan_name=stage.name_of("tables"),
            backup_plan_rules=[
                backup.BackupPlanRule(
                    rule_name=rhythm.name,
                    backup_vault=vault,
                    schedule_expression=rhythm.schedule,
                    start_window=Duration.hours(1),
                    completion_window=Duration.hours(5),
                    delete_after=rhythm.kept,
                    copy_actions=[
                        backup.BackupPlanCopyActionProps(destination_backup_vault=there, delete_after=rhythm.copy_kept)
                    ],
                )
                for rhythm in _RHYTHMS
            ],
        )
        plan.apply_removal_policy(RemovalPolicy.DESTROY)
        plan.add_selection(
            "Tables",
            backup_selection_name=stage.name_of("tables"),
            resources=[backup.BackupResource.from_arn(arn) for arn in arns],
            role=role,
            disable_default_backup_policy=True,
        )
        events.Rule(
            self,
            "Failed",
            description="Wakes operators when a backup of a table, or its copy, fails",
            event_pattern=events.EventPattern(
                source=["aws.backup"],
                detail_type=["Backup Job State Change", "Copy Job State Change"],
                detail={"state": ["FAILED", "ABORTED", "EXPIRED", "PARTIAL"]},
            ),
            targets=[targets.SnsTopic(operators.topic, message=_failure(stage))],
        )


def _failure(stage: Stage) -> events.RuleTargetInput:
    state, kind = events.EventField.from_path("$.detail.state"), events.EventField.detail_type
    why = events.EventField.from_path("$.detail.statusMessage")
    return events.RuleTargetInput.from_text(
        f'{stage.name}: {kind}: {state} ({why}). A table was not backed up: docs/restoring.md, "Backups that fail".'
    )


def _may_back_up(
    tables: Sequence[str], vault: str, key: str, region: str, copy: SecondCopy
) -> Iterator[iam.PolicyStatement]:
    """What AWS Backup does with DynamoDB's advanced backups, of `AWSBackupServiceRolePolicyForBackup`, and no more."""
    yield iam.PolicyStatement(
        sid="BacksTheTablesUp",
        actions=["dynamodb:DescribeTable", "dynamodb:ListTagsOfResource", "dynamodb:StartAwsBackupJob"],
        resources=list(tables),
    )
    yield iam.PolicyStatement(
        sid="FillsTheVaults",
        actions=["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
        resources=[vault, copy.vault_arn],
    )
    yield iam.PolicyStatement(
        sid="CopiesBackups",
        actions=["backup:CopyFromBackupVault"],
        resources=[f"arn:{Aws.PARTITION}:backup:{region}:{Aws.ACCOUNT_ID}:recovery-point:*", vault],
    )
    for sid, resource, condition in (
        ("UsesTheKeyOfTheTables", key, {}),
        ("UsesTheCopysKey", copy.keys_arn, {"ForAnyValue:StringEquals": {"kms:ResourceAliases": copy.key_alias}}),
    ):
        yield iam.PolicyStatement(
            sid=sid,
            actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
            resources=[resource],
            conditions=condition or None,
        )
        yield iam.PolicyStatement(
            sid=f"{sid}ByGrants",
            actions=["kms:CreateGrant"],
            resources=[resource],
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}, **condition},
        )
