"""The bucket of attachments, sealed records, receipts and heads."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Acknowledgment, Aws, Duration, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.functions.function import READS, WRITES, Permission
from infra.stage import Stage

FROM_OUTSIDE = ("attachments/", "answers/")
"""Where strangers, and agents, put files."""
_TAG, _CLEAN = "GuardDutyMalwareScanStatus", "NO_THREATS_FOUND"
_WITHOUT_VERDICT = ("ACCESS_DENIED", "FAILED", "NEVER_CAME", "UNSUPPORTED")
"""The tag of a file whose scan ended without a verdict (`mailroom.domain.file_states`)."""

_DRAFTS_ARE_KEPT = {
    "attachments/": (Duration.days(2), Duration.days(2)),
    "answers/": (Duration.days(30), Duration.days(7)),
}
"""How long a file that was never sent is there, and then how long its bytes can still be brought back.

A stranger's draft lives for a day. What was submitted at its end keeps the tag until `render_receipt` locks it: should
that fail for days, the bytes are there for three more, since it locks and reads pinned versions, newest or not. The
files of an answer wait for an outcome, which may be weeks away; it tells agents of one that is gone.
"""


class Files(Construct):
    """The bucket of attachments, sealed records and receipts: every version kept, lockable.

    Its name is fixed and its ARN built from the name, so that functions can be told both before
    the bucket exists: S3 checks at the bucket's creation that it may invoke the function it names.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self._watched = stage.malware_protection
        self._triggered: list[s3.CfnBucket.LambdaConfigurationProperty] = []
        self.bucket_name = stage.files_bucket
        self.bucket_arn = f"arn:{Aws.PARTITION}:s3:::{self.bucket_name}"
        self._bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=self.bucket_name,
            versioned=True,
            object_lock_enabled=True,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            cors=[_uploads_from(stage.cors_origins)],
            lifecycle_rules=_lifecycle(),
            removal_policy=stage.removal_policy,
        )
        self._bucket.add_to_resource_policy(self._no_version_is_deleted())
        Validations.of(self._bucket).acknowledge(
            Acknowledgment(
                id="AwsSolutions-S1",
                reason="Access logs would keep senders' addresses and presigned URLs; objects are "
                "written by functions that log ids, and locked once submitted.",
            )
        )

    def may(self, *operations: str, under: Sequence[str], conditions: dict[str, Any] | None = None) -> Permission:
        """Allow these operations (`GetObject` …) on objects whose key begins so."""
        key_actions = {"GetObject": READS, "PutObject": WRITES}.items()
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
        """Allow reading pinned versions that were found free of malware, and no other: not even a mistake opens one."""
        return self.may(
            "GetObject",
            "GetObjectVersion",
            under=under,
            conditions={"StringEquals": {f"s3:ExistingObjectTag/{_TAG}": _CLEAN}},
        )

    def may_read_unchecked(self, *, under: Sequence[str]) -> Permission:
        """Allow reading versions whose scan ended without a verdict, for whoever accepts that.

        One that was not scanned yet, or in which malware was found, is not among them.
        """
        return self.may(
            "GetObject",
            "GetObjectVersion",
            under=under,
            conditions={"StringEquals": {f"s3:ExistingObjectTag/{_TAG}": list(_WITHOUT_VERDICT)}},
        )

    def may_lock(self, *, under: Sequence[str]) -> Permission:
        """Allow fixing pinned versions: their retention, and the tag that says so beside the others."""
        return self.may("PutObjectRetention", "GetObjectVersionTagging", "PutObjectVersionTagging", under=under)

    def may_list(self, *, under: Sequence[str]) -> Permission:
        """Allow listing these prefixes, and so 404 instead of 403 for an object that is missing.

        `IfExists`, because S3 asks for this permission on a HEAD or GET too, which has no prefix.
        """
        return self._may_list("s3:ListBucket", under)

    def may_list_versions(self, *, under: Sequence[str]) -> Permission:
        """Allow listing every version of what lies under these prefixes."""
        return self._may_list("s3:ListBucketVersions", under)

    def _may_list(self, action: str, under: Sequence[str]) -> Permission:
        return Permission(
            statement=iam.PolicyStatement(
                actions=[action],
                resources=[self.bucket_arn],
                conditions={"StringLikeIfExists": {"s3:prefix": [f"{prefix}*" for prefix in under]}},
            )
        )

    def trigger(self, function: lambda_.Function, *, under: Sequence[str], suffix: str = "") -> None:
        """Invoke the function when an object is made whose key begins and ends so.

        Stated on the bucket: CDK's own way brings a function that may change any bucket's triggers.
        """
        permission = lambda_.CfnPermission(
            function,
            "MayTrigger",
            action="lambda:InvokeFunction",
            function_name=function.function_arn,
            principal="s3.amazonaws.com",
            source_account=Aws.ACCOUNT_ID,
            source_arn=self.bucket_arn,
        )
        bucket = self._bucket.node.default_child
        if not isinstance(bucket, s3.CfnBucket):
            raise TypeError("A bucket is made of one CloudFormation resource.")
        bucket.add_resource_dependency(permission)
        self._triggered += [
            s3.CfnBucket.LambdaConfigurationProperty(
                event="s3:ObjectCreated:*",
                function=function.function_arn,
                filter=_filter(prefix=prefix, suffix=suffix),
            )
            for prefix in under
        ]
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            lambda_configurations=self._triggered,
            # GuardDuty hears of new objects this way, and would be deaf after a deployment that left it out
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
            if self._watched
            else None,
        )

    def _no_version_is_deleted(self) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            sid="NobodyDeletesAVersion",
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"],
            resources=[f"{self.bucket_arn}/*"],
        )


def _filter(*, prefix: str, suffix: str) -> s3.CfnBucket.NotificationFilterProperty:
    rules = [
        s3.CfnBucket.FilterRuleProperty(name=name, value=value)
        for name, value in (("prefix", prefix), ("suffix", suffix))
        if value
    ]
    return s3.CfnBucket.NotificationFilterProperty(s3_key=s3.CfnBucket.S3KeyFilterProperty(rules=rules))


def _uploads_from(origins: Sequence[str]) -> s3.CorsRule:
    return s3.CorsRule(
        allowed_methods=[s3.HttpMethods.PUT],
        allowed_origins=list(origins),
        allowed_headers=["*"],
        exposed_headers=["ETag"],
        max_age=3600,
    )


def _lifecycle() -> list[s3.LifecycleRule]:
    return [
        *(
            s3.LifecycleRule(
                id=f"drafts-never-sent-{prefix.removesuffix('/')}",
                prefix=prefix,
                tag_filters={"state": "draft"},
                expiration=kept,
                noncurrent_version_expiration=brought_back,
            )
            for prefix, (kept, brought_back) in _DRAFTS_ARE_KEPT.items()
        ),
        # it bears codes that were turned
        s3.LifecycleRule(id="slips-replaced", prefix="slips/", noncurrent_version_expiration=Duration.days(1)),
        # rules with a tag can say neither
        s3.LifecycleRule(
            id="what-is-left-of-them",
            abort_incomplete_multipart_upload_after=Duration.days(1),
            expired_object_delete_marker=True,
        ),
    ]
