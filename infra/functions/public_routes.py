"""What proves a register to others: signed statements on receipts, and each night the heads of all registers."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.database import MAILS, ORGANISMS, RECEIPTS, REGISTERS
from infra.functions.function import Permission, on_schedule
from infra.functions.parts import Parts
from infra.stage import Stage

_HEADS = ["heads/"]


class StatementKeys(Construct):
    """The stage's keys for statements and heads: the first one signs, all of them are published.

    They are none of the seal's: a seal stands under certificates, and signs nothing but receipts.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        names = [stage.name_of(f"statements-{name}") for name in stage.statement_keys]
        self._keys = [
            kms.Key(
                self,
                name,
                alias=f"alias/{name}",
                description=f"Signs statements and heads of the Bureau d'Ordre Digital ({stage.name})",
                key_spec=kms.KeySpec.ECC_NIST_P256,
                key_usage=kms.KeyUsage.SIGN_VERIFY,
                removal_policy=stage.removal_policy,
            )
            for name in names
        ]
        self._aliases = [f"alias/{name}" for name in names]

    def may_sign(self) -> list[Permission]:
        """Allow signing with the first key, in the one way it is done, and knowing its public half."""
        first = self._keys[0].key_arn
        signs = iam.PolicyStatement(
            actions=["kms:Sign"],
            resources=[first],
            conditions={"StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST"}},
        )
        return [Permission(statement=signs), _may_know([first])]

    def may_be_known(self) -> Permission:
        """Allow reading the public halves of all keys."""
        return _may_know([key.key_arn for key in self._keys])

    @property
    def signing(self) -> dict[str, str]:
        """Tell of the key that signs."""
        return {"SIGNING_KEY": self._aliases[0]}

    @property
    def all(self) -> dict[str, str]:
        """Tell of all keys, the one that signs first."""
        return {"SIGNING_KEYS": ",".join(self._aliases)}


def _may_know(arns: list[str]) -> Permission:
    return Permission(statement=iam.PolicyStatement(actions=["kms:GetPublicKey"], resources=arns))


def add_statements(parts: Parts, *, keys: StatementKeys, receipt_layer: lambda_.ILayerVersion) -> None:
    """Make the functions of this side."""
    add, records, files = parts.functions.add, parts.records, parts.files
    add(
        "sign_statement",
        may=[
            records.may("GetItem", on=[RECEIPTS]),
            records.may_query_attributes("pk", "sk", "event", "at", on=[MAILS]),
            *keys.may_sign(),
        ],
        told=parts.table | parts.public | parts.pace | keys.signing,
    )
    add("list_keys", may=[keys.may_be_known()], told=keys.all)
    add(
        "list_sealers",
        may=[
            files.may("GetObject", "GetObjectVersion", under=["seal/"]),
            files.may_list_versions(under=["seal/"]),
            *keys.may_sign(),
        ],
        told=parts.bucket | parts.public | keys.signing | parts.seal_keys.all_chains,
        extra_layers=[receipt_layer],  # it reads certificates
    )
    add(
        "list_heads",
        may=[files.may("GetObject", under=_HEADS), files.may_list(under=_HEADS)],
        told=parts.bucket,
    )
    publish = add(
        "publish_heads",
        may=[
            records.may("Query", on=[ORGANISMS]),
            records.may("BatchGetItem", on=[REGISTERS]),
            files.may("GetObject", "PutObject", "PutObjectRetention", under=_HEADS),
            files.may_list(under=_HEADS),
            *keys.may_sign(),
        ],
        timeout=Duration.minutes(5),
        told=parts.table | parts.bucket | parts.public | parts.retention | keys.signing,
    )
    # at night, on the same day in UTC and in Casablanca; the first run does it, the others if it could not
    on_schedule(publish, events.Schedule.cron(hour="2", minute="0,20,40"))
