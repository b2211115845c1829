"""The denial of all that ends a key, but to one role for emergencies."""

from aws_cdk import DefaultStackSynthesizer, Fn, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from infra.stage import Stage

_ENDS_IT = ("kms:ScheduleKeyDeletion", "kms:DisableKey")


def only_break_glass_ends(key: kms.Key, stage: Stage) -> None:
    """Deny to everyone but the stage's break-glass role to delete or disable a key.

    Files are locked for ten years, and are lost with the key. The policy itself is changed by that role and by
    CloudFormation's own role, which no person can assume: through a deployment, which is reviewed. KMS refuses a policy
    that its author could not change any more, so CloudFormation, which makes the key, has to stay among them ("Default
    key policy" and "PutKeyPolicy" in KMS's documentation). A stage without such a role has KMS's default policy alone.
    """
    if stage.break_glass_role is None:
        return
    for sid, actions, allowed in (
        ("OnlyBreakGlassEndsTheKey", _ENDS_IT, [stage.break_glass_role]),
        (
            "OnlyBreakGlassAndDeploymentsChangeThisPolicy",
            ("kms:PutKeyPolicy",),
            [stage.break_glass_role, deploying_role(Stack.of(key))],
        ),
    ):
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid=sid,
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=list(actions),
                resources=["*"],
                conditions={"ArnNotEquals": {"aws:PrincipalArn": allowed}},
            )
        )


def deploying_role(stack: Stack) -> str:
    """Return the ARN of the role by which CloudFormation changes a stack: `cdk bootstrap` makes it."""
    synthesizer = stack.synthesizer
    if not isinstance(synthesizer, DefaultStackSynthesizer):
        raise TypeError("Only a stack that is deployed by the CDK's own roles has one.")
    return Fn.sub(synthesizer.cloud_formation_execution_role_arn)
