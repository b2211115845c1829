"""A synthesised stage, as the tests of its template see it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

type Properties = Mapping[str, Any]

ROOT = Path(__file__).parents[3]
ACCOUNT = "111122223333"
"""The account of the stage that names one, spelled as in the stages that are deployed anywhere."""
STAND_INS = ["scan_file"]
"""Functions of the local stage alone."""
FOLDERS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
OPERATIONS = [folder for folder in FOLDERS if folder not in STAND_INS]
"""Functions of every stage."""


@dataclass(frozen=True, kw_only=True)
class Synthesised:
    """One stage's template, and the folder of its assets."""

    stage: str
    template: Mapping[str, Any]
    folder: Path

    def of_type(self, kind: str) -> dict[str, Properties]:
        """The properties of each resource of a type, by logical id."""
        return {
            logical: resource.get("Properties", {})
            for logical, resource in self.template["Resources"].items()
            if resource["Type"] == kind
        }

    def the(self, kind: str) -> Properties:
        """The properties of the only resource of a type."""
        (properties,) = self.of_type(kind).values()
        return properties

    def kinds(self) -> Counter[str]:
        """How many resources there are of each type."""
        return Counter(resource["Type"] for resource in self.template["Resources"].values())

    def functions(self) -> dict[str, Properties]:
        """The functions' properties, by operation."""
        return {
            properties["Handler"].partition(".")[0]: properties
            for properties in self.of_type("AWS::Lambda::Function").values()
        }

    def operations(self) -> list[str]:
        """The functions that this stage is to have."""
        return FOLDERS if self.stage == "local" else OPERATIONS

    def statements(self, operation: str) -> Iterator[Properties]:
        """What the role of an operation's function is allowed, statement by statement."""
        role = self.functions()[operation]["Role"]["Fn::GetAtt"][0]
        for policy in self.of_type("AWS::IAM::Policy").values():
            if {"Ref": role} in policy["Roles"]:
                yield from policy["PolicyDocument"]["Statement"]

    def asset(self, code: Properties) -> Path:
        """The folder that a function's or a layer's code is zipped from."""
        return self.folder / f"asset.{code['S3Key'].removesuffix('.zip')}"


def spelled(value: object) -> str:
    """A value of a template as one text: what is known only at deployment stands in `<>`."""
    match value:
        case str():
            return value.replace(ACCOUNT, "<AWS::AccountId>")
        case {"Fn::Join": [str(glue), [*parts]]}:
            return glue.join(spelled(part) for part in parts)
        case {"Ref": str(name)}:
            return f"<{name}>"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"<{name}.{attribute}>"
        case _:
            raise TypeError(f"not foreseen in a template's text: {value!r}")


def listed(value: object) -> list[Any]:
    """A value that a template gives alone or as a list."""
    return value if isinstance(value, list) else [value]


def files_below(folder: Path) -> set[str]:
    """The paths of all files in a folder, from there."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def read_template(folder: Path, stage: str) -> Synthesised:
    """The stage's template in an assembly's folder."""
    template = json.loads((folder / f"BureauOrdre-{stage}.template.json").read_text())
    return Synthesised(stage=stage, template=template, folder=folder)
