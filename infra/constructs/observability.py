"""Alarms that wake operators, and the dashboard they look at."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from infra.constructs import alarms, dashboard
from infra.constructs.channels import OperatorsChannel
from infra.constructs.http_api import HttpApi
from infra.constructs.queues import DeadLetters, Queue
from infra.stage import Stage

_UNDOING = (
    "api-server-errors",
    "submit_mail-errors",
    "render_receipt-errors",
    "send_notification-errors",
    "receipts-failed",
)
"""The alarms that undo a change of the service, CloudFormation takes five: mails are refused, or get no receipt.

None of them rings because nothing happens.
"""


class Observability(Construct):
    """All alarms of a stage, which publish to `operators`, and its dashboard; `functions` are names, by operation."""

    def __init__(  # noqa: PLR0913 - all that is watched, by keyword
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        operators: OperatorsChannel,
        api: HttpApi,
        functions: Mapping[str, str],
        queues: Sequence[Queue],
        dead_letters: Sequence[DeadLetters],
    ) -> None:
        super().__init__(scope, construct_id)
        publish = actions.SnsAction(operators.topic)
        self.undoing: list[str] = []
        """The ARNs of the alarms that undo a change of the service."""
        for watched in (
            *(alarm for operation, each in functions.items() for alarm in alarms.of_function(operation, each)),
            *map(alarms.of_queue, queues),
            *map(alarms.of_dead_letters, dead_letters),
            alarms.of_api(api),
            *alarms.of_mails(),
            *alarms.of_messages(sms_of_month=stage.message_caps.sms_month),
        ):
            alarm = watched.alarm(self, stage)
            alarm.add_alarm_action(publish)
            alarm.add_ok_action(publish)
            if watched.name in _UNDOING:
                self.undoing.append(alarm.alarm_arn)
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=stage.name_of("overview"),
            widgets=[
                dashboard.row_of_mails(),
                dashboard.row_of_traffic(
                    api, [*(each.queue for each in queues), *(each.queue for each in dead_letters)]
                ),
                dashboard.row_of_jobs(),
                dashboard.row_of_failures(functions.values()),
            ],
        )
