"""Acts on the stage's account that may end its data: each wakes the operators.

EventBridge has these events from CloudTrail: without a trail that logs management events, none comes ("AWS service
events delivered via CloudTrail" in EventBridge's documentation). `make smoke` says whether there is one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.constructs.channels import OperatorsChannel
from infra.stage import Stage


@dataclass(frozen=True, kw_only=True)
class Acts:
    """Calls of one service's API."""

    name: str
    source: str
    """The service as EventBridge names it."""
    calls: Sequence[str]
    about: Mapping[str, Any] = field(default_factory=dict)
    """The parameters of the request that a call must have, as an event pattern; any when empty."""


def acts_that_end_data(stage: Stage) -> list[Acts]:
    """What is watched on a stage."""
    found = [
        Acts(
            name="Keys",
            source="aws.kms",
            calls=["ScheduleKeyDeletion", "DisableKey", "PutKeyPolicy", "DeleteAlias", "UpdateAlias"],
        ),
        Acts(
            name="Bucket",
            source="aws.s3",
            calls=[
                "DeleteBucket",
                "DeleteBucketPolicy",
                "PutBucketPolicy",
                "DeleteBucketReplication",
                "PutBucketReplication",
                "PutBucketLifecycle",
                "PutBucketVersioning",
                "PutBucketObjectLockConfiguration",
            ],
            about={"bucketName": [stage.files_bucket]},
        ),
        Acts(
            name="Tables",
            source="aws.dynamodb",
            calls=["DeleteTable", "UpdateContinuousBackups"],
        ),
        Acts(
            name="Backups",
            source="aws.backup",
            calls=[
                "DeleteBackupVault",
                "DeleteBackupVaultLockConfiguration",
                "PutBackupVaultLockConfiguration",
                "DeleteRecoveryPoint",
                "UpdateRecoveryPointLifecycle",
                "DeleteBackupPlan",
                "UpdateBackupPlan",
                "DeleteBackupSelection",
                "StopBackupJob",
            ],
        ),
        Acts(name="Secrets", source="aws.secretsmanager", calls=["DeleteSecret", "PutSecretValue", "UpdateSecret"]),
        Acts(name="Trail", source="aws.cloudtrail", calls=["StopLogging", "DeleteTrail", "PutEventSelectors"]),
    ]
    if stage.break_glass_role:
        assuming = ["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"]
        of_role = {"roleArn": [stage.break_glass_role]}
        found.append(Acts(name="BreakGlass", source="aws.sts", calls=assuming, about=of_role))
    return found


class WatchedActs(Construct):
    """A rule for each kind of act, and the message to the operators."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, operators: OperatorsChannel) -> None:
        super().__init__(scope, construct_id)
        for acts in acts_that_end_data(stage):
            about = {"requestParameters": acts.about} if acts.about else {}
            events.Rule(
                self,
                acts.name,
                description=f"Wakes operators when somebody may be ending what the stage keeps ({acts.source})",
                event_pattern=events.EventPattern(
                    source=[acts.source],
                    detail_type=["AWS API Call via CloudTrail"],
                    detail={"eventName": [*acts.calls], **about},
                ),
                targets=[targets.SnsTopic(operators.topic, message=_message(stage))],
            )


def _message(stage: Stage) -> events.RuleTargetInput:
    def of(path: str) -> str:
        return events.EventField.from_path(path)

    return events.RuleTargetInput.from_text(
        f"{stage.name}: {of('$.detail.eventName')} by {of('$.detail.userIdentity.arn')} at {of('$.time')} in "
        f"{of('$.region')} (error: {of('$.detail.errorCode')}). It may end what the stage keeps, or how it is kept: "
        'docs/restoring.md, "Acts that end data", says what to do.'
    )
