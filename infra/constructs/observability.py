"""Alarms that wake operators, and the dashboard they look at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from infra.constructs import account_alarms, alarms, dashboard
from infra.constructs.acknowledgements import acknowledge
from infra.constructs.alarms import Watched
from infra.constructs.causes import Cause
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


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names of what is watched beside queues and the API."""

    functions: Mapping[str, str]
    """By operation."""
    asynchronous: Sequence[str]
    """Functions that S3, rules, schedules or other functions invoke without waiting for them."""
    giving_up: Sequence[str]
    """Those of them whose failed events go to a dead-letter queue."""
    rules: Sequence[str]
    tables: Sequence[str]
    """The table of records first, then that of sent messages."""


class Observability(Construct):
    """All alarms of a stage, one for each cause that publishes to `operators`, and its dashboard."""

    def __init__(  # noqa: PLR0913 - all that is watched, by keyword
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        operators: OperatorsChannel,
        api: HttpApi,
        names: Names,
        queues: Sequence[Queue],
        dead_letters: Sequence[DeadLetters],
    ) -> None:
        super().__init__(scope, construct_id)
        publish = actions.SnsAction(operators.topic)
        self.undoing: list[str] = []
        """The ARNs of the alarms that undo a change of the service."""
        signs: dict[Cause, list[cloudwatch.Alarm]] = {}
        for watched in _all_watched(stage, api, names, queues, dead_letters):
            # the emulator's CloudFormation knows no expressions of metrics
            if not stage.is_emulated or not isinstance(watched.metric, cloudwatch.MathExpression):
                sign = watched.alarm(self, stage)
                signs.setdefault(watched.cause, []).append(sign)
                if watched.name in _UNDOING:
                    self.undoing.append(sign.alarm_arn)
        for cause, of_cause in signs.items():
            if stage.is_emulated:  # nor composite alarms: each sign then publishes
                for sign in of_cause:
                    sign.add_alarm_action(publish)
            else:
                _wakes_operators(self, stage, cause, of_cause, publish)
                for sign in of_cause:
                    acknowledge(sign, "NIST.800.53.R5-CloudWatchAlarmAction", "The alarm of its cause acts.")
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=stage.name_of("overview"),
            widgets=[
                dashboard.row_of_steps(api),
                dashboard.row_of_mails(),
                dashboard.row_of_traffic(api, queues, dead_letters),
                dashboard.row_of_jobs(),
                dashboard.row_of_failures(names.functions),
                dashboard.row_of_costs(names.tables),
                dashboard.row_of_limits(stage),
            ],
        )


def _all_watched(
    stage: Stage, api: HttpApi, names: Names, queues: Sequence[Queue], dead_letters: Sequence[DeadLetters]
) -> Iterator[Watched]:
    for operation, name in names.functions.items():
        yield from alarms.of_function(operation, name)
    yield from map(alarms.of_queue, queues)
    yield from map(alarms.of_dead_letters, dead_letters)
    yield from alarms.of_api(api)
    yield from alarms.of_mails()
    if stage.canary:
        yield alarms.of_canary()
    yield from alarms.of_messages(sms_of_month=stage.message_caps.sms_month)
    yield from account_alarms.of_limits(stage, names.tables)
    yield from account_alarms.of_delivery(names.asynchronous, names.giving_up, names.rules)
    yield from account_alarms.of_reputation()
    yield from account_alarms.of_sms(stage)
    yield from account_alarms.of_copies(stage)


def _wakes_operators(
    scope: Construct, stage: Stage, cause: Cause, signs: Sequence[cloudwatch.Alarm], publish: actions.SnsAction
) -> None:
    woken = cloudwatch.CompositeAlarm(
        scope,
        cause.alarm,
        composite_alarm_name=stage.name_of(cause.alarm),
        alarm_description=cause.message([sign.node.id for sign in signs]),
        alarm_rule=cloudwatch.AlarmRule.any_of(
            *(cloudwatch.AlarmRule.from_alarm(sign, cloudwatch.AlarmState.ALARM) for sign in signs)
        ),
    )
    woken.add_alarm_action(publish)
    woken.add_ok_action(publish)
