"""The rows of graphs on the operators' dashboard."""

from collections.abc import Iterable, Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.constructs.causes import Cause, cause_of
from infra.constructs.http_api import HttpApi
from infra.constructs.metrics import FIVE_MINUTES, MINUTE, depth, emitted, of_lambda, summed
from infra.constructs.queues import DeadLetters, Queue
from infra.stage import Stage

type Row = list[cloudwatch.IWidget]

_HOUR = Duration.hours(1)

_STEPS = {
    "begun": ("POST", "/v1/mails"),
    "letter written": ("PUT", "/v1/mails/{mail_id}/letter"),
    "file announced": ("POST", "/v1/mails/{mail_id}/attachments"),
    "sender known": ("PUT", "/v1/mails/{mail_id}/sender"),
    "submission": ("POST", "/v1/mails/{mail_id}/submission"),
    "collection": ("POST", "/v1/inbox/{number}/collection"),
    "outcome": ("POST", "/v1/inbox/{number}/outcome"),
}
"""The routes that take a mail from one state to the next."""


def row_of_steps(api: HttpApi) -> Row:
    """Where mails are on their way: requests to the route of each step, those that were refused among them."""
    requests = [
        cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name="Count",
            dimensions_map={"ApiId": api.api_id, "Stage": "$default", "Method": method, "Resource": path},
            statistic="Sum",
            period=_HOUR,
            label=step,
        )
        for step, (method, path) in _STEPS.items()
    ]
    return [_graph("Mails by step, by the hour", requests, width=24)]


def row_of_mails() -> Row:
    """Mails, the time to their receipts, and their notifications."""
    return [
        _graph(
            "Mails",
            [
                emitted("MailsSubmitted", "submit_mail", statistic="Sum"),
                emitted("ReceiptsMade", "render_receipt", statistic="Sum"),
                emitted("MailsWaitingForReceipt", "resume_stalled", statistic="Maximum"),
            ],
        ),
        _graph(
            "Seconds from submission to receipt",
            [
                emitted("SecondsToReceipt", "render_receipt", statistic=statistic)
                for statistic in ("p50", "p95", "Maximum")
            ],
        ),
        _graph(
            "Notifications",
            [
                emitted(name, "send_notification", statistic="Sum", channel=channel)
                for name in ("NotificationsSent", "NotificationsFailed")
                for channel in ("email", "sms")
            ],
        ),
    ]


def row_of_traffic(api: HttpApi, queues: Sequence[Queue], dead_letters: Sequence[DeadLetters]) -> Row:
    """Requests and messages."""
    http_api = api.http_api
    counts = [http_api.metric_count(), http_api.metric_client_error(), http_api.metric_server_error()]
    latencies = [http_api.metric_latency(statistic=statistic, period=FIVE_MINUTES) for statistic in ("p50", "p95")]
    made = [*(each.queue for each in queues), *(each.queue for each in dead_letters)]
    ages = [each.metric_approximate_age_of_oldest_message(period=MINUTE, statistic="Maximum") for each in made]
    return [
        _graph("Requests", counts, width=6),
        _graph("Milliseconds to answer", latencies, width=6),
        _graph("Messages in queues", [depth(each) for each in made], width=6),
        _graph("Seconds that the oldest message waits", ages, width=6),
    ]


def row_of_jobs() -> Row:
    """Scans, webhooks, and mails that stalled."""
    return [
        _graph(
            "Files",
            [
                emitted("FilesFlagged", "note_scan", statistic="Sum"),
                emitted("FilesUnscanned", "chase_scans", statistic="Sum"),
            ],
        ),
        _graph(
            "Webhooks",
            [emitted(name, "call_webhook", statistic="Sum") for name in ("WebhooksSent", "WebhooksFailed")],
        ),
        _graph(
            "Found stalled",
            [
                emitted("StalledFound", "resume_stalled", statistic="Sum", kind=kind)
                for kind in ("record", "receipt", "alert", "news")
            ],
        ),
    ]


def row_of_failures(functions: Mapping[str, str]) -> Row:
    """Failures by cause, and time stamps; `functions` are names, by operation."""
    stamps = [
        emitted("TimeStampsFailed", "render_receipt", statistic="Sum"),
        emitted("TimeStampsFailed", "stamp_receipts", statistic="Sum"),
        emitted("TimeStampsAdded", "stamp_receipts", statistic="Sum"),
        emitted("ReceiptsUnstamped", "stamp_receipts", statistic="Maximum"),
    ]
    by_cause: dict[Cause, list[cloudwatch.IMetric]] = {}
    for operation, name in functions.items():
        by_cause.setdefault(cause_of(operation), []).append(of_lambda("Errors", name))
    errors = [summed(metrics, label=str(cause)) for cause, metrics in by_cause.items()]
    return [_graph("Time stamps", stamps), _graph("Failures of functions, by cause", errors, width=16)]


def row_of_costs(tables: Iterable[str]) -> Row:
    """What is billed by use: docs/cost.md says what each costs."""
    writes = [
        cloudwatch.Metric(
            namespace="AWS/DynamoDB",
            metric_name="ConsumedWriteCapacityUnits",
            dimensions_map={"TableName": table},
            statistic="Sum",
            period=_HOUR,
        )
        for table in tables
    ]
    emails = cloudwatch.Metric(namespace="AWS/SES", metric_name="Send", statistic="Sum", period=_HOUR)
    scans = emitted("FilesScanned", "note_scan", statistic="Sum", period=_HOUR)
    running = cloudwatch.Metric(namespace="AWS/Lambda", metric_name="Duration", statistic="Sum", period=_HOUR)
    return [
        _graph("E-mails, files scanned", [emails, scans], width=6),
        _graph("SMS of the month, US$", [_sms_spend()], width=6),
        _graph("Units written", writes, width=6),
        _graph("Milliseconds of functions", [running], width=6),
    ]


def row_of_limits(stage: Stage) -> Row:
    """How near the account is to what it was granted."""
    running = cloudwatch.Metric(
        namespace="AWS/Lambda", metric_name="ConcurrentExecutions", statistic="Maximum", period=FIVE_MINUTES
    )
    granted = cloudwatch.HorizontalAnnotation(value=stage.quotas.lambda_concurrency, label="granted")
    most = cloudwatch.HorizontalAnnotation(value=stage.quotas.sms_month_usd, label="granted")
    return [
        cloudwatch.GraphWidget(
            title="Functions that run at once", left=[running], left_annotations=[granted], width=12
        ),
        cloudwatch.GraphWidget(
            title="SMS of the month, US$, against the limit", left=[_sms_spend()], left_annotations=[most], width=12
        ),
    ]


def _sms_spend() -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/SNS", metric_name="SMSMonthToDateSpentUSD", statistic="Maximum", period=_HOUR
    )


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric], *, width: int = 8) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=width)
