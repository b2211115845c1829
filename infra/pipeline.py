"""What a stage's pipeline may do: four roles for a hosted runner, which proves by OIDC whose it is. No key is kept.

An administrator deploys this once for each stage (`make pipeline STAGE=prod REPOSITORY=owner/name`), apart from the
stage's own stacks: a pipeline that could change its own rights would have none to lose.
"""

import re
from collections.abc import Sequence

from aws_cdk import App, CfnOutput, Duration, Environment, Stack
from aws_cdk.aws_iam import (
    IOidcProvider,
    OidcProviderNative,
    OpenIdConnectPrincipal,
    PolicyDocument,
    PolicyStatement,
    Role,
)
from constructs import Construct

from infra.app import check, stage_of
from infra.constructs.acknowledgements import acknowledge_own_policy, acknowledge_wildcards
from infra.names import Part, stack_name
from infra.stage import Stage
from infra.stored_names import HEADS, ORGANISMS, SEALS

ISSUER = "token.actions.githubusercontent.com"
_EDGE_REGION = "us-east-1"
"""Where the firewall stands."""
_BOOTSTRAP = "cdk-hnb659fds"
"""What the names of the CDK's bootstrap begin with."""
_READ = ("cloudformation:DescribeStacks", "cloudformation:GetTemplate", "cloudformation:GetTemplateSummary")
_PREPARE = (
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
)
_PUBLISH = ("s3:DeleteObject", "s3:GetObjectTagging", "s3:PutObject", "s3:PutObjectTagging")
_LOOK = (
    "acm:DescribeCertificate",
    "backup:ListRecoveryPointsByResource",
    "cloudfront:ListDistributions",
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetTrailStatus",
    "cloudwatch:DescribeAlarms",
    "cognito-idp:DescribeUserPool",
    "cognito-idp:ListUsersInGroup",
    "guardduty:GetMalwareProtectionPlan",
    "guardduty:ListMalwareProtectionPlans",
    "lambda:GetAccountSettings",
    "ses:GetAccount",
    "ses:GetEmailIdentity",
    "sns:GetSMSAttributes",
    "sns:GetSMSSandboxAccountStatus",
    "sns:ListSubscriptionsByTopic",
)
"""What `make smoke` reads of the account: AWS knows no narrower resource, or gives it a name only when it is made."""


class WrongRepositoryError(Exception):
    """The context names no repository that the roles could be bound to."""


