"""The copying of each version that is put into the bucket to the bucket of the second region.

Everything is copied, drafts too: S3 decides when an object is created, and a tag that comes later does not start a copy
("What does Amazon S3 replicate" in the user guide of S3). What changes later on a version that was copied, its tags and
its lock, follows. Deletions do not: the copy is there for them. Without replication time control, whose promise of a
quarter of an hour costs as much again as the transfer, S3 copies most objects within minutes; an alarm says when it
does not.
"""

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge_own_policy, acknowledge_wildcards
from infra.constructs.second_copy import SecondCopy

REPLICATION_RULE = "second-copy"
"""The id of the rule, which the metrics of replication bear."""


def replicate(bucket: s3.Bucket, bucket_arn: str, *, to: SecondCopy, key: kms.IKey) -> None:
    """Have S3 copy everything that is put into a bucket, which is encrypted under `key`."""
    role = _role(bucket, bucket_arn, to, key)
    resource = bucket.node.default_child
    if not isinstance(resource, s3.CfnBucket):
        raise TypeError("A bucket is made of one CloudFormation resource.")
    owned = s3.CfnBucket.AccessControlTranslationProperty(owner="Destination")
    resource.replication_configuration = s3.CfnBucket.ReplicationConfigurationProperty(
        role=role.role_arn,
        rules=[
            s3.CfnBucket.ReplicationRuleProperty(
                id=REPLICATION_RULE,
                status="Enabled",
                priority=1,
                filter=s3.CfnBucket.ReplicationRuleFilterProperty(prefix=""),
                delete_marker_replication=s3.CfnBucket.DeleteMarkerReplicationProperty(status="Disabled"),
                source_selection_criteria=s3.CfnBucket.SourceSelectionCriteriaProperty(
                    sse_kms_encrypted_objects=s3.CfnBucket.SseKmsEncryptedObjectsProperty(status="Enabled"),
                    # tags and locks of the copy are never changed there, so nothing has to come back
                    replica_modifications=s3.CfnBucket.ReplicaModificationsProperty(status="Disabled"),
                ),
                destination=s3.CfnBucket.ReplicationDestinationProperty(
                    bucket=to.bucket_arn,
                    account=to.account if to.is_elsewhere else None,
                    access_control_translation=owned if to.is_elsewhere else None,
                    encryption_configuration=s3.CfnBucket.EncryptionConfigurationProperty(
                        replica_kms_key_id=to.key_arn
                    ),
                    metrics=s3.CfnBucket.MetricsProperty(status="Enabled"),
                ),
            )
        ],
    )


def _role(scope: Construct, bucket_arn: str, to: SecondCopy, key: kms.IKey) -> iam.Role:
    """The role by which S3 copies: as "Setting up permissions for live replication" lists its permissions, no more."""
    role = iam.Role(
        scope,
        "Replication",
        role_name=to.replication_role,
        assumed_by=iam.ServicePrincipal(
            "s3.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        ),
        description="How S3 copies files to the second region",
    )
    acknowledge_own_policy(role)
    region = Stack.of(scope).region
    reading = ["ForReplication", "Acl", "Tagging"]
    for statement in (
        iam.PolicyStatement(
            sid="KnowsWhatToCopy",
            actions=["s3:GetReplicationConfiguration", "s3:ListBucket"],
            resources=[bucket_arn],
        ),
        iam.PolicyStatement(
            sid="ReadsVersionsAndTheirLocks",
            actions=[
                *(f"s3:GetObjectVersion{what}" for what in reading),
                "s3:GetObjectRetention",
                "s3:GetObjectLegalHold",
            ],
            resources=[f"{bucket_arn}/*"],
        ),
        iam.PolicyStatement(
            sid="WritesCopies",
            actions=[
                "s3:ReplicateObject",
                "s3:ReplicateTags",
                *(["s3:ObjectOwnerOverrideToBucketOwner"] if to.is_elsewhere else []),
            ],
            resources=[f"{to.bucket_arn}/*"],
        ),
        iam.PolicyStatement(
            sid="Decrypts",
            actions=["kms:Decrypt"],
            resources=[key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
        ),
        iam.PolicyStatement(
            sid="EncryptsUnderTheCopysKey",
            actions=["kms:Encrypt", "kms:GenerateDataKey"],
            resources=[to.keys_arn],
            conditions={
                "StringEquals": {"kms:ViaService": f"s3.{to.region}.amazonaws.com"},
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": to.key_alias},
            },
        ),
    ):
        role.add_to_policy(statement)
        if any("*" in resource for resource in statement.resources):
            acknowledge_wildcards(
                role, statement.resources, "Every object is copied; the condition names the key's alias."
            )
    return role
