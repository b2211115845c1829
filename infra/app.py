"""The CDK application: `cdk synth -c stage=prod`. It needs no credentials."""

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra.stack import BureauOrdre
from infra.stage import STAGES, Stage


class UnknownStageError(Exception):
    """The context names no stage, or a stage that is not in `stage.py`."""


def stage_of(app: App) -> Stage:
    """Find the stage that the context names. Raises UnknownStageError."""
    name = app.node.try_get_context("stage")
    if name not in STAGES:
        raise UnknownStageError(f"Say which stage: -c stage={'|'.join(STAGES)}")
    return STAGES[name]


def check(app: App) -> None:
    """Have cdk-nag check all that the application synthesises: a finding stops the synthesis."""
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))


def main() -> None:
    """Synthesise the stage that `cdk` was asked for."""
    app = App()
    BureauOrdre(app, stage=stage_of(app))
    check(app)
    app.synth()


if __name__ == "__main__":
    main()