class PipelineAccess(Stack):
    """The roles of a stage's pipeline, each for one job: an environment of the repository, in which that job runs."""

    def __init__(self, scope: Construct, *, stage: Stage, repository: str, makes_provider: bool) -> None:
        """Make the roles. `makes_provider`: an account has one provider for all its stages; a second one is refused.

        Raises WrongRepositoryError: a name with a wildcard would let strangers in.
        """
        super().__init__(
            scope,
            f"{stack_name(stage.name, Part.DATA)}-Pipeline",
            env=Environment(account=stage.account, region=stage.region),
            description="Bureau d'Ordre Digital: what the pipeline may do",
            termination_protection=stage.is_lasting,
        )
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository, re.ASCII):
            raise WrongRepositoryError(f"{repository!r} is no repository: REPOSITORY=owner/name")
        self._stage, self._repository = stage, repository
        provider: IOidcProvider
        if makes_provider:
            provider = OidcProviderNative(self, "Provider", url=f"https://{ISSUER}", client_ids=["sts.amazonaws.com"])
        else:
            provider = OidcProviderNative.from_oidc_provider_arn(
                self,
                "Provider",
                self.format_arn(service="iam", region="", resource="oidc-provider", resource_name=ISSUER),
            )
        self._principal = provider
        self._make("Diff", ("diff",), [self._statement(_READ, self._stacks())])
        self._make("Prepare", ("prepare",), self._preparing())
        self._make("Deploy", ("", "rollback"), self._deploying())
        self._make("Smoke", ("smoke",), self._looking())

    def _make(self, name: str, environments: Sequence[str], statements: Sequence[PolicyStatement]) -> None:
        """A role for jobs that run in these environments of the repository, and in no others."""
        names = [f"{self._stage.name}-{each}".rstrip("-") for each in environments]
        role = Role(
            self,
            name,
            description=f"The pipeline's {name.lower()} of {self._stage.name}",
            assumed_by=OpenIdConnectPrincipal(
                self._principal,
                {
                    "StringEquals": {
                        f"{ISSUER}:aud": "sts.amazonaws.com",
                        f"{ISSUER}:sub": [f"repo:{self._repository}:environment:{each}" for each in names],
                    }
                },
            ),
            inline_policies={"Pipeline": PolicyDocument(statements=list(statements))},
            max_session_duration=Duration.hours(2),
        )
        acknowledge_own_policy(role)
        for statement in statements:
            if wide := [resource for resource in statement.resources if "*" in resource]:
                acknowledge_wildcards(role, wide, _WIDE)
        CfnOutput(self, f"{name}Role", value=role.role_arn)

    def _preparing(self) -> list[PolicyStatement]:
        """Make change sets; the CDK's own role could execute them too, so that one is not taken."""
        return [
            self._statement(_READ, self._stacks()),
            PolicyStatement(
                actions=list(_PREPARE),
                resources=self._stacks(),
                conditions={"StringEqualsIfExists": {"cloudformation:RoleArn": self._bootstrap_roles("cfn-exec-role")}},
            ),
            PolicyStatement(
                actions=["iam:PassRole"],
                resources=self._bootstrap_roles("cfn-exec-role"),
                conditions={"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
            ),
            self._statement(["sts:AssumeRole"], self._bootstrap_roles("file-publishing-role")),
            self._statement(["s3:GetObject"], [f"arn:{self.partition}:s3:::{_BOOTSTRAP}-assets-{self.account}-*/*"]),
            self._statement(
                ["ssm:GetParameter"],
                [f"arn:{self.partition}:ssm:*:{self.account}:parameter/cdk-bootstrap/hnb659fds/version"],
            ),
        ]

    def _deploying(self) -> list[PolicyStatement]:
        roles = [*self._bootstrap_roles("deploy-role"), *self._bootstrap_roles("file-publishing-role")]
        return [
            self._statement(_READ, self._stacks()),
            self._statement(["sts:AssumeRole"], roles),
            *(self._publishing() if self._stage.domain else ()),
        ]

    def _publishing(self) -> list[PolicyStatement]:
        """Publish the pages. CloudFormation names their bucket, after the stack that makes it."""
        bucket = f"arn:{self.partition}:s3:::{stack_name(self._stage.name, Part.EDGE).lower()}-*"
        distributions = f"arn:{self.partition}:cloudfront::{self.account}:distribution/*"
        return [
            self._statement(["s3:ListBucket"], [bucket]),
            self._statement(_PUBLISH, [f"{bucket}/*"]),
            self._statement(["cloudfront:CreateInvalidation"], [distributions]),
        ]

    def _looking(self) -> list[PolicyStatement]:
        """Read what `make smoke` looks at, and no mail: organisms' entries, seals' certificates, the names of heads."""
        bucket = f"arn:{self.partition}:s3:::{self._stage.files_bucket}"
        made_by = stack_name(self._stage.name, Part.DATA)
        tables = [f"arn:{self.partition}:dynamodb:{self.region}:{self.account}:table/{made_by}-*"]
        keys = [f"arn:{self.partition}:kms:{self.region}:{self.account}:key/*"]
        of_stage = {"ForAnyValue:StringLike": {"kms:ResourceAliases": f"alias/bureau-ordre-{self._stage.name}*"}}
        through = [f"{service}.{self.region}.amazonaws.com" for service in ("dynamodb", "s3")]
        return [
            self._statement(_READ[:1], self._stacks()),
            self._statement(_LOOK, ["*"]),
            self._statement(["dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable"], tables),
            PolicyStatement(
                actions=["dynamodb:GetItem", "dynamodb:Query"],
                resources=tables,
                conditions={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [ORGANISMS]}},
            ),
            self._statement(["s3:GetReplicationConfiguration"], [bucket]),
            PolicyStatement(
                actions=["s3:ListBucket"], resources=[bucket], conditions={"StringEquals": {"s3:prefix": HEADS}}
            ),
            self._statement(["s3:GetObject"], [f"{bucket}/{SEALS}*"]),
            PolicyStatement(actions=["kms:DescribeKey", "kms:GetPublicKey"], resources=keys, conditions=of_stage),
            PolicyStatement(
                actions=["kms:Decrypt"],
                resources=keys,
                conditions=of_stage | {"StringEquals": {"kms:ViaService": through}},
            ),
        ]

    @staticmethod
    def _statement(actions: Sequence[str], resources: Sequence[str]) -> PolicyStatement:
        return PolicyStatement(actions=list(actions), resources=list(resources))

    def _stacks(self) -> list[str]:
        """This stage's stacks in every region, and no other stage's."""
        place = f"arn:{self.partition}:cloudformation:*:{self.account}:stack"
        return [f"{place}/{stack_name(self._stage.name, part)}/*" for part in Part]

    def _bootstrap_roles(self, kind: str) -> list[str]:
        second = [self._stage.second_region] if self._stage.second_region else []
        return [
            f"arn:{self.partition}:iam::{self.account}:role/{_BOOTSTRAP}-{kind}-{self.account}-{region}"
            for region in (self._stage.region, _EDGE_REGION, *second)
        ]


_WIDE = (
    "Names of stacks, of the pages' bucket and the distribution end in what only CloudFormation knows, an asset's in "
    "its digest; what make smoke reads belongs to the account as a whole. None of it is data of the service."
)


def main() -> None:
    """Synthesise the roles of the stage's pipeline for a repository."""
    app = App()
    PipelineAccess(
        app,
        stage=stage_of(app),
        repository=app.node.try_get_context("repository") or "",
        makes_provider=app.node.try_get_context("provider") != "existing",
    )
    check(app)
    app.synth()


if __name__ == "__main__":
    main()
