"""The commands in the README and in `docs/`: what they name exists, and those that need no cloud are run."""

import importlib.util
import json
import os
import re
import venv
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs

import botocore.session
import pytest
from botocore import xform_name
from botocore.model import Shape
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.stage import stage_names
from tests import run
from tests.support.inspection.documents import PAGES, ROOT, Block, blocks, blocks_checked_by, inline, words
from tests.support.programs.checkout import Checkout
from tests.support.signed.receipts_to_check import KEY, SENT, ours, sealed

BLOCKS = [block for page in PAGES for block in blocks(page)]
COMMANDS = [(block.place, command) for block in BLOCKS for command in block.commands]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z0-9-]+):.*##", MAKEFILE, re.MULTILINE))
ROUTES = json.loads((ROOT / "infra/openapi.json").read_text(encoding="utf-8"))["paths"]
PROGRAMS = {"make", "aws", "curl", "pip", "python", "mkdir", ".venv/bin/python"}
OF_AWS_ITSELF = {"region", "query", "cli-binary-format", "cli-read-timeout"}
"""Parameters of the `aws` command, whatever the operation."""


def using(program: str) -> list[str]:
    return [command for _, command in COMMANDS if words(command)[0] == program]


def options(arguments: Sequence[str]) -> dict[str, str]:
    """The values of ``--name value``."""
    return {name.removeprefix("--"): value for name, value in pairwise(arguments) if name[:2] == "--"}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A project in which `make run` was done once, and the files that a page's reader has at hand."""
    made = Checkout(tmp_path_factory.mktemp("checkout"))
    authority = ours().certificate.public_bytes(Encoding.PEM)
    sealer = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    given = {"receipt.pdf": sealed(), "ca.pem": authority, "sealer.pem": sealer, "plan.jpg": SENT["plan.jpg"]}
    left = {"receipt.pdf": sealed(), "seal-ca.pem": authority, "sealer.pem": sealer}
    for folder, files in ((made.folder, given), (made.local, left)):
        for name, content in files.items():
            (folder / name).write_bytes(content)
    return made


@pytest.fixture(scope="module")
def clerks_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with `pip` and without this project, in which what the check stands on counts as installed.

    Nothing is fetched: the packages are those of the tests, found by a path file.
    """
    folder = tmp_path_factory.mktemp("clerk")
    venv.create(folder, with_pip=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (packages,) = (ROOT / ".venv").glob("lib/python*/site-packages")
    (site / "packages-of-the-tests.pth").write_text(f"{packages}\n")
    return folder


@pytest.mark.parametrize("block", blocks_checked_by("run"), ids=lambda block: block.place)
def test_commands_that_need_no_cloud_do_what_their_page_says(
    block: Block, checkout: Checkout, request: pytest.FixtureRequest
) -> None:
    environment = {}
    if any(words(command)[0] == "pip" for command in block.commands):
        folder = request.getfixturevalue("clerks_python")
        environment = {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it as `--no-build-isolation`
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
    if block.language == "sh":
        done = checkout.run(block, environment)
        assert done.returncode == 0, done.stdout
        return
    done = checkout.bash("\n".join(block.commands), environment | {"LANG": "en_GB.UTF-8"})
    assert done.returncode == 0, done.stdout
    assert block.promised.fullmatch(done.stdout.strip()), done.stdout


def test_the_commands_that_take_the_whole_machine_are_run_by_every_build() -> None:
    """`.ci/run` runs `make test`, whose end-to-end tests run what `make run` does (`test_run_command.py`)."""
    found = [command for block in blocks_checked_by("ci") for command in block.commands]
    assert found == ["make run", "make test"]
    assert (ROOT / ".ci/run").read_text().splitlines()[-1] == "exec make test"
    run_by_checks = {part for check in run.CHECKS for part in check.module if part.startswith("tests/")}
    assert {part for part in run_by_checks if not part.endswith(".py")} == {
        f"tests/{folder.name}"
        for folder in (ROOT / "tests").iterdir()
        if any(folder.glob("test_*.py")) and folder.is_dir()
    }


def test_every_command_is_of_a_program_that_is_checked_below_or_run() -> None:
    assert {words(command)[0] for _, command in COMMANDS} <= PROGRAMS
    unchecked = PROGRAMS - {"make", "aws", "curl"}
    assert [
        command for block in blocks_checked_by("aws") for command in block.commands if words(command)[0] in unchecked
    ] == []


@pytest.mark.parametrize("command", using("make"))
def test_make_has_the_target_and_uses_each_variable(command: str, checkout: Checkout) -> None:
    _, target, *given = words(command.partition(">")[0])
    assert target in TARGETS
    (recipe,) = [part for part in MAKEFILE.split("\n\n") if re.search(rf"^{target}:.*##", part, re.MULTILINE)]
    for variable, _, value in (each.partition("=") for each in given):
        assert re.search(rf"\$\(or \$\({variable}\)|\$[({{]{variable}[)}}]|\$\${variable}", recipe), variable
        assert variable != "STAGE" or value in stage_names()
    done = checkout.bash(
        f"set -u\nACCOUNT=1 CLIENT=1 COMMIT=1\nmake --dry-run {' '.join(map(quoted, [target, *given]))}"
    )
    assert done.returncode == 0, done.stdout
    for module in re.findall(r"-m ([\w.]+)", done.stdout):
        assert importlib.util.find_spec(module), module


def quoted(word: str) -> str:
    return '"' + word.replace('"', '\\"') + '"'


def test_commands_that_a_text_names_in_passing_exist() -> None:
    named = {
        token.content.split()[1]
        for page in PAGES
        for token in inline(page)
        if token.type == "code_inline" and token.content.startswith("make ")
    }
    assert named - TARGETS == set()


@pytest.mark.parametrize("command", using("aws"))
def test_aws_has_the_operation_and_each_parameter(command: str) -> None:
    _, service, operation, *arguments = words(command)
    model = botocore.session.Session().get_service_model({"s3api": "s3"}.get(service, service))
    (found,) = [each for each in model.operation_names if xform_name(each, "-") == operation]
    shape, result = model.operation_model(found).input_shape, model.operation_model(found).output_shape
    assert shape is not None
    known = {xform_name(member, "-"): member for member in shape.members}
    given = options(arguments)
    assert set(given) - OF_AWS_ITSELF <= set(known)
    assert set(shape.required_members) <= {known[each] for each in set(given) - OF_AWS_ITSELF}
    payload = given.get("payload", "{}")
    assert json.loads((ROOT / payload.removeprefix("file://")).read_text() if "://" in payload else payload) is not None
    if "query" in given:
        assert _has(result, given["query"].split("."))


def _has(shape: Shape | None, path: list[str]) -> bool:
    """Whether an answer of this shape has something at the path."""
    for member in path:
        shape = getattr(shape, "members", {}).get(member)
    return shape is not None


@pytest.mark.parametrize("command", using("curl"))
def test_the_contract_has_the_route_and_its_parameters(command: str) -> None:
    arguments = words(command)
    (url,) = [each for each in arguments if each.startswith("$SERVICE")]
    path, _, query = url.removeprefix("$SERVICE").partition("?")
    method = arguments[arguments.index("-X") + 1].lower() if "-X" in arguments else "get"
    matching = [each for each in ROUTES if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(each)), path)]
    (route,) = [each for each in matching if each == path] or matching
    parameters = ROUTES[route][method].get("parameters", [])
    assert set(parse_qs(query)) <= {each["name"] for each in parameters if each["in"] == "query"}
    if "-d" in arguments:
        assert json.loads(arguments[arguments.index("-d") + 1])
