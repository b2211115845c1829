"""Where the parts of this project lie on disk."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
FUNCTIONS = ROOT / "functions"
LAYERS = ROOT / "layers"
CONTRACT = ROOT / "infra/openapi.json"
"""The HTTP contract, which `infra.commands.contract` generates."""
LOCAL = ROOT / ".local"
"""What commands, tests and the local cloud write; git ignores it."""
