"""What wakes operators, and the page they look at."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.http_api import Api
from infra.constructs.queues import DeadLetters, Operators, Queue
from infra.functions.function import METRICS_NAMESPACE, Function
from infra.stage import Stage

_MINUTE = Duration.minutes(1)
_FIVE_MINUTES = Duration.minutes(5)
_QUARTER = Duration.minutes(15)
"""Three runs of the schedules that look for files and for time stamps."""

_MANY_CAPPED = 10
"""Messages kept back in a quarter of an hour: a single eager sender wakes nobody."""

_A_NIGHT_AND_MORE = 26
"""Hours from one head to the next, and two more."""

_REACHED = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
_QUIET_IS_WELL = cloudwatch.TreatMissingData.NOT_BREACHING
_QUIET_IS_TROUBLE = cloudwatch.TreatMissingData.BREACHING


class Observability(Construct):
    """An alarm for each queue, function and promise; a dashboard of the whole."""

    def __init__(  # noqa: PLR0913 - all that is watched, by keyword
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        operators: Operators,
        api: Api,
        functions: Sequence[Function],
        queues: Sequence[Queue],
        dead_letters: Sequence[DeadLetters],
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self._action = actions.SnsAction(operators.topic)
        for function in functions:
            self._watch_function(function)
        for queue in queues:
            self._watch_queue(queue)
        for waiting in dead_letters:
            self._watch_dead_letters(waiting)
        self._watch_api(api)
        self._watch_mails()
        self._watch_files()
        self._watch_heads()
        self._watch_stamps()
        self._watch_messages()
        self._draw(api=api, functions=functions, queues=queues, dead_letters=dead_letters)

    def _watch_function(self, function: Function) -> None:
        self._alarm(
            f"{function.operation}-errors",
            function.function.metric_errors(period=_FIVE_MINUTES, statistic="Sum"),
            f"{function.operation} failed: its log says why, under the request's correlation id.",
        )
        self._alarm(
            f"{function.operation}-throttles",
            function.function.metric_throttles(period=_FIVE_MINUTES, statistic="Sum"),
            f"{function.operation} was refused a place to run: the account's concurrency is spent.",
        )

    def _watch_queue(self, queue: Queue) -> None:
        self._alarm(
            f"{queue.node.id.lower()}-late",
            queue.queue.metric_approximate_age_of_oldest_message(period=_MINUTE, statistic="Maximum"),
            f"Messages have waited in {queue.node.id} for more than {queue.late_after.to_minutes()} minutes.",
            threshold=int(queue.late_after.to_seconds()),
        )

    def _watch_dead_letters(self, waiting: DeadLetters) -> None:
        self._alarm(
            f"{waiting.node.id.lower()}-failed",
            _depth(waiting.queue),
            f"{waiting.node.id}: something was given up and waits to be redriven.",
        )

    def _watch_api(self, api: Api) -> None:
        self._alarm(
            "api-server-errors",
            api.http_api.metric_server_error(period=_FIVE_MINUTES, statistic="Sum"),
            "The API answered 5xx.",
        )

    def _watch_mails(self) -> None:
        late = "A mail was submitted more than five minutes ago and"
        stopped = "or the schedule that looks for such mails has stopped."
        self._alarm(
            "mails-waiting-for-receipt",
            self._metric("MailsWaitingForReceipt", "resume_stalled", statistic="Maximum"),
            f"{late} has no receipt, {stopped}",
            missing=_QUIET_IS_TROUBLE,
        )
        self._alarm(
            "mails-waiting-for-alert",
            self._metric("MailsWaitingForAlert", "resume_stalled", statistic="Maximum"),
            f"{late} nobody was told of it, {stopped}",
            missing=_QUIET_IS_TROUBLE,
        )

    def _watch_files(self) -> None:
        self._alarm(
            "files-unscanned",
            self._metric("FilesUnscanned", "chase_scans", statistic="Maximum", period=_QUARTER),
            "The scan of a file did not come in an hour, or the schedule that looks for such files has stopped.",
            missing=_QUIET_IS_TROUBLE,
        )

    def _watch_heads(self) -> None:
        self._alarm(
            "heads-late",
            self._metric("HeadsFound", "publish_heads", statistic="Sum", period=Duration.hours(1)),
            "For 26 hours no head of the registers was published: read the log of publish_heads, then call it.",
            missing=_QUIET_IS_TROUBLE,
            periods=_A_NIGHT_AND_MORE,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        )

    def _watch_stamps(self) -> None:
        self._alarm(
            "receipts-unstamped",
            self._metric("ReceiptsUnstamped", "stamp_receipts", statistic="Maximum", period=_QUARTER),
            "A receipt has waited for its time stamp for more than a day, or the schedule that adds them has stopped.",
            missing=_QUIET_IS_TROUBLE,
        )

    def _watch_messages(self) -> None:
        of_month = self._stage.message_caps.sms_month
        self._alarm(
            "sms-budget",
            self._metric("SmsOfMonth", "send_notification", statistic="Maximum"),
            f"Of the {of_month} SMS of this month, four in five are sent. Past the last, none go until the next month.",
            threshold=max(1, of_month * 4 // 5),
        )
        self._alarm(
            "sending-paused",
            self._metric("SendingPaused", "note_bounce", statistic="Maximum"),
            "So many e-mails come back or are called spam that senders' new addresses get none, before SES stops all "
            "sending: GET /v1/operations/failures says how many, the log of note_bounce of which mails.",
        )
        for channel in ("email", "sms"):
            self._alarm(
                f"{channel}-capped",
                self._metric(
                    "NotificationsCapped", "send_notification", statistic="Sum", period=_QUARTER, channel=channel
                ),
                "Messages are not sent since caps are reached: somebody floods an address or an organism, or a cap is "
                "too low. GET /v1/operations/failures shows which.",
                threshold=_MANY_CAPPED,
            )

    def _alarm(  # noqa: PLR0913 - what makes an alarm, by keyword
        self,
        name: str,
        metric: cloudwatch.IMetric,
        description: str,
        *,
        threshold: int = 1,
        missing: cloudwatch.TreatMissingData = _QUIET_IS_WELL,
        periods: int = 1,
        comparison: cloudwatch.ComparisonOperator = _REACHED,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=self._stage.name_of(name.replace("_", "-")),
            alarm_description=description,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=comparison,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)

    def _metric(
        self, name: str, service: str, *, statistic: str, period: Duration = _FIVE_MINUTES, **dimensions: str
    ) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=METRICS_NAMESPACE,
            metric_name=name,
            dimensions_map={"service": service, **dimensions},
            statistic=statistic,
            period=period,
        )

    def _counts(self, service: str, *names: str) -> list[cloudwatch.Metric]:
        return [self._metric(name, service, statistic="Sum") for name in names]

    def _found_stalled(self) -> list[cloudwatch.Metric]:
        return [
            self._metric("StalledFound", "resume_stalled", statistic="Sum", kind=kind)
            for kind in ("record", "receipt", "alert", "news")
        ]

    def _stamps(self) -> list[cloudwatch.Metric]:
        return [
            self._metric("TimeStampsFailed", "render_receipt", statistic="Sum"),
            *self._counts("stamp_receipts", "TimeStampsFailed", "TimeStampsAdded"),
            self._metric("ReceiptsUnstamped", "stamp_receipts", statistic="Maximum"),
        ]

    def _draw(
        self,
        *,
        api: Api,
        functions: Sequence[Function],
        queues: Sequence[Queue],
        dead_letters: Sequence[DeadLetters],
    ) -> None:
        sent = [
            self._metric(name, "send_notification", statistic="Sum", channel=channel)
            for name in ("NotificationsSent", "NotificationsFailed")
            for channel in ("email", "sms")
        ]
        to_receipt = [
            self._metric("SecondsToReceipt", "render_receipt", statistic=statistic)
            for statistic in ("p50", "p95", "Maximum")
        ]
        latency = [
            api.http_api.metric_latency(statistic=statistic, period=_FIVE_MINUTES) for statistic in ("p50", "p95")
        ]
        waiting = [_depth(queue) for queue in _all_queues(queues, dead_letters)]
        errors = [each.function.metric_errors(period=_FIVE_MINUTES) for each in functions]
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=self._stage.name_of("overview"),
            widgets=[
                [
                    _graph(
                        "Mails",
                        [
                            self._metric("MailsSubmitted", "submit_mail", statistic="Sum"),
                            self._metric("ReceiptsMade", "render_receipt", statistic="Sum"),
                            self._metric("MailsWaitingForReceipt", "resume_stalled", statistic="Maximum"),
                        ],
                    ),
                    _graph("Seconds from submission to receipt", to_receipt),
                    _graph("Notifications", sent),
                ],
                [
                    _graph("Requests", [api.http_api.metric_count(), *_api_errors(api)]),
                    _graph("Milliseconds to answer", latency),
                    _graph("Messages in queues", waiting),
                ],
                [
                    _graph(
                        "Files",
                        self._counts("note_scan", "FilesFlagged") + self._counts("chase_scans", "FilesUnscanned"),
                    ),
                    _graph("Webhooks", self._counts("call_webhook", "WebhooksSent", "WebhooksFailed")),
                    _graph("Found stalled", self._found_stalled()),
                ],
                [
                    _graph("Time stamps", self._stamps()),
                    _graph("Errors of functions", errors, width=16),
                ],
            ],
        )


def _depth(queue: sqs.IQueue) -> cloudwatch.Metric:
    return queue.metric_approximate_number_of_messages_visible(period=_MINUTE, statistic="Maximum")


def _all_queues(queues: Sequence[Queue], dead_letters: Sequence[DeadLetters]) -> list[sqs.Queue]:
    return [each.queue for each in queues] + [each.queue for each in dead_letters]


def _api_errors(api: Api) -> list[cloudwatch.Metric]:
    return [api.http_api.metric_client_error(), api.http_api.metric_server_error()]


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric], *, width: int = 8) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=width)
