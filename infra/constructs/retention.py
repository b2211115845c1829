"""How long data and logs are kept."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.stage import Stage

_OF_LOGS = {
    1: logs.RetentionDays.ONE_DAY,
    30: logs.RetentionDays.ONE_MONTH,
    365: logs.RetentionDays.ONE_YEAR,
}


def removal_policy(stage: Stage) -> RemovalPolicy:
    """What becomes of the stage's data when its stack is deleted.

    What lasts is kept then, but not when its creation fails: kept names would make every further attempt fail too.
    """
    return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if stage.is_lasting else RemovalPolicy.DESTROY


class LogGroup(logs.LogGroup):
    """A log group, encrypted, that keeps its lines for as long as the stage says."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str, stage: Stage, key: kms.IKey) -> None:
        super().__init__(
            scope,
            construct_id,
            log_group_name=name,
            retention=_OF_LOGS[stage.log_days],
            removal_policy=removal_policy(stage),
            encryption_key=key,
        )
