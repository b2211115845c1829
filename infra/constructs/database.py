"""The tables: one for all records, one for the notifications that were sent."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.acknowledgements import NO_SECOND_COPY, acknowledge
from infra.constructs.permission import READS, WRITES, Permission
from infra.constructs.retention import removal_policy
from infra.stage import Stage
from infra.stored_names import (
    ARRIVED,
    DESK_INDEX,
    DESK_STATUS_INDEX,
    PARTITION_KEY,
    SORT_KEY,
    TIME_TO_LIVE,
    WAITING_INDEX,
    WAITING_SINCE,
)

_READING = {"GetItem", "BatchGetItem", "ConditionCheckItem", "Query"}


class Records(Construct):
    """The table of organisms, registers, mails and receipts.

    `table` is the one in use. Where the stage names a restored table, that is another one than the stack's own, which
    stays: CloudFormation cannot take over a table that a restore made.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.own = dynamodb.Table(
            self,
            "Table",
            partition_key=_text(PARTITION_KEY),
            sort_key=_text(SORT_KEY),
            time_to_live_attribute=TIME_TO_LIVE,
            **_durable(stage, key),
        )
        self.table = _in_use(self, self.own, stage.records_table)
        _acknowledge_no_backup(self.own, stage, stage.records_table)
        self.settings = {"TABLE_NAME": self.table.table_name}
        self._arn = _arn(self, self.table.table_name)
        self.own.add_global_secondary_index(
            index_name=WAITING_INDEX,
            partition_key=_text(WAITING_INDEX),
            sort_key=_text(WAITING_SINCE),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        # An inbox shows what a register's entry holds: all attributes are projected, so that one query suffices.
        for index in (DESK_INDEX, DESK_STATUS_INDEX):
            self.own.add_global_secondary_index(
                index_name=index,
                partition_key=_text(index),
                sort_key=_text(ARRIVED),
                projection_type=dynamodb.ProjectionType.ALL,
            )

    def may(self, *operations: str, on: Sequence[str], conditions: dict[str, Any] | None = None) -> Permission:
        """Allow these operations (`GetItem` …) on items whose partition key is one of `on`, or begins with one of them.

        `#` ends the beginnings (`MAIL#`), as in `stored_names`.
        """
        leading_keys = [f"{name}*" if name.endswith("#") else name for name in on]
        return _on_table(
            [self._arn],
            operations,
            {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": leading_keys}, **(conditions or {})},
        )

    def may_query_attributes(self, *attributes: str, on: Sequence[str]) -> Permission:
        """Allow queries that name the attributes they read, and read no others than these."""
        return self.may(
            "Query",
            on=on,
            conditions={
                "ForAllValues:StringEquals": {"dynamodb:Attributes": list(attributes)},
                "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
            },
        )

    def may_update_attributes(self, *attributes: str, on: Sequence[str]) -> Permission:
        """Allow updates that name these attributes beside the key, and no others."""
        named = [PARTITION_KEY, SORT_KEY, *attributes]
        return self.may("UpdateItem", on=on, conditions={"ForAllValues:StringEquals": {"dynamodb:Attributes": named}})

    def may_query_indexes(self, *indexes: str) -> Permission:
        """Allow queries on these indexes, on any partition."""
        return _on_table([f"{self._arn}/index/{index}" for index in indexes], ("Query",), None)


class SentOnce(Construct):
    """The table in which Powertools' idempotency keeps the ids of notifications that were sent."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.own = dynamodb.Table(
            self,
            "Table",
            partition_key=_text("id"),
            time_to_live_attribute="expiration",
            **_durable(stage, key),
        )
        self.table = _in_use(self, self.own, stage.sent_once_table)
        _acknowledge_no_backup(self.own, stage, stage.sent_once_table)
        self.settings = {"IDEMPOTENCY_TABLE_NAME": self.table.table_name}

    def may_remember(self) -> Permission:
        """Allow what Powertools' idempotency does with its table."""
        operations = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")
        return _on_table([_arn(self, self.table.table_name)], operations, None)


def _arn(scope: Construct, table_name: str) -> str:
    """Build a table's ARN from its name: the stacks that use the table then ask for one value, not for two."""
    return Stack.of(scope).format_arn(service="dynamodb", resource="table", resource_name=table_name)


def _acknowledge_no_backup(own: dynamodb.Table, stage: Stage, restored: str | None) -> None:
    """Accept that a table is in no plan of AWS Backup, where that is meant."""
    finding = "NIST.800.53.R5-DynamoDBInBackupPlan"
    if stage.second_region is None:
        acknowledge(own, finding, NO_SECOND_COPY)
    elif restored:
        acknowledge(own, finding, "A restored table took its place, and is backed up instead.")


def _in_use(scope: Construct, own: dynamodb.Table, restored: str | None) -> dynamodb.ITable:
    """The table that functions use: the restored one of this name, where there is one, or the stack's own."""
    return dynamodb.Table.from_table_name(scope, "Restored", restored) if restored else own


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def _durable(stage: Stage, key: kms.IKey) -> dict[str, Any]:
    return {
        "billing_mode": dynamodb.BillingMode.PAY_PER_REQUEST,
        "encryption": dynamodb.TableEncryption.CUSTOMER_MANAGED,
        "encryption_key": key,
        "point_in_time_recovery_specification": dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        "deletion_protection": stage.is_lasting,
        "removal_policy": removal_policy(stage),
    }


def _on_table(arns: Sequence[str], operations: Sequence[str], conditions: dict[str, Any] | None) -> Permission:
    return Permission(
        statement=iam.PolicyStatement(
            actions=[f"dynamodb:{operation}" for operation in operations],
            resources=list(arns),
            conditions=conditions,
        ),
        service="dynamodb",
        key_actions=READS if _READING.issuperset(operations) else WRITES,
    )
