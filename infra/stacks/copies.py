"""The copy stack: bucket, key and vault in the second region, best in another account.

It is deployed before the data, since S3 looks for a replication's destination, and refers to nothing of the stage but
names.
"""

from aws_cdk import Environment, Stack
from constructs import Construct

from infra.constructs.backup import LockedVault, filled_from
from infra.constructs.copy_bucket import CopyBucket, CopyKey
from infra.constructs.second_copy import SecondCopy
from infra.names import Part, stack_name
from infra.stage import Stage


class CopyStack(Stack):
    """The second copy of what the stage keeps."""

    def __init__(self, scope: Construct, *, stage: Stage, copy: SecondCopy) -> None:
        super().__init__(
            scope,
            stack_name(stage.name, Part.COPY),
            env=Environment(account=stage.second_account or stage.account, region=copy.region),
            description="Bureau d'Ordre Digital: the second copy of what it keeps",
            termination_protection=stage.is_lasting,
        )
        key = CopyKey(self, "Key", stage=stage, copy=copy)
        CopyBucket(self, "Files", stage=stage, copy=copy, key=key)
        filled_by = filled_from(stage.account) if copy.is_elsewhere and stage.account else None
        LockedVault(self, "Vault", stage=stage, name=copy.vault_name, key=key, filled_by=filled_by)
