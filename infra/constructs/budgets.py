"""Budgets: AWS writes to the stage's people before a month's money is spent."""

from aws_cdk import aws_budgets as budgets
from constructs import Construct

from infra.stage import Stage

_SPENT, _FORECAST = (50, 80, 100), (100,)
"""Percentages of a budget at which a letter is sent: of what is spent, and of what the month will have cost at its end.
A budget takes five letters: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-best-practices.html"""


class Budgets(Construct):
    """The month's budget for everything in the account, and the one for SMS, where the stage sends any."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        if stage.budgets is None:
            return
        _budget(self, stage, "month", stage.budgets.month_usd, service=None)
        if stage.sms:
            # SMS are billed under the service that sends them: they are nearly all that SNS costs.
            _budget(self, stage, "sms", stage.budgets.sms_month_usd, service="Amazon Simple Notification Service")


def _budget(scope: Construct, stage: Stage, name: str, dollars: int, *, service: str | None) -> None:
    of = budgets.CfnBudget
    budgets.CfnBudget(
        scope,
        name.title(),
        budget=of.BudgetDataProperty(
            budget_name=stage.name_of(f"{name}-budget"),
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=of.SpendProperty(amount=dollars, unit="USD"),
            cost_filters={"Service": [service]} if service else None,
        ),
        notifications_with_subscribers=[
            of.NotificationWithSubscribersProperty(
                notification=of.NotificationProperty(
                    notification_type=kind,
                    comparison_operator="GREATER_THAN",
                    threshold=percentage,
                    threshold_type="PERCENTAGE",
                ),
                subscribers=[
                    of.SubscriberProperty(subscription_type="EMAIL", address=address) for address in stage.alarm_emails
                ],
            )
            for kind, percentages in (("ACTUAL", _SPENT), ("FORECASTED", _FORECAST))
            for percentage in percentages
        ],
    )
