"""The data stack: all that holds state, and outlives every change of the code.

Other stacks use what is here, and it uses nothing of theirs. Where a name is fixed, they know it by its name. The few
values that only CloudFormation knows are exported, always and whether anything uses them or not: an export that comes
and goes with its use would be removed while the stack deployed before still imports it, which CloudFormation refuses.
"""

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from infra.constructs.backup import Backups
from infra.constructs.customer_key import CustomerKey
from infra.constructs.second_copy import SecondCopy
from infra.constructs.user_pool import UserPool
from infra.constructs.watched_acts import WatchedActs
from infra.names import Part, stack_name
from infra.resources import Keys, Messaging, Storage
from infra.stage import Stage


class DataStack(Stack):
    """Key, tables, bucket, user pool, secrets, signing keys, queues, e-mail identity, and the operators' topic.

    The ids of what is here, and their nesting, are those under which CloudFormation made it: keep them.
    """

    def __init__(self, scope: Construct, *, stage: Stage) -> None:
        super().__init__(
            scope,
            stack_name(stage.name, Part.DATA),
            env=Environment(account=stage.account, region=stage.region),
            description="Bureau d'Ordre Digital: what it keeps",
            termination_protection=stage.is_lasting,
        )
        self.key = CustomerKey(self, "Key", stage=stage)
        self.storage = Storage.make(self, stage=stage, key=self.key)
        self.keys = Keys.make(self, stage=stage, key=self.key)
        self.messaging = Messaging.make(self, stage=stage, key=self.key)
        if copy := SecondCopy.of(stage):
            Backups(
                self,
                "Backups",
                stage=stage,
                key=self.key,
                tables=self.storage.tables,
                copy=copy,
                operators=self.messaging.operators,
            )
        if stage.break_glass_role:
            WatchedActs(self, "WatchedActs", stage=stage, operators=self.messaging.operators)
        self.user_pool = UserPool(self, "Identity", stage=stage, email=self.messaging.email)
        outputs = self.storage.outputs | self.keys.outputs | self.messaging.outputs | self.user_pool.outputs
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
        of_pool = [self.user_pool.pool_id, self.user_pool.people_client_id]
        for value in (self.key.key_arn, *self.storage.exported, *self.keys.exported, *of_pool):
            self.export_value(value)
