"""The key that seals receipts; the certificates that say whose it is are configuration beside it, in the bucket.

A certificate is renewed without touching the key. Key and certificate change together, without a receipt waiting, by
naming a second key in the stage, installing its certificates under its name, and then naming it first.
"""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.commands.certify_seal import chain_key
from infra.functions.function import Permission
from infra.stage import Stage


class SealKeys(Construct):
    """The stage's keys for seals: the first one seals, the others are about to or did so once."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.names = [stage.name_of(f"seal-{name}") for name in stage.seal_keys]
        self._keys = [
            kms.Key(
                self,
                name,
                alias=f"alias/{name}",
                description=f"Seals the receipts of the Bureau d'Ordre Digital ({stage.name})",
                key_spec=kms.KeySpec.ECC_NIST_P256,
                key_usage=kms.KeyUsage.SIGN_VERIFY,
                removal_policy=stage.removal_policy,
            )
            for name in self.names
        ]

    def may_seal(self) -> Permission:
        """Allow signing with the first key, in the one way that seals are signed."""
        return Permission(
            statement=iam.PolicyStatement(
                actions=["kms:Sign"],
                resources=[self._keys[0].key_arn],
                conditions={
                    "StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "RAW"},
                },
            )
        )

    @property
    def told(self) -> dict[str, str]:
        """Tell of the key that seals, and where its certificates lie in the bucket."""
        return {"SEAL_KEY": f"alias/{self.names[0]}", "SEAL_CHAIN": chain_key(self.names[0])}

    @property
    def all_chains(self) -> dict[str, str]:
        """Tell where the certificates of all keys lie, first those of the one that seals."""
        return {"SEAL_CHAINS": ",".join(map(chain_key, self.names))}
