"""The functions as they are deployed: what the CDK made of the local stage, and the interpreter they run under."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.assembly import current_assembly, synthesise
from infra.local.interpreter import ensure_interpreter
from infra.local.place import LocalPlace

REGION = "eu-west-3"


@dataclass(frozen=True, kw_only=True)
class Lambda:
    """One function."""

    folder: str
    path: tuple[str, ...]
    """What stands first on its `sys.path`: layers, then its own asset, as in Lambda's order of search."""
    environment: Mapping[str, str]
    """What the stack tells it, references to other resources left out."""
    layers: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """All functions, and the Python that runs them."""

    python: Path
    functions: Mapping[str, Lambda]


def deployed(place: LocalPlace) -> Deployed:
    """Synthesise the local stage unless that was done, and read it. Raises DeploymentError."""
    assembly = current_assembly()
    if not assembly.exists:
        synthesise(assembly, place)
    resources: dict[str, Any] = assembly.template["Resources"]
    assets = {
        name: assembly.folder / resource["Metadata"]["aws:asset:path"]
        for name, resource in resources.items()
        if resource["Type"] in {"AWS::Lambda::Function", "AWS::Lambda::LayerVersion"}
    }
    functions = [
        _function(resource["Properties"], assets[name], assets)
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Lambda::Function" and name.startswith("Functions")
    ]
    return Deployed(
        python=ensure_interpreter().python,
        functions={function.folder: function for function in functions},
    )


def _function(properties: Mapping[str, Any], asset: Path, assets: Mapping[str, Path]) -> Lambda:
    layers = tuple(assets[layer["Ref"]] for layer in properties.get("Layers", ()))
    variables = properties["Environment"]["Variables"]
    return Lambda(
        folder=properties["Handler"].partition(".")[0],
        path=(*(str(layer / "python") for layer in layers), str(asset)),
        environment={name: value for name, value in variables.items() if isinstance(value, str)},
        layers=layers,
    )
