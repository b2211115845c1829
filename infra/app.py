"""The CDK application: `cdk synth -c stage=example`. It needs no credentials."""

import sys
from pathlib import Path

from aws_cdk import App, CfnRule, Fn, Stack, Validations
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks

from infra.constructs.second_copy import SecondCopy
from infra.paths import STAGE_FILES
from infra.stacks.copies import CopyStack
from infra.stacks.data import DataStack
from infra.stacks.edge import EdgeStack
from infra.stacks.firewall import FirewallStack
from infra.stacks.service import ServiceStack
from infra.stacks.watching import WatchingStack
from infra.stage import Stage, stage_names
from infra.stage_file import StageError
from infra.stage_refusals import load_for_synthesis


def stage_of(app: App) -> Stage:
    """Find the stage that the context names. Raises StageError where there is none, or it cannot be synthesised."""
    name = app.node.try_get_context("stage")
    if not isinstance(name, str):
        raise StageError(f"Say which stage: -c stage={'|'.join(stage_names())}")
    return load_for_synthesis(name, Path(app.node.try_get_context("stages") or STAGE_FILES))


def refuse_deployment(stack: Stack) -> None:
    """Have CloudFormation refuse a rehearsal's stack, whichever command sends it."""
    CfnRule(
        stack,
        "Rehearsal",
        assertions=[
            {
                "assert": Fn.condition_contains(["deployed"], "rehearsed"),
                "assertDescription": "This stage is a rehearsal: it is synthesised and never deployed.",
            }
        ],
    )


def stacks_of(app: App, stage: Stage) -> list[Stack]:
    """Make the stacks of a stage, in the order in which they are deployed; those of a rehearsal never are."""
    copies = [CopyStack(app, stage=stage, copy=copy)] if (copy := SecondCopy.of(stage)) else []
    data = DataStack(app, stage=stage)
    for there in copies:
        data.add_stack_dependency(there, "S3 looks for the bucket that it is to copy to.")
    service = ServiceStack(app, stage=stage, data=data)
    watching = WatchingStack(app, stage=stage, data=data, service=service)
    stacks = [*copies, data, service, watching, *door_of(app, stage, service)]
    if stage.rehearsal:
        for stack in stacks:
            refuse_deployment(stack)
    return stacks


def door_of(app: App, stage: Stage, service: ServiceStack) -> list[Stack]:
    """Make the stacks of the public address: none for a stage without a domain, whose API is its public address."""
    if stage.domain is None or stage.certificate is None:
        return []
    firewall = FirewallStack(app, stage=stage) if stage.web_acl else None
    edge = EdgeStack(
        app, stage=stage, domain=stage.domain, certificate=stage.certificate, service=service, firewall=firewall
    )
    return [firewall, edge] if firewall else [edge]


def check(app: App) -> None:
    """Have cdk-nag check all that the application synthesises: a finding stops the synthesis."""
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), NIST80053R5Checks(app))


def main() -> None:
    """Synthesise the stage that `cdk` was asked for."""
    app = App()
    try:
        stage = stage_of(app)
    except StageError as refusal:
        sys.exit(f"Nothing was synthesised. {refusal}")
    stacks_of(app, stage)
    check(app)
    app.synth()


if __name__ == "__main__":
    main()
