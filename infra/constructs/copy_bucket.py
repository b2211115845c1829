"""The bucket in the second region that S3 copies every file to, as locked as the first."""

from collections.abc import Iterator

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge
from infra.constructs.files_bucket import acknowledge_sizes, deny_deletion_of_versions, lifecycle
from infra.constructs.key_protection import only_break_glass_ends
from infra.constructs.retention import removal_policy
from infra.constructs.second_copy import SecondCopy
from infra.stage import Stage


class CopyKey(kms.Key):
    """The key of the second copy alone: with the first region's key lost, the copy can still be read."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, copy: SecondCopy) -> None:
        super().__init__(
            scope,
            construct_id,
            alias=copy.key_alias,
            description=f"Encrypts the second copy of the Bureau d'Ordre Digital ({stage.name})",
            enable_key_rotation=True,
            removal_policy=removal_policy(stage),
        )
        only_break_glass_ends(self, stage)
        if copy.is_elsewhere:
            for statement in _uses_from_the_stage(stage, copy):
                self.add_to_resource_policy(statement)


def _uses_from_the_stage(stage: Stage, copy: SecondCopy) -> Iterator[iam.PolicyStatement]:
    """What the stage's roles may do with the key of another account.

    The roles need not exist yet, and KMS refuses a principal that does not: so the principal is their account.
    """

    def by(role: str, *actions: str, **conditions: dict[str, str]) -> iam.PolicyStatement:
        of_role = {"aws:PrincipalArn": f"arn:{Aws.PARTITION}:iam::{stage.account}:role/{role}"}
        return iam.PolicyStatement(
            principals=[iam.AccountPrincipal(stage.account)],
            actions=list(actions),
            resources=["*"],
            conditions={"ArnEquals": of_role, **conditions},
        )

    through_s3 = {"kms:ViaService": f"s3.{copy.region}.amazonaws.com"}
    yield by(copy.replication_role, "kms:Encrypt", "kms:GenerateDataKey", StringEquals=through_s3)
    yield by(copy.backup_role, "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey")
    yield by(copy.backup_role, "kms:CreateGrant", Bool={"kms:GrantIsForAWSResource": "true"})


class CopyBucket(Construct):
    """Every version that was put into the first bucket, with its version's id, tags and lock.

    Deletions are not copied: what is deleted in the first bucket stays here, but for drafts, which the same lifecycle
    rules clear away.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, copy: SecondCopy, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=copy.bucket_name,
            versioned=True,
            object_lock_enabled=True,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            lifecycle_rules=lifecycle(stage),
            removal_policy=removal_policy(stage),
        )
        self.bucket.add_to_resource_policy(deny_deletion_of_versions(copy.bucket_arn))
        if copy.is_elsewhere:
            self.bucket.add_to_resource_policy(_may_replicate(stage, copy))
        reading = "Only a restore reads here, which CloudTrail records; access logs would be a third place with keys."
        for finding in ("AwsSolutions-S1", "NIST.800.53.R5-S3BucketLoggingEnabled"):
            acknowledge(self.bucket, finding, reading)
        acknowledge(self.bucket, "NIST.800.53.R5-S3BucketReplicationEnabled", "It is the copy itself.")
        acknowledge_sizes(self.bucket)


def _may_replicate(stage: Stage, copy: SecondCopy) -> iam.PolicyStatement:
    """Allow the stage's role to write copies into the bucket of another account, which then owns them."""
    return iam.PolicyStatement(
        sid="TheStageReplicates",
        principals=[iam.AccountPrincipal(stage.account)],
        actions=["s3:ReplicateObject", "s3:ReplicateTags", "s3:ObjectOwnerOverrideToBucketOwner"],
        resources=[f"{copy.bucket_arn}/*"],
        conditions={
            "ArnEquals": {"aws:PrincipalArn": f"arn:{Aws.PARTITION}:iam::{stage.account}:role/{copy.replication_role}"}
        },
    )
