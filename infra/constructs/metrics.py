"""The metrics of alarms and dashboard."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs

METRICS_NAMESPACE = "BureauOrdre"

MINUTE = Duration.minutes(1)
FIVE_MINUTES = Duration.minutes(5)
QUARTER = Duration.minutes(15)
"""Three runs of the schedules that look for files and for time stamps."""


def emitted(
    name: str, service: str, *, statistic: str, period: Duration = FIVE_MINUTES, **dimensions: str
) -> cloudwatch.Metric:
    """A metric that a function emits; `service` is the function's operation."""
    return cloudwatch.Metric(
        namespace=METRICS_NAMESPACE,
        metric_name=name,
        dimensions_map={"service": service, **dimensions},
        statistic=statistic,
        period=period,
    )


def depth(queue: sqs.IQueue) -> cloudwatch.Metric:
    """The number of messages that wait in a queue."""
    return queue.metric_approximate_number_of_messages_visible(period=MINUTE, statistic="Maximum")


def of_lambda(metric: str, function_name: str) -> cloudwatch.Metric:
    """A metric that Lambda counts for the function of this name, summed over five minutes."""
    return cloudwatch.Metric(
        namespace="AWS/Lambda",
        metric_name=metric,
        dimensions_map={"FunctionName": function_name},
        period=FIVE_MINUTES,
        statistic="Sum",
    )


def summed(metrics: Sequence[cloudwatch.IMetric], *, label: str | None = None) -> cloudwatch.MathExpression:
    """The sum of metrics, of which many have no values most of the time."""
    prefix = (label or "m").replace("-", "_")
    names = [f"{prefix}{number}" for number in range(len(metrics))]
    return cloudwatch.MathExpression(
        expression=" + ".join(f"FILL({name}, 0)" for name in names),
        using_metrics=dict(zip(names, metrics, strict=True)),
        period=FIVE_MINUTES,
        label=label,
    )
