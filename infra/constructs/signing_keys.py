"""The keys that receipts are sealed with, and those that statements and heads are signed with.

A seal's certificates are configuration beside its key: `infra.commands.certify_seal` puts them into the bucket. A
certificate is renewed without touching the key. To change key and certificate together without a receipt waiting: name
a second key in the stage, install its certificates under its name, then name it first.
"""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.key_protection import only_break_glass_ends
from infra.constructs.permission import Permission
from infra.constructs.retention import removal_policy
from infra.stage import Stage
from infra.stored_names import chain_object


class SealKeys(Construct):
    """The stage's keys for seals: the first one seals; the others will seal, or once did."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.names = [stage.name_of(f"seal-{name}") for name in stage.seal_keys]
        description = f"Seals the receipts of the Bureau d'Ordre Digital ({stage.name})"
        self.arns = _key_arns(self, self.names, description, stage)
        self.settings = {"SEAL_KEY": f"alias/{self.names[0]}", "SEAL_CHAIN": chain_object(self.names[0])}
        """The key that seals, and the object that holds its certificates."""
        self.all_chains = {"SEAL_CHAINS": ",".join(map(chain_object, self.names))}
        """The objects that hold the certificates of all keys, those of the key that seals first."""

    def may_seal(self) -> Permission:
        """Allow signing whole messages with the first key, by ECDSA with SHA-256."""
        return _may_sign(self.arns[0], "RAW")


class StatementKeys(Construct):
    """The stage's keys for statements and heads: the first one signs, all of them are published.

    No key is also a key for seals: a seal's key has certificates, and signs nothing but receipts.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        names = [stage.name_of(f"statements-{name}") for name in stage.statement_keys]
        description = f"Signs statements and heads of the Bureau d'Ordre Digital ({stage.name})"
        self.arns = _key_arns(self, names, description, stage)
        self.settings = {"SIGNING_KEY": f"alias/{names[0]}"}
        """The key that signs."""
        self.all_keys = {"SIGNING_KEYS": ",".join(f"alias/{name}" for name in names)}
        """All keys, the one that signs first."""

    def may_sign(self) -> list[Permission]:
        """Allow signing digests with the first key, by ECDSA with SHA-256, and reading its public half."""
        return [_may_sign(self.arns[0], "DIGEST"), _may_read_public_halves(self.arns[:1])]

    def may_read_public_halves(self) -> Permission:
        """Allow reading the public halves of all keys."""
        return _may_read_public_halves(self.arns)


def _key_arns(scope: Construct, names: Sequence[str], description: str, stage: Stage) -> list[str]:
    """Make a key for each name, which is its alias too."""
    return [_key(scope, name, description, stage).key_arn for name in names]


def _key(scope: Construct, name: str, description: str, stage: Stage) -> kms.Key:
    key = kms.Key(
        scope,
        name,
        alias=f"alias/{name}",
        description=description,
        key_spec=kms.KeySpec.ECC_NIST_P256,
        key_usage=kms.KeyUsage.SIGN_VERIFY,
        removal_policy=removal_policy(stage),
    )
    only_break_glass_ends(key, stage)
    return key


def _may_sign(key_arn: str, message_type: str) -> Permission:
    return Permission(
        statement=iam.PolicyStatement(
            actions=["kms:Sign"],
            resources=[key_arn],
            conditions={
                "StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": message_type},
            },
        )
    )


def _may_read_public_halves(arns: Sequence[str]) -> Permission:
    return Permission(statement=iam.PolicyStatement(actions=["kms:GetPublicKey"], resources=list(arns)))
