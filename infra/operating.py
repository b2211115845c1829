"""The operators' side: organisms that join, what failed, and what is redriven."""

from aws_cdk import Duration

from infra.function import Function
from infra.parts import Parts
from infra.storage import ORGANISMS


def add_operating(parts: Parts) -> Function:
    """Make the functions of this side; return the one that enrols a whole directory."""
    return parts.functions.add(
        "enrol_organisms",
        may=[parts.records.may("Query", "PutItem", on=[ORGANISMS])],
        timeout=Duration.minutes(5),
        told=parts.table,
    )
