"""The operators' side: organisms that join, what failed, and what is redriven."""

from aws_cdk import Duration

from infra.function import Function, Permission
from infra.parts import Parts
from infra.storage import CODES, ORGANISMS, REGISTERS


def add_operating(parts: Parts) -> Function:
    """Make the functions of this side; return the one that enrols a whole directory."""
    return parts.functions.add(
        "enrol_organisms",
        may=[parts.records.may("Query", on=[ORGANISMS]), *_may_enrol(parts)],
        timeout=Duration.minutes(5),
        told=parts.table,
    )


def _may_enrol(parts: Parts) -> list[Permission]:
    """Write organisms, each with a code of its own that stays once its registers have entries."""
    return [
        parts.records.may("GetItem", "UpdateItem", on=[ORGANISMS]),
        parts.records.may("GetItem", "PutItem", "DeleteItem", on=[CODES]),
        parts.records.may("BatchGetItem", "ConditionCheckItem", on=[REGISTERS]),
    ]
