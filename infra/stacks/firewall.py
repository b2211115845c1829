"""The firewall stack: what stands before the distribution, in the one region that CloudFront takes it from."""

from aws_cdk import Environment, Stack
from constructs import Construct

from infra.constructs.web_acl import WebAcl
from infra.names import Part, stack_name
from infra.stage import Stage

CLOUDFRONT_REGION = "us-east-1"
"""https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html"""


class FirewallStack(Stack):
    """The web ACL of a stage."""

    def __init__(self, scope: Construct, *, stage: Stage) -> None:
        super().__init__(
            scope,
            stack_name(stage.name, Part.FIREWALL),
            env=Environment(account=stage.account, region=CLOUDFRONT_REGION),
            cross_region_references=True,  # the distribution, in the stage's region, names the web ACL
            description="Bureau d'Ordre Digital: the firewall before its public address",
            termination_protection=stage.is_lasting,
        )
        self.web_acl = WebAcl(self, "Firewall", stage=stage)
