"""Types of `aws_cdk`: mypy reads the modules that this project uses, out of more than 600.

Where it skips one, whatever comes from there passes as anything: a class that inherits from such a class could be
given any argument, and asked for any attribute.
"""

import ast
import importlib
import inspect
import tomllib
from collections.abc import Iterator

import pytest

from infra.paths import ROOT


def followed() -> set[str]:
    """The modules of `aws_cdk` that mypy reads."""
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    (named,) = [each["module"] for each in overrides if each.get("follow_imports") == "normal"]
    return set(named)


def imported() -> Iterator[str]:
    """The modules of `aws_cdk` that files of this project import."""
    for path in (path for folder in ("infra", "tests", "docs") for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    yield from (alias.name for alias in names if alias.name.startswith("aws_cdk"))
                case ast.ImportFrom(module=str(module), names=names) if module.startswith("aws_cdk"):
                    yield module
                    yield from (f"{module}.{alias.name}" for alias in names if alias.name.startswith("aws_"))


def classes(of: object, module: str) -> Iterator[type]:
    """The classes that a module defines, inside others too."""
    for each in vars(of).values():
        if inspect.isclass(each) and each.__module__ == module:
            yield each
            yield from classes(each, module)


def test_each_module_that_is_imported_is_followed() -> None:
    used = set(imported())
    assert "aws_cdk.aws_lambda" in used
    assert used - followed() == set()


@pytest.mark.parametrize("module", sorted(followed()))
def test_no_class_inherits_from_one_that_is_not_followed(module: str) -> None:
    found = set(classes(importlib.import_module(module), module))
    assert found
    ancestors = {base.__module__ for each in found for base in each.__mro__}
    assert {name for name in ancestors if name.startswith("aws_cdk")} - followed() == set()
