"""The secrets by which the API knows the distribution.

An HTTP API has no resource policy and takes no firewall, so the distribution sends a secret in a header, as AWS advises
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html). The stage names
one secret or two: the first is sent, all are accepted. To change it, name a second one and deploy, put it first and
deploy, take the old one out and deploy. It opens no mail: with it one gets past the firewall, and no further.
"""

from aws_cdk import SecretValue
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.secret import Secret
from infra.stage import Stage

SECRETS_VARIABLE = "origin_secrets"
"""The variable of the API's stage that every event carries to the functions, which compare (`mailroom.api.resolver`).

A variable changes with one deployment of the API, and an environment with that of each function. It is as secret as the
distribution's own configuration, which holds the same value.
"""


class OriginSecret(Secret):
    """One of the secrets that the stage names."""

    def __init__(self, scope: Construct, name: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(
            scope,
            f"Origin{name}",
            stage=stage,
            key=key,
            name=_ending(name),
            what="The distribution sends this to the API, which answers no other caller",
            why="It is changed by naming another one in the stage, so that both sides change without a gap.",
        )


def secret_sent(stage: Stage) -> str:
    """What the distribution sends; CloudFormation reads the secret when it deploys."""
    return _value(stage, stage.origin_secrets[0])


def secrets_accepted(stage: Stage) -> str:
    """What the API accepts, separated by commas."""
    return ",".join(_value(stage, name) for name in stage.origin_secrets)


def _value(stage: Stage, name: str) -> str:
    return SecretValue.secrets_manager(stage.name_of(_ending(name))).unsafe_unwrap()


def _ending(name: str) -> str:
    return f"origin-{name}"
