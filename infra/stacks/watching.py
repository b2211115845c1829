"""The watching stack: alarms and the dashboard.

It knows functions, queues and the topic by their fixed names, so that one that goes is not held by its alarm: the
service stack is deployed before this one.
"""

from aws_cdk import Environment, Stack
from constructs import Construct

from infra.constructs.observability import Observability
from infra.names import Part, stack_name
from infra.stacks.data import DataStack
from infra.stacks.service import ServiceStack
from infra.stage import Stage


class WatchingStack(Stack):
    """What tells operators how the service does."""

    def __init__(self, scope: Construct, *, stage: Stage, data: DataStack, service: ServiceStack) -> None:
        super().__init__(
            scope,
            stack_name(stage.name, Part.WATCHING),
            env=Environment(account=stage.account, region=stage.region),
            description="Bureau d'Ordre Digital: its alarms and its dashboard",
            termination_protection=stage.is_lasting,
        )
        self.add_stack_dependency(service, "Alarms watch what is there by its name.")
        Observability(
            self,
            "Observability",
            stage=stage,
            operators=data.messaging.operators,
            api=service.api,
            functions={operation: function.name for operation, function in service.functions.items()},
            queues=data.messaging.queues,
            dead_letters=data.messaging.dead_letters,
        )
