"""The edge stack: the public address, with the pages behind it and the API of the service stack."""

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from infra.constructs.distribution import Distribution
from infra.constructs.pages_bucket import PagesBucket
from infra.names import Part, stack_name
from infra.stacks.firewall import FirewallStack
from infra.stacks.service import ServiceStack
from infra.stage import Stage


class EdgeStack(Stack):
    """The distribution and the pages' bucket. A stage without a domain has none: its API is its public address."""

    def __init__(  # noqa: PLR0913 - what it stands before, by keyword
        self,
        scope: Construct,
        *,
        stage: Stage,
        domain: str,
        certificate: str,
        service: ServiceStack,
        firewall: FirewallStack | None,
    ) -> None:
        super().__init__(
            scope,
            stack_name(stage.name, Part.EDGE),
            env=Environment(account=stage.account, region=stage.region),
            cross_region_references=True,
            description="Bureau d'Ordre Digital: its public address",
            termination_protection=stage.is_lasting,
        )
        self.add_stack_dependency(service, "The API stands behind the distribution.")
        pages = PagesBucket(self, "Pages", stage=stage)
        door = Distribution(
            self,
            "Door",
            stage=stage,
            domain=domain,
            certificate=certificate,
            api_id=service.api.api_id,
            pages=pages,
            web_acl_arn=firewall.web_acl.arn if firewall else None,
        )
        outputs = {
            "DistributionDomainName": door.distribution.distribution_domain_name,
            "DistributionId": door.distribution.distribution_id,
            "PagesBucketName": pages.bucket.bucket_name,
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
