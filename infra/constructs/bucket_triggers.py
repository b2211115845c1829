"""What S3 invokes when objects are created in the stage's bucket.

The bucket lives in the data stack and the functions in the service stack, which is deployed after it, and S3 takes no
function that does not exist yet. So the template of the bucket says nothing of notifications, and CloudFormation never
overwrites them. The service stack sets them by CDK's own custom resource (`Custom::S3BucketNotifications`), which
merges them with those that others set: GuardDuty has the bucket's events sent to EventBridge.

Rejected: events through EventBridge, which come later than S3's own call and may come twice by one more way; the
functions' ARNs by name in the bucket's template, which S3 refuses at the first deployment.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_notifications as s3_notifications
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge_own_policy
from infra.constructs.files_bucket import FilesBucket
from infra.stage import Stage


@dataclass(frozen=True, kw_only=True)
class OnCreation:
    """A function to invoke when an object is created, and the prefixes and suffix of the keys that it concerns."""

    function: lambda_.IFunction
    under: Sequence[str]
    suffix: str | None = None


class BucketTriggers(Construct):
    """Invokes all these functions, and no others, when objects are created in the bucket."""

    def __init__(
        self, scope: Construct, construct_id: str, *, stage: Stage, files: FilesBucket, each: Sequence[OnCreation]
    ) -> None:
        super().__init__(scope, construct_id)
        bucket = s3.Bucket.from_bucket_attributes(
            self,
            "Bucket",
            bucket_arn=files.bucket_arn,
            bucket_name=files.bucket_name,
            # CDK would add what a role of its making may do: a managed policy, for logs that nothing here would expire
            notifications_handler_role=_handler_role(self, files.bucket_arn).without_policy_updates(),
        )
        for trigger in each:
            # `LambdaDestination` lets S3 invoke the function for this bucket of this account alone
            destination = s3_notifications.LambdaDestination(trigger.function)
            for prefix in trigger.under:
                concerned = s3.NotificationKeyFilter(prefix=prefix, suffix=trigger.suffix)
                bucket.add_event_notification(s3.EventType.OBJECT_CREATED, destination, concerned)
        if stage.malware_protection:
            # GuardDuty learns of new objects through EventBridge: a deployment without this would end all scans
            bucket.enable_event_bridge_notification()


def _handler_role(scope: Construct, bucket_arn: str) -> iam.Role:
    """What CDK's handler may do: read and set the notifications of this one bucket.

    It writes no log. Where it fails, CloudFormation shows the reason among the stack's events.
    """
    role = iam.Role(
        scope,
        "HandlerRole",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        description="What sets the bucket's notifications may do, and no more",
        inline_policies={
            "ThisBucket": iam.PolicyDocument(
                statements=[
                    iam.PolicyStatement(
                        actions=["s3:GetBucketNotification", "s3:PutBucketNotification"], resources=[bucket_arn]
                    )
                ]
            )
        },
    )
    acknowledge_own_policy(scope)
    return role
