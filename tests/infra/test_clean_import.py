"""Each handler starts in an interpreter that sees its own asset, its layers and boto3, as in Lambda."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.local.interpreter import ensure_interpreter
from tests.support.inspection.synthesised import FOLDERS, Synthesised

_IMPORT = """
import importlib, sys
handler = importlib.import_module(sys.argv[1])
assert callable(handler.handler)
"""


def _paths(stage: Synthesised, operation: str) -> list[Path]:
    function = stage.functions()[operation]
    layers = stage.of_type("AWS::Lambda::LayerVersion")
    in_order = [stage.asset(layers[layer["Ref"]]["Content"]) / "python" for layer in function["Layers"]]
    return [*in_order, stage.asset(function["Code"])]


@pytest.mark.parametrize("operation", FOLDERS)
def test_a_handler_needs_nothing_beside_its_asset_its_layers_and_boto3(
    stages: Mapping[str, Synthesised], operation: str, tmp_path: Path
) -> None:
    paths = ":".join(map(str, _paths(stages["local"], operation)))
    variables = stages["local"].functions()[operation]["Environment"]["Variables"]
    done = subprocess.run(
        [str(ensure_interpreter().python), "-s", "-B", "-c", _IMPORT, f"{operation}.handler"],
        env={
            "PYTHONPATH": paths,
            "PYTHONSAFEPATH": "1",
            "PYTHONWARNINGS": variables["PYTHONWARNINGS"],
            "POWERTOOLS_METRICS_NAMESPACE": "Test",
            "HOME": str(tmp_path),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, "each cold start would log it"
