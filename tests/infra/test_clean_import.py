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


_SLIP = """
import sys
from datetime import UTC, datetime
from render_receipt.printed import PrintedSlip
from render_receipt.slip import render_slip
name = {"organism_fr": "Agence", "organism_ar": "الوكالة", "number": "ANAM-2026-000001", "language": "ar"}
code = {"follow_up_url": "https://example.ma/suivi", "follow_up_code": "H4XN-92KD-QW7M-TB3F"}
pdf = render_slip(PrintedSlip(**name, **code, submitted_at=datetime(2026, 1, 1, tzinfo=UTC)))
assert b"+IBMPlexSansArabic-Regular" in pdf
"""


_NOT_HERE = "canary"
"""The function that the local stage lacks: it is tried with another stage's code, and with this machine's layers."""


def _paths(stages: Mapping[str, Synthesised], operation: str) -> list[Path]:
    if operation == _NOT_HERE:
        layer, *_ = _paths(stages, "describe_service")
        return [layer, stages["prod"].asset(stages["prod"].functions()[operation]["Code"])]
    stage = stages["local"]
    function = stage.functions()[operation]
    layers = stage.of_type("AWS::Lambda::LayerVersion")
    in_order = [stage.asset(layers[layer["Ref"]]["Content"]) / "python" for layer in function["Layers"]]
    return [*in_order, stage.asset(function["Code"])]


def _run(
    stages: Mapping[str, Synthesised], operation: str, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    of_all = stages["local"].functions()["describe_service"]["Environment"]["Variables"]
    return subprocess.run(
        [str(ensure_interpreter().python), "-s", "-B", "-c", *arguments],
        env={
            "PYTHONPATH": ":".join(map(str, _paths(stages, operation))),
            "PYTHONSAFEPATH": "1",
            "PYTHONWARNINGS": of_all["PYTHONWARNINGS"],
            "POWERTOOLS_METRICS_NAMESPACE": "Test",
            "HOME": str(folder),
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("operation", FOLDERS)
def test_a_handler_needs_nothing_beside_its_asset_its_layers_and_boto3(
    stages: Mapping[str, Synthesised], operation: str, tmp_path: Path
) -> None:
    done = _run(stages, operation, tmp_path, _IMPORT, f"{operation}.handler")
    assert done.returncode == 0, done.stderr
    assert not done.stderr, "each cold start would log it"


def test_a_page_is_set_by_what_the_assets_hold(stages: Mapping[str, Synthesised], tmp_path: Path) -> None:
    """The engine finds its fonts beside itself in the layer."""
    done = _run(stages, "render_receipt", tmp_path, _SLIP)
    assert (done.returncode, done.stderr) == (0, "")
