"""The watching stack: alarms and the dashboard.

It knows functions, queues and the topic by their fixed names, so that one that goes is not held by its alarm: the
service stack is deployed before this one.
"""

from aws_cdk import CfnOutput, Environment, Fn, Stack
from constructs import Construct

from infra.constructs.budgets import Budgets
from infra.constructs.observability import Names, Observability
from infra.names import COMMIT_OUTPUT, PREVIOUS_COMMIT_OUTPUT, ROLLBACK_ALARMS_OUTPUT, Part, stack_name
from infra.stacks.data import DataStack
from infra.stacks.service import ServiceStack
from infra.stage import Stage

_SENT_ONCE = "IDEMPOTENCY_TABLE_NAME"


class WatchingStack(Stack):
    """What tells operators how the service does. It follows the service, and records which commit that is of."""

    def __init__(self, scope: Construct, *, stage: Stage, data: DataStack, service: ServiceStack) -> None:
        super().__init__(
            scope,
            stack_name(stage.name, Part.WATCHING),
            env=Environment(account=stage.account, region=stage.region),
            description="Bureau d'Ordre Digital: its alarms and its dashboard",
            termination_protection=stage.is_lasting,
        )
        self.add_stack_dependency(service, "Alarms watch what is there by its name.")
        observability = Observability(
            self,
            "Observability",
            stage=stage,
            operators=data.messaging.operators,
            api=service.api,
            names=Names(
                functions={operation: function.name for operation, function in service.functions.items()},
                asynchronous=[function.name for function in service.functions.values() if function.repeats],
                giving_up=[function.name for function in service.functions.values() if function.gives_up_to],
                rules=[function.name for function in service.functions.values() if function.has_rule],
                tables=[data.storage.records.settings["TABLE_NAME"], data.storage.sent_once.settings[_SENT_ONCE]],
            ),
            queues=data.messaging.queues,
            dead_letters=data.messaging.dead_letters,
        )
        if not stage.is_emulated:  # its CloudFormation fails on AWS::Budgets::Budget
            Budgets(self, "Budgets", stage=stage)
        CfnOutput(self, ROLLBACK_ALARMS_OUTPUT, value=Fn.join(",", observability.undoing))
        record_commits(self)


def record_commits(stack: Stack) -> None:
    """Have a stack say which commit is deployed, and which one was before it: `make deploy` gives both as context."""
    for output, name in ((COMMIT_OUTPUT, "commit"), (PREVIOUS_COMMIT_OUTPUT, "previous")):
        if digest := stack.node.try_get_context(name):
            CfnOutput(stack, output, value=digest)
