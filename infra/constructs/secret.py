"""Secrets that tokens and webhook keys derive from."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge
from infra.constructs.permission import READS, Permission
from infra.constructs.retention import removal_policy
from infra.constructs.second_copy import SecondCopy
from infra.stage import Stage

_OF_ARN = 7
"""Secrets Manager ends the ARN of each secret with a hyphen and six random characters. It advises against a name that
ends so: a partial ARN then finds the wrong secret, or none (CreateSecret, `Name`)."""


class Secret(Construct):
    """A secret that other secrets are HMACs under, and that therefore never rotates: `why` says what would break.

    `name` is the end of its name. Raises ValueError for one that looks like the end of an ARN.
    """

    def __init__(  # noqa: PLR0913 - what makes a secret, by keyword
        self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey, name: str, what: str, why: str
    ) -> None:
        super().__init__(scope, construct_id)
        self.secret_name = stage.name_of(name)
        if self.secret_name[-_OF_ARN] == "-":
            raise ValueError(f"{self.secret_name}: the name of a secret must not end in a hyphen and six characters.")
        secret = secretsmanager.Secret(
            self,
            "Secret",
            secret_name=self.secret_name,
            description=what,
            encryption_key=key,
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            removal_policy=removal_policy(stage),
        )
        for finding in ("AwsSolutions-SMG4", "NIST.800.53.R5-SecretsManagerRotationEnabled"):
            acknowledge(secret, finding, why)
        resource = secret.node.default_child
        if not isinstance(resource, secretsmanager.CfnSecret):
            raise TypeError("A secret is made of one CloudFormation resource.")
        if copy := SecondCopy.of(stage):
            # Printed codes are made under it, and are lost with it. A key of another account cannot encrypt a replica;
            # without one named, Secrets Manager's own key of that region does.
            key_there = None if copy.is_elsewhere else copy.key_alias
            resource.replica_regions = [
                secretsmanager.CfnSecret.ReplicaRegionProperty(region=copy.region, kms_key_id=key_there)
            ]
        # a secret's Ref is an ARN in AWS and a name in the local cloud; Id is the ARN in both
        self.secret_arn = resource.get_att("Id").to_string()

    def may_read(self) -> Permission:
        """Allow reading the secret's value."""
        return Permission(
            statement=iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self.secret_arn]),
            service="secretsmanager",
            key_actions=READS,
        )


class TokensSecret(Secret):
    """The secret behind access tokens and follow-up codes."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(
            scope,
            construct_id,
            stage=stage,
            key=key,
            name="token-key",
            what="Access tokens and follow-up codes are HMACs under this",
            why="The follow-up codes printed on receipts are made under it: another value would make every "
            "receipt handed out so far useless to its sender.",
        )
        self.settings = {"TOKENS_SECRET": self.secret_name}


class WebhooksSecret(Secret):
    """The secret behind the signatures of webhooks."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(
            scope,
            construct_id,
            stage=stage,
            key=key,
            name="webhookkeys",
            what="The secrets that webhooks are signed with are HMACs under this",
            why="Organisms' programs check calls with secrets made under it: another value would make each of "
            "them refuse every call. One organism's secret is changed by its version.",
        )
        self.settings = {"WEBHOOKS_SECRET": self.secret_name}
