"""Policies of a template, decided as IAM decides: as far as this project's policies go.

The rules are those of "Condition operators" and "Policy evaluation logic" in the user guide of IAM:
all operators of a statement must hold, one value of each key is enough, and a negated operator holds for a missing key.
"""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests.support.inspection.synthesised import Properties, listed, spelled

type Asked = Mapping[str, str]
"""The context of a request: the condition keys that it has."""


def is_denied(statements: Iterable[Properties], action: str, resource: str, context: Asked) -> bool:
    """Whether a statement denies the request, by any principal."""
    return any(
        statement["Effect"] == "Deny"
        and any(fnmatchcase(action, spelled(each)) for each in listed(statement["Action"]))
        and any(fnmatchcase(resource, spelled(each)) for each in listed(statement["Resource"]))
        and all(
            _holds(
                operator,
                spelled(context[key]) if key in context else None,
                [spelled(value) for value in listed(values)],
            )
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
        for statement in statements
    )


def _holds(operator: str, value: str | None, wanted: list[str]) -> bool:
    decided: dict[str, Any] = {
        "Null": lambda: [str(value is None).lower()] == wanted,
        "Bool": lambda: value in wanted,
        "StringEquals": lambda: value in wanted,
        "StringNotEquals": lambda: value not in wanted,
        "ArnNotEquals": lambda: value is None or not any(fnmatchcase(value, each) for each in wanted),
        "NumericLessThan": lambda: value is not None and float(value) < float(wanted[0]),
    }
    answer: bool = decided[operator]()
    return answer
