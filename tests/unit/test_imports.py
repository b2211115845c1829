"""Imports are plain and point one way, and a function loads no library that its route does not use.

What a function loads before its first request is what its callers wait for. It is kept small by layout: a module holds
what is needed together. No stand-in, no late import and no dynamic one takes part in that.
"""

import ast
import graphlib
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.support.inspection.fresh_process import brought_by
from tests.support.inspection.imports import ROOT, SOURCES, Import, imports_of, modules_of

PRODUCT = {name: path for source in SOURCES for name, path in modules_of(source).items()}
MAILROOM = {name: path for name, path in PRODUCT.items() if name.startswith("mailroom.")}
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))

_PDF_SIGNATURES = {"aiohttp", "asn1crypto", "cryptography", "pyhanko", "pyhanko_certvalidator"}
_ADDRESSES = {"email_validator", "phonenumbers"}

LIBRARIES: dict[str, set[str]] = {
    "call_webhook": {"standardwebhooks"},
    "chase_scans": {"olefile", "puremagic"},
    "enrol_organism": {*_ADDRESSES, "jellyfish"},
    "enrol_organisms": _ADDRESSES,
    "manage_people": {"email_validator"},
    "operate": {"jellyfish"},
    "identify_sender": {*_ADDRESSES, "dns", "jellyfish", "stdnum"},
    "list_inbox": {"holidays"},
    "list_organisms": {"jellyfish"},
    "list_sealers": {"cryptography"},
    "note_scan": {"olefile", "puremagic"},
    "remind_organisms": {"holidays"},
    "render_receipt": {*_PDF_SIGNATURES, "fontTools", "fpdf", "segno", "typeset", "uharfbuzz"},
    "send_notification": {"jinja2", "phonenumbers"},
    "stamp_receipts": _PDF_SIGNATURES,
}
"""The large libraries that each function loads when it is imported; the others load none of them."""

WITHOUT_AWS = {"canary", "describe_service"}
"""boto3 is half of what there is to load; these ask AWS for nothing."""

ORDER = (
    {"fields"},
    {"domain"},
    {"storage"},
    {"signatures"},
    {"content", "timestamps"},
    {"organisms"},
    {"notifying"},
    {"scanning"},
    {"register"},
    {"mails"},
    {"operating"},
    {"api"},
    {"settings"},
    {"snapshots"},
    {"process"},
)
"""The mailroom's packages: each imports those before it, never one beside or after it. Handlers come after them all."""

CHECK_STANDS_ON = {"mailroom.check", "mailroom.domain", "mailroom.fields", "mailroom.signatures"}
"""The off-line check is installed without the rest."""

OF_AWS = {"aws_lambda_powertools", "boto3", "botocore"}

LATE = {
    ("mailroom.check.__main__", "mailroom.check.command"): "says how to install the extra [check] where it is missing",
    ("mailroom.check.__main__", "mailroom.check.register_command"): "the same",
}
"""The imports within functions, each with its reason."""

OF_ONE_NAME = {
    "handler": "each function has one",
    "__init__": "Python's",
    "__main__": "Python's",
}


@pytest.mark.parametrize("operation", FUNCTIONS)
def test_a_function_loads_no_library_that_it_does_not_use(operation: str) -> None:
    loaded = set(brought_by(f"import {operation}.handler", "list({name.partition('.')[0] for name in sys.modules})"))
    large = set().union(*LIBRARIES.values())
    assert loaded & large == LIBRARIES.get(operation, set())
    assert ("boto3" in loaded) == (operation not in WITHOUT_AWS)


def test_the_table_of_libraries_names_functions_that_exist() -> None:
    assert {*LIBRARIES, *WITHOUT_AWS} <= set(FUNCTIONS)


def test_packages_of_the_mailroom_import_one_way() -> None:
    rank = {f"mailroom.{name}": place for place, names in enumerate(ORDER) for name in names}
    wrong = [
        f"{name} imports {each.module}"
        for name, path in MAILROOM.items()
        for each in imports_of(path)
        if (importer := _package(name)) in rank
        and (imported := _package(each.module)).startswith("mailroom.")
        and imported != importer
        and rank.get(imported, sys.maxsize) >= rank[importer]
    ]
    assert wrong == []


def test_each_package_of_the_mailroom_has_its_place() -> None:
    packages = {_package(name) for name in MAILROOM}
    assert packages - {f"mailroom.{name}" for names in ORDER for name in names} == {"mailroom.check"}


def test_no_modules_import_each_other_in_a_circle() -> None:
    """A ring that a late import or one for the type checker hides is a ring."""
    graph = {name: {each.module for each in imports_of(path)} for name, path in PRODUCT.items()}
    graphlib.TopologicalSorter(graph).prepare()


def test_functions_import_neither_each_other_nor_are_they_imported() -> None:
    wrong = [
        f"{name} imports {each.module}"
        for name, path in PRODUCT.items()
        for each in imports_of(path)
        if (imported := each.module.partition(".")[0]) in FUNCTIONS and imported != name.partition(".")[0]
    ]
    assert wrong == []


def test_the_check_stands_on_fields_domain_and_signatures_without_aws() -> None:
    """Its own imports, and those of all that it imports."""
    waiting = [name for name in MAILROOM if _package(name) == "mailroom.check"]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        waiting += {each.module for each in imports_of(PRODUCT[name])} & PRODUCT.keys() - seen
    assert {_package(name) for name in seen} == CHECK_STANDS_ON
    assert not OF_AWS & {each.module.partition(".")[0] for name in seen for each in imports_of(PRODUCT[name])}


def test_an_import_within_a_function_has_a_reason() -> None:
    late = {(name, each.module) for name, path in PRODUCT.items() for each in imports_of(path) if each.is_late}
    assert late == LATE.keys()


@pytest.mark.parametrize("trick", ["import_module", "__import__", "sys.modules", "sys.meta_path", "re.compile ="])
def test_nothing_takes_part_in_how_python_imports(trick: str) -> None:
    assert [name for name, path in PRODUCT.items() if trick in path.read_text(encoding="utf-8")] == []


def test_no_module_answers_for_names_that_it_lacks() -> None:
    """`__getattr__` of a module makes its names at the first use: nobody sees where they come from."""
    assert [
        name
        for name, path in PRODUCT.items()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name in {"__getattr__", "__dir__"}
    ] == []


def _named_modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def test_no_module_or_package_hides_one_of_the_standard_library() -> None:
    paths = _named_modules("functions", "infra", "layers", "tests/support")
    names = {path.stem for path in paths} | {path.parent.name for path in paths}
    # `infra.site` is imported by its whole name; Python's own `site` is loaded before any code of ours
    assert names & sys.stdlib_module_names == {"site"}


def test_no_two_modules_of_the_product_have_one_name() -> None:
    counted = Counter(path.stem for path in _named_modules("functions", "infra", "layers"))
    assert {name for name, count in counted.items() if count > 1} - OF_ONE_NAME.keys() == set()


def _package(module: str) -> str:
    return ".".join(module.split(".")[:2])


def test_imports_are_found_wherever_they_stand(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "import json\n"
        "if TYPE_CHECKING:\n    from mailroom.domain import clock\n"
        "def late():\n    from mailroom.domain.clock import now\n",
        encoding="utf-8",
    )
    assert list(imports_of(module)) == [
        Import("json", is_late=False),
        Import("mailroom.domain.clock", is_late=False),
        Import("mailroom.domain.clock", is_late=True),
    ]
