"""The CDK application: `cdk synth -c stage=prod`. It needs no credentials."""

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra.stack import BureauOrdre
from infra.stage import STAGES, Stage


class UnknownStageError(Exception):
    """The context names no stage, or one that is not in `stage.py`."""


def stage_of(app: App) -> Stage:
    """Find the stage that the context names. Raises UnknownStageError."""
    name = app.node.try_get_context("stage")
    if name not in STAGES:
        raise UnknownStageError(f"Say which stage: -c stage={'|'.join(STAGES)}")
    return STAGES[name]


def add_stack(app: App, stage: Stage) -> BureauOrdre:
    """Make the stage's stack, checked by cdk-nag when the application is synthesised."""
    stack = BureauOrdre(app, stage=stage)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return stack


def main() -> None:
    """Synthesise what `cdk` asked for. Raises when cdk-nag finds something."""
    app = App()
    add_stack(app, stage_of(app))
    app.synth()


if __name__ == "__main__":
    main()
