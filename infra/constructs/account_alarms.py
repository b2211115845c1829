"""What is watched of the account: its limits, what it spends, and its standing with SES.

Lambda's, SNS's and SES's figures here have no dimensions: they are those of the whole account in the region.
"""

from collections.abc import Iterator, Sequence
from itertools import batched

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.constructs.alarms import Watched
from infra.constructs.causes import Cause
from infra.constructs.metrics import FIVE_MINUTES, QUARTER, of_lambda, summed
from infra.constructs.replication import REPLICATION_RULE
from infra.stage import Stage
from infra.stored_names import DESK_INDEX, DESK_STATUS_INDEX, WAITING_INDEX

_MOST_METRICS = 10
"""The most metrics of one alarm's expression:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html"""

_MOST_BOUNCES, _MOST_COMPLAINTS = 0.04, 0.0008
"""SES reviews an account from 5 % and 0.1 % on:
https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-bounce-rate.html"""

_HOUR = Duration.hours(1)


def of_limits(stage: Stage, tables: Sequence[str]) -> Iterator[Watched]:
    """Lambda's concurrency is nearly spent, or DynamoDB throttles."""
    granted = stage.quotas.lambda_concurrency
    yield Watched(
        name="concurrency-high",
        cause=Cause.LIMITS,
        metric=_of_account("AWS/Lambda", "ConcurrentExecutions", "Maximum", FIVE_MINUTES),
        description=f"Four in five of the {granted} functions that may run at once in this account are running.",
        threshold=granted * 4 // 5,
    )
    yield Watched(
        name="tables-throttled",
        cause=Cause.LIMITS,
        metric=summed([*_throttles(tables)]),
        description="DynamoDB refused reads or writes because they came too fast: functions try them again.",
    )


def of_delivery(asynchronous: Sequence[str], giving_up: Sequence[str], rules: Sequence[str]) -> Iterator[Watched]:
    """Events that never reached a function: these are the names of functions, and of rules."""
    for number, names in enumerate(batched(asynchronous, _MOST_METRICS, strict=False), start=1):
        yield Watched(
            name=f"events-dropped-{number}",
            cause=Cause.LIMITS,
            metric=summed([of_lambda("AsyncEventsDropped", name) for name in names]),
            description="Lambda gave up an event before a function took it: too many attempts, or too late.",
        )
    yield Watched(
        name="events-lost",
        cause=Cause.FILES,
        metric=summed([of_lambda("DestinationDeliveryFailures", name) for name in giving_up]),
        description="An event that failed could not be put into its dead-letter queue.",
    )
    for number, names in enumerate(batched(rules, _MOST_METRICS, strict=False), start=1):
        yield Watched(
            name=f"rules-failed-{number}",
            cause=Cause.LIMITS,
            metric=summed([_of_rule(name) for name in names]),
            description="EventBridge could not invoke the function of a schedule or of a rule.",
        )


def of_reputation() -> Iterator[Watched]:
    """SES counts too many bounces or complaints."""
    for what, most in (("Bounce", _MOST_BOUNCES), ("Complaint", _MOST_COMPLAINTS)):
        yield Watched(
            name=f"ses-{what.lower()}s",
            cause=Cause.MESSAGES,
            metric=_of_account("AWS/SES", f"Reputation.{what}Rate", "Maximum", _HOUR),
            description=f"SES counts {most:.2%} {what.lower()}s for this account or more, and may soon stop it.",
            threshold=most,
        )


def of_sms(stage: Stage) -> Iterator[Watched]:
    """SMS cost nearly what SNS may spend, or do not arrive."""
    if not stage.sms:
        return
    granted = stage.quotas.sms_month_usd
    most = min(granted, stage.budgets.sms_month_usd) if stage.budgets else granted
    yield Watched(
        name="sms-spend",
        cause=Cause.MONEY,
        metric=_of_account("AWS/SNS", "SMSMonthToDateSpentUSD", "Maximum", QUARTER),
        description=f"Four fifths of the {most} US$ for SMS of this month are spent. Past the limit of SNS none are "
        "sent, though it still takes them.",
        threshold=max(1, most * 4 // 5),
    )
    yield Watched(
        name="sms-undelivered",
        cause=Cause.MESSAGES,
        metric=cloudwatch.Metric(
            namespace="AWS/SNS",
            metric_name="SMSSuccessRate",
            dimensions_map={"Country": stage.sms_countries[0], "SMSType": "Transactional"},
            statistic="Average",
            period=_HOUR,
        ),
        description=f"For two hours, three SMS to {stage.sms_countries[0]} in ten or more were not delivered.",
        threshold=0.7,
        periods=2,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    )


def of_copies(stage: Stage) -> Iterator[Watched]:
    """The second copy of files is late, or S3 gave one up."""
    if stage.second_region is None:
        return
    yield Watched(
        name="copies-failed",
        cause=Cause.COPIES,
        metric=_of_replication(stage, "OperationsFailedReplication", "Sum"),
        description="S3 could not copy a file to the second region and does not try again.",
    )
    yield Watched(
        name="copies-late",
        cause=Cause.COPIES,
        metric=_of_replication(stage, "ReplicationLatency", "Maximum"),
        description="A file has waited for its second copy for more than an hour.",
        threshold=_HOUR.to_seconds(),
    )


def _of_replication(stage: Stage, name: str, statistic: str) -> cloudwatch.Metric:
    """See https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html for the names."""
    return cloudwatch.Metric(
        namespace="AWS/S3",
        metric_name=name,
        dimensions_map={
            "SourceBucket": stage.files_bucket,
            "DestinationBucket": stage.copy_bucket,
            "RuleId": REPLICATION_RULE,
        },
        statistic=statistic,
        period=QUARTER,
    )


def _of_account(namespace: str, name: str, statistic: str, period: Duration) -> cloudwatch.Metric:
    return cloudwatch.Metric(namespace=namespace, metric_name=name, statistic=statistic, period=period)


def _of_rule(name: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/Events",
        metric_name="FailedInvocations",
        dimensions_map={"RuleName": name},
        statistic="Sum",
        period=FIVE_MINUTES,
    )


def _throttles(tables: Sequence[str]) -> Iterator[cloudwatch.Metric]:
    """Reads and writes that were refused, of each table, and of the indexes of the first."""
    places = [{"TableName": table} for table in tables]
    indexes = (WAITING_INDEX, DESK_INDEX, DESK_STATUS_INDEX)
    places += [{"TableName": tables[0], "GlobalSecondaryIndexName": index} for index in indexes]
    for place in places:
        for name in ("ReadThrottleEvents", "WriteThrottleEvents"):
            yield cloudwatch.Metric(
                namespace="AWS/DynamoDB",
                metric_name=name,
                dimensions_map=place,
                statistic="Sum",
                period=FIVE_MINUTES,
            )
