"""CloudFormation, as far as a deployment sees it: stacks, change sets, exports and alarms that ring.

The client is botocore's own, so that it checks each call against the service's model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


@dataclass(frozen=True, kw_only=True)
class Template:
    """What a template makes: its resources by type, what it exports, what it needs of others."""

    resources: Mapping[str, str]
    exports: Mapping[str, str] = field(default_factory=dict)
    imports: frozenset[str] = frozenset()


@dataclass(kw_only=True)
class _Stack:
    status: str
    template: Template | None = None
    role: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    is_protected: bool = False
    rollback: Mapping[str, Any] = field(default_factory=dict)
    events: list[dict[str, str]] = field(default_factory=list)


class RefusedError(Exception):
    """A code of CloudFormation's errors, and a message."""


class CloudFormationInMemory:
    """The stacks of one region of one account."""

    def __init__(self, templates: Mapping[str, Template]) -> None:
        """Take what lies at each template's address."""
        self.templates = dict(templates)
        self.stacks: dict[str, _Stack] = {}
        self.change_sets: dict[tuple[str, str], dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.alarms_that_ring: set[str] = set()
        self.failing: dict[str, str] = {}
        """Why a resource cannot be made, by its logical id."""

    def client(self) -> "CloudFormationClient":
        client = boto3.client(
            "cloudformation", region_name="eu-west-3", aws_access_key_id="-", aws_secret_access_key="-"
        )
        client.meta.events.register("before-parameter-build.cloudformation", self._note)
        client.meta.events.register("before-call.cloudformation", self._answer)  # type: ignore[arg-type]  # may answer
        return client

    def called(self, operation: str) -> list[dict[str, Any]]:
        return [given for name, given in self.calls if name == operation]

    def _note(self, params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        context["given"] = dict(params)

    def _answer(self, model: Any, context: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:  # noqa: ANN401
        given = context["given"]
        self.calls.append((model.name, given))
        try:
            answer, status = getattr(self, model.name)(**given) or {}, 200
        except RefusedError as error:
            code, message = error.args
            answer, status = {"Error": {"Code": code, "Message": message}}, 400
        return AWSResponse("", status, HTTPHeaders(), None), answer | {"ResponseMetadata": {"HTTPStatusCode": status}}

    def _stack(self, name: str) -> _Stack:
        if name not in self.stacks:
            raise RefusedError("ValidationError", f"Stack with id {name} does not exist")
        return self.stacks[name]

    def _exports(self) -> set[str]:
        return {name for stack in self.stacks.values() if stack.template for name in stack.template.exports}

    def DescribeStacks(self, StackName: str) -> dict[str, Any]:  # noqa: N802, N803
        stack = self._stack(StackName)
        exported = stack.template.exports if stack.template else {}
        return {
            "Stacks": [
                {
                    "StackName": StackName,
                    "StackStatus": stack.status,
                    "Parameters": [
                        {"ParameterKey": key, "ParameterValue": value} for key, value in stack.parameters.items()
                    ],
                    "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in exported.items()],
                }
            ]
        }

    def CreateChangeSet(self, StackName: str, ChangeSetName: str, **given: Any) -> None:  # noqa: ANN401, N802, N803
        if given["ChangeSetType"] == "CREATE":
            self.stacks.setdefault(StackName, _Stack(status="REVIEW_IN_PROGRESS"))
        stack, template = self._stack(StackName), self.templates[given["TemplateURL"]]
        missing = sorted(template.imports - self._exports())
        made: dict[str, Any] = {"Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE"}
        if missing:
            made = {"Status": "FAILED", "StatusReason": f"No export named {missing[0]} found. Rollback requested"}
        elif template == stack.template:
            made = {"Status": "FAILED", "StatusReason": "The submitted information didn't contain changes."}
        self.change_sets[StackName, ChangeSetName] = made | {"given": given, "template": template}

    def DescribeChangeSet(self, StackName: str, ChangeSetName: str) -> dict[str, Any]:  # noqa: N802, N803
        if (StackName, ChangeSetName) not in self.change_sets:
            raise RefusedError("ChangeSetNotFound", f"ChangeSet [{ChangeSetName}] does not exist")
        made = self.change_sets[StackName, ChangeSetName]
        deployed = self._stack(StackName).template
        before = deployed.resources if deployed else {}
        after = made["template"].resources
        changes = [("Add", name) for name in after if name not in before]
        changes += [("Remove", name) for name in before if name not in after]
        changes += [("Modify", name) for name in after if name in before and before[name] != after[name]]
        return {name: value for name, value in made.items() if name not in {"given", "template"}} | {
            "Changes": [
                {
                    "Type": "Resource",
                    "ResourceChange": {
                        "Action": action,
                        "LogicalResourceId": name,
                        "ResourceType": after.get(name) or before[name],
                        "Replacement": "True" if action == "Modify" else "False",
                    },
                }
                for action, name in changes
            ]
        }

    def DeleteChangeSet(self, StackName: str, ChangeSetName: str) -> None:  # noqa: N802, N803
        self.change_sets.pop((StackName, ChangeSetName), None)

    def ExecuteChangeSet(self, StackName: str, ChangeSetName: str) -> None:  # noqa: N802, N803
        made, stack = self.change_sets.pop((StackName, ChangeSetName)), self._stack(StackName)
        stack.rollback, stack.role = made["given"]["RollbackConfiguration"], made["given"]["RoleARN"]
        ringing = [one["Arn"] for one in stack.rollback["RollbackTriggers"] if one["Arn"] in self.alarms_that_ring]
        failed = [name for name in made["template"].resources if name in self.failing]
        kind = "UPDATE" if stack.template else "CREATE"
        stack.events.append({"LogicalResourceId": StackName, "ResourceStatusReason": "User Initiated"})
        if failed or ringing:
            stack.status = "UPDATE_ROLLBACK_COMPLETE" if stack.template else "ROLLBACK_COMPLETE"
            for name in failed:
                self._event(stack, name, f"{kind}_FAILED", self.failing[name])
            for alarm in ringing:
                self._event(stack, StackName, f"{kind}_ROLLBACK_IN_PROGRESS", f"{alarm} went to ALARM")
            return
        stack.template, stack.status = made["template"], f"{kind}_COMPLETE"

    @staticmethod
    def _event(stack: _Stack, name: str, status: str, reason: str) -> None:
        stack.events.append({"LogicalResourceId": name, "ResourceStatus": status, "ResourceStatusReason": reason})

    def DescribeStackEvents(self, StackName: str) -> dict[str, Any]:  # noqa: N802, N803
        return {"StackEvents": [{"StackName": StackName} | one for one in reversed(self._stack(StackName).events)]}

    def UpdateTerminationProtection(self, StackName: str, EnableTerminationProtection: bool) -> None:  # noqa: N802, N803
        self._stack(StackName).is_protected = EnableTerminationProtection

    def DeleteStack(self, StackName: str) -> None:  # noqa: N802, N803
        if self._stack(StackName).is_protected:
            raise RefusedError("ValidationError", f"Stack [{StackName}] cannot be deleted: TerminationProtection")
        del self.stacks[StackName]
