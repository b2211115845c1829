"""Where mail is kept: the tables, the secret, and the key that everything is encrypted under."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Acknowledgment, Aws, Stack, Validations
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.functions.function import READS, WRITES, Permission
from infra.stage import Stage

_READING = {"GetItem", "BatchGetItem", "ConditionCheckItem", "Query"}

ORGANISMS = "ORGANISM"
REGISTERS = "REGISTER#*"
MAILS = "MAIL#*"
RECEIPTS = "RECEIPT#*"
CLIENTS = "CLIENT#*"
CODES = "CODE#*"
CAPS = "CAP#*"
WAITING_INDEX = "waiting"
DESK_INDEX = "desk"
DESK_STATUS_INDEX = "desk_status"


class CustomerKey(kms.Key):
    """The one key that table, bucket, queues, secret and logs are encrypted under."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(
            scope,
            construct_id,
            alias=f"alias/bureau-ordre-{stage.name}",
            description=f"Encrypts what the Bureau d'Ordre Digital keeps ({stage.name})",
            enable_key_rotation=True,
            removal_policy=stage.removal_policy,
        )
        stack = Stack.of(self)
        self.add_to_resource_policy(
            iam.PolicyStatement(
                sid="LogsOfThisStage",
                principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
                actions=["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
                resources=["*"],
                conditions={
                    "ArnLike": {
                        "kms:EncryptionContext:aws:logs:arn": [
                            f"arn:{Aws.PARTITION}:logs:{stack.region}:{stack.account}:log-group:{prefix}"
                            f"{stage.name_of('*')}"
                            for prefix in ("/aws/lambda/", "/aws/vendedlogs/")
                        ]
                    }
                },
            )
        )


class Records(Construct):
    """The table of organisms, registers, mails and receipts."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            time_to_live_attribute="ttl",
            **_kept_safe(stage, key),
        )
        self.table.add_global_secondary_index(
            index_name=WAITING_INDEX,
            partition_key=_text("waiting"),
            sort_key=_text("waiting_since"),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        # an inbox shows what a register's entry holds: one query, and nothing read twice
        for index in (DESK_INDEX, DESK_STATUS_INDEX):
            self.table.add_global_secondary_index(
                index_name=index,
                partition_key=_text(index),
                sort_key=_text("arrived"),
                projection_type=dynamodb.ProjectionType.ALL,
            )

    def may(self, *operations: str, on: Sequence[str], conditions: dict[str, Any] | None = None) -> Permission:
        """Allow these operations (`GetItem` …) on items whose partition key is like one of `on`."""
        return _on_table(
            [self.table.table_arn],
            operations,
            {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(on)}, **(conditions or {})},
        )

    def may_query_attributes(self, *attributes: str, on: Sequence[str]) -> Permission:
        """Allow queries that name what they want, and want nothing but these attributes."""
        return self.may(
            "Query",
            on=on,
            conditions={
                "ForAllValues:StringEquals": {"dynamodb:Attributes": list(attributes)},
                "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
            },
        )

    def may_query_indexes(self, *indexes: str) -> Permission:
        """Allow queries on these indexes, whatever the partition."""
        return _on_table([f"{self.table.table_arn}/index/{index}" for index in indexes], ("Query",), None)


class SentOnce(Construct):
    """The table that remembers which notifications went out (Powertools' idempotency)."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=_text("id"),
            time_to_live_attribute="expiration",
            **_kept_safe(stage, key),
        )

    def may_remember(self) -> Permission:
        """Allow what Powertools' idempotency does with its table."""
        operations = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")
        return _on_table([self.table.table_arn], operations, None)


class Secret(Construct):
    """A secret that others are made under, so that it never turns: `why` says what would break."""

    def __init__(  # noqa: PLR0913 - what makes a secret, by keyword
        self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey, what: str, why: str
    ) -> None:
        super().__init__(scope, construct_id)
        self.secret_name = stage.name_of(construct_id.lower())
        self._secret = secretsmanager.Secret(
            self,
            "Secret",
            secret_name=self.secret_name,
            description=what,
            encryption_key=key,
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            removal_policy=stage.removal_policy,
        )
        Validations.of(self._secret).acknowledge(Acknowledgment(id="AwsSolutions-SMG4", reason=why))

    def may_read(self) -> Permission:
        """Allow reading the secret's value."""
        resource = self._secret.node.default_child
        if not isinstance(resource, secretsmanager.CfnSecret):
            raise TypeError("A secret is made of one CloudFormation resource.")
        return Permission(
            statement=iam.PolicyStatement(
                actions=["secretsmanager:GetSecretValue"],
                # its Ref is an ARN in AWS and a name in the local cloud; Id is the ARN in both
                resources=[resource.get_att("Id").to_string()],
            ),
            service="secretsmanager",
            key_actions=READS,
        )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def _kept_safe(stage: Stage, key: kms.IKey) -> dict[str, Any]:
    return {
        "billing_mode": dynamodb.BillingMode.PAY_PER_REQUEST,
        "encryption": dynamodb.TableEncryption.CUSTOMER_MANAGED,
        "encryption_key": key,
        "point_in_time_recovery_specification": dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        "deletion_protection": stage.is_lasting,
        "removal_policy": stage.removal_policy,
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
