"""What a synthesis left in its folder: the stacks of a stage, in the order in which they are deployed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_STACK = "aws:cloudformation:stack"
_NOT_PINNED = "unknown-account"
"""What the CDK writes for a stage whose account is left to the credentials."""


@dataclass(frozen=True, kw_only=True)
class AssembledStack:
    """A synthesised stack, and how it is deployed."""

    name: str
    account: str
    region: str
    template_url: str
    """Where the template lies once the assets are published."""
    deploy_role: str
    """The role of the CDK's bootstrap that may ask CloudFormation for a change."""
    execution_role: str
    """The role of the CDK's bootstrap that CloudFormation makes the change with."""
    is_protected: bool
    """Whether it may not be deleted."""
    parameters: tuple[str, ...]


def assembled_stacks(folder: Path, account: str) -> tuple[AssembledStack, ...]:
    """Read the stacks of a synthesis, each one after those that it depends on.

    `account` is that of stacks which name none.
    """
    artifacts = _artifacts(folder)
    order = TopologicalSorter({name: artifact.get("dependencies", ()) for name, artifact in artifacts.items()})
    return tuple(
        _stack(folder, name, artifacts[name], account)
        for name in order.static_order()
        if artifacts[name]["type"] == _STACK
    )


def templates(folder: Path) -> tuple[Path, ...]:
    """The templates of a synthesis: not those that an earlier one left in the folder."""
    found = _artifacts(folder).values()
    return tuple(folder / each["properties"]["templateFile"] for each in found if each["type"] == _STACK)


def _artifacts(folder: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    return found


def _stack(folder: Path, name: str, artifact: Mapping[str, Any], account: str) -> AssembledStack:
    environment = urlsplit(artifact["environment"])
    owner = account if environment.netloc == _NOT_PINNED else environment.netloc
    region = environment.path.removeprefix("/")
    properties = artifact["properties"]

    def filled(text: str) -> str:
        known = {"${AWS::Partition}": "aws", "${AWS::AccountId}": owner, "${AWS::Region}": region}
        for placeholder, value in known.items():
            text = text.replace(placeholder, value)
        return text

    template = json.loads((folder / properties["templateFile"]).read_text(encoding="utf-8"))
    place = urlsplit(filled(properties["stackTemplateAssetObjectUrl"]))
    return AssembledStack(
        name=properties.get("stackName", name),
        account=owner,
        region=region,
        template_url=f"https://{place.netloc}.s3.{region}.amazonaws.com{place.path}",
        deploy_role=filled(properties["assumeRoleArn"]),
        execution_role=filled(properties["cloudFormationExecutionRoleArn"]),
        is_protected=properties.get("terminationProtection", False),
        parameters=tuple(template.get("Parameters", {})),
    )
