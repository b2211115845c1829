"""The key that everything is encrypted under."""

from collections.abc import Iterator, Sequence

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.key_protection import only_break_glass_ends
from infra.constructs.permission import Permission
from infra.constructs.retention import removal_policy
from infra.stage import Stage


class CustomerKey(kms.Key):
    """The one key that tables, bucket, queues, secrets and logs are encrypted under."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(
            scope,
            construct_id,
            alias=f"alias/bureau-ordre-{stage.name}",
            description=f"Encrypts what the Bureau d'Ordre Digital keeps ({stage.name})",
            enable_key_rotation=True,
            # It can't be made so later, and costs nothing until a replica is made in another region.
            multi_region=True,
            removal_policy=removal_policy(stage),
        )
        only_break_glass_ends(self, stage)
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
        if stage.second_account:
            for statement in _may_be_copied_to(stage.second_account):
                self.add_to_resource_policy(statement)

    def may_encipher(self, purposes: Sequence[str]) -> Permission:
        """Allow enciphering short texts, each for one of these purposes, and deciphering them again."""
        return Permission(
            statement=iam.PolicyStatement(
                actions=["kms:Encrypt", "kms:Decrypt"],
                resources=[self.key_arn],
                conditions={"StringEquals": {"kms:EncryptionContext:purpose": list(purposes)}},
            )
        )


def _may_be_copied_to(account: str) -> Iterator[iam.PolicyStatement]:
    """Allow AWS Backup of another account to read the backups that are copied into its vault."""
    role = f"arn:{Aws.PARTITION}:iam::{account}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
    for actions, further in (
        (["kms:Decrypt", "kms:DescribeKey"], {}),
        (["kms:CreateGrant"], {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
    ):
        yield iam.PolicyStatement(
            principals=[iam.AccountPrincipal(account)],
            actions=actions,
            resources=["*"],
            conditions={"ArnEquals": {"aws:PrincipalArn": role}, **further},
        )
