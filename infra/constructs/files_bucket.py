"""The bucket of attachments, sealed records, receipts and heads."""

from collections.abc import Iterator, Sequence
from typing import Any

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.acknowledgements import NO_SECOND_COPY, acknowledge
from infra.constructs.permission import READS, WRITES, Permission
from infra.constructs.replication import replicate
from infra.constructs.retention import removal_policy
from infra.constructs.scan_findings import CLEAN, FINDING_TAG, WITHOUT_VERDICT, only_the_scanner_writes_findings
from infra.constructs.second_copy import SecondCopy
from infra.stage import Stage
from infra.stored_names import (
    ANSWERS,
    ATTACHMENTS,
    DRAFT_STATE,
    RECEIPTS,
    SLIPS,
    STATE_TAG,
    SUBMISSIONS,
    SUBMITTED_STATE,
)

FROM_OUTSIDE = (ATTACHMENTS, ANSWERS)
"""Where senders, and agents, put files."""

_RESTORABLE = Duration.days(2)
_ANSWERS_KEPT, _ANSWERS_RESTORABLE = Duration.days(30), Duration.days(7)
"""How long a file that was never sent exists (`drafts_kept_days` in `attachments/`), and then how long its bytes can
still be restored.

A sender's draft lives for a day. A mail submitted at the end of that day keeps the tag until `render_receipt` locks its
files: should that fail for days, the bytes remain for three more, and `render_receipt` locks and reads pinned versions,
newest or not. The files of an answer wait for an outcome, which may be weeks away; `close_mail` names one that is gone.
"""

_READ_SELDOM_AFTER = Duration.days(90)
_WORTH_MOVING = 128 * 1024
"""Bytes: S3 bills a smaller object as if it had this size, so that its move would cost and save nothing."""


