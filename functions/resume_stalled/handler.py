"""Every minute: look for mail that was submitted or closed and stopped half-way, push it on, and count what is late."""

from typing import Any

from aws_lambda_powertools import Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.domain import clock
from mailroom.operating.resumption import Resumption
from mailroom.process import WithNotifications, WithRetention, WithTable
from mailroom.storage.schema import Waiting


class Process(WithTable, WithRetention, WithNotifications):
    """Writes sealed records, locks files, queues notifications, and calls the function that makes receipts."""

    render_function_name: str


metrics = Metrics()


def handler(_event: dict[str, Any], context: LambdaContext) -> None:
    """Push on what stalled; report each kind found, zero included, and how much waits too long.

    Mails whose words wait for the search's lists are entered too.
    """
    process = Process.current()
    run = Resumption(
        table=process.table,
        files=process.files,
        notifications=process.notifications,
        functions=process.functions,
        render_function_name=process.render_function_name,
        correlation_id=context.aws_request_id,
        now=clock.now(),
    )
    for kind, count in run.push_on_all().items():
        with single_metric(name="StalledFound", unit=MetricUnit.Count, value=count, default_dimensions={"kind": kind}):
            pass
    run.list_words()
    metrics.add_metric("MailsWaitingForReceipt", MetricUnit.Count, run.late(Waiting.RECEIPT))
    metrics.add_metric("MailsWaitingForAlert", MetricUnit.Count, run.late(Waiting.ALERT, Waiting.NEWS))
    metrics.flush_metrics()
