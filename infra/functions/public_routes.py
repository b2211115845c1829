"""Routes for anyone: the directory, the service itself, and the proofs of a register."""

import tomllib

from infra.constructs.database import Records
from infra.constructs.files_bucket import FilesBucket
from infra.constructs.signing_keys import SealKeys, StatementKeys
from infra.functions.environment import public_address
from infra.functions.function import Function, Functions
from infra.paths import ROOT
from infra.stored_names import HEADS, MAILS, OPEN_DATA, ORGANISMS, PUBLIC_HISTORY, SEALS, STATEMENTS


def list_organisms(functions: Functions, *, records: Records) -> Function:
    """The directory of organisms."""
    return Function(
        functions,
        "list_organisms",
        may=[records.may("GetItem", "Query", on=[ORGANISMS])],
        settings=records.settings,
    )


def describe_service(functions: Functions) -> Function:
    """The service's health and contract, and the answer to paths that the contract does not name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    version = {"SERVICE_VERSION": str(project["version"])}
    return Function(functions, "describe_service", settings=version | public_address(functions))


def verify_receipt(functions: Functions, *, records: Records) -> Function:
    """Whether a receipt is genuine."""
    return Function(
        functions,
        "verify_receipt",
        may=[
            records.may("GetItem", on=[STATEMENTS]),
            records.may_query_attributes(*PUBLIC_HISTORY, on=[MAILS]),
        ],
        settings=records.settings,
    )


def sign_statement(functions: Functions, *, records: Records, statement_keys: StatementKeys) -> Function:
    """A signed statement on a receipt."""
    return Function(
        functions,
        "sign_statement",
        may=[
            records.may("GetItem", on=[STATEMENTS]),
            records.may_query_attributes(*PUBLIC_HISTORY, on=[MAILS]),
            *statement_keys.may_sign(),
        ],
        settings=records.settings | public_address(functions) | statement_keys.settings,
    )


def list_keys(functions: Functions, *, statement_keys: StatementKeys) -> Function:
    """The public keys of statements and heads."""
    return Function(
        functions, "list_keys", may=[statement_keys.may_read_public_halves()], settings=statement_keys.all_keys
    )


def list_sealers(
    functions: Functions,
    *,
    files: FilesBucket,
    seal_keys: SealKeys,
    statement_keys: StatementKeys,
) -> Function:
    """The signed list of certificates that receipts were ever sealed under; the receipt's layer reads certificates."""
    return Function(
        functions,
        "list_sealers",
        may=[
            files.may("GetObjectVersion", under=[SEALS]),
            files.may_list_versions(under=[SEALS]),
            *statement_keys.may_sign(),
        ],
        settings=files.settings | public_address(functions) | statement_keys.settings | seal_keys.all_chains,
        extra_layers=[functions.receipt_layer],
    )


def list_heads(functions: Functions, *, files: FilesBucket) -> Function:
    """The published heads of the registers."""
    return Function(
        functions,
        "list_heads",
        may=[files.may("GetObject", under=[HEADS]), files.may_list(under=[HEADS])],
        settings=files.settings,
    )


def read_open_data(functions: Functions, *, files: FilesBucket) -> Function:
    """The published open data."""
    return Function(
        functions,
        "read_open_data",
        may=[files.may("GetObject", under=[OPEN_DATA]), files.may_list(under=[OPEN_DATA])],
        settings=files.settings,
    )
