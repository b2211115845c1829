"""Permissions of functions, with the use of the key that each of them implies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

READS = frozenset({"kms:Decrypt"})
"""Actions on the key that reading encrypted data needs."""
WRITES = frozenset({"kms:Decrypt", "kms:GenerateDataKey"})
"""Actions on the key that writing encrypted data needs."""


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One thing that a function may do."""

    statement: iam.PolicyStatement
    service: str | None = None
    """The service that uses the key on the function's behalf (`s3`, `dynamodb` …), if one does."""
    key_actions: frozenset[str] = frozenset()
    wildcard: str | None = None
    """Why the resource holds a wildcard, if it does."""


def statements(may: Iterable[Permission], *, key: kms.IKey, region: str) -> Iterator[iam.PolicyStatement]:
    """The statements of these permissions, then one on the key for each service that uses it."""
    key_uses: dict[str, frozenset[str]] = {}
    for permission in may:
        yield permission.statement
        if permission.service:
            used = key_uses.get(permission.service, frozenset())
            key_uses[permission.service] = used | permission.key_actions
    for service, actions in sorted(key_uses.items()):
        yield iam.PolicyStatement(
            actions=sorted(actions),
            resources=[key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": f"{service}.{region}.amazonaws.com"}},
        )
