"""Change sets: a change of a stack that people read before CloudFormation makes it.

The CDK's own `deploy` cannot name rollback triggers, so the change sets of all stacks are made here, from the templates
that it published.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, WaiterError

from infra.commands.cloud_assembly import AssembledStack

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import (
        ParameterTypeDef,
        ResourceChangeTypeDef,
        StackTypeDef,
        WaiterConfigTypeDef,
    )

MOST_TRIGGERS = 5
"""The most alarms that CloudFormation watches during a change."""
_WAIT: "WaiterConfigTypeDef" = {"Delay": 5, "MaxAttempts": 1080}
"""An hour and a half: a distribution takes up to half an hour, the alarms are watched after that."""
_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
_NO_EXPORT = "No export named"
_FIRST_FAILED = "ROLLBACK_COMPLETE"
"""The state of a stack whose first deployment failed: it takes no change, and holds nothing."""
_IN_REVIEW = "REVIEW_IN_PROGRESS"
"""The state of a stack that has a change set, and nothing else yet."""


class ChangeError(Exception):
    """A change was refused or rolled back; the message gives CloudFormation's reasons."""


class MissingExportError(ChangeError):
    """A stack needs what another one exports only after its own change: its change set is made after that."""


@dataclass(frozen=True, kw_only=True)
class Triggers:
    """The alarms that undo a change when they ring during it, or within some minutes afterwards."""

    alarms: Sequence[str]
    """Their ARNs. CloudFormation undoes the change where one does not exist."""
    minutes: int

    def __post_init__(self) -> None:
        """Refuse more alarms than CloudFormation takes."""
        if len(self.alarms) > MOST_TRIGGERS:
            raise ValueError(f"{len(self.alarms)} alarms: CloudFormation watches at most {MOST_TRIGGERS}.")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What happens to one resource."""

    action: str
    logical_id: str
    kind: str
    replaced: bool

    def __str__(self) -> str:
        """One line, with a mark at its beginning."""
        mark = {"Add": "+", "Remove": "-", "Modify": "~", "Import": ">"}.get(self.action, "?")
        return f"{mark} {self.kind} {self.logical_id}" + (" (REPLACED)" if self.replaced else "")


@dataclass(frozen=True, kw_only=True)
class ChangingStack:
    """A stack of a stage, and a client in its account and region."""

    client: "CloudFormationClient"
    stack: AssembledStack

    def prepare(
        self, change_set: str, *, description: str, triggers: Triggers | None = None, import_existing: bool = False
    ) -> tuple[Change, ...] | None:
        """Make a change set, and return what it would change; None where nothing changes.

        Without triggers, those of the last change are taken away. Raises ChangeError, MissingExportError.
        """
        found = self.state()
        if found and found["StackStatus"] == _FIRST_FAILED:
            self._remove()
            found = None
        if found and found["StackStatus"].endswith("_IN_PROGRESS") and found["StackStatus"] != _IN_REVIEW:
            raise ChangeError(f"{self.stack.name} is being changed by someone else: {found['StackStatus']}.")
        is_new = not found or found["StackStatus"] == _IN_REVIEW
        with suppress(self.client.exceptions.ChangeSetNotFoundException):
            self.client.delete_change_set(StackName=self.stack.name, ChangeSetName=change_set)
        watched = triggers or Triggers(alarms=(), minutes=0)
        self.client.create_change_set(
            StackName=self.stack.name,
            ChangeSetName=change_set,
            ChangeSetType="CREATE" if is_new else "UPDATE",
            Description=description,
            TemplateURL=self.stack.template_url,
            Parameters=[] if is_new or not found else self._kept(found),
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            RoleARN=self.stack.execution_role,
            RollbackConfiguration={
                "RollbackTriggers": [{"Arn": alarm, "Type": "AWS::CloudWatch::Alarm"} for alarm in watched.alarms],
                "MonitoringTimeInMinutes": watched.minutes,
            },
            ImportExistingResources=import_existing,
        )
        return self._made(change_set)

    def is_prepared(self, change_set: str) -> bool:
        """Whether a change set of this name waits to be executed."""
        try:
            found = self.client.describe_change_set(StackName=self.stack.name, ChangeSetName=change_set)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"ChangeSetNotFound", "ValidationError"}:
                return False
            raise
        return found.get("ExecutionStatus") == "AVAILABLE"

    def execute(self, change_set: str) -> None:
        """Make the change, and wait until it is made and the alarms were watched. Raises ChangeError."""
        found = self.state()
        is_new = not found or found["StackStatus"] == _IN_REVIEW
        self.client.execute_change_set(StackName=self.stack.name, ChangeSetName=change_set)
        try:
            if is_new:
                self.client.get_waiter("stack_create_complete").wait(StackName=self.stack.name, WaiterConfig=_WAIT)
            else:
                self.client.get_waiter("stack_update_complete").wait(StackName=self.stack.name, WaiterConfig=_WAIT)
        except WaiterError:
            raise ChangeError("\n".join(self._failures())) from None
        if self.stack.is_protected:
            self.client.update_termination_protection(StackName=self.stack.name, EnableTerminationProtection=True)

    def state(self) -> "StackTypeDef | None":
        """The stack as it is deployed; None where it is not."""
        try:
            (found,) = self.client.describe_stacks(StackName=self.stack.name)["Stacks"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return None
            raise
        return found

    def _kept(self, found: "StackTypeDef") -> "list[ParameterTypeDef]":
        """Parameters that commands set, such as the programs' clients, keep their values."""
        known = {one["ParameterKey"] for one in found.get("Parameters", [])}
        return [{"ParameterKey": name, "UsePreviousValue": True} for name in self.stack.parameters if name in known]

    def _made(self, change_set: str) -> tuple[Change, ...] | None:
        try:
            self.client.get_waiter("change_set_create_complete").wait(
                StackName=self.stack.name, ChangeSetName=change_set, WaiterConfig={"Delay": 2, "MaxAttempts": 300}
            )
        except WaiterError:
            made = self.client.describe_change_set(StackName=self.stack.name, ChangeSetName=change_set)
            reason = made.get("StatusReason", "")
            self.client.delete_change_set(StackName=self.stack.name, ChangeSetName=change_set)
            if any(each in reason for each in _NO_CHANGES):
                return None
            if _NO_EXPORT in reason:
                raise MissingExportError(f"{self.stack.name}: {reason}") from None
            raise ChangeError(f"{self.stack.name}: {reason}") from None
        pages = self.client.get_paginator("describe_change_set").paginate(
            StackName=self.stack.name, ChangeSetName=change_set
        )
        return tuple(_change(one["ResourceChange"]) for page in pages for one in page.get("Changes", []))

    def _remove(self) -> None:
        self.client.update_termination_protection(StackName=self.stack.name, EnableTerminationProtection=False)
        self.client.delete_stack(StackName=self.stack.name)
        self.client.get_waiter("stack_delete_complete").wait(StackName=self.stack.name, WaiterConfig=_WAIT)

    def _failures(self) -> Iterator[str]:
        """The stack's state, and why each resource failed, the first failure first."""
        found = self.state()
        if found:
            yield f"{self.stack.name}: {found['StackStatus']}. {found.get('StackStatusReason', '')}"
        failed: list[str] = []
        for event in self.client.describe_stack_events(StackName=self.stack.name)["StackEvents"]:
            if (
                event.get("LogicalResourceId") == self.stack.name
                and event.get("ResourceStatusReason") == "User Initiated"
            ):
                break
            if event.get("ResourceStatus", "").endswith(("FAILED", "ROLLBACK_IN_PROGRESS")):
                failed.append(f"  {event.get('LogicalResourceId')}: {event.get('ResourceStatusReason', '')}")
        yield from reversed(failed)


def _change(change: "ResourceChangeTypeDef") -> Change:
    return Change(
        action=change.get("Action", ""),
        logical_id=change.get("LogicalResourceId", ""),
        kind=change.get("ResourceType", ""),
        replaced=change.get("Replacement") in {"True", "Conditional"},
    )
