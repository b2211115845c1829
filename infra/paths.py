"""Where the parts of this project lie on disk."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
FUNCTIONS = ROOT / "functions"
LAYERS = ROOT / "layers"
INFRA = ROOT / "infra"
STAGE_FILES = INFRA / "stages"
"""The files of the stages."""
CONTRACT = INFRA / "openapi.json"
"""The HTTP contract, which `infra.commands.contract` generates."""
PROBLEM_WORDS = LAYERS / "mailroom/src/mailroom/domain/problem_words"
"""The words of each refusal, one file for each language."""
PAGES = ROOT / "site/dist"
"""The pages that the distribution serves, as `infra.site.build` makes them; git ignores them."""
LOCAL = ROOT / ".local"
"""What commands, tests and the local cloud write; git ignores it."""


def private(folder: Path) -> Path:
    """Make a folder that no other user of this machine can look into, or close it to them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder
