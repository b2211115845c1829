"""A synthesised stage, as the tests of its templates see it."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from infra.names import Part, stack_name
from tests.support.inspection.stages import SYNTHESISED

type Properties = Mapping[str, Any]
type Template = Mapping[str, Any]

ROOT = Path(__file__).parents[3]
ACCOUNT = "111122223333"
"""The account of the stage that names one, spelled as in the stages that are deployed anywhere."""
STAND_INS = ["scan_file"]
"""Functions of the local stage alone."""
CANARY = "canary"
"""The function of the stages alone that send mail to themselves."""
FOLDERS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
OPERATIONS = [folder for folder in FOLDERS if folder not in STAND_INS]
"""Functions of a stage in AWS that sends mail to itself."""
SERVICE_PROPER = (Part.DATA, Part.SERVICE, Part.WATCHING)
"""The stacks that are seen as one: what they hold is in one region, and no two resources have one logical id."""


@dataclass(frozen=True, kw_only=True)
class Synthesised:
    """One stage's stacks seen as one, and the folder of their assets.

    What one stack takes from another stands as what it is in the stack that gives it: `{"Ref": "RecordsTable…"}`.
    """

    stage: str
    template: Template
    """All resources, parameters and outputs of the service proper; outputs that are exports are left out."""
    parts: Mapping[Part, Template]
    """Each stack's template as it was synthesised."""
    artifacts: Mapping[str, Properties]
    """What the assembly says of each of the stage's stacks, by the stack's name."""
    folder: Path

    def only(self, part: Part) -> "Synthesised":
        """The same stage, of which one stack alone is seen, as it was synthesised."""
        return replace(self, template=self.parts[part], parts={part: self.parts[part]})

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
        """The properties of this project's functions, by operation: not those of the CDK's own function."""
        return {
            properties["Handler"].partition(".")[0]: properties
            for properties in self.of_type("AWS::Lambda::Function").values()
            if properties["Handler"] != "index.handler"
        }

    def operation_of(self, value: object) -> str:
        """The operation of the one function, or alias of a function, that a value names."""
        (operation,) = self.operations_in(value)
        return operation

    def operations_in(self, value: object) -> set[str]:
        """The operations of all functions that a value names, by themselves or by their aliases."""
        functions, aliases = self.of_type("AWS::Lambda::Function"), self.of_type("AWS::Lambda::Alias")
        named = {aliases[name]["FunctionName"]["Ref"] if name in aliases else name for name in named_in(value)}
        return {functions[name]["Handler"].partition(".")[0] for name in named & functions.keys()}

    def operations(self) -> list[str]:
        """The functions that this stage is to have."""
        made = FOLDERS if self.stage == "local" else OPERATIONS
        return made if SYNTHESISED[self.stage].canary else [operation for operation in made if operation != CANARY]

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
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([\w:]+)\}", r"<\1>", text).replace(ACCOUNT, "<AWS::AccountId>")
        case {"Ref": str(name)}:
            return f"<{name}>"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"<{name}.{attribute}>"
        case {"Fn::ImportValue": str(name)}:
            return f"<{name}>"
        case _:
            raise TypeError(f"not foreseen in a template's text: {value!r}")


def named_in(value: object) -> Iterator[str]:
    """The logical ids that a value refers to."""
    match value:
        case {"Ref": str(logical)} | {"Fn::GetAtt": [str(logical), *_]}:
            yield logical
        case dict():
            for each in value.values():
                yield from named_in(each)
        case list():
            for each in value:
                yield from named_in(each)


def listed(value: object) -> list[Any]:
    """A value that a template gives alone or as a list."""
    return value if isinstance(value, list) else [value]


def files_below(folder: Path) -> set[str]:
    """The paths of all files in a folder, from there."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def read_template(folder: Path, stage: str) -> Synthesised:
    """The stage's stacks in an assembly's folder."""
    parts: dict[Part, Template] = {
        part: json.loads(path.read_text())
        for part in Part
        if (path := folder / f"{stack_name(stage, part)}.template.json").exists()
    }
    merged = _merged([parts[part] for part in SERVICE_PROPER])
    manifest = json.loads((folder / "manifest.json").read_text())["artifacts"]
    artifacts = {name: manifest[name] for name in (stack_name(stage, part) for part in parts)}
    return Synthesised(stage=stage, template=merged, parts=parts, artifacts=artifacts, folder=folder)


def _merged(templates: list[Template]) -> Template:
    outputs = {name: output for template in templates for name, output in template.get("Outputs", {}).items()}
    exports = {output["Export"]["Name"]: output["Value"] for output in outputs.values() if "Export" in output}
    merged: dict[str, dict[str, object]] = {"Parameters": {}, "Resources": {}, "Outputs": {}}
    for template in templates:
        twice = merged["Resources"].keys() & template["Resources"].keys()
        assert not twice, f"two stacks have a resource of one logical id: {twice}"
        merged["Resources"] |= {name: _resolved(each, exports) for name, each in template["Resources"].items()}
        merged["Parameters"] |= template.get("Parameters", {})
    named = {name: output for name, output in outputs.items() if "Export" not in output}
    return merged | {"Outputs": {name: _resolved(output, exports) for name, output in named.items()}}


def _resolved(value: object, exports: Mapping[str, object]) -> object:
    """The value with each import replaced by what is exported under the name."""
    match value:
        case {"Fn::ImportValue": str(name)} if name in exports:
            return exports[name]
        case dict():
            return {key: _resolved(each, exports) for key, each in value.items()}
        case list():
            return [_resolved(each, exports) for each in value]
        case _:
            return value
