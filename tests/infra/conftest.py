"""All stages are synthesised once: it is slow, and bundles the layers."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from aws_cdk import App

from infra.app import check, stacks_of
from tests.support.inspection.stages import SYNTHESISED
from tests.support.inspection.synthesised import ROOT, Synthesised, read_template


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the stages were synthesised into, cdk-nag looking on."""
    folder = tmp_path_factory.mktemp("assembly")
    context = json.loads((ROOT / "cdk.json").read_text()).get("context", {})
    app = App(outdir=str(folder), context=context)
    for stage in SYNTHESISED.values():
        stacks_of(app, stage)
    check(app)
    app.synth()
    return folder


@pytest.fixture(scope="session")
def stages(assembly: Path) -> Mapping[str, Synthesised]:
    """Every stage, by name."""
    return {name: read_template(assembly, name) for name in SYNTHESISED}


@pytest.fixture(scope="session")
def prod(stages: Mapping[str, Synthesised]) -> Synthesised:
    """The stage that counts: the rehearsal's settings, under the name of `prod`."""
    return stages["prod"]


@pytest.fixture(params=sorted(SYNTHESISED))
def synthesised(request: pytest.FixtureRequest, stages: Mapping[str, Synthesised]) -> Synthesised:
    """Each stage in its turn."""
    return stages[str(request.param)]