class FilesBucket(Construct):
    """The bucket of attachments, answers, sealed records, receipts and heads: every version is kept, and lockable.

    The bucket's name is fixed and its ARN is built from the name, so that other stacks ask this one for neither. What
    S3 invokes when an object is created is not stated here: `bucket_triggers` says why.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.bucket_name = stage.files_bucket
        self.bucket_arn = f"arn:{Aws.PARTITION}:s3:::{self.bucket_name}"
        self.settings = {"BUCKET_NAME": self.bucket_name}
        self._bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=self.bucket_name,
            versioned=True,
            object_lock_enabled=True,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,  # one call to KMS serves many objects: KMS bills and limits calls
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            cors=[*_uploads_from(stage.page_origins), *_previews_from(stage.desk_origins)] or None,
            lifecycle_rules=lifecycle(stage),
            removal_policy=removal_policy(stage),
        )
        self._bucket.add_to_resource_policy(deny_deletion_of_versions(self.bucket_arn))
        if copy := SecondCopy.of(stage):
            replicate(self._bucket, self.bucket_arn, to=copy, key=key)
        else:
            acknowledge(self._bucket, "NIST.800.53.R5-S3BucketReplicationEnabled", NO_SECOND_COPY)
        for finding in ("AwsSolutions-S1", "NIST.800.53.R5-S3BucketLoggingEnabled"):
            acknowledge(
                self._bucket,
                finding,
                "Access logs would keep senders' addresses and presigned URLs; objects are "
                "written by functions that log ids, and locked once submitted.",
            )
        acknowledge_sizes(self._bucket)

    def keep_findings_of(self, *writers: str) -> None:
        """Let no role but these (ARNs) write what a scan for malware found."""
        for statement in only_the_scanner_writes_findings(self.bucket_arn, writers=writers):
            self._bucket.add_to_resource_policy(statement)

    def may(self, *operations: str, under: Sequence[str], conditions: dict[str, Any] | None = None) -> Permission:
        """Allow these operations (`GetObject` …) on objects whose key begins so."""
        key_actions = {"GetObject": READS, "GetObjectVersion": READS, "PutObject": WRITES}.items()
        used = [actions for operation, actions in key_actions if operation in operations]
        return Permission(
            statement=iam.PolicyStatement(
                actions=[f"s3:{operation}" for operation in operations],
                resources=[f"{self.bucket_arn}/{prefix}*" for prefix in under],
                conditions=conditions,
            ),
            service="s3" if used else None,
            key_actions=frozenset[str]().union(*used),
            wildcard="Object keys hold the mail's id, or the day: the prefix is the narrowest name they share.",
        )

    def may_read_clean(self, *, under: Sequence[str]) -> Permission:
        """Allow reading pinned versions that were found free of malware, and no others.

        A request that names a version needs no `GetObject`:
        https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax.
        """
        return self.may(
            "GetObjectVersion",
            under=under,
            conditions={"StringEquals": {f"s3:ExistingObjectTag/{FINDING_TAG}": CLEAN}},
        )

    def may_read_unchecked(self, *, under: Sequence[str]) -> Permission:
        """Allow reading versions whose scan ended without a verdict, for an agent who accepts the risk.

        Versions that are not scanned yet, and those in which malware was found, stay closed.
        """
        return self.may(
            "GetObjectVersion",
            under=under,
            conditions={"StringEquals": {f"s3:ExistingObjectTag/{FINDING_TAG}": list(WITHOUT_VERDICT)}},
        )

    def may_lock(self, *, under: Sequence[str]) -> Permission:
        """Allow locking pinned versions: setting their retention, and the tag that records it beside the other tags."""
        locks = ("GetObjectRetention", "PutObjectRetention")
        return self.may(*locks, "GetObjectVersionTagging", "PutObjectVersionTagging", under=under)

    def may_list(self, *, under: Sequence[str]) -> Permission:
        """Allow listing these prefixes; a missing object then answers 404 instead of 403.

        `IfExists`, because S3 checks this permission on a HEAD or GET too, which has no prefix.
        """
        return self._may_list("s3:ListBucket", under)

    def may_list_versions(self, *, under: Sequence[str]) -> Permission:
        """Allow listing all versions of the objects under these prefixes."""
        return self._may_list("s3:ListBucketVersions", under)

    def _may_list(self, action: str, under: Sequence[str]) -> Permission:
        return Permission(
            statement=iam.PolicyStatement(
                actions=[action],
                resources=[self.bucket_arn],
                conditions={"StringLikeIfExists": {"s3:prefix": [f"{prefix}*" for prefix in under]}},
            )
        )


def acknowledge_sizes(bucket: s3.Bucket) -> None:
    """Accept how the lifecycle rules write the sizes of objects."""
    why = "The CDK writes sizes of objects as numbers, and CloudFormation reads them as the texts that it documents."
    acknowledge(bucket, "CloudFormation-Validate::W9003", why)


def deny_deletion_of_versions(bucket_arn: str) -> iam.PolicyStatement:
    """Deny to everyone to delete a version, or to lift a lock."""
    return iam.PolicyStatement(
        sid="NobodyDeletesAVersion",
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"],
        resources=[f"{bucket_arn}/*"],
    )


def _uploads_from(origins: Sequence[str]) -> Iterator[s3.CorsRule]:
    if origins:
        yield s3.CorsRule(
            allowed_methods=[s3.HttpMethods.PUT],
            allowed_origins=list(origins),
            allowed_headers=["*"],
            exposed_headers=["ETag"],
            max_age=3600,
        )


def _previews_from(origins: Sequence[str]) -> Iterator[s3.CorsRule]:
    """Let the desk read what a presigned address gives it: the frame that shows a file has no network."""
    if origins:
        yield s3.CorsRule(allowed_methods=[s3.HttpMethods.GET], allowed_origins=list(origins), max_age=3600)


def lifecycle(stage: Stage) -> list[s3.LifecycleRule]:
    """What becomes of objects with time, in the bucket and in its second copy."""
    drafts_kept = Duration.days(stage.drafts_kept_days)
    never_sent = {ATTACHMENTS: (drafts_kept, _RESTORABLE), ANSWERS: (_ANSWERS_KEPT, _ANSWERS_RESTORABLE)}
    return [
        *(
            s3.LifecycleRule(
                id=f"drafts-never-sent-{prefix.removesuffix('/')}",
                prefix=prefix,
                tag_filters={STATE_TAG: DRAFT_STATE},
                expiration=kept,
                noncurrent_version_expiration=restorable,
            )
            for prefix, (kept, restorable) in never_sent.items()
        ),
        *(_to_glacier(prefix, {STATE_TAG: SUBMITTED_STATE}) for prefix in (ATTACHMENTS, ANSWERS)),
        *(_to_glacier(prefix, None) for prefix in (SUBMISSIONS, RECEIPTS)),
        # a slip that was replaced bears codes that open nothing any more
        s3.LifecycleRule(id="slips-replaced", prefix=SLIPS, noncurrent_version_expiration=Duration.days(1)),
        # S3 takes neither of these in a rule with a tag
        s3.LifecycleRule(
            id="what-is-left-of-them",
            abort_incomplete_multipart_upload_after=Duration.days(1),
            expired_object_delete_marker=True,
        ),
    ]


def _to_glacier(prefix: str, tags: dict[str, str] | None) -> s3.LifecycleRule:
    """Move what is sent and seldom read to Glacier Instant Retrieval: a fifth of the price, read as fast, still locked.

    A version that was replaced moves too: a receipt stays locked when its time stamp makes another version.
    """
    glacier = s3.StorageClass.GLACIER_INSTANT_RETRIEVAL
    return s3.LifecycleRule(
        id=f"read-seldom-{prefix.removesuffix('/')}",
        prefix=prefix,
        tag_filters=tags,
        object_size_greater_than=_WORTH_MOVING - 1,
        transitions=[s3.Transition(storage_class=glacier, transition_after=_READ_SELDOM_AFTER)],
        noncurrent_version_transitions=[
            s3.NoncurrentVersionTransition(storage_class=glacier, transition_after=_READ_SELDOM_AFTER)
        ],
    )
