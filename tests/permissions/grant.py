"""A permission: one action of one statement of one function's role, as `tests/infra/permissions.py` lists it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from infra.local.deployment_repairs import LOCAL_POLICY, checked_instead_of
from tests.infra.permissions import MAY, STAND_INS
from tests.support.inspection.granted import line_of, lines_in
from tests.support.inspection.synthesised import Synthesised, listed

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

_LOGS = "logs:"
_LOCAL_SENDER, _SENDER = "@bureau-ordre.example", "@courrier.example.ma"
_ON_LOCAL_ALONE = "lambda:InvokeFunction | scan_file"


@dataclass(frozen=True, order=True)
class Grant:
    """An action, and the line that it stands in: `dynamodb:GetItem | table | on ORGANISM`."""

    operation: str
    action: str
    rest: str
    """On what, under which conditions."""

    def __str__(self) -> str:
        return f"{self.operation}: {self.action} | {self.rest}"


def grants_in(operation: str, line: str) -> Iterator[Grant]:
    """The permissions of one line of the list."""
    actions, _, rest = line.partition(" | ")
    for action in actions.split(", "):
        yield Grant(operation, action, rest)


def all_grants() -> list[Grant]:
    """Every permission of the list, but those to write the log and the traces, which all functions have."""
    return sorted(
        grant
        for operation, text in (MAY | STAND_INS).items()
        for line in lines_in(text.replace("\\\n", " "))
        for grant in grants_in(operation, line)
    )


def matching(grants: Sequence[Grant], pattern: str) -> list[Grant]:
    """The permissions that a pattern of `unenforced` names."""
    return [grant for grant in grants if fnmatchcase(str(grant), pattern)]


class Role:
    """The deployed role of one function, whose permissions are taken away and put back."""

    def __init__(self, iam: "IAMClient", name: str, operation: str, local: Synthesised) -> None:
        """Read the role's policies as they are; `local` is the stage that was deployed."""
        self._iam = iam
        self._name = name
        self._policies: Mapping[str, Any] = {
            policy: iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
        }
        (self._own,) = [policy for policy in self._policies if policy != LOCAL_POLICY]
        lines = [
            line_of(statement, operation, local).replace(_LOCAL_SENDER, _SENDER)
            for statement in local.statements(operation)
        ]
        self._deployed: Sequence[Any] = self._policies[self._own]["Statement"]
        assert len(lines) == len(self._deployed)
        self._granted = [list(grants_in(operation, line)) for line in lines]

    @property
    def grants(self) -> list[Grant]:
        """What this role may do, but write its log."""
        found = [grant for line in self._granted for grant in line if not grant.action.startswith(_LOGS)]
        return [grant for grant in found if f"{grant.action} | {grant.rest}" != _ON_LOCAL_ALONE]

    def take_away(self, grants: Sequence[Grant]) -> None:
        """Put the role's policy without these permissions, and without what they stand for on the local cloud."""
        left = []
        for statement, granted in zip(self._deployed, self._granted, strict=True):
            gone = {grant.action for grant in granted if grant in grants}
            actions = [action for action in listed(statement["Action"]) if action not in gone]
            if actions:
                left.append({**statement, "Action": actions})
        self._put(self._own, left)
        if LOCAL_POLICY in self._policies:
            self._put(LOCAL_POLICY, [each for statement in left for each in checked_instead_of(statement)])

    def restore(self) -> None:
        """Put the role's policies back as they were."""
        for policy, document in self._policies.items():
            self._put(policy, document["Statement"])

    def _put(self, policy: str, statements: Sequence[Any]) -> None:
        # A policy must say something.
        said = statements or [{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}]
        document = json.dumps({"Version": "2012-10-17", "Statement": said})
        self._iam.put_role_policy(RoleName=self._name, PolicyName=policy, PolicyDocument=document)
