"""Each working day: remind organisms of mail that was not collected, and tell operators of what is too old."""

from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mailroom.domain import clock
from mailroom.domain.working_days import is_working_day
from mailroom.operating.reminder_run import ReminderRun
from mailroom.process import WithNotifications, WithOperators, WithTable


class Process(WithTable, WithNotifications, WithOperators):
    """Writes reminders to mails, queues notifications, and alerts operators."""


metrics = Metrics()


def handler(_event: dict[str, Any], context: LambdaContext) -> None:
    """Remind and escalate, where the day is a working day and as far as the time reaches."""
    process, now = Process.current(), clock.now()
    today = clock.in_casablanca(now).date()
    if not is_working_day(today):
        return
    run = ReminderRun(process.table, process.notifications, process.operators, now=now, today=today, context=context)
    too_late = run.remind_each_organism()
    if too_late is not None:
        metrics.add_metric("MailsUncollected", MetricUnit.Count, too_late)
        metrics.flush_metrics()
    run.tell_operators()
