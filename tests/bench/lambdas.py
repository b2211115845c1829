"""The functions as they are deployed: what the CDK made of the local stage, and the interpreter they run under."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.assembly import current_assembly, synthesise
from infra.local.interpreter import ensure_interpreter
from infra.local.place import LocalPlace

REGION = "eu-west-3"
SDK = {"boto3", "botocore", "s3transfer", "urllib3"}
"""What the layers have had since the SDK was locked into them."""


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
class Weight:
    """What a layer weighs, in MB."""

    name: str
    unzipped: float
    """As Lambda counts it: 250 are the limit for a function's code and layers."""
    zipped: float
    sdk: float
    """Of the unzipped: the AWS SDK."""


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """All functions, and the Python that runs them."""

    python: Path
    functions: Mapping[str, Lambda]

    @property
    def layers(self) -> list[Weight]:
        """The layer of every function, and that of receipts beside it."""
        (mailroom, receipt) = max((function.layers for function in self.functions.values()), key=len)
        return [weight_of("of every function", mailroom), weight_of("of receipts", receipt)]


def weight_of(name: str, layer: Path) -> Weight:
    """Weigh a layer's folder."""
    files = [path for path in layer.rglob("*") if path.is_file()]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.relative_to(layer))
    sdk = [path for path in files if path.relative_to(layer).parts[1] in SDK]
    return Weight(
        name=name,
        unzipped=sum(path.stat().st_size for path in files) / 1e6,
        zipped=len(packed.getvalue()) / 1e6,
        sdk=sum(path.stat().st_size for path in sdk) / 1e6,
    )


def deployed(place: LocalPlace) -> Deployed:
    """Synthesise the local stage unless that was done, and read it. Raises DeploymentError."""
    assembly = current_assembly()
    if not assembly.exists:
        synthesise(assembly, place)
    stacks = assembly.templates.values()
    resources: dict[str, Any] = {name: each for stack in stacks for name, each in stack["Resources"].items()}
    assets = {
        name: assembly.folder / resource["Metadata"]["aws:asset:path"]
        for name, resource in resources.items()
        if "aws:asset:path" in resource.get("Metadata", {})
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
