"""The stages that tests synthesise, and stages with a few settings changed."""

from infra.stage import Stage


def changed(stage: str, /, **changes: object) -> Stage:
    """The stage of this name with some settings changed, checked as its file would be. Raises ValidationError."""
    return Stage.model_validate(Stage.load(stage).model_dump() | changes)


SYNTHESISED = {"dev": Stage.load("dev"), "local": Stage.load("local"), "prod": changed("example", name="prod")}
"""The stages by name. The rehearsal bears the name of `prod`, whose own file only its operator completes."""
