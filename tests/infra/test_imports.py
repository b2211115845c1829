"""Imports in `infra/` point one way: no package imports what imports it, and no module is part of a cycle."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from infra.paths import ROOT

MAY_IMPORT = {
    "paths": set[str](),
    "names": set[str](),
    "door": {"paths"},
    "addresses": {"door", "paths"},
    "session_door": {"door", "paths"},
    "page_headers": {"door"},
    "site": {"door", "paths"},
    "stage_fields": set[str](),
    "stage_file": set[str](),
    "stage_settings": {"stage_fields"},
    "stage": {"paths", "stage_fields", "stage_file", "stage_settings"},
    "stage_placeholders": set[str](),
    "stage_refusals": {"stage_placeholders", "paths", "stage", "stage_file"},
    "stored_names": set[str](),
    "constructs": {
        *("addresses", "door", "names", "page_headers", "paths", "session_door"),
        *("stage", "stage_settings", "stored_names"),
    },
    "functions": {"constructs", "names", "paths", "stage", "stage_settings", "stored_names"},
    "resources": {"constructs", "stage"},
    "stacks": {"constructs", "functions", "names", "resources", "stage", "stored_names"},
    "pipeline": {"app", "constructs", "names", "stage", "stored_names"},
    "app": {"constructs", "paths", "stacks", "stage", "stage_file", "stage_refusals"},
    "commands": {"door", "names", "paths", "site", "stage", "stage_file", "stage_refusals", "stored_names"},
    "local": {"addresses", "commands", "door", "names", "page_headers", "paths", "session_door", "site", "stage"},
}
"""What each package, and each module beside the packages, may import of the others."""

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sorted((ROOT / "infra").rglob("*.py"))
}


def part_of(module: str) -> str:
    """The package that a module belongs to, or its own name where it lies beside the packages."""
    return module.split(".")[1]


def imported(path: Path) -> Iterator[str]:
    """The modules of `infra` that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=names):
                candidates = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), names=names, level=0):
                candidates = [module, *(f"{module}.{alias.name}" for alias in names)]
            case _:
                continue
        yield from (name for name in candidates if name in MODULES)


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 40
    assert {part_of(module) for module in MODULES} == MAY_IMPORT.keys()
    assert "infra.functions.sender_routes" in set(imported(MODULES["infra.stacks.service"]))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_package_may(module: str) -> None:
    """The constructs know no command, the commands no construct, and neither knows the local cloud."""
    part = part_of(module)
    others = {part_of(name) for name in imported(MODULES[module])} - {part}
    assert others <= MAY_IMPORT[part]


def test_no_module_is_part_of_a_cycle() -> None:
    """A late import, inside a function, hides a cycle; `graphlib` raises CycleError, which names it."""
    graph = {module: set(imported(path)) for module, path in MODULES.items()}
    assert list(TopologicalSorter(graph).static_order())


def test_no_command_loads_the_cdk_library() -> None:
    """It takes seconds to load, and people wait for a command."""
    for module, path in MODULES.items():
        if part_of(module) in {
            "commands",
            "door",
            "local",
            "names",
            "paths",
            "session_door",
            "stage",
            "stage_fields",
            "stage_file",
            "stage_refusals",
        }:
            assert "aws_cdk" not in path.read_text(), module


@pytest.mark.parametrize("module", MODULES)
def test_no_module_hides_the_standard_library(module: str) -> None:
    assert module.rpartition(".")[2] not in sys.stdlib_module_names


def test_no_two_modules_have_one_name() -> None:
    names = [module.rpartition(".")[2] for module in MODULES]
    assert len(names) == len(set(names))
