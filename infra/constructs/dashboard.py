"""The rows of graphs on the operators' dashboard."""

from collections.abc import Iterable, Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs

from infra.constructs.http_api import HttpApi
from infra.constructs.metrics import FIVE_MINUTES, depth, emitted, of_lambda

type Row = list[cloudwatch.IWidget]


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


def row_of_traffic(api: HttpApi, queues: Iterable[sqs.IQueue]) -> Row:
    """Requests and messages."""
    http_api = api.http_api
    counts = [http_api.metric_count(), http_api.metric_client_error(), http_api.metric_server_error()]
    latencies = [http_api.metric_latency(statistic=statistic, period=FIVE_MINUTES) for statistic in ("p50", "p95")]
    return [
        _graph("Requests", counts),
        _graph("Milliseconds to answer", latencies),
        _graph("Messages in queues", [depth(queue) for queue in queues]),
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


def row_of_failures(function_names: Iterable[str]) -> Row:
    """Time stamps, and the errors of all functions."""
    stamps = [
        emitted("TimeStampsFailed", "render_receipt", statistic="Sum"),
        emitted("TimeStampsFailed", "stamp_receipts", statistic="Sum"),
        emitted("TimeStampsAdded", "stamp_receipts", statistic="Sum"),
        emitted("ReceiptsUnstamped", "stamp_receipts", statistic="Maximum"),
    ]
    errors = [of_lambda("Errors", name) for name in function_names]
    return [_graph("Time stamps", stamps), _graph("Errors of functions", errors, width=16)]


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric], *, width: int = 8) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=width)
