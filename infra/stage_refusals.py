"""What a stage that lasts refuses at synthesis: what is missing, what is made up, and what would be a disaster."""

from pathlib import Path

from infra.paths import STAGE_FILES
from infra.stage import Stage
from infra.stage_file import StageError, spelled


def load_for_synthesis(name: str, folder: Path = STAGE_FILES) -> Stage:
    """Read a stage that is to be synthesised. Raises StageError, which names every key that forbids it."""
    return Stage.load(name, folder)


def require_deployable(stage: Stage) -> None:
    """Refuse to deploy a rehearsal. Raises StageError."""
    if not stage.may_be_deployed:
        raise StageError(
            f"{spelled(STAGE_FILES / stage.name)}.toml is a rehearsal: it is synthesised and never deployed."
        )
